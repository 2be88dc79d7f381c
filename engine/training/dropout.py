"""Dropout whose masks are cheap to draw on a CPU.

torch draws one floating-point decision an element, which takes a fifth of a training step of a
small encoder. Here 16 random bits an element are compared with a threshold, four elements to a
64-bit number of SFC64. The distribution is the same but for the rounding of p to a 65,536th, which
the scale takes into account, so that the expectation is exact.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

ATTENTION = "sdpa_with_cheap_dropout"
_LEVELS = 1 << 16


class RandomBits:
    """A seeded source of dropout masks."""

    def __init__(self, seed: int) -> None:
        self._bits = np.random.SFC64(seed)

    @property
    def state(self) -> Any:
        """Where the source stands, as numpy's bit generators say it."""
        return self._bits.state

    @state.setter
    def state(self, state: Any) -> None:
        self._bits.state = state

    def mask(self, like: torch.Tensor, p: float) -> torch.Tensor:
        """Return a mask shaped as `like`: 0 with probability p, else 1 / (1 - p)."""
        threshold = round(p * _LEVELS)
        count = like.numel()
        drawn = self._bits.random_raw(-(-count // 4)).view(np.uint16)[:count]
        keep = torch.from_numpy(drawn >= threshold).view(like.shape)
        return keep.to(like.dtype).mul_(_LEVELS / (_LEVELS - threshold))


class CheapDropout(nn.Module):
    """`torch.nn.Dropout` with masks from `RandomBits`."""

    def __init__(self, p: float, bits: RandomBits) -> None:
        super().__init__()
        self.p = p
        self.bits = bits

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        """Return the input with a share p of its elements set to zero, in training mode only."""
        if not self.training or self.p == 0.0:
            return hidden
        return hidden * self.bits.mask(hidden, self.p)


def use_cheap_dropout(model: nn.Module, seed: int) -> RandomBits:
    """Replace every dropout of a model that trains on the CPU, in its attention as well.

    Returns the source of all its masks.
    """
    bits = RandomBits(seed)
    for module in list(model.modules()):
        for name, child in module.named_children():
            if isinstance(child, nn.Dropout) and 0.0 < child.p < 1.0:
                replacement = CheapDropout(child.p, bits)
                replacement.train(child.training)
                setattr(module, name, replacement)
    if getattr(model, "_supports_attention_backend", False):
        attention = _Attention(bits)
        AttentionInterface.register(ATTENTION, attention)
        AttentionMaskInterface.register(ATTENTION, sdpa_mask)
        model.set_attn_implementation(ATTENTION)
    return bits


class _Attention:
    """Scaled dot-product attention in plain operations, where dropout has to act in the middle."""

    def __init__(self, bits: RandomBits) -> None:
        self.bits = bits

    def __call__(
        self,
        module: nn.Module,
        query: torch.Tensor,
        key: torch.Tensor,
        value: torch.Tensor,
        attention_mask: torch.Tensor | None,
        dropout: float = 0.0,
        scaling: float | None = None,
        **options: Any,
    ) -> tuple[torch.Tensor, None]:
        shared_keys = getattr(module, "num_key_value_groups", 1) > 1
        if dropout == 0.0 or shared_keys or options.get("position_bias") is not None:
            return sdpa_attention_forward(
                module,
                query,
                key,
                value,
                attention_mask,
                dropout=dropout,
                scaling=scaling,
                **options,
            )
        scale = query.size(-1) ** -0.5 if scaling is None else scaling
        scores = (query * scale) @ key.transpose(2, 3)
        if attention_mask is not None:
            scores = scores.masked_fill(~attention_mask, torch.finfo(scores.dtype).min)
        weights = scores.softmax(-1)
        weights = weights * self.bits.mask(weights, dropout)
        return (weights @ value).transpose(1, 2).contiguous(), None
