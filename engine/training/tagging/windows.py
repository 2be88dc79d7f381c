"""Long texts as overlapping windows, so that no span is lost to the encoder's length.

Every piece is in at least one window and belongs to exactly one: the window in which it has the
most context. There it is learned from, and there it is predicted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.training.tagging.pieces import Pieces
from engine.training.tagging.scheme import NO_TAG

OVERLAP = 0.25
"""The share of a window that it has in common with the next."""


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows over the pieces of some texts, in the order of the texts; int64 each.

    `texts` is whose they are, `firsts` and `lasts` (exclusive) which of all pieces they hold,
    `own_firsts` and `own_lasts` which of those belong to them. `before` and `behind` are the
    special tokens around a window. `follow` is told which windows each batch holds.
    """

    pieces: Pieces
    texts: np.ndarray
    firsts: np.ndarray
    lasts: np.ndarray
    own_firsts: np.ndarray
    own_lasts: np.ndarray
    before: np.ndarray
    behind: np.ndarray
    pad_id: int
    follow: Callable[[np.ndarray], None] = lambda numbers: None

    @property
    def lengths(self) -> np.ndarray:
        """Tokens of each window, special ones counted, int64."""
        return self._lengths(slice(None))

    @property
    def token_ids(self) -> np.ndarray:
        """All ids that can occur in a batch."""
        return np.concatenate([self.pieces.ids, self.before, self.behind, [self.pad_id]])

    def of(self, texts: np.ndarray) -> np.ndarray:
        """Return the numbers of the windows of these texts, ascending."""
        return np.flatnonzero(np.isin(self.texts, texts))

    def ids_of(self, number: int) -> np.ndarray:
        """Return the ids of one window, special tokens among them."""
        pieces = self.pieces.ids[self.firsts[number] : self.lasts[number]]
        return np.concatenate([self.before, pieces, self.behind])

    def batch(
        self, numbers: np.ndarray, device: torch.device
    ) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Return ids (windows, longest of them) and the attention mask of the same shape.

        The mask is None when all windows are equally long: nothing is padded then, and attention
        without a mask is the same and cheaper.
        """
        self.follow(numbers)
        lengths = self._lengths(numbers)
        longest = int(lengths.max())
        ids = np.full((len(numbers), longest), self.pad_id, np.int64)
        for row, number in enumerate(numbers):
            ids[row, : lengths[row]] = self.ids_of(number)
        mask = None
        if int(lengths.min()) != longest:
            keep = np.arange(longest)[None, :] < lengths[:, None]
            mask = torch.from_numpy(keep.astype(np.int64)).to(device)
        return torch.from_numpy(ids).to(device), mask

    def targets(self, numbers: np.ndarray, tags: np.ndarray) -> torch.Tensor:
        """Return the tags beside `batch`, NO_TAG for what does not belong to the window.

        `tags` is int64 (all pieces).
        """
        found = np.full((len(numbers), int(self._lengths(numbers).max())), NO_TAG, np.int64)
        for row, (number, columns) in enumerate(zip(numbers, self.columns(numbers), strict=True)):
            found[row, columns] = tags[self.own_firsts[number] : self.own_lasts[number]]
        return torch.from_numpy(found)

    def _lengths(self, numbers: np.ndarray | slice) -> np.ndarray:
        special = len(self.before) + len(self.behind)
        return self.lasts[numbers] - self.firsts[numbers] + special

    def columns(self, numbers: np.ndarray) -> list[slice]:
        """Return for each window which columns of `batch` hold the pieces that belong to it."""
        shift = len(self.before) - self.firsts[numbers]
        firsts, lasts = self.own_firsts[numbers] + shift, self.own_lasts[numbers] + shift
        return [slice(int(one), int(end)) for one, end in zip(firsts, lasts, strict=True)]


def make_windows(pieces: Pieces, tokenizer: Any, max_length: int) -> Windows:
    """Return windows of at most `max_length` tokens over all texts; an empty text has none.

    Raises:
        KnownError: if so few tokens leave no room for text.
    """
    before, behind = _special_tokens(tokenizer)
    room = max_length - len(before) - len(behind)
    if room < 1:
        raise KnownError(
            tr(
                "A max_length of {n} leaves no room for text beside the tokenizer's own marks; "
                "choose a larger one.",
                n=max_length,
            )
        )
    columns: list[tuple[int, int, int, int, int]] = []
    for text in range(len(pieces)):
        first, last = int(pieces.starts[text]), int(pieces.starts[text + 1])
        windows = _cut(last - first, room)
        # Halfway into what two windows share, a piece has equally much context in both.
        borders = [(windows[at][1] + windows[at + 1][0]) // 2 for at in range(len(windows) - 1)]
        owned = zip([0, *borders], [*borders, last - first], strict=True)
        for (start, end), (own, behind_own) in zip(windows, owned, strict=False):
            columns.append((text, first + start, first + end, first + own, first + behind_own))
    texts, firsts, lasts, own_firsts, own_lasts = np.array(columns, np.int64).reshape(-1, 5).T
    pad_id = int(tokenizer.pad_token_id) if tokenizer.pad_token_id is not None else 0
    return Windows(pieces, texts, firsts, lasts, own_firsts, own_lasts, before, behind, pad_id)


def _cut(length: int, room: int) -> list[tuple[int, int]]:
    """Return the windows over a text of `length` pieces: as few as overlap enough, evenly."""
    if not length:
        return []
    if length <= room:
        return [(0, length)]
    step = max(1, room - int(room * OVERLAP))
    count = -(-(length - room) // step) + 1
    starts = [round(number * (length - room) / (count - 1)) for number in range(count)]
    return [(start, start + room) for start in starts]


def _special_tokens(tokenizer: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return the ids that the tokenizer puts before and behind a text."""
    encoded = tokenizer("a", return_special_tokens_mask=True)
    ids, special = np.array(encoded["input_ids"]), np.array(encoded["special_tokens_mask"])
    inner = np.flatnonzero(special == 0)
    if not len(inner):  # "a" itself is unknown, and this tokenizer drops what it does not know
        return ids[:1], ids[1:]
    return ids[: inner[0]], ids[inner[-1] + 1 :]
