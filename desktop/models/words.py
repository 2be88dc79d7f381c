"""What is known of a model, in the words and figures that people read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desktop.score_words import Headline, headline
from engine.api import ModelInfo

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
    "shots": "Texts of each label",
    "steps": "Steps",
    "pairs": "Pairs of each text",
    "mode": "How pairs were learned",
    "head": "What decides on the label",
    "mask_probability": "Share of hidden words",
    "whole_word": "Whole words were hidden",
    "preview": "Sentences it was tried on",
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
    ("shots", 0): "all that were labelled",
    ("steps", 0): "until it had converged",
    ("mode", "fast"): "all pairs of a step at once",
    ("mode", "exact"): "pair by pair",
    ("head", "logistic"): "logistic regression",
    ("head", "linear"): "a layer that learned along",
    ("whole_word", True): "yes",
    ("whole_word", False): "no",
    ("preview", ""): "two of the texts held back",
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


def score_words(model: ModelInfo) -> str:
    """Return what the figure of a model is, in two lines."""
    score = headline(model.metrics)
    if score is None:
        return "It was not tried on texts held back."
    found = model.metrics[score.source]
    texts = f"{score.texts:,}"
    if score.source == "test":
        return f"{score.name} on {texts} test texts, when it was trained\n{_beside(score, found)}"
    if score.source == "held-out":
        return (
            f"{score.name} on {texts} texts held back: how many words it wavers between\n"
            f"{score.change}"
        ).strip()
    spread = found.get("folds", {}).get(score.key, {}).get("spread")
    parts = "" if spread is None else f" ±{spread:.2f} from part to part"
    return (
        f"{score.name} by cross-validation on {texts} texts{parts}\n"
        f"{_beside(score, found)}  ·  too few test texts for a score of their own"
    )


def _beside(score: Headline, found: dict[str, Any]) -> str:
    """Return the figures that stand beside the first."""
    if score.key == "macro_f1":
        return f"accuracy {found.get('accuracy', 0.0):.2f}"
    return f"precision {found.get('precision', 0.0):.2f}, recall {found.get('recall', 0.0):.2f}"


def language_facts(metrics: dict[str, Any]) -> list[Fact]:
    """Return what a language model learned, in words: figures on texts that were held back."""
    found = metrics.get("held-out", {})
    facts = [
        ("Texts held back", f"{found['texts']:,}" if "texts" in found else "", ""),
        ("Words guessed", f"{found['guesses']:,}" if "guesses" in found else "", ""),
        ("Perplexity before", _figure(found.get("perplexity_before"), 1), "perplexity"),
        ("Perplexity after", _figure(found.get("perplexity"), 1), "perplexity"),
        ("Loss before", _figure(found.get("loss_before"), 3), "cross-entropy, nats"),
        ("Loss after", _figure(found.get("loss"), 3), "cross-entropy, nats"),
    ]
    return [Fact(words, value, technical) for words, value, technical in facts]


def _figure(value: Any, decimals: int) -> str:
    return f"{value:,.{decimals}f}" if isinstance(value, int | float) else ""


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
