"""A classification task ready for training: labels, targets and token ids of its texts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.training.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Task:
    """n texts as tokens with their targets: int64 (n,), or float32 (n, labels) where a text may
    have several labels."""

    labels: tuple[str, ...]
    targets: np.ndarray
    tokens: Tokens

    @property
    def several(self) -> bool:
        """Whether a text may have several labels."""
        return self.targets.ndim == 2
