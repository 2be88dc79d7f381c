"""A whole encoder that answers with what its head once read: a vector a text, and the pooler's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from transformers.modeling_outputs import BaseModelOutputWithPooling


class WholeEncoder:
    """The encoder under a head that reads the first token, what pools it, or the mean of all.

    A mean stands for all tokens of its text, since the mean of one token is that token.
    """

    precision = "float32"

    def __init__(self, model: Any) -> None:
        self._encoder = model.base_model
        self._averages = getattr(model.config, "classifier_pooling", "cls") == "mean"
        self.name = "mean of all tokens" if self._averages else "whole"

    def of(self, model: Any) -> WholeEncoder:
        """Return the encoder of another model of this architecture."""
        return WholeEncoder(model)

    def compute(self, ids: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        """Return what the head reads, (texts, 1 or 2, hidden size).

        Call it in evaluation mode, without gradients, while nothing is recalled.
        """
        output = self._encoder(input_ids=ids, attention_mask=mask)
        found = [self._head_reads(output.last_hidden_state, mask)]
        if getattr(output, "pooler_output", None) is not None:
            found.append(output.pooler_output)
        return torch.stack([states.float() for states in found], dim=1)

    def _head_reads(self, hidden: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        if not self._averages:
            return hidden[:, 0]
        if mask is None:
            return hidden.mean(dim=1)
        there = mask.unsqueeze(-1)
        return (hidden * there).sum(dim=1) / there.sum(dim=1)

    def recall(self, states: Callable[[], torch.Tensor], shape: Callable[[], torch.Size]) -> None:
        """Have the encoder answer with `states()`."""

        def answer(*_: Any, **__: Any) -> BaseModelOutputWithPooling:
            known = states()
            pooled = known[:, 1] if known.shape[1] > 1 else None
            return BaseModelOutputWithPooling(last_hidden_state=known[:, :1], pooler_output=pooled)

        # An attribute of the instance hides the method: no parameter changes its name.
        self._encoder.forward = answer

    def compute_again(self) -> None:
        """Have the encoder compute as it did before `recall`."""
        del self._encoder.forward
