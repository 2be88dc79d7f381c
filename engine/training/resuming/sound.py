"""Whether numbers are still numbers: what went astray is neither kept nor published."""

from __future__ import annotations

from collections.abc import Iterable

import torch

from engine.core.errors import KnownError
from engine.core.language import mark, tr
from engine.training.resuming.state import State

_SMALLER_STEPS = mark("try a smaller learning_rate")


def astray(remedy: str = _SMALLER_STEPS) -> KnownError:
    """Return the error of a run whose loss or weights are no longer numbers.

    `remedy` is a marked text.
    """
    return KnownError(
        tr(
            "Training went astray: the loss is no longer a number, so no model was published and "
            "earlier models are unchanged; {remedy}.",
            remedy=tr(remedy),
        )
    )


def are_numbers(tensors: Iterable[torch.Tensor]) -> bool:
    """Return whether no tensor has an infinite element, or one that is no number."""
    return all(bool(torch.isfinite(one).all()) for one in tensors if one.is_floating_point())


def is_sound(state: State) -> bool:
    """Return whether a run could go on from there."""
    return are_numbers(state.tensors.values())


def require_numbers(tensors: Iterable[torch.Tensor]) -> None:
    """Raise KnownError if training has spoilt these weights."""
    if not are_numbers(tensors):
        raise astray()
