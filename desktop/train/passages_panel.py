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
from desktop.train.layer_slider import LayerSlider
from desktop.train.method_panel import Line, MethodPanel
from engine.api import tr

_NOTES = {
    "quick": tr("A third of the usual passes. For a first impression."),
    "balanced": tr("As many passes as it takes with so many texts."),
    "thorough": tr("Twice the usual passes. Takes about twice as long."),
}


def passages_panel(parent: QWidget) -> MethodPanel:
    """Return the settings of the method "ner"."""
    return MethodPanel(
        "ner",
        _NOTES,
        (Line("layers", tr("How many layers may change"), LayerSlider(least=1)), passes()),
        (
            learning_rate("2e-4"),
            batch_size(16),
            max_length(
                tr("A longer text is read piece by piece, to its end."), tr("Tokens read at once")
            ),
            *seed_and_threads(),
        ),
        parent,
    )
