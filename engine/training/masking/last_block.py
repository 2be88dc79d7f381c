"""Compute only the hidden tokens in the last block, where the head asks about nothing else.

The same saving as in `engine.training.first_token`, for the tokens of a block that are to be
guessed: keys and values of all tokens are needed, queries and feed-forward layers of few.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import torch
from torch import nn
from transformers import AttentionInterface
from transformers.models.bert.modeling_bert import eager_attention_forward

from engine.training.first_token import FAMILIES


class LastBlock:
    """The last block of an encoder; between `look_at` and `look_at_all` it computes few tokens."""

    def __init__(self, block: nn.Module) -> None:
        self._block = block
        self._forward = block.forward
        self._columns: torch.Tensor | None = None
        # An attribute of the instance hides the method: no parameter changes its name.
        block.forward = partial(self._chosen, block)

    def look_at(self, places: torch.Tensor, length: int) -> torch.Tensor:
        """Choose tokens, int64 ascending into flattened blocks of `length` tokens.

        Returns where they will lie in the flattened output.
        """
        rows, columns = places // length, places % length
        counts = torch.bincount(rows)
        most = int(counts.max())
        first = torch.cumsum(counts, 0) - counts
        slots = torch.arange(len(places), device=places.device) - first[rows]
        # Rows with fewer tokens than the fullest compute their first token again, unread.
        chosen = torch.zeros(len(counts), most, dtype=torch.int64, device=places.device)
        chosen[rows, slots] = columns
        self._columns = chosen
        return rows * most + slots

    def look_at_all(self) -> None:
        """Compute all tokens until the next `look_at`."""
        self._columns = None

    def restore(self) -> None:
        """Give the block its own method back."""
        del self._block.forward

    def _chosen(
        self,
        block: Any,
        hidden: torch.Tensor,
        attention_mask: torch.Tensor | None = None,
        *arguments: Any,
        **options: Any,
    ) -> torch.Tensor:
        """Return the block's output for the chosen tokens, (blocks, most chosen, hidden size)."""
        columns = self._columns
        if columns is None:
            everything: torch.Tensor = self._forward(hidden, attention_mask, *arguments, **options)
            return everything
        hidden = hidden[: len(columns)]
        chosen = hidden.gather(1, columns[:, :, None].expand(-1, -1, hidden.shape[-1]))
        attention = block.attention.self
        heads = (len(hidden), -1, attention.num_attention_heads, attention.attention_head_size)
        query = attention.query(chosen).view(heads).transpose(1, 2)
        key = attention.key(hidden).view(heads).transpose(1, 2)
        value = attention.value(hidden).view(heads).transpose(1, 2)
        attend = AttentionInterface().get_interface(
            attention.config._attn_implementation, eager_attention_forward
        )
        mask = attention_mask
        if mask is not None:
            mask = mask[: len(columns)].expand(-1, -1, hidden.shape[1], -1)
            at = columns[:, None, :, None].expand(-1, mask.shape[1], -1, mask.shape[-1])
            mask = mask.gather(2, at)
        context, _weights = attend(
            attention,
            query,
            key,
            value,
            mask,
            dropout=attention.dropout.p if attention.training else 0.0,
            scaling=attention.scaling,
        )
        attended = block.attention.output(context.reshape(*chosen.shape[:2], -1), chosen)
        output: torch.Tensor = block.feed_forward_chunk(attended)
        return output


def shorten_last_block(model: Any) -> LastBlock | None:
    """Have a model compute only chosen tokens in its last block.

    Returns None where the architecture is another one than those that `FAMILIES` names.
    """
    if model.config.model_type not in FAMILIES or model.config.is_decoder:
        return None
    return LastBlock(model.base_model.encoder.layer[-1])
