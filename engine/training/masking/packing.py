"""Blocks that are full of texts, so that nothing is padded.

Each text stands in its block as it would stand alone, between the tokenizer's special tokens. What
is longer than a block fills blocks of its own; the gap at the end of a block is filled by the
longest texts that fit, and only where none fits is a text cut in two. Who packs decides what the
tokens see: `Packed.batches` gives each token the number of its piece and its position in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.training.masking.words import NO_WORD, Corpus


@dataclass(frozen=True, slots=True)
class Batch:
    """Some blocks; all arrays are (blocks, length).

    `words` numbers the word of each token, `NO_WORD` for those that are never masked, and
    `pieces` the piece of text it belongs to; `positions` count from 0 in each piece.
    """

    ids: np.ndarray
    words: np.ndarray
    pieces: np.ndarray
    positions: np.ndarray


@dataclass(frozen=True, slots=True)
class Packed:
    """Blocks of `length` tokens, one after the other in flat arrays; the last may be shorter."""

    length: int
    ids: np.ndarray
    words: np.ndarray
    pieces: np.ndarray
    positions: np.ndarray

    @property
    def blocks(self) -> int:
        """How many blocks there are, a shorter last one counted."""
        return -(-len(self.ids) // self.length)

    def batches(self, size: int) -> Iterator[Batch]:
        """Yield batches of up to `size` blocks; a shorter last block comes alone."""
        for first, last in self.spans(size):
            rows = max(1, (last - first) // self.length)
            yield Batch(
                *(
                    column[first:last].reshape(rows, -1)
                    for column in (self.ids, self.words, self.pieces, self.positions)
                )
            )

    def spans(self, size: int) -> list[tuple[int, int]]:
        """Return where the batches of up to `size` blocks lie in the flat arrays."""
        whole = len(self.ids) - len(self.ids) % self.length
        step = size * self.length
        found = [(first, min(first + step, whole)) for first in range(0, whole, step)]
        return found + ([(whole, len(self.ids))] if whole < len(self.ids) else [])


def special_tokens_around(tokenizer: Any) -> tuple[list[int], list[int]]:
    """Return the special tokens that the tokenizer puts before and behind a text."""
    with_them: list[int] = tokenizer("a", verbose=False)["input_ids"]
    bare: list[int] = tokenizer("a", add_special_tokens=False, verbose=False)["input_ids"]
    for at in range(len(with_them) - len(bare) + 1):
        if with_them[at : at + len(bare)] == bare:
            return with_them[:at], with_them[at + len(bare) :]
    return [], []


def pack(
    corpus: Corpus,
    rows: np.ndarray,
    around: tuple[list[int], list[int]],
    length: int,
    random: np.random.Generator,
) -> Packed:
    """Return the texts `rows` of a corpus in blocks of `length` tokens, in random order.

    `around` is what `special_tokens_around` gives. Every token of the texts is in exactly one
    block.
    """
    before, behind = around
    content = length - len(before) - len(behind)
    whole: list[tuple[int, int]] = []
    rests: list[tuple[int, int]] = []
    for row in random.permutation(rows):
        first, last = int(corpus.starts[row]), int(corpus.starts[row + 1])
        while last - first > content:
            whole.append((first, first + content))
            first += content
        if last > first:
            rests.append((first, last))
    places = _fill(rests, before, behind, length)
    shuffled = _shuffle_blocks([[place] for place in whole], places, random)
    return _lay_out(corpus, shuffled, before, behind, length)


def _fill(
    rests: list[tuple[int, int]], before: list[int], behind: list[int], length: int
) -> list[list[tuple[int, int]]]:
    """Return for each block the pieces in it; the last block may be left with a gap."""
    around = len(before) + len(behind)
    by_size: dict[int, list[int]] = {}
    for number in reversed(range(len(rests))):
        by_size.setdefault(rests[number][1] - rests[number][0] + around, []).append(number)
    placed = np.zeros(len(rests), bool)
    blocks: list[list[tuple[int, int]]] = []
    block: list[tuple[int, int]] = []
    room = length
    for number in range(len(rests)):
        if placed[number]:
            continue
        first, last = rests[number]
        placed[number] = True
        if last - first + around > room:
            for size in range(room, around, -1):
                fitting = by_size.get(size, [])
                while size <= room and fitting:
                    other = fitting.pop()
                    if not placed[other]:
                        placed[other] = True
                        block.append(rests[other])
                        room -= size
            if room:
                # Cut, the text loses what would stand behind its first part.
                part = max(0, min(room - len(before), last - first))
                block.append((first, first + part))
                first += part
            blocks.append(block)
            block, room = [], length
        if last > first:
            block.append((first, last))
            room -= last - first + around
        if room <= 0:
            blocks.append(block)
            block, room = [], length
    return [*blocks, block] if block else blocks


def _shuffle_blocks(
    full: list[list[tuple[int, int]]],
    filled: list[list[tuple[int, int]]],
    random: np.random.Generator,
) -> list[list[tuple[int, int]]]:
    """Return all blocks in random order; the last one, the only one with a gap, stays last."""
    blocks = [*full, *filled[:-1]]
    return [*(blocks[at] for at in random.permutation(len(blocks))), *filled[-1:]]


def _lay_out(
    corpus: Corpus,
    blocks: list[list[tuple[int, int]]],
    before: list[int],
    behind: list[int],
    length: int,
) -> Packed:
    """Write the pieces with their special tokens into flat arrays."""
    size = len(corpus.ids) + sum(map(len, blocks)) * (len(before) + len(behind))
    ids = np.zeros(size, np.int32)
    words = np.full(size, NO_WORD, np.int64)
    pieces = np.zeros(size, np.int32)
    positions = np.zeros(size, np.int32)
    head, tail = np.array(before, np.int32), np.array(behind, np.int32)
    at = number = 0
    for block in blocks:
        end = at + length
        for first, last in block:
            tokens = np.concatenate([head, corpus.ids[first:last], tail])[: end - at]
            ids[at : at + len(tokens)] = tokens
            inner = at + len(head)
            words[inner : inner + last - first] = corpus.words[first:last]
            pieces[at : at + len(tokens)] = number
            positions[at : at + len(tokens)] = np.arange(len(tokens))
            at += len(tokens)
            number += 1
    return Packed(length, ids[:at], words[:at], pieces[:at], positions[:at])
