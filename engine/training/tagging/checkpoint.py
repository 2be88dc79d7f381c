"""An encoder with a tagging head: loaded from a base model, or as it was published."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.training.checkpoint import Checkpoint, load_pretrained
from engine.training.tagging.pieces import PIECE, WORD
from engine.training.tagging.scheme import labels_of, tag_names

_UNIT = "tag_unit"
"""The entry of config.json that says whether a tag stands for a word or for a piece of one.

transformers' pipeline does not know it: there, words want aggregation_strategy="first", and pieces
"simple".
"""


def load_base_tagger(
    folder: Path, labels: Sequence[str], seed: int, device: torch.device
) -> Checkpoint:
    """Return a base model in fp32 with a head for the tags of these labels, drawn from `seed`.

    Raises:
        KnownError: if the weights cannot be read.
    """
    from transformers import AutoModelForTokenClassification

    torch.manual_seed(seed)
    names = tag_names(labels)
    model, info = load_pretrained(
        AutoModelForTokenClassification,
        folder,
        dtype=torch.float32,
        num_labels=len(names),
        id2label=dict(enumerate(names)),
        label2id={name: number for number, name in enumerate(names)},
        ignore_mismatched_sizes=True,
    )
    missing = {*info["missing_keys"], *(key for key, *_ in info["mismatched_keys"])}
    return Checkpoint(model.to(device), frozenset(missing))


def set_unit(model: Any, unit: str) -> None:
    """Note in the configuration that is published what a tag stands for."""
    setattr(model.config, _UNIT, unit)


def load_trained_tagger(folder: Path, device: torch.device) -> tuple[Any, tuple[str, ...], str]:
    """Return a published tagger in evaluation mode, its labels, and its unit.

    Raises:
        KnownError: if the weights cannot be read, or the folder holds no tagger of this scheme.
    """
    from transformers import AutoModelForTokenClassification

    model, info = load_pretrained(AutoModelForTokenClassification, folder, dtype=torch.float32)
    names = [model.config.id2label[at] for at in range(model.config.num_labels)]
    try:
        labels = labels_of(names)
    except ValueError as error:
        raise KnownError(
            tr(
                "The model in {folder} does not have the tags B-… and I-… of every label, so it "
                "cannot mark passages.",
                folder=folder,
            )
        ) from error
    if info["missing_keys"]:
        raise KnownError(
            tr(
                "The model in {folder} has no trained head for passages, so it cannot mark any.",
                folder=folder,
            )
        )
    unit = getattr(model.config, _UNIT, WORD)
    return model.to(device).eval(), labels, PIECE if unit == PIECE else WORD
