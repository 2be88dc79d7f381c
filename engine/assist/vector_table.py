"""All vectors of an encoder in memory, to compare one with every other exactly."""

from __future__ import annotations

import sqlite3
from array import array

import numpy as np

from engine.project.embeddings import (
    EncoderRow,
    embedded_ids,
    embeddings_state,
    read_embeddings,
)

MOST_BYTES_WIDE = 600_000_000
"""Beyond this size the vectors stay in the half precision they are stored in: comparing takes some
three times as long, and half the memory."""
_ROWS = 16_384
_MOST_PARTS = 24


class VectorTable:
    """Vectors of length 1 with their texts' ids; belongs to the thread that reads.

    `refresh` brings in what was stored since. Texts that were deleted stay in it, since nobody
    finds them any more in the project; whoever asks drops them.
    """

    def __init__(self, encoder: EncoderRow) -> None:
        self.encoder = encoder
        self._version = -1
        self._state = (0, 0)
        self._parts: list[np.ndarray] = []
        self.ids = np.zeros(0, np.int64)
        """The texts' ids, int64 (n,), in the order of the scores."""

    def refresh(self, connection: sqlite3.Connection) -> None:
        """Read the vectors that are not here yet; quick where nothing was written to the file."""
        (version,) = connection.execute("PRAGMA data_version").fetchone()
        if version == self._version:
            return
        state = embeddings_state(connection, self.encoder.id)
        if state != self._state:
            known = np.sort(self.ids)
            stored = np.frombuffer(embedded_ids(connection, self.encoder.id), np.int64)
            self._read(connection, stored[~_among(stored, known)])
        self._state, self._version = state, version

    def scores(self, vector: np.ndarray) -> np.ndarray:
        """Return the cosine of `vector` (dimensions,) with each of `ids`, float32 (n,)."""
        wanted = vector.astype(np.float32)
        wanted /= max(float(np.linalg.norm(wanted)), 1e-12)
        found = np.empty(len(self.ids), np.float32)
        at = 0
        for part in self._parts:
            for first in range(0, len(part), _ROWS):
                rows = part[first : first + _ROWS].astype(np.float32, copy=False)
                # Not `rows @ wanted`: BLAS would share 10 ms of work among threads that then spin
                # on, and the worker that embeds the next question needs the cores.
                np.einsum("ij,j->i", rows, wanted, out=found[at : at + len(rows)])
                at += len(rows)
        return found

    def _read(self, connection: sqlite3.Connection, ids: np.ndarray) -> None:
        dimensions = self.encoder.dimensions
        wide = (len(self.ids) + len(ids)) * dimensions * 4 <= MOST_BYTES_WIDE
        dtype = np.float32 if wide else np.float16
        rows = np.empty((len(ids), dimensions), dtype)
        found: list[array[int]] = []
        at = 0
        for some, vectors in read_embeddings(connection, self.encoder.id, ids.tolist()):
            part = np.frombuffer(vectors, np.float16).reshape(-1, dimensions).astype(np.float32)
            part /= np.maximum(np.linalg.norm(part, axis=1, keepdims=True), 1e-12)
            rows[at : at + len(part)] = part
            found.append(some)
            at += len(part)
        if not at:
            return
        self._parts.append(rows[:at])
        self.ids = np.concatenate([self.ids, *(np.frombuffer(each, np.int64) for each in found)])
        if len(self._parts) > _MOST_PARTS or not wide:
            # Many small parts are slow, and a copy for each new one would be slower.
            self._parts = [np.concatenate([part.astype(dtype) for part in self._parts])]


def _among(ids: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return which of `ids` are in `known`, which is sorted."""
    if not len(known):
        return np.zeros(len(ids), bool)
    places = np.minimum(np.searchsorted(known, ids), len(known) - 1)
    return known[places] == ids
