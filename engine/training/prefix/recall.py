"""An encoder whose frozen blocks answer with what they once computed.

The library's own forward pass still runs: masks, relative positions and rotary embeddings for the
blocks that train are made as always, from the shape of the batch. Only the embeddings and the
frozen blocks do not compute; the last of them hands the kept states on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.utils.hooks import RemovableHandle

from engine.training.freezing import (
    BEHIND_THE_EMBEDDINGS,
    BEHIND_THE_FIRST_BLOCK,
    embeddings_of,
    parts_of,
    transformer_blocks,
)


class Prefix:
    """The embeddings and the first `depth` blocks of a model's encoder, 1 to all of them."""

    precision = "float16"

    def __init__(self, model: Any, depth: int) -> None:
        blocks = transformer_blocks(model)
        assert blocks is not None
        assert 1 <= depth <= len(blocks)
        self._model = model
        self._blocks = list(blocks)
        self.depth = depth
        self.name = f"{depth} blocks"
        self._hidden: dict[nn.Module, Any] = {}
        self._beside: int | None = None

    def of(self, model: Any) -> Prefix:
        """Return the same prefix of another model of this architecture."""
        other = Prefix(model, self.depth)
        other._beside = self._beside
        return other

    @property
    def reaches_the_end(self) -> bool:
        """Whether no block is left to train."""
        return self.depth == len(self._blocks)

    def compute(self, ids: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        """Return what the blocks behind the prefix read, (texts, tokens, hidden size).

        A last block that computes the first token alone gives one a text.
        Call it in evaluation mode, without gradients, while the prefix is not recalled.
        """
        handles = self.watch(_stop_with)
        try:
            self._model.base_model(input_ids=ids, attention_mask=mask)
        except _Reached as reached:
            return reached.states
        finally:
            for handle in handles:
                handle.remove()
        raise AssertionError("the encoder never came to its blocks")

    def watch(self, see: Callable[[torch.Tensor], None]) -> list[RemovableHandle]:
        """Have every forward pass show what is behind the prefix, until the handles are removed."""

        def see_output(_block: nn.Module, _inputs: Any, output: Any) -> None:
            self._beside = len(output) - 1 if isinstance(output, tuple) else None
            if self.reaches_the_end:
                see(output if self._beside is None else output[0])

        def see_input(_block: nn.Module, inputs: tuple[Any, ...]) -> None:
            see(inputs[0])

        handles = [self._blocks[self.depth - 1].register_forward_hook(see_output)]
        if not self.reaches_the_end:
            handles.append(self._blocks[self.depth].register_forward_pre_hook(see_input))
        return handles

    def recall(self, states: Callable[[], torch.Tensor], shape: Callable[[], torch.Size]) -> None:
        """Have the prefix answer with `states()`, in batches of `shape()` (texts, tokens)."""
        encoder = self._model.base_model
        width = encoder.config.hidden_size
        like = next(self._model.parameters())

        def embed(*_: Any, **__: Any) -> torch.Tensor:
            return like.new_zeros(1).expand(*shape(), width)

        self._replace(embeddings_of(encoder), embed)
        for module in parts_of(encoder, BEHIND_THE_EMBEDDINGS):
            self._replace(module, lambda hidden: hidden)
        for module in parts_of(encoder, BEHIND_THE_FIRST_BLOCK):
            self._replace(module, lambda _before, hidden, _mask: hidden)
        for block in self._blocks[: self.depth - 1]:
            self._replace(block, lambda hidden, *_, **__: self._as_block(hidden))
        self._replace(self._blocks[self.depth - 1], lambda *_, **__: self._as_block(states()))

    def compute_again(self) -> None:
        """Have the prefix compute as it did before `recall`."""
        for module, before in self._hidden.items():
            del module.forward
            if before is not None:
                module.forward = before
        self._hidden.clear()

    def _replace(self, module: nn.Module, forward: Callable[..., Any]) -> None:
        # An attribute of the instance hides the method: no parameter changes its name.
        self._hidden[module] = module.__dict__.get("forward")
        module.forward = forward

    def _as_block(self, hidden: torch.Tensor) -> Any:
        """Return states as the encoder expects them from its blocks: alone, or first of several."""
        return hidden if self._beside is None else (hidden, *[None] * self._beside)


class _Reached(Exception):  # noqa: N818 - the states are there, and nothing more is to be computed
    """The forward pass came to the end of the prefix."""

    def __init__(self, states: torch.Tensor) -> None:
        super().__init__()
        self.states = states


def _stop_with(states: torch.Tensor) -> None:
    raise _Reached(states)
