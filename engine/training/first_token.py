"""Compute only the first token in the last block, where the head reads nothing else.

BERT's and RoBERTa's classification heads look at the first token alone, but the library computes
the last block for every token. Keys and values of all tokens are still needed; the query, the
attention's output and the feed-forward layers, five sixths of the block, are not. Of a small
encoder with six blocks this saves a seventh of a step, and the result is the same.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import torch
from torch import nn
from transformers import AttentionInterface
from transformers.models.bert.modeling_bert import eager_attention_forward

FAMILIES = {"bert", "roberta", "xlm-roberta", "camembert", "electra"}
"""Architectures whose blocks have the same parts, and whose classification heads read the first
token."""


def shorten_last_block(model: Any) -> nn.Module | None:
    """Have a classifier compute only the first token in its last block.

    Returns the block for `restore_last_block`, or None where the architecture is another one.
    """
    if model.config.model_type not in FAMILIES or model.config.is_decoder:
        return None
    block: nn.Module = model.base_model.encoder.layer[-1]
    # An attribute of the instance hides the method: no parameter changes its name.
    block.forward = partial(_first_token, block)
    return block


def restore_last_block(block: nn.Module) -> None:
    """Have the block compute all tokens again."""
    del block.forward


def _first_token(
    block: Any, hidden: torch.Tensor, attention_mask: torch.Tensor | None = None, *_: Any, **__: Any
) -> torch.Tensor:
    """Return the block's output for the first token, (texts, 1, hidden size)."""
    first = hidden[:, :1]
    attention = block.attention.self
    texts = len(hidden)
    heads = (texts, -1, attention.num_attention_heads, attention.attention_head_size)
    query = attention.query(first).view(heads).transpose(1, 2)
    key = attention.key(hidden).view(heads).transpose(1, 2)
    value = attention.value(hidden).view(heads).transpose(1, 2)
    attend = AttentionInterface().get_interface(
        attention.config._attn_implementation, eager_attention_forward
    )
    mask = None if attention_mask is None else attention_mask[:, :, :1]
    context, _weights = attend(
        attention,
        query,
        key,
        value,
        mask,
        dropout=attention.dropout.p if attention.training else 0.0,
        scaling=attention.scaling,
    )
    attended = block.attention.output(context.reshape(texts, 1, -1), first)
    return block.feed_forward_chunk(attended)
