"""Texts as the cache knows them: by their token ids, each once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import torch


class Sequences(Protocol):
    """n texts, or windows of texts, as token ids."""

    @property
    def lengths(self) -> np.ndarray:
        """Tokens of each, int64 (n,)."""
        ...

    def ids_of(self, number: int) -> np.ndarray:
        """Return the token ids of one of them."""
        ...

    def batch(
        self, rows: np.ndarray, device: torch.device, /
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Return ids (rows, longest of them) and the attention mask of the same shape."""
        ...


class UniqueSequences:
    """The different ones among n sequences.

    `firsts` are the numbers of the first of each kind, int64 (kinds,), and `kinds` says of each of
    all n which kind it is, int64 (n,).
    """

    def __init__(self, sequences: Sequences) -> None:
        numbers: dict[bytes, int] = {}
        firsts: list[int] = []
        self._digest = hashlib.sha256()
        self.kinds = np.zeros(len(sequences.lengths), np.int64)
        for number in range(len(self.kinds)):
            content = sequences.ids_of(number).astype(np.int32).tobytes()
            kind = numbers.setdefault(content, len(numbers))
            if kind == len(firsts):
                firsts.append(number)
                self._digest.update(len(content).to_bytes(8, "big") + content)
            self.kinds[number] = kind
        self.firsts = np.array(firsts, np.int64)
        self.lengths: np.ndarray = sequences.lengths[self.firsts]

    def key(self, facts: Mapping[str, Any]) -> str:
        """Return the hash of these sequences and of all else that decides their states."""
        digest = self._digest.copy()
        digest.update(json.dumps(facts, sort_keys=True).encode())
        return digest.hexdigest()
