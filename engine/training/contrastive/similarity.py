"""How alike two texts are to become, from their labels."""

from __future__ import annotations

import torch


def wanted_similarity(targets: torch.Tensor) -> torch.Tensor:
    """Return how alike all pairs of n texts are to become, float32 (n, n), 0 to 1.

    With one label a text (targets int64 (n,)): 1 for the same label, else 0. With several (float32
    (n, labels)): the labels that both have as a share of those that either has, so that three
    texts with the labels ab, bc and ca do not all fall onto one point; 1 where neither has any.
    """
    if targets.ndim == 1:
        return (targets[:, None] == targets[None, :]).float()
    both = targets @ targets.T
    sizes = targets.sum(dim=1)
    either = sizes[:, None] + sizes[None, :] - both
    return torch.where(either > 0, both / either.clamp(min=1.0), torch.ones_like(both))
