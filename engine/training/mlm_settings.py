"""What a person may set for continued pretraining, and the values that hold without that.

No heavy library is imported here, so the window and the shell can check a setting before a worker
is started for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from engine.core.language import mark
from engine.training.setting_rules import (
    COMMON,
    Rules,
    check_settings,
    decimal,
    passes_for,
    yes_no,
)

MASK = "[MASK]"
"""How a person writes the gap in a sentence, whatever the tokenizer calls it."""
ENOUGH_STEPS = 400
"""With few texts, ``epochs=auto`` reads them as often as it takes to come near this number."""


@dataclass(frozen=True, slots=True)
class MlmSettings:
    """The settings of one continued pretraining, checked. Zero stands for "auto" in numbers.

    `epochs`: passes over the texts, with other words hidden in each. Auto is 3, more for few texts
    (at most 20).
    `learning_rate`: the peak, reached after `warmup` (a share of all steps), then falling to 0.
    `batch_size`: blocks a step.
    `weight_decay`: AdamW's; never applied to biases, norms and embeddings.
    `max_length`: tokens of a block, and so the longest stretch of a text that is read at once.
    Auto is 128, 256 or 512: the smallest in which nine texts of ten are whole, as far as the
    encoder reads that much.
    `mask_probability`: the share of the tokens that is to be guessed.
    `whole_word`: hide whole words; otherwise every piece of a word is hidden for itself.
    `preview`: sentences, one a line, with [MASK] where the model is to guess, before and after.
    Empty: two sentences of the texts that are held out.
    `precision`: "auto" is bf16 on a GPU that has it, fp16 on older ones, fp32 on a CPU.
    """

    epochs: int = 0
    learning_rate: float = 2e-4
    batch_size: int = 16
    weight_decay: float = 0.01
    warmup: float = 0.1
    seed: int = 42
    threads: int = 0
    precision: str = "auto"
    max_length: int = 0
    mask_probability: float = 0.15
    whole_word: bool = True
    preview: str = ""

    @property
    def preview_sentences(self) -> list[str]:
        """The sentences of `preview`."""
        return [line.strip() for line in self.preview.splitlines() if line.strip()]

    def settled_epochs(self, blocks: int) -> int:
        """Return the passes to make over `blocks` full blocks of texts."""
        return self.epochs or passes_for(blocks, self.batch_size, ENOUGH_STEPS)

    def to_json(self) -> dict[str, Any]:
        """Return all settings, defaults filled in."""
        return asdict(self)


def parse_mlm_settings(raw: Mapping[str, Any], *, seed: int = 42, threads: int = 0) -> MlmSettings:
    """Return checked settings from what a person wrote: ``--set key=value`` or a form.

    Values may be strings or already of their type; "auto" is understood wherever a default is
    computed. `seed` and `threads` hold where `raw` does not name them.

    Raises:
        KnownError: for an unknown key or a value out of range, naming what is allowed.
    """
    return MlmSettings(**check_settings(raw, _RULES, seed=seed, threads=threads))


def _sentences(value: Any) -> str:
    """The rule for sentences with a gap."""
    if not isinstance(value, str):
        raise TypeError
    if any(line.strip() and MASK not in line for line in value.splitlines()):
        raise ValueError
    return value


_RULES: Rules = {
    **COMMON,
    "mask_probability": (decimal(0.01, 0.9), mark("a share of the tokens from 0.01 to 0.9")),
    "whole_word": (yes_no, mark("true or false")),
    "preview": (
        _sentences,
        mark("sentences, one a line, each with [MASK] in the place of a word"),
    ),
}
