"""The settings of continued pretraining."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.train.common_settings import (
    batch_size,
    learning_rate,
    max_length,
    passes,
    seed_and_threads,
)
from desktop.train.method_panel import Line, MethodPanel
from desktop.train.setting_fields import DecimalSetting, LinesSetting, SwitchSetting
from engine.api import number_text, tr

_NOTES = {
    "quick": tr("About a third of the usual passes. To see whether anything happens."),
    "balanced": tr("As many passes as it takes with so many texts."),
    "thorough": tr("About twice the usual passes. Takes twice as long."),
}
_PREVIEW_HEIGHT = 72  # pixels; three lines


def language_panel(parent: QWidget) -> MethodPanel:
    """Return the settings of the method "mlm"."""
    return MethodPanel(
        "mlm",
        _NOTES,
        (
            Line(
                "preview",
                tr("Sentences to try it on"),
                LinesSetting("preview", tr("The [MASK] in the kitchen leaks."), _PREVIEW_HEIGHT),
                tr(
                    "One a line, with [MASK] in the place of a word. You will see which words it "
                    "puts there before and after. (preview)"
                ),
            ),
            passes(),
        ),
        (
            Line(
                "mask_probability",
                tr("Share of hidden words"),
                DecimalSetting("mask_probability", number_text(0.15, "g")),
                tr("How much of the text has to be guessed. (mask_probability)"),
            ),
            Line(
                "whole_word",
                tr("Whole words"),
                SwitchSetting("whole_word", tr("Hide a word with all its parts"), True),
                tr("Otherwise a part of a word can be guessed from the other. (whole_word)"),
            ),
            learning_rate("2e-4"),
            batch_size(16),
            max_length(tr("Texts are joined and cut to this length."), tr("Tokens read at once")),
            *seed_and_threads(),
        ),
        parent,
    )
