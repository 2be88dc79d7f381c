"""The settings of fine-tuning."""

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
from desktop.train.setting_fields import ChoiceSetting
from engine.api import tr

_NOTES = {
    "quick": tr("Only the head learns, on top of the encoder as it is. For a first impression."),
    "balanced": tr("The whole model learns, as long as it takes with so many labels."),
    "thorough": tr("Twice the passes in smaller steps. Takes about twice as long."),
}


def fine_tune_panel(parent: QWidget) -> MethodPanel:
    """Return the settings of the method "fine-tune"."""
    weights = ChoiceSetting(
        "class_weights",
        (("auto", tr("When one label is rare")), ("on", tr("Always")), ("off", tr("Never"))),
    )
    return MethodPanel(
        "fine-tune",
        _NOTES,
        (Line("layers", tr("How many layers may change"), LayerSlider()), passes()),
        (
            learning_rate("8e-5"),
            batch_size(16),
            max_length(tr("The rest of a longer text is not read.")),
            Line(
                "class_weights",
                tr("Count rare labels more"),
                weights,
                tr("So that a label with few texts is not drowned by the others. (class_weights)"),
            ),
            *seed_and_threads(),
        ),
        parent,
    )
