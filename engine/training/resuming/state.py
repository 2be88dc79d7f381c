"""What a part of a run remembers: tensors, and facts that are plain JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from engine.training.dropout import RandomBits


@dataclass(frozen=True, slots=True)
class State:
    """The memory of a part of a run; names of parts and tensors are joined by a slash."""

    tensors: dict[str, torch.Tensor] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def part(self, name: str) -> State:
        """Return the memory of one part; an empty one if there is none of that name."""
        before = f"{name}/"
        return State(
            {
                key.removeprefix(before): tensor
                for key, tensor in self.tensors.items()
                if key.startswith(before)
            },
            self.facts.get(name, {}),
        )

    def at(self, step: int) -> State:
        """Return the same memory, saying at which step of its stage the run is."""
        return State(self.tensors, {**self.facts, "step": step})


def joined(**parts: State) -> State:
    """Return the memories of several parts as one; `State.part` gives each of them back."""
    return State(
        {
            f"{name}/{key}": tensor
            for name, part in parts.items()
            for key, tensor in part.tensors.items()
        },
        {name: part.facts for name, part in parts.items() if part.facts},
    )


def generator_state(random: np.random.Generator) -> dict[str, Any]:
    """Return where a generator of numpy stands, as plain JSON."""
    return _plain(random.bit_generator.state)


def set_generator(random: np.random.Generator, state: dict[str, Any]) -> None:
    """Put a generator where `generator_state` found it."""
    random.bit_generator.state = _as_numpy(state)


def chance(dropout: RandomBits | None, device: torch.device) -> State:
    """Return where the generators stand that a model draws from while it trains."""
    tensors = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        tensors["cuda"] = torch.cuda.get_rng_state(device)
    return State(tensors, {} if dropout is None else {"dropout": _plain(dropout.state)})


def set_chance(state: State, dropout: RandomBits | None, device: torch.device) -> None:
    """Put the generators where `chance` found them, as far as this machine has the same ones."""
    torch.set_rng_state(state.tensors["cpu"])
    if device.type == "cuda" and "cuda" in state.tensors:
        torch.cuda.set_rng_state(state.tensors["cuda"], device)
    if dropout is not None and "dropout" in state.facts:
        dropout.state = _as_numpy(state.facts["dropout"])


def _plain(state: Any) -> Any:
    if isinstance(state, dict):
        return {key: _plain(value) for key, value in state.items()}
    return state.tolist() if isinstance(state, np.ndarray) else state


def _as_numpy(state: Any) -> Any:
    if isinstance(state, dict):
        return {key: _as_numpy(value) for key, value in state.items()}
    return np.array(state, np.uint64) if isinstance(state, list) else state
