"""What is known of a model, in the words and figures that people read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from desktop.score_words import Headline, headline
from engine.api import ModelInfo, number_text, tr, trc, trn

_SETTINGS = {
    "train": tr("What was trained"),
    "frozen_blocks": tr("Layers kept as they were"),
    "frozen_embeddings": tr("Word vectors kept as they were"),
    "epochs": tr("Passes over the texts"),
    "learning_rate": tr("Learning rate"),
    "batch_size": tr("Texts a step"),
    "max_length": tr("Tokens read of a text"),
    "class_weights": tr("Rare labels counted more"),
    "weight_decay": tr("Pull towards small weights"),
    "warmup": tr("Share of steps to warm up"),
    "precision": tr("Precision of the numbers"),
    "shots": tr("Texts of each label"),
    "steps": tr("Steps"),
    "pairs": tr("Pairs of each text"),
    "mode": tr("How pairs were learned"),
    "head": tr("What decides on the label"),
    "mask_probability": tr("Share of hidden words"),
    "whole_word": tr("Whole words were hidden"),
    "preview": tr("Sentences it was tried on"),
    "seed": tr("Seed"),
    "threads": tr("Processor cores"),
}
"""The settings in the order they are shown; one that is not listed is shown by its own name."""
_VALUES = {
    ("train", "all"): tr("the encoder and the head"),
    ("train", "head"): tr("only the head"),
    ("epochs", 0): tr("as many as it takes"),
    ("max_length", 0): tr("as many as the base model can"),
    ("threads", 0): trc("processor cores", "all"),
    ("shots", 0): tr("all that were labelled"),
    ("steps", 0): tr("until it had converged"),
    ("mode", "fast"): tr("all pairs of a step at once"),
    ("mode", "exact"): tr("pair by pair"),
    ("head", "logistic"): tr("logistic regression"),
    ("head", "linear"): tr("a layer that learned along"),
    ("whole_word", True): tr("yes"),
    ("whole_word", False): tr("no"),
    ("preview", ""): tr("two of the texts held back"),
    ("class_weights", "auto"): tr("when one label is rare"),
    ("class_weights", "on"): tr("always"),
    ("class_weights", "off"): tr("never"),
    ("frozen_embeddings", None): tr("if any layers were"),
    ("frozen_embeddings", True): tr("yes"),
    ("frozen_embeddings", False): tr("no"),
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
        return tr("It was not tried on texts held back.")
    found = model.metrics[score.source]
    name, texts = score.name, score.texts
    if score.source == "test":
        measured = tr("{name} on {n:,} test texts, when it was trained", name=name, n=texts)
        return f"{measured}\n{_beside(score, found)}"
    if score.source == "held-out":
        measured = tr(
            "{name} on {n:,} texts held back: how many words it wavers between", name=name, n=texts
        )
        return f"{measured}\n{score.change}".strip()
    crossed = _cross_validated(score, found.get("folds", {}).get(score.key, {}).get("spread"))
    why = tr("too few test texts for a score of their own")
    return f"{crossed}\n{_beside(score, found)}  ·  {why}"


def _cross_validated(score: Headline, spread: float | None) -> str:
    if spread is None:
        return tr("{name} by cross-validation on {n:,} texts", name=score.name, n=score.texts)
    return tr(
        "{name} by cross-validation on {n:,} texts ±{spread:.2f} from part to part",
        name=score.name,
        n=score.texts,
        spread=spread,
    )


def _beside(score: Headline, found: dict[str, Any]) -> str:
    """Return the figures that stand beside the first."""
    if score.key == "macro_f1":
        return tr("accuracy {accuracy:.2f}", accuracy=found.get("accuracy", 0.0))
    return tr(
        "precision {precision:.2f}, recall {recall:.2f}",
        precision=found.get("precision", 0.0),
        recall=found.get("recall", 0.0),
    )


def language_facts(metrics: dict[str, Any]) -> list[Fact]:
    """Return what a language model learned, in words: figures on texts that were held back."""
    found = metrics.get("held-out", {})
    facts = [
        (tr("Texts held back"), _figure(found.get("texts")), ""),
        (tr("Words guessed"), _figure(found.get("guesses")), ""),
        (tr("Perplexity before"), _figure(found.get("perplexity_before"), 1), "perplexity"),
        (tr("Perplexity after"), _figure(found.get("perplexity"), 1), "perplexity"),
        (tr("Loss before"), _figure(found.get("loss_before"), 3), "cross-entropy, nats"),
        (tr("Loss after"), _figure(found.get("loss"), 3), "cross-entropy, nats"),
    ]
    return [Fact(words, value, technical) for words, value, technical in facts]


def _figure(value: Any, decimals: int = 0) -> str:
    return number_text(value, f",.{decimals}f") if isinstance(value, int | float) else ""


def setting_facts(settings: dict[str, Any]) -> list[Fact]:
    """Return the settings of a training, in words."""
    order = [key for key in _SETTINGS if key in settings]
    order += sorted(key for key in settings if key not in _SETTINGS)
    return [Fact(_SETTINGS.get(key, key), _value_words(key, settings[key]), key) for key in order]


def size_words(size: int) -> str:
    """Return a number of bytes: "90.9 MB"."""
    for unit, words in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if size >= unit:
            return f"{number_text(size / unit, ',.1f')} {words}"
    return tr("{n:,} bytes", n=size)


def number_words(number: int) -> str:
    """Return a large number: "22.7 million"."""
    if number >= 10**9:
        return tr("{n:.1f} billion", n=number / 10**9)
    return tr("{n:.1f} million", n=number / 10**6) if number >= 10**6 else number_text(number)


def tokens_words(number: int) -> str:
    """Return how much a model reads of a text: "512 tokens of a text"."""
    return tr("{n:,} tokens of a text", n=number)


def duration_words(seconds: float) -> str:
    """Return a time that was taken: "45 seconds", "2 min 10 s", "1 h 2 min"."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return trn("1 second", "{n} seconds", rest)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return tr("{hours} h {minutes} min", hours=hours, minutes=minutes)
    return tr("{minutes} min {seconds} s", minutes=minutes, seconds=rest)


def _value_words(key: str, value: Any) -> str:
    # 0, False and None are different values here, though Python calls two of them equal.
    for (name, known), words in _VALUES.items():
        if name == key and known == value and isinstance(known, type(value)):
            return words
    if isinstance(value, float):
        return number_text(value, "g").replace("e-0", "e-")
    if value is None:
        return tr("automatic")
    return str(value)
