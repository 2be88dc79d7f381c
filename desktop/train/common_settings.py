"""Lines that several methods have in common."""

from __future__ import annotations

from desktop.train.method_panel import Line
from desktop.train.setting_fields import DecimalSetting, NumberSetting
from engine.api import tr


def learning_rate(usual: str) -> Line:
    """How large a step the model takes."""
    return Line(
        "learning_rate",
        tr("Learning rate"),
        DecimalSetting("learning_rate", usual),
        tr("How large a step the model takes. Smaller is slower and steadier. (learning_rate)"),
    )


def batch_size(usual: int) -> Line:
    """Texts a step; `usual` 0 leaves the number to the engine."""
    return Line(
        "batch_size",
        tr("Texts a step"),
        NumberSetting("batch_size", min(usual, 1), 512, usual, "" if usual else tr("automatic")),
        tr("Smaller needs less memory. (batch_size)"),
    )


def max_length(note: str, words: str = tr("Tokens read of a text")) -> Line:
    """How much of a text is read."""
    about_tokens = tr("A token is about ¾ of a word. (max_length)")
    return Line(
        "max_length",
        words,
        NumberSetting("max_length", 0, 8192, 0, tr("automatic"), step=32),
        f"{note} {about_tokens}",
    )


def passes() -> Line:
    """Passes over the texts."""
    return Line(
        "epochs",
        tr("Passes over your texts"),
        NumberSetting("epochs", 0, 100, 0, tr("as many as it takes")),
        tr("The pass that does best on texts held back is the one that is kept. (epochs)"),
    )


def seed_and_threads() -> tuple[Line, Line]:
    """What makes a run repeatable, and what leaves the machine free."""
    return (
        Line(
            "seed",
            tr("Seed"),
            NumberSetting("seed", 0, 2**31 - 1, 42),
            tr("The same seed and settings give the same model again."),
        ),
        Line(
            "threads",
            tr("Processor cores"),
            NumberSetting("threads", 0, 512, 0, tr("all cores")),
            tr("Fewer leave the machine freer. (threads)"),
        ),
    )
