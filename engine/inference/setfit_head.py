"""The head of a SetFit model: one layer, kept as safetensors beside the encoder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.core.errors import KnownError
from engine.core.language import tr

WEIGHTS = "head.safetensors"
FACTS = "head.json"


@dataclass(frozen=True, slots=True)
class Head:
    """A layer that gives each label a logit: `weight` float32 (labels, dimensions), `bias`
    (labels,). `several`: a text may have several labels, so each has a probability of its own."""

    weight: np.ndarray
    bias: np.ndarray
    several: bool

    def probabilities(self, vectors: np.ndarray) -> np.ndarray:
        """Return float32 (n, labels) for the vectors of n texts, float32 (n, dimensions)."""
        logits = vectors.astype(np.float64) @ self.weight.T.astype(np.float64) + self.bias
        if self.several:
            return (1 / (1 + np.exp(-logits))).astype(np.float32)
        found = np.exp(logits - logits.max(axis=1, keepdims=True))
        return (found / found.sum(axis=1, keepdims=True)).astype(np.float32)

    def cooled(self, temperature: float) -> Head:
        """Return the head with its logits divided by `temperature`."""
        return Head(self.weight / temperature, self.bias / temperature, self.several)


def has_head(folder: Path) -> bool:
    """Whether a model folder holds a SetFit model of ours."""
    return (folder / WEIGHTS).is_file()


def save_head(head: Head, labels: Sequence[str], folder: Path) -> None:
    """Write the head and the names of its labels into a model folder."""
    from safetensors.numpy import save_file

    tensors = {"weight": head.weight.astype(np.float32), "bias": head.bias.astype(np.float32)}
    save_file({name: np.ascontiguousarray(one) for name, one in tensors.items()}, folder / WEIGHTS)
    facts = {"labels": list(labels), "multi_label": head.several}
    (folder / FACTS).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def load_head(folder: Path) -> tuple[Head, tuple[str, ...]]:
    """Return the head of a model folder, and its labels in the order of its probabilities.

    Raises:
        KnownError: if its files are missing or damaged.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        tensors = load_file(folder / WEIGHTS)
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        head = Head(tensors["weight"], tensors["bias"], bool(facts["multi_label"]))
        labels = tuple(facts["labels"])
        if not len(labels) == len(head.weight) == len(head.bias):
            raise ValueError("head and labels do not belong together")
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise KnownError(
            tr(
                "The head of the model in {folder} cannot be loaded; its files are incomplete or "
                "damaged.",
                folder=folder,
            ),
            details=str(error),
        ) from error
    return head, labels
