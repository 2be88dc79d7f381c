"""Texts as token ids: one flat array for all of them, encoded once before the first step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from engine.registry.model_folder import POSITIONS_AFTER_PAD

CHUNK = 2000
"""Texts encoded between two looks at the cancel flag."""
LONGEST_BY_DEFAULT = 512


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token ids of n texts: `ids` int32 (all tokens), `starts` int64 (n + 1) into it.

    `cut` counts the texts that were longer than the encoder reads, and so lost their end. `follow`
    is told which texts each batch holds.
    """

    ids: np.ndarray
    starts: np.ndarray
    pad_id: int
    cut: int = 0
    follow: Callable[[np.ndarray], None] = lambda rows: None

    @property
    def lengths(self) -> np.ndarray:
        """Tokens of each text, int64 (n,)."""
        return np.diff(self.starts)

    def ids_of(self, row: int) -> np.ndarray:
        """Return the token ids of one text."""
        return self.ids[self.starts[row] : self.starts[row + 1]]

    def batch(
        self, rows: np.ndarray, device: torch.device
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Return ids (rows, longest of them) and the attention mask of the same shape.

        The mask is None when all rows are equally long: nothing is padded then, and attention
        without a mask is the same and cheaper.
        """
        self.follow(rows)
        lengths = self.lengths[rows]
        longest = int(lengths.max())
        ids = np.full((len(rows), longest), self.pad_id, np.int64)
        for place, row in enumerate(rows):
            ids[place, : lengths[place]] = self.ids_of(row)
        mask = None
        if int(lengths.min()) != longest:
            keep = np.arange(longest)[None, :] < lengths[:, None]
            mask = torch.from_numpy(keep.astype(np.int64)).to(device)
        return torch.from_numpy(ids).to(device), mask


def readable_length(tokenizer: Any, config: Any, asked: int = 0) -> int:
    """Return the tokens of a text that the encoder reads: `asked`, or 512, or what it can."""
    limits = [asked or LONGEST_BY_DEFAULT]
    if tokenizer.model_max_length < 10**6:  # tokenizers without a limit say 10**30
        limits.append(tokenizer.model_max_length)
    positions = getattr(config, "max_position_embeddings", None)
    if positions and positions > 0:
        limits.append(positions - first_position(config))
    return min(limits)


def first_position(config: Any) -> int:
    """Return the position of a text's first token: RoBERTa and its kin count from behind the pad's.

    `config` is the encoder's.
    """
    return config.pad_token_id + 1 if config.model_type in POSITIONS_AFTER_PAD else 0


def tokenise(
    texts: Sequence[str],
    tokenizer: Any,
    max_length: int,
    check: Callable[[], None] = lambda: None,
) -> Tokens:
    """Return the token ids of the texts, each cut at `max_length` tokens.

    `check` is called every 2,000 texts and may raise, to stop.
    """
    pieces: list[np.ndarray] = []
    lengths: list[int] = []
    cut = 0
    for first in range(0, len(texts), CHUNK):
        check()
        chunk = list(texts[first : first + CHUNK])
        encoded = _encode(tokenizer, chunk, truncation=True, max_length=max_length)
        full = [place for place, ids in enumerate(encoded) if len(ids) == max_length]
        if full:
            whole = _encode(tokenizer, [chunk[place] for place in full], truncation=False)
            cut += sum(len(ids) > max_length for ids in whole)
        lengths.extend(map(len, encoded))
        pieces.extend(np.array(ids, np.int32) for ids in encoded)
    ids = np.concatenate(pieces) if pieces else np.zeros(0, np.int32)
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    return Tokens(ids, starts, _pad_id(tokenizer), cut)


def _encode(tokenizer: Any, texts: list[str], **options: Any) -> list[list[int]]:
    encoded = tokenizer(
        texts,
        padding=False,
        return_attention_mask=False,
        return_token_type_ids=False,
        verbose=False,
        **options,
    )
    return encoded["input_ids"]


def _pad_id(tokenizer: Any) -> int:
    return int(tokenizer.pad_token_id) if tokenizer.pad_token_id is not None else 0
