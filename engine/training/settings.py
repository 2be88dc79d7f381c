"""What a person may set for fine-tuning, and the values that hold when they set nothing.

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
    one_of,
    passes_for,
    whole,
    yes_no_auto,
)

ENOUGH_STEPS = 300
"""Optimiser steps after which a fresh head on a small encoder has settled: with few texts,
``epochs=auto`` reads them as often as it takes to come near this number."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one fine-tuning run, checked. Zero stands for "auto" where a number is meant.

    `epochs`: passes over the training texts. Auto is 3, more for few texts (at most 20).
    `learning_rate`: the peak, reached after `warmup` (a share of all steps), then falling to 0.
    `batch_size`: texts a step.
    `weight_decay`: AdamW's; never applied to biases, norms and embeddings.
    `max_length`: tokens of a text that are read. Auto is what the encoder can read, at most 512.
    `train`: "all", or "head": the encoder stays as it is, and the head is fitted until it has
    converged, so that `epochs`, `learning_rate`, `batch_size` and `warmup` do not matter.
    `frozen_blocks`: the first N transformer blocks stay as they are.
    `frozen_embeddings`: None follows `frozen_blocks`: gradients would otherwise have to travel
    through all frozen blocks only to reach the embeddings, which costs most of the time saved.
    `class_weights`: "on" counts every label equally in the loss, whatever its frequency; "auto"
    does so when the most frequent label has three times the texts of the rarest, or more.
    `precision`: "auto" is bf16 on a GPU that has it, fp16 on older ones, fp32 on a CPU.
    """

    epochs: int = 0
    learning_rate: float = 8e-5
    batch_size: int = 16
    weight_decay: float = 0.01
    warmup: float = 0.1
    seed: int = 42
    threads: int = 0
    precision: str = "auto"
    max_length: int = 0
    train: str = "all"
    frozen_blocks: int = 0
    frozen_embeddings: bool | None = None
    class_weights: str = "auto"

    @property
    def freezes_embeddings(self) -> bool:
        """Whether the embeddings stay as they are."""
        if self.train == "head":
            return True
        if self.frozen_embeddings is None:
            return self.frozen_blocks > 0
        return self.frozen_embeddings

    def settled_epochs(self, texts: int) -> int:
        """Return the passes to make over `texts` training texts."""
        return self.epochs or passes_for(texts, self.batch_size, ENOUGH_STEPS)

    def to_json(self) -> dict[str, Any]:
        """Return all settings, defaults filled in."""
        return asdict(self)


def parse_settings(raw: Mapping[str, Any], *, seed: int = 42, threads: int = 0) -> Settings:
    """Return checked settings from what a person wrote: ``--set key=value`` or a form.

    Values may be strings or already of their type; "auto" is understood wherever a default is
    computed. `seed` and `threads` hold where `raw` does not name them.

    Raises:
        KnownError: for an unknown key or a value out of range, naming what is allowed.
    """
    return Settings(**check_settings(raw, _RULES, seed=seed, threads=threads))


_RULES: Rules = {
    **COMMON,
    "train": (one_of("all", "head"), mark("all or head")),
    "frozen_blocks": (
        whole(0, 1000),
        mark("a whole number, at most the encoder's number of blocks"),
    ),
    "frozen_embeddings": (yes_no_auto, mark("true, false or auto")),
    "class_weights": (one_of("auto", "on", "off"), mark("auto, on or off")),
}
