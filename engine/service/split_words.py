"""What people call the parts of the texts."""

from __future__ import annotations

from engine.core.language import trc


def split_words(split: str) -> str:
    """Return the word for one of `engine.project.rows.SPLITS`, or the split itself if unknown."""
    words = {
        "train": trc("a part of the texts", "train"),
        "validation": trc("a part of the texts", "validation"),
        "test": trc("a part of the texts", "test"),
        "cross-validation": trc("a part of the texts", "cross-validation"),
    }
    return words.get(split, split)
