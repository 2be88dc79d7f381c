"""A task of spans ready for training: texts as windows, and the tag of every unit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.inspection.span_scores import Span
from engine.training.tagging.pieces import PIECE, WORD, Pieces
from engine.training.tagging.scheme import NO_TAG, Tagged, longest_apart, tag_names, write_tags
from engine.training.tagging.windows import Windows


@dataclass(frozen=True, slots=True)
class TaggingTask:
    """n texts as windows, with gold spans and tags.

    `tags` is int64 (all pieces): the tag of a unit at its first piece, NO_TAG at the others, so
    that a word counts once however many pieces it has. `unit` is "word" or "piece".
    """

    labels: tuple[str, ...]
    gold: list[list[Span]]
    windows: Windows
    tags: np.ndarray
    unit: str

    @property
    def tag_names(self) -> list[str]:
        """The names of the tags, in the order of the model's outputs."""
        return tag_names(self.labels)

    def work(self, texts: np.ndarray) -> float:
        """Return the tokens of the windows of some texts."""
        return float(self.windows.lengths[self.windows.of(texts)].sum())


def make_task(
    labels: Sequence[str],
    gold: Sequence[Sequence[Span]],
    windows: Windows,
    log: Callable[[str], None],
) -> TaggingTask:
    """Return the task, and log which spans it cannot say as they are.

    A unit is a word, as long as no span begins or ends inside of a word. Where spans do, single
    pieces of words get tags of their own, if that can say more of the spans.
    """
    apart = [longest_apart(spans) for spans in gold]
    spans = sum(map(len, gold))
    overlapping = spans - sum(map(len, apart))
    if overlapping:
        log(
            f"{overlapping} of {spans} spans lie inside of longer spans or overlap them. The model "
            "can give every word only one label, so it learns the longest; the others count as "
            "missing when it is scored."
        )
    tags, shifted, lost = _all_tags(apart, windows.pieces, WORD)
    unit = WORD
    if shifted or lost:
        finer = _all_tags(apart, windows.pieces, PIECE)
        if finer[1] + finer[2] < shifted + lost:
            log(
                f"{shifted + lost} of {spans} spans begin or end inside of a word, so the model "
                "labels parts of words, not whole words."
            )
            tags, shifted, lost = finer
            unit = PIECE
    if shifted:
        log(
            f"{shifted} of {spans} spans begin or end where the base model's tokenizer sees no "
            "border, such as inside of a word or in white space; the nearest borders are learned."
        )
    if lost:
        log(
            f"{lost} of {spans} spans hold nothing that the base model's tokenizer sees, or share "
            "a word with another span, and cannot be learned."
        )
    return TaggingTask(tuple(labels), [list(spans) for spans in gold], windows, tags, unit)


def _all_tags(
    spans: Sequence[Sequence[Span]], pieces: Pieces, unit: str
) -> tuple[np.ndarray, int, int]:
    """Return the tags of all pieces, and how many spans are shifted and lost."""
    tags = np.full(len(pieces.ids), NO_TAG, np.int64)
    shifted = lost = 0
    for text, of_text in enumerate(spans):
        first, begins, ends = pieces.units(text, unit)
        tagged: Tagged = write_tags(of_text, begins, ends)
        tags[pieces.starts[text] + first] = tagged.tags
        shifted += tagged.shifted
        lost += tagged.lost
    return tags, shifted, lost
