"""What a person may set for training on spans, and the values that hold when they set nothing.

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
    passes_for,
    whole,
    yes_no_auto,
)

ENOUGH_STEPS = 600
"""Optimiser steps after which a fresh tagger on a small encoder has settled: with few texts,
``epochs=auto`` reads them as often as it takes to come near this number."""


@dataclass(frozen=True, slots=True)
class NerSettings:
    """The settings of one run on spans, checked. Zero stands for "auto" where a number is meant.

    `epochs`: passes over the training texts. Auto is 3, more for few texts (at most 20).
    `learning_rate`: the peak, reached after `warmup` (a share of all steps), then falling to 0.
    `batch_size`: windows a step; a text that the encoder can read at once is one window.
    `weight_decay`: AdamW's; never applied to biases, norms and embeddings.
    `max_length`: tokens of a window. Auto is what the encoder can read, at most 512. Longer texts
    are read in windows that overlap, so nothing of a text is left out.
    `frozen_blocks`: the first N transformer blocks stay as they are.
    `frozen_embeddings`: None follows `frozen_blocks`: gradients would otherwise have to travel
    through all frozen blocks only to reach the embeddings, which costs most of the time saved.
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
    frozen_blocks: int = 0
    frozen_embeddings: bool | None = None

    @property
    def train(self) -> str:
        """What of the model trains: always "all" that is not frozen."""
        return "all"

    @property
    def freezes_embeddings(self) -> bool:
        """Whether the embeddings stay as they are."""
        if self.frozen_embeddings is None:
            return self.frozen_blocks > 0
        return self.frozen_embeddings

    def settled_epochs(self, windows: int) -> int:
        """Return the passes to make over `windows` training windows."""
        return self.epochs or passes_for(windows, self.batch_size, ENOUGH_STEPS)

    def to_json(self) -> dict[str, Any]:
        """Return all settings, defaults filled in."""
        return asdict(self)


def parse_ner_settings(raw: Mapping[str, Any], *, seed: int = 42, threads: int = 0) -> NerSettings:
    """Return checked settings from what a person wrote: ``--set key=value`` or a form.

    Values may be strings or already of their type; "auto" is understood wherever a default is
    computed. `seed` and `threads` hold where `raw` does not name them.

    Raises:
        KnownError: for an unknown key or a value out of range, naming what is allowed.
    """
    return NerSettings(**check_settings(raw, _RULES, seed=seed, threads=threads))


_RULES: Rules = {
    **COMMON,
    "frozen_blocks": (
        whole(0, 1000),
        mark("a whole number, at most the encoder's number of blocks"),
    ),
    "frozen_embeddings": (yes_no_auto, mark("true, false or auto")),
}
