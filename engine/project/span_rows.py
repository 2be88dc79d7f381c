"""What the engine answers about the mistakes of models that mark passages.

As with `engine.project.rows`, these are plain frozen records, safe to hand to another thread.
Offsets are code points, the end exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.project.rows import TextDetail

SPAN_ERRORS = ("boundary", "type", "boundary_and_type", "missing", "spurious")
"""The kinds of error, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class SpanMark:
    """A passage and the label it has."""

    start: int
    end: int
    label_id: int


@dataclass(frozen=True, slots=True)
class SpanError:
    """A passage about which a model and today's gold disagree.

    `kind` is one of `SPAN_ERRORS`; "missing" has no prediction, "spurious" no gold. `confidence`
    is the model's in its prediction, None where it made none. `split`: several predictions share
    the gold passage; `merge`: the prediction covers several gold passages. `passage` is the gold
    passage on one line, or of a spurious one the predicted passage. `context` is that with gold and
    prediction and about 60 characters on either side, on one line: every character stands for one
    of the text, the first for that at `context_start`. `flagged` and `comment` are the text's.
    """

    text_id: int
    kind: str
    gold: SpanMark | None
    predicted: SpanMark | None
    confidence: float | None
    split: bool
    merge: bool
    passage: str
    context: str
    context_start: int
    flagged: bool = False
    comment: str = ""

    @property
    def mark(self) -> SpanMark:
        """The gold passage, or where nothing is marked the predicted one."""
        mark = self.gold or self.predicted
        assert mark is not None
        return mark


@dataclass(frozen=True, slots=True)
class SpanText:
    """A text whole, with its gold passages, and what a model found in it with its confidence."""

    detail: TextDetail
    predicted: tuple[tuple[SpanMark, float], ...]


@dataclass(frozen=True, slots=True)
class LabelErrors:
    """The mistakes of one label: of its gold passages, and the spurious ones that got it.

    `counts` holds every kind of `SPAN_ERRORS`. `correct` gold passages were found as marked.
    """

    label_id: int
    counts: dict[str, int]
    correct: int

    @property
    def total(self) -> int:
        """How many mistakes there are."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class SurfaceConfusion:
    """How often a passage of this wording, marked `gold`, was taken for `predicted`.

    Both are label ids; None: nothing is marked, or nothing was found. The same label on both sides
    means other boundaries.
    """

    surface: str
    gold: int | None
    predicted: int | None
    count: int


@dataclass(frozen=True, slots=True)
class SpanConfusions:
    """The mistakes of a model, counted by label and kind, and by wording.

    The rows of `labels` follow `SpanEvaluation.label_ids` and add up to `errors`, which are those
    of the `SpanEvaluation`. `strings` are the most frequent confusions, of `strings_total`.
    """

    model_id: int
    split: str
    texts: int
    errors: dict[str, int]
    labels: tuple[LabelErrors, ...]
    strings: tuple[SurfaceConfusion, ...]
    strings_total: int


@dataclass(frozen=True, slots=True)
class SpanComparison:
    """Two models that mark passages, on the texts that both have predicted.

    `won` gold passages are found as marked by `model_id` only, `lost` ones by `against_id` only;
    `came` are spurious predictions that `model_id` makes and `against_id` does not, `went` the
    other way round. The errors are those of the model that is wrong; the first thousand of each
    are given, and the totals count all. `p_value` is of the exact McNemar test on the gold
    passages: how likely such a difference is by chance.
    """

    model_id: int
    against_id: int
    split: str
    texts: int
    gold: int
    f1: float
    against_f1: float
    won: tuple[SpanError, ...]
    lost: tuple[SpanError, ...]
    came: tuple[SpanError, ...]
    went: tuple[SpanError, ...]
    won_total: int
    lost_total: int
    came_total: int
    went_total: int
    p_value: float
