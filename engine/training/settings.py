"""What a person may set for a training run, and the values that hold when they set nothing.

No heavy library is imported here, so the window and the shell can check a setting before a worker
is started for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from engine.core.errors import KnownError

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
        if self.epochs:
            return self.epochs
        steps_a_pass = max(1, -(-texts // self.batch_size))
        return max(3, min(20, round(ENOUGH_STEPS / steps_a_pass)))

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
    allowed = [item.name for item in fields(Settings)]
    values: dict[str, Any] = {"seed": seed, "threads": threads}
    for key, value in raw.items():
        if key not in _RULES:
            raise KnownError(
                f'There is no training setting "{key}"; the settings are {", ".join(allowed)}.'
            )
        rule, words = _RULES[key]
        try:
            values[key] = rule(value)
        except (ValueError, TypeError, OverflowError):
            raise KnownError(
                f'The setting {key} cannot be "{value}"; it must be {words}.'
            ) from None
    return Settings(**values)


def _whole(low: int, high: int, *, auto: bool = False) -> Callable[[Any], int]:
    def check(value: Any) -> int:
        if auto and value in ("auto", 0, "0"):
            return 0
        if isinstance(value, bool) or float(value) != int(float(value)):
            raise ValueError
        number = int(float(value))
        if not low <= number <= high:
            raise ValueError
        return number

    return check


def _decimal(low: float, high: float, *, above: bool = False) -> Callable[[Any], float]:
    def check(value: Any) -> float:
        number = float(value)
        if isinstance(value, bool) or not low <= number <= high or (above and number == low):
            raise ValueError
        return number

    return check


def _one_of(*choices: str) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if str(value) not in choices:
            raise ValueError
        return str(value)

    return check


def _yes_no_auto(value: Any) -> bool | None:
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    text = str(value).lower()
    if text in ("auto", "none"):
        return None
    if text not in words:
        raise ValueError
    return words[text]


_RULES: dict[str, tuple[Callable[[Any], Any], str]] = {
    "epochs": (_whole(1, 1000, auto=True), "a whole number from 1 to 1000, or auto"),
    "learning_rate": (_decimal(0, 1, above=True), "a number above 0 and at most 1, such as 5e-5"),
    "batch_size": (_whole(1, 1024), "a whole number from 1 to 1024"),
    "weight_decay": (_decimal(0, 1), "a number from 0 to 1"),
    "warmup": (_decimal(0, 1), "a share of all steps from 0 to 1"),
    "seed": (_whole(0, 2**31 - 1), "a whole number from 0 to 2147483647"),
    "threads": (_whole(0, 1024), "a whole number from 0 (all cores) to 1024"),
    "precision": (_one_of("auto", "fp32", "bf16", "fp16"), "auto, fp32, bf16 or fp16"),
    "max_length": (_whole(8, 65536, auto=True), "a number of tokens from 8 to 65536, or auto"),
    "train": (_one_of("all", "head"), "all or head"),
    "frozen_blocks": (_whole(0, 1000), "a whole number, at most the encoder's number of blocks"),
    "frozen_embeddings": (_yes_no_auto, "true, false or auto"),
    "class_weights": (_one_of("auto", "on", "off"), "auto, on or off"),
}
