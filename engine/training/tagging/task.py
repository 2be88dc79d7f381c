"""A task of spans ready for training: texts as windows, and the tag of every unit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.language import tr
from engine.inspection.span_scores import Span
from engine.training.tagging.pieces import PIECE, WORD, Pieces
from engine.training.tagging.scheme import NO_TAG, longest_apart, tag_names, write_tags
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
    train: np.ndarray,
    log: Callable[[str], None],
) -> TaggingTask:
    """Return the task, and log which spans it cannot say as they are.

    A unit is a word, as long as no span begins or ends inside of a word. Where spans of the texts
    `train` do, single pieces of words get tags of their own, if that can say more of those spans.
    """
    apart = [longest_apart(spans) for spans in gold]
    spans = sum(map(len, gold))
    overlapping = spans - sum(map(len, apart))
    if overlapping:
        log(
            tr(
                "{n} of {total} passages lie inside of longer ones or overlap them. The model can "
                "give every word only one label, so it learns the longest; the others count as "
                "missing when it is scored.",
                n=overlapping,
                total=spans,
            )
        )
    words = _all_tags(apart, windows.pieces, WORD)
    chosen, unit = words, WORD
    if words.not_exact(train):
        pieces = _all_tags(apart, windows.pieces, PIECE)
        gained = words.not_exact(train) - pieces.not_exact(train)
        if gained > 0:
            learned = sum(len(apart[text]) for text in train)
            log(
                tr(
                    "{n} of {total} passages to learn from begin or end inside of a word, so the "
                    "model labels parts of words, not whole words.",
                    n=gained,
                    total=learned,
                )
            )
            chosen, unit = pieces, PIECE
    shifted, lost = int(chosen.shifted.sum()), int(chosen.lost.sum())
    if shifted:
        log(
            tr(
                "{n} of {total} passages begin or end where the base model's tokenizer sees no "
                "border, such as inside of a word or in white space; the nearest borders are "
                "learned.",
                n=shifted,
                total=spans,
            )
        )
    if lost:
        log(
            tr(
                "{n} of {total} passages hold nothing that the base model's tokenizer sees, or "
                "share a word with another one, and cannot be learned.",
                n=lost,
                total=spans,
            )
        )
    return TaggingTask(
        tuple(labels), [list(of_text) for of_text in gold], windows, chosen.tags, unit
    )


@dataclass(frozen=True, slots=True)
class _AllTags:
    """The tags of all pieces, and how many spans of each text are shifted and lost."""

    tags: np.ndarray
    shifted: np.ndarray
    lost: np.ndarray

    def not_exact(self, texts: np.ndarray) -> int:
        """Return how many spans of these texts the tags do not say as they are."""
        return int(self.shifted[texts].sum() + self.lost[texts].sum())


def _all_tags(spans: Sequence[Sequence[Span]], pieces: Pieces, unit: str) -> _AllTags:
    tags = np.full(len(pieces.ids), NO_TAG, np.int64)
    shifted, lost = np.zeros(len(spans), np.int64), np.zeros(len(spans), np.int64)
    for text, of_text in enumerate(spans):
        first, begins, ends = pieces.units(text, unit)
        tagged = write_tags(of_text, begins, ends)
        tags[pieces.starts[text] + first] = tagged.tags
        shifted[text], lost[text] = tagged.shifted, tagged.lost
    return _AllTags(tags, shifted, lost)
