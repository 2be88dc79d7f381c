"""What a person may set for SetFit, and the values that hold when they set nothing.

No heavy library is imported here, so the window and the shell can check a setting before a worker
is started for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from engine.core.language import mark
from engine.training.setting_rules import COMMON, Rules, check_settings, decimal, one_of, whole

FAST_TEXTS = 32
FIRST_STEPS, STEPS_A_TEXT, MOST_STEPS = 20, 0.4, 300
"""Steps of the mode fast, at most: 33 for 32 texts, 71 for 128. On film reviews half as many again
were no better (macro F1 0.672 and 0.678, means of three samples)."""
FAST_RATE = 5e-5
EXACT_PAIRS = 16
EXACT_RATE = 2e-5


@dataclass(frozen=True, slots=True)
class SetFitSettings:
    """The settings of one SetFit run, checked. Zero stands for "auto" where a number is meant.

    `mode`: "fast" encodes each text of a step once and learns from all its pairs; "exact" draws
    pairs as setfit does and has its loss.
    `shots`: so many texts a label are drawn from the training part, the rest is not learned from;
    0 is all of them.
    `steps`: steps of the encoder. In the mode fast, auto is 20 and two more for every five texts,
    at most 300, and training stops before when the loss has converged; in the mode exact, auto is
    what `epochs` and `pairs` give.
    `epochs`: mode exact: rounds in which `pairs` pairs of a kind are drawn for each text. Auto is
    1, as in setfit.
    `pairs`: mode exact: pairs of the same label drawn for each text in an epoch, and as many of
    different ones (setfit's num_iterations).
    `batch_size`: texts a step; in the mode exact, pairs a step. Auto is 32 texts, or 16 pairs.
    `learning_rate`: the peak, reached after `warmup` (a share of all steps), then falling to 0.
    Auto is 5e-5, in the mode exact 2e-5.
    `weight_decay`: AdamW's; never applied to biases, norms and embeddings.
    `max_length`: tokens of a text that are read. Auto is what the encoder was made to read, at
    most 512.
    `head`: what turns a vector into probabilities: "logistic" is scikit-learn's regression,
    "linear" a layer trained by gradient descent.
    `class_weights`: "on" counts every label equally in the head, whatever its frequency; "auto"
    does so when the most frequent label has three times the texts of the rarest, or more. The
    encoder sees all labels equally often in any case.
    `precision`: "auto" is bf16 on a GPU that has it, fp16 on older ones, fp32 on a CPU.
    """

    mode: str = "fast"
    shots: int = 0
    steps: int = 0
    epochs: int = 0
    pairs: int = 20
    batch_size: int = 0
    learning_rate: float = 0.0
    weight_decay: float = 0.01
    warmup: float = 0.1
    head: str = "logistic"
    class_weights: str = "auto"
    seed: int = 42
    threads: int = 0
    precision: str = "auto"
    max_length: int = 0

    @property
    def texts_a_step(self) -> int:
        """The most texts that a step reads, once the settings are settled."""
        return 2 * self.batch_size if self.mode == "exact" else self.batch_size

    def settled(self, texts: int) -> Self:
        """Return the settings with their numbers filled in for so many training texts."""
        exact = self.mode == "exact"
        batch_size = self.batch_size or (EXACT_PAIRS if exact else FAST_TEXTS)
        epochs = self.epochs or 1
        steps = self.steps
        if not steps and exact:
            steps = max(1, -(-2 * self.pairs * texts * epochs // batch_size))
        return replace(
            self,
            steps=steps or min(MOST_STEPS, round(FIRST_STEPS + STEPS_A_TEXT * texts)),
            epochs=epochs if exact else 0,
            batch_size=batch_size,
            learning_rate=self.learning_rate or (EXACT_RATE if exact else FAST_RATE),
        )

    def to_json(self) -> dict[str, Any]:
        """Return all settings, defaults filled in."""
        return asdict(self)


def parse_setfit_settings(
    raw: Mapping[str, Any], *, seed: int = 42, threads: int = 0
) -> SetFitSettings:
    """Return checked settings from what a person wrote: ``--set key=value`` or a form.

    Values may be strings or already of their type; "auto" is understood wherever a default is
    computed. `seed` and `threads` hold where `raw` does not name them.

    Raises:
        KnownError: for an unknown key or a value out of range, naming what is allowed.
    """
    return SetFitSettings(**check_settings(raw, _RULES, seed=seed, threads=threads))


def _rate_or_auto(value: Any) -> float:
    # A person who writes 0 means a rate at which nothing is learned, not one left to the program.
    return 0.0 if value == "auto" else decimal(0, 1, above=True)(value)


_RULES: Rules = {
    **COMMON,
    "mode": (one_of("fast", "exact"), mark("fast or exact")),
    "shots": (whole(0, 100_000), mark("a whole number of texts a label, or 0 for all")),
    "steps": (whole(1, 1_000_000, auto=True), mark("a whole number from 1 to 1000000, or auto")),
    "pairs": (whole(1, 10_000), mark("a whole number from 1 to 10000")),
    "batch_size": (whole(2, 1024, auto=True), mark("a whole number from 2 to 1024, or auto")),
    "learning_rate": (_rate_or_auto, mark("a number above 0 and at most 1, such as 2e-5, or auto")),
    "head": (one_of("logistic", "linear"), mark("logistic or linear")),
    "class_weights": (one_of("auto", "on", "off"), mark("auto, on or off")),
}
