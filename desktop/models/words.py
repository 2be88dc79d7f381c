"""What is known of a model, in the words and figures that people read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.api import ModelInfo

CROSS_VALIDATION = "cross-validation"
_SETTINGS = {
    "train": "What was trained",
    "frozen_blocks": "Layers kept as they were",
    "frozen_embeddings": "Word vectors kept as they were",
    "epochs": "Passes over the texts",
    "learning_rate": "Learning rate",
    "batch_size": "Texts a step",
    "max_length": "Tokens read of a text",
    "class_weights": "Rare labels counted more",
    "weight_decay": "Pull towards small weights",
    "warmup": "Share of steps to warm up",
    "precision": "Precision of the numbers",
    "seed": "Seed",
    "threads": "Processor cores",
}
"""The settings in the order they are shown; one that is not listed is shown by its own name."""
_VALUES = {
    ("train", "all"): "the encoder and the head",
    ("train", "head"): "only the head",
    ("epochs", 0): "as many as it takes",
    ("max_length", 0): "as many as the base model can",
    ("threads", 0): "all",
    ("class_weights", "auto"): "when one label is rare",
    ("class_weights", "on"): "always",
    ("class_weights", "off"): "never",
    ("frozen_embeddings", None): "if any layers were",
    ("frozen_embeddings", True): "yes",
    ("frozen_embeddings", False): "no",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of a list of facts.

    `technical` is the name that manuals use; `copied` values are long and for other programs.
    """

    words: str
    value: str
    technical: str = ""
    copied: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """How well a model did when it was trained: macro F1, and on what it was measured."""

    macro_f1: float
    accuracy: float
    texts: int
    cross_validated: bool
    spread: float | None = None  # standard deviation of macro F1 over the folds

    @property
    def cell(self) -> str:
        """The figure for a table; "CV" tells cross-validation from a test."""
        return f"{self.macro_f1:.2f} CV" if self.cross_validated else f"{self.macro_f1:.2f}"

    @property
    def words(self) -> str:
        """What the figure is, in two lines."""
        if not self.cross_validated:
            return (
                f"macro F1 on {self.texts:,} test texts, when it was trained\n"
                f"accuracy {self.accuracy:.2f}"
            )
        spread = "" if self.spread is None else f" ±{self.spread:.2f} from part to part"
        return (
            f"macro F1 by cross-validation on {self.texts:,} texts{spread}\n"
            f"accuracy {self.accuracy:.2f}  ·  too few test texts for a score of their own"
        )


def score_of(model: ModelInfo) -> Score | None:
    """Return the score a model got when it was trained, or None if it has none."""
    found = model.metrics.get(model.evaluation)
    if not found or "macro_f1" not in found:
        return None
    spread = found.get("folds", {}).get("macro_f1", {}).get("spread")
    return Score(
        found["macro_f1"],
        found.get("accuracy", 0.0),
        found.get("texts", 0),
        model.evaluation == CROSS_VALIDATION,
        spread,
    )


def setting_facts(settings: dict[str, Any]) -> list[Fact]:
    """Return the settings of a training, in words."""
    order = [key for key in _SETTINGS if key in settings]
    order += sorted(key for key in settings if key not in _SETTINGS)
    return [Fact(_SETTINGS.get(key, key), _value_words(key, settings[key]), key) for key in order]


def size_words(size: int) -> str:
    """Return a number of bytes: "90.9 MB"."""
    for unit, words in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if size >= unit:
            return f"{size / unit:,.1f} {words}"
    return f"{size:,} bytes"


def number_words(number: int) -> str:
    """Return a large number: "22.7 million"."""
    if number >= 10**9:
        return f"{number / 10**9:.1f} billion"
    return f"{number / 10**6:.1f} million" if number >= 10**6 else f"{number:,}"


def day_words(moment: str) -> str:
    """Return an ISO time as a day in this machine's time zone: "21 Nov 2026"."""
    local = datetime.fromisoformat(moment).astimezone()
    return f"{local.day} {local:%b %Y}"


def moment_words(moment: str) -> str:
    """Return an ISO time in this machine's time zone: "21 Nov 2026, 20:45"."""
    return f"{day_words(moment)}, {datetime.fromisoformat(moment).astimezone():%H:%M}"


def duration_words(seconds: float) -> str:
    """Return a time that was taken: "45 seconds", "2 min 10 s", "1 h 2 min"."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return "1 second" if rest == 1 else f"{rest} seconds"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def _value_words(key: str, value: Any) -> str:
    # 0, False and None are different values here, though Python calls two of them equal.
    for (name, known), words in _VALUES.items():
        if name == key and known == value and isinstance(known, type(value)):
            return words
    if isinstance(value, float):
        return f"{value:g}".replace("e-0", "e-")
    if value is None:
        return "automatic"
    return str(value)
