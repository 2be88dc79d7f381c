"""The loss of pairs of texts: how far their cosines are from what their labels say.

Both are sentence-transformers' CosineSimilarityLoss, the mean of (cos(u, v) - y)², which setfit
uses as well (Tunstall et al., arXiv 2209.11055).
"""

from __future__ import annotations

import torch
from torch.nn.functional import mse_loss, normalize


def pair_loss(
    vectors: torch.Tensor, first: torch.Tensor, second: torch.Tensor, wanted: torch.Tensor
) -> torch.Tensor:
    """Return the loss of some pairs among n texts, each text encoded once.

    `vectors` is (n, dimensions), `first` and `second` int64 (pairs,) are rows in it, and `wanted`,
    (pairs,), is the similarity that their labels ask for.
    """
    unit = normalize(vectors, dim=-1)
    return mse_loss((unit[first] * unit[second]).sum(dim=-1), wanted)


def all_pairs_loss(vectors: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Return the loss of all pairs among n texts, those that are to be alike weighing one half.

    `vectors` is (n, dimensions) and `wanted` (n, n), from `wanted_similarity`. In a step with many
    labels most pairs are to differ; setfit draws as many of either kind, so either kind has the
    same weight here. The pairs of a text with itself do not count.
    """
    unit = normalize(vectors, dim=-1)
    upper = torch.triu(torch.ones_like(wanted, dtype=torch.bool), diagonal=1)
    squares = ((unit @ unit.T) - wanted)[upper].square()
    alike = wanted[upper] > 0
    kinds = [squares[kind].mean() for kind in (alike, ~alike) if bool(kind.any())]
    return torch.stack(kinds).mean()
