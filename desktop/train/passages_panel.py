"""The settings of learning to mark passages (named entity recognition)."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.train.common_settings import (
    batch_size,
    learning_rate,
    max_length,
    passes,
    seed_and_threads,
)
from desktop.train.method_panel import MethodPanel

_NOTES = {
    "quick": "One pass over your texts. For a first impression.",
    "balanced": "The whole model learns, as long as it takes with so many texts.",
    "thorough": "Twice the passes in smaller steps. Takes about twice as long.",
}


def passages_panel(parent: QWidget) -> MethodPanel:
    """Return the settings of the method "ner"."""
    return MethodPanel(
        "ner",
        _NOTES,
        (passes(),),
        (
            learning_rate("automatic"),
            batch_size(16),
            max_length("A longer text is read piece by piece, to its end.", "Tokens read at once"),
            *seed_and_threads(),
        ),
        parent,
    )
