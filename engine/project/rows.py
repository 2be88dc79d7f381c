"""What the project file answers with: plain frozen records, safe to hand to another thread.

Ids are the project's row ids. Times are ISO 8601 in UTC. Texts are whole unless a field is called
`excerpt`, which is the first 300 characters on one line.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import Any

SPLITS = ("train", "validation", "test")
TASK_KINDS = ("classification", "spans")
STATES = ("all", "labelled", "not labelled", "skipped", "flagged", "commented")
ORDERS = ("imported", "random", "least certain")
IDENTIFIERS = ("direct", "quasi", "none")
RULE_KINDS = ("recogniser", "expression", "list")


@dataclass(frozen=True, slots=True)
class LabelInfo:
    """A label of a task: its name, its key on the keyboard, its colour and what it means.

    `identifier` is what its passages give away: "direct" tells by itself who somebody is, "quasi"
    together with others, "none" does not (Pilán et al., arXiv 2202.00443).
    """

    id: int
    task_id: int
    name: str
    key: str
    color: str
    guideline: str
    position: int
    identifier: str = "direct"


@dataclass(frozen=True, slots=True)
class TaskInfo:
    """A labelling task with its labels in order.

    `kind` is "classification", where whole texts are labelled, or "spans", where passages in them
    are marked; a text of such a task carries the labels of its passages.
    """

    id: int
    name: str
    kind: str
    multi_label: bool
    guideline: str
    labels: tuple[LabelInfo, ...]

    def label(self, label_id: int) -> LabelInfo:
        """Return the label with this id (KeyError if the task has none such)."""
        for label in self.labels:
            if label.id == label_id:
                return label
        raise KeyError(label_id)


@dataclass(frozen=True, slots=True)
class ProjectInfo:
    """What is true of the whole project."""

    path: str
    name: str
    uuid: str
    tasks: tuple[TaskInfo, ...]
    texts: int
    annotator: str
    suggestion_model_id: int | None
    undo: str = ""  # what the next undo would take back, "" if nothing
    redo: str = ""
    models_folder: str = ""

    @property
    def task(self) -> TaskInfo:
        """The task that the window works on: the first."""
        return self.tasks[0]


@dataclass(frozen=True, slots=True)
class TextFilter:
    """Which texts: every field narrows, the defaults leave all.

    `search` is a full-text query in the user's words; it is quoted before SQLite sees it, so any
    characters are allowed. `label_ids` keeps texts that carry at least one of them.
    `state` is one of `STATES`, `split` one of `SPLITS`.
    """

    state: str = "all"
    label_ids: tuple[int, ...] = ()
    split: str | None = None
    search: str = ""
    duplicates_only: bool = False


@dataclass(frozen=True, slots=True)
class FoundTexts:
    """Texts that a search by meaning found, the best first.

    `similarities` follow `text_ids`: the cosine of each text with what was looked for, from -1 to
    1, or None where a text was found by its words and has no vector yet. Of `texts` in the project
    `embedded` could be compared; the others follow by themselves, and may belong to the answer.
    """

    text_ids: array[int]
    similarities: tuple[float | None, ...]
    embedded: int
    texts: int
    encoder: str = ""  # the name of the encoder that compared them


@dataclass(frozen=True, slots=True)
class TextRow:
    """One line of the texts table, and of any list of texts."""

    id: int
    excerpt: str
    length: int  # in characters
    label_ids: tuple[int, ...]
    labelled: bool
    skipped: bool
    flagged: bool
    comment: str
    split: str
    source: str
    source_row: int
    group_size: int = 1  # how many texts are near-duplicates of it or of its document, with itself


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a model says of a text: a probability for each of `label_ids`, largest first."""

    text_id: int
    model_id: int
    label_ids: tuple[int, ...]
    probabilities: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SpanInfo:
    """A marked passage: offsets in code points, the end exclusive, and who marked it.

    Passages of a text with the same `entity` mean the same; "" is by label and words.
    """

    start: int
    end: int
    label_id: int
    origin: str = "person"  # or import, suggestion accepted, bulk
    annotator: str = ""
    at: str = ""
    model_id: int | None = None
    entity: str = ""


@dataclass(frozen=True, slots=True)
class SpanSuggestion:
    """A passage that could be marked, in a text where nobody has marked it yet.

    `source` is "model" (with `model_id`) or the kind of rule that found it: "recogniser",
    "expression" or "list". `confidence` is from 0 to 1.
    """

    start: int
    end: int
    label_id: int
    confidence: float
    source: str = "model"
    model_id: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What passages of a label look like, so that they can be suggested without a model.

    `kind` is one of `RULE_KINDS`; `value` is the name of a recogniser ("email"), a regular
    expression, or one entry of a list, which is looked for as it is.
    """

    label_id: int
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class RuleTrial:
    """What rules find in the first `tried` texts: so many passages, in so many of the texts."""

    passages: int
    texts: int
    tried: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextDetail:
    """One text whole, with everything that is known of it for a task."""

    id: int
    content: str
    meta: dict[str, Any]
    document: str
    row: TextRow
    origin: str = ""  # of the annotation: person, import, suggestion accepted, bulk
    annotator: str = ""
    labelled_at: str = ""
    suggestion: Suggestion | None = None
    near_duplicates: tuple[int, ...] = ()
    spans: tuple[SpanInfo, ...] = ()  # by their place in the text; empty outside a task of spans


@dataclass(frozen=True, slots=True)
class Counts:
    """The progress of a task."""

    texts: int
    labelled: int
    skipped: int
    flagged: int
    by_label: dict[int, int]  # label id -> labelled texts that carry it
    by_split: dict[str, tuple[int, int]]  # split -> (texts, labelled texts)
    spans_by_label: dict[int, int] = field(default_factory=dict)  # label id -> marked passages


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """A row that was repaired or refused; `row` counts data rows from 1."""

    row: int
    reason: str
    kind: str = "refused"  # or "repaired"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did; read = imported + refused + duplicates, repaired rows are imported.

    `problems` holds the first thousand, `problems_total` counts all.
    """

    source: str
    read: int
    imported: int
    repaired: int
    refused: int
    duplicates: int
    problems: tuple[ImportProblem, ...] = ()
    problems_total: int = 0
    labelled: int = 0
    labels_added: tuple[str, ...] = ()
    near_duplicates: int = 0  # texts that joined a group of similar texts
    split_leaks: int = 0  # texts whose near-duplicate stands in another imported split
    encoding: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What a label command did: the journal's id and words, and the texts it touched."""

    id: int
    words: str
    text_ids: tuple[int, ...]
    tasks_changed: bool = False
    texts_changed: bool = False  # texts appeared or vanished (an import was undone or redone)


@dataclass(frozen=True, slots=True)
class JournalStep:
    """One step of the project's history; `undone` is true while it is taken back."""

    id: int
    at: str
    annotator: str
    words: str
    texts: int
    undone: bool
