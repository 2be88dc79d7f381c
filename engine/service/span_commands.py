"""Commands of the annotator in tasks of spans; all of them are label commands, which go first."""

from __future__ import annotations

from dataclasses import dataclass

from engine.service.commands import LabelCommand


@dataclass(frozen=True, slots=True)
class SetSpans(LabelCommand):
    """Make these the marked passages of a text, in place of all it had. Result: Step.

    For tasks of spans. Each passage is (start, end, label id): code points, the end exclusive.
    None at all is an answer too: the text counts as labelled, with nothing to mark. A skip is
    lifted. `origin` is as for `SetLabels`. Refused if a passage lies outside the text, is empty,
    or is named twice.
    """

    task_id: int
    text_id: int
    spans: tuple[tuple[int, int, int], ...]
    origin: str = "person"
    model_id: int | None = None


@dataclass(frozen=True, slots=True)
class AddSpan(LabelCommand):
    """Mark one more passage, (start, end, label id), of a text. Result: Step. A skip is lifted.

    Passages may overlap; the very same one is refused.
    """

    task_id: int
    text_id: int
    span: tuple[int, int, int]
    origin: str = "person"
    model_id: int | None = None


@dataclass(frozen=True, slots=True)
class AddSpans(LabelCommand):
    """Mark further passages of a text in one undoable step. Result: Step. A skip is lifted.

    Those that are marked just so already stay as they are, with who marked them.
    """

    task_id: int
    text_id: int
    spans: tuple[tuple[int, int, int], ...]
    origin: str = "person"
    model_id: int | None = None


@dataclass(frozen=True, slots=True)
class DismissSpans(LabelCommand):
    """Leave suggested passages out: they are not suggested again. Result: Step."""

    task_id: int
    text_id: int
    spans: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class SetEntity(LabelCommand):
    """Say what marked passages of a text mean: those with the same `entity` mean the same.

    "" leaves it to label and words. Result: Step.
    """

    task_id: int
    text_id: int
    spans: tuple[tuple[int, int, int], ...]
    entity: str


@dataclass(frozen=True, slots=True)
class RemoveSpan(LabelCommand):
    """Take the mark off a passage. Result: Step.

    A text left with none is not labelled any more; with `answered` it is, with nothing to mark.
    """

    task_id: int
    text_id: int
    span: tuple[int, int, int]
    answered: bool = False


@dataclass(frozen=True, slots=True)
class EditSpan(LabelCommand):
    """Give a marked passage other boundaries or another label. Result: Step."""

    task_id: int
    text_id: int
    span: tuple[int, int, int]
    new: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class MarkAmbiguous(LabelCommand):
    """Flag a text and write into the guideline why one of its passages is unclear. Result: Step.

    For tasks of spans. `span` is (start, end, label id); the reason goes as a dated line into the
    guideline of that label, or of the task where the label is None. One undoable step.
    """

    task_id: int
    text_id: int
    span: tuple[int, int, int | None]
    reason: str
