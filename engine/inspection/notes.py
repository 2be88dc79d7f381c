"""What a reader of scores has to know beside them."""

from __future__ import annotations

from engine.core.language import tr
from engine.project.training_rows import ModelInfo

CROSS_VALIDATION = "cross-validation"
"""In the place of a split: predictions of models that had not learned from the text."""


def evaluation_note(model: ModelInfo, split: str, labels_removed: int) -> str:
    """Return in sentences where the scores flatter, and what they leave out; "" if nothing.

    `labels_removed` counts labels of the model that the task no longer has.
    """
    notes = []
    if split == CROSS_VALIDATION:
        notes.append(
            tr(
                "Each text was predicted by a model that had not learned from it "
                "(cross-validation); the model itself has learned from all of them."
            )
        )
    elif model.evaluation == CROSS_VALIDATION or split == "train":
        notes.append(
            tr(
                "The model has learned from these texts, so the figures flatter it; do not report "
                "them as its quality."
            )
        )
    elif split == "validation":
        notes.append(
            tr(
                "These texts chose the best pass of the training, so the figures flatter the model "
                "a little; the test part gives the fair ones."
            )
        )
    if labels_removed:
        notes.append(
            tr(
                "{labels} of the model's labels were removed from the task since, and are left out "
                "here.",
                labels=labels_removed,
            )
        )
    return " ".join(notes)
