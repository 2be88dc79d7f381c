"""A whole encoder that answers with what its head once read: the first token and the pooler."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from transformers.modeling_outputs import BaseModelOutputWithPooling


class WholeEncoder:
    """The encoder under a classification head that reads the first token, or what pools it."""

    precision = "float32"
    name = "whole"

    def __init__(self, model: Any) -> None:
        self._encoder = model.base_model

    def of(self, model: Any) -> WholeEncoder:
        """Return the encoder of another model of this architecture."""
        return WholeEncoder(model)

    def compute(self, ids: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
        """Return what the head reads, (texts, 1 or 2, hidden size).

        Call it in evaluation mode, without gradients, while nothing is recalled.
        """
        output = self._encoder(input_ids=ids, attention_mask=mask)
        found = [output.last_hidden_state[:, 0]]
        if getattr(output, "pooler_output", None) is not None:
            found.append(output.pooler_output)
        return torch.stack([states.float() for states in found], dim=1)

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
