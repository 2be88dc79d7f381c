"""Train only the rows of the word embeddings that occur.

A word piece that is in no text gets no gradient, yet a dense table makes every step fill, clip and
update all of its rows: half the parameters of a small English encoder, seven tenths of a
multilingual one. While training, the table is cut down to the pieces of the texts at hand and put
back afterwards. Since embeddings are not decayed, the other rows would not have moved: the result
is the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn


class SeenEmbedding(nn.Module):
    """The rows `seen` of an embedding table, addressed by their original ids."""

    def __init__(self, whole: nn.Embedding, seen: np.ndarray) -> None:
        super().__init__()
        rows = torch.from_numpy(seen)
        place = torch.zeros(whole.num_embeddings, dtype=torch.int64)
        place[rows] = torch.arange(len(rows))
        self.register_buffer("place", place, persistent=False)
        self.register_buffer("rows", rows, persistent=False)
        padding = whole.padding_idx
        # The padding's row must stay out of the gradient here as it does in the whole table.
        self.padding_idx = padding
        inner = int(place[padding]) if padding is not None and padding in seen else None
        self.table = nn.Embedding(len(rows), whole.embedding_dim, padding_idx=inner)
        self.table.weight = nn.Parameter(whole.weight.detach().cpu()[rows].clone())

    @property
    def weight(self) -> torch.Tensor:
        """The rows that train, (seen, hidden)."""
        return self.table.weight

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the embeddings of original ids that are among `seen`."""
        return self.table(self.place[ids])


def keep_seen_embeddings(model: Any, ids: np.ndarray, extra: list[int]) -> nn.Embedding | None:
    """Cut a model's word embeddings down to the pieces in `ids` and `extra`.

    Returns the whole table for `restore_embeddings`, or None where the model's table is not a
    plain one and was left alone.
    """
    whole = model.get_input_embeddings()
    if type(whole) is not nn.Embedding:
        return None
    seen = np.union1d(ids, np.array(extra, np.int64)).astype(np.int64)
    seen = seen[(seen >= 0) & (seen < whole.num_embeddings)]
    model.set_input_embeddings(SeenEmbedding(whole, seen).to(whole.weight.device))
    return whole


def restore_embeddings(model: Any, whole: nn.Embedding) -> None:
    """Put the trained rows back into the whole table, and the table back into the model."""
    seen = model.get_input_embeddings()
    with torch.no_grad():
        whole.weight[seen.rows.to(whole.weight.device)] = seen.weight.detach().to(
            whole.weight.device
        )
    model.set_input_embeddings(whole)
