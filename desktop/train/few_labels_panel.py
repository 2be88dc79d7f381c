"""The settings of SetFit."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.train.common_settings import (
    batch_size,
    learning_rate,
    max_length,
    seed_and_threads,
)
from desktop.train.method_panel import Line, MethodPanel
from desktop.train.setting_fields import ChoiceSetting, NumberSetting
from engine.api import tr

_NOTES = {
    "quick": tr("Eight texts of each label. For a first impression."),
    "balanced": tr("All your labels, each text read once a step, until nothing more is learned."),
    "thorough": tr("Pair by pair, as the method was published. Takes several times as long."),
}


def few_labels_panel(parent: QWidget) -> MethodPanel:
    """Return the settings of the method "setfit"."""
    mode = ChoiceSetting(
        "mode",
        (
            ("fast", tr("All pairs of a step at once")),
            ("exact", tr("Pair by pair, as published")),
        ),
    )
    head = ChoiceSetting(
        "head",
        (
            ("logistic", tr("Logistic regression")),
            ("linear", tr("A layer trained step by step")),
        ),
    )
    return MethodPanel(
        "setfit",
        _NOTES,
        (
            Line(
                "shots",
                tr("Texts of each label"),
                NumberSetting("shots", 0, 10_000, 0, tr("all that are labelled")),
                tr("Fewer are quicker, and show what few labels are worth. (shots)"),
            ),
        ),
        (
            Line("mode", tr("How pairs are learned"), mode, "(mode)"),
            Line("head", tr("What decides on the label"), head, "(head)"),
            Line(
                "steps",
                tr("Steps"),
                NumberSetting("steps", 0, 100_000, 0, tr("until it has converged")),
                tr("How often the encoder is changed. (steps)"),
            ),
            learning_rate(tr("automatic")),
            batch_size(0),
            max_length(tr("The rest of a longer text is not read.")),
            *seed_and_threads(),
        ),
        parent,
    )
