"""Which texts are kept out of continued pretraining, to see afterwards what it was worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.core.errors import KnownError
from engine.core.language import tr

ENOUGH_TEXTS = 20
"""From so many validation texts on, they are what is held out."""
SHARE = 0.05
LARGEST_SHARE = 0.2
"""A group with more of the tokens than this is left to train on, if there are smaller ones."""
MOST_TOKENS = 65_536
"""Of more held-out tokens a sample is enough: a perplexity over ten thousand guesses."""


@dataclass(frozen=True, slots=True)
class Division:
    """Row numbers of the texts to train on and of those held out; no group is in both."""

    train: np.ndarray
    held_out: np.ndarray


def divide_texts(
    lengths: np.ndarray,
    splits: list[str],
    groups: np.ndarray,
    seed: int,
    log: Callable[[str], None],
) -> Division:
    """Return which texts to train on and which are held out, texts without tokens left out.

    `lengths` are the tokens of each text, `splits` its split, and `groups` the number that texts
    share which must not be separated.

    Raises:
        KnownError: if there are not texts of at least two groups.
    """
    filled = np.flatnonzero(lengths)
    if len(np.unique(groups[filled])) < 2:
        raise KnownError(
            tr(
                "Continued pretraining needs texts of at least two documents, since some are held "
                "out to see what it is worth; import more texts."
            )
        )
    validation = np.array([splits[row] == "validation" for row in filled], bool)
    if validation.sum() >= ENOUGH_TEXTS and not validation.all():
        return Division(filled[~validation], _sample(filled[validation], lengths, seed))
    out = np.isin(groups, _draw_groups(lengths[filled], groups[filled], seed))
    held_out = filled[out[filled]]
    log(
        tr(
            "{n} of {total} texts are held out to see what the training is worth; it does not "
            "learn from them.",
            n=len(held_out),
            total=len(filled),
        )
    )
    return Division(filled[~out[filled]], _sample(held_out, lengths, seed))


def _draw_groups(lengths: np.ndarray, groups: np.ndarray, seed: int) -> np.ndarray:
    """Return groups with about `SHARE` of the tokens, at least one, the very large ones spared."""
    names, place = np.unique(groups, return_inverse=True)
    tokens = np.bincount(place, lengths)
    order = np.random.default_rng(seed).permutation(len(names))
    order = order[tokens[order] <= LARGEST_SHARE * tokens.sum()]
    if not len(order):
        return names[[np.argmin(tokens)]]
    enough = int(np.searchsorted(np.cumsum(tokens[order]), SHARE * tokens.sum()))
    return names[order[: enough + 1]]


def _sample(rows: np.ndarray, lengths: np.ndarray, seed: int) -> np.ndarray:
    """Return rows with about `MOST_TOKENS` tokens in all, or all of them, ascending."""
    order = np.random.default_rng(seed).permutation(rows)
    enough = int(np.searchsorted(np.cumsum(lengths[order]), MOST_TOKENS))
    return np.sort(order[: enough + 1])
