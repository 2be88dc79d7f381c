"""What a model can be used for, which follows from the method that made it."""

from __future__ import annotations

from engine.api import ModelInfo, tr

LABELS, PASSAGES, LANGUAGE = "labels", "passages", "language"
_KINDS = {"ner": PASSAGES, "mlm": LANGUAGE}
_LIMITS = {
    LABELS: "",
    PASSAGES: tr("Finds passages in texts."),
    LANGUAGE: tr(
        "Knows the language of your texts and labels nothing itself: train from it, and use what "
        "comes of that."
    ),
}


def kind_of(model: ModelInfo) -> str:
    """Return what a model gives to a text: LABELS, PASSAGES, or nothing (LANGUAGE)."""
    return _KINDS.get(model.method, LABELS)


def limits_of(model: ModelInfo) -> str:
    """Say what a model cannot be used for, and what it is for; "" if everything is possible."""
    return _LIMITS[kind_of(model)]


def comparable(model: ModelInfo, other: ModelInfo) -> bool:
    """Whether what one of them gets right and the other wrong can be listed."""
    return model.id != other.id and kind_of(model) == kind_of(other) != LANGUAGE
