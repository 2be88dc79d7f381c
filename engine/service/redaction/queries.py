"""What can be asked about de-identification; see `engine.service.queries`."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.project.rows import TextFilter
from engine.service.queries import LongQuery, Query


@dataclass(frozen=True, slots=True)
class GetPolicy(Query):
    """Answer: tuple[LabelRedaction, ...], one a label in their order.

    The passages that serve as examples are marked ones, or else found by `model_id`.
    """

    task_id: int
    model_id: int | None = None


@dataclass(frozen=True, slots=True)
class PreviewRedaction(Query):
    """Answer: RedactionPreview of a text, or None if there is no such text."""

    task_id: int
    text_id: int
    model_id: int | None = None
    patterns: bool = True


@dataclass(frozen=True, slots=True)
class ListDoubts(LongQuery):
    """Answer: DoubtList over the texts that the filter keeps, without what was decided."""

    task_id: int
    filter: TextFilter = field(default_factory=TextFilter)
    model_id: int | None = None
    patterns: bool = True
    limit: int = 500


@dataclass(frozen=True, slots=True)
class GetRedactionReport(LongQuery):
    """Answer: RedactionReport.

    The scores are of what `model_id` and the rules find, against the marks of the texts of `split`
    that somebody went through; "cross-validation" takes the out-of-fold predictions. Doubts and
    counts are of the texts that the filter keeps.
    """

    task_id: int
    split: str = "test"
    filter: TextFilter = field(default_factory=TextFilter)
    model_id: int | None = None
    patterns: bool = True


@dataclass(frozen=True, slots=True)
class ListRedactionDecisions(Query):
    """Answer: list[RedactionDecision], newest first."""

    limit: int = 1000
