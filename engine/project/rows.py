"""What the project file answers with: plain frozen records, safe to hand to another thread.

Ids are the project's row ids. Times are ISO 8601 in UTC. Texts are whole unless a field is called
`excerpt`, which is the first 300 characters on one line.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import Any, Self

SPLITS = ("train", "validation", "test")
TASK_KINDS = ("classification", "spans")
STATES = ("all", "labelled", "not labelled", "skipped", "flagged", "commented")
ORDERS = ("imported", "random", "least certain")


@dataclass(frozen=True, slots=True)
class LabelInfo:
    """A label of a task: its name, its key on the keyboard, its colour and what it means."""

    id: int
    task_id: int
    name: str
    key: str
    color: str
    guideline: str
    position: int


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
    """A marked passage: offsets in code points, the end exclusive, and who marked it."""

    start: int
    end: int
    label_id: int
    origin: str = "person"  # or import, suggestion accepted, bulk
    annotator: str = ""
    at: str = ""
    model_id: int | None = None


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
class JobInfo:
    """A job as the queue shows it.

    `status` is queued, running, done, failed, cancelled or interrupted.
    """

    id: int
    kind: str
    method: str
    name: str
    status: str
    created: str
    started: str
    finished: str
    message: str
    model_id: int | None
    spec: dict[str, Any] = field(default_factory=dict)
    result: dict[str, Any] = field(default_factory=dict)  # data of the "finished" event


@dataclass(frozen=True, slots=True)
class StoredJobEvent:
    """A line of a job's history: what the worker reported, and when it arrived."""

    job_id: int
    at: str
    kind: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A trained model of the project's registry."""

    id: int
    name: str
    method: str
    task_id: int
    base_model: str
    parent_id: int | None
    job_id: int
    folder: str
    bytes: int
    created: str
    label_ids: tuple[int, ...]  # in the order of the model's outputs
    metrics: dict[str, Any]  # split -> metrics, as in the job's "finished" event
    evaluation: str  # "test" or "cross-validation"
    settings: dict[str, Any]
    snapshot_sha256: str
    snapshot_texts: int
    seconds: float
    deleted: bool = False
    present: bool = True  # whether its folder is where it should be


@dataclass(frozen=True, slots=True)
class LabelScores:
    """Precision, recall and F1 of one label (each 0 to 1); `support` counts gold texts."""

    label_id: int
    precision: float
    recall: float
    f1: float
    support: int
    predicted: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Predictions of a model against today's gold labels of a split.

    `confusion[i][j]` counts texts with gold `label_ids[i]` and prediction `label_ids[j]`
    (single-label tasks; empty for multi-label ones). `f1` is the positive label's where there are
    two labels, else macro. `f1_low` and `f1_high` bound macro F1's 95 % bootstrap interval.
    `calibration` holds (mean confidence, accuracy, texts) of ten equal-width bins that have texts.
    `note` says, where it is so, that predictions are out-of-fold, or flattering because the model
    has learned from these texts.
    """

    model_id: int
    split: str
    texts: int
    label_ids: tuple[int, ...]
    confusion: tuple[tuple[int, ...], ...]
    per_label: tuple[LabelScores, ...]
    accuracy: float
    macro_f1: float
    f1: float
    f1_low: float
    f1_high: float
    calibration: tuple[tuple[float, float, int], ...] = ()
    note: str = ""
    missing: int = 0  # labelled texts of the split that have no prediction yet


@dataclass(frozen=True, slots=True)
class SpanEvaluation:
    """Passages that a model found against those marked today, in the labelled texts of a split.

    Scores are strict and micro-averaged over passages, as conlleval's and seqeval's: a prediction
    is right only with the same boundaries and the same label. `exact_f1` asks for the boundaries
    alone, `type_f1` for the label with any overlap. `support` and `predicted` of the labels count
    passages. `errors` counts by kind: "boundary", "type", "boundary_and_type", "missing" and
    "spurious"; with `correct` they add up to `gold` (without the spurious ones) and to `predicted`
    (without the missing ones). `torn` gold passages lie under several predictions, `joined`
    predictions over several gold passages. `note` and `missing` are as in `Evaluation`.
    """

    model_id: int
    split: str
    texts: int
    label_ids: tuple[int, ...]
    per_label: tuple[LabelScores, ...]
    precision: float
    recall: float
    f1: float
    macro_f1: float
    exact_f1: float
    type_f1: float
    gold: int
    predicted: int
    correct: int
    errors: dict[str, int]
    torn: int
    joined: int
    note: str = ""
    missing: int = 0


@dataclass(frozen=True, slots=True)
class PredictedRow:
    """A labelled text with gold and prediction, for lists of errors.

    `confidence` is the probability of the predicted label; `probabilities` follow
    `Evaluation.label_ids`.
    """

    text_id: int
    excerpt: str
    gold: tuple[int, ...]
    predicted: tuple[int, ...]
    confidence: float
    probabilities: tuple[float, ...]
    flagged: bool = False
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models on the texts that both have predicted; `won` are right in `model_id` only.

    The rows show the prediction that is wrong: of `against_id` in `won`, of `model_id` in `lost`.
    `p_value` is of the exact McNemar test: how likely such a difference is by chance.
    """

    model_id: int
    against_id: int
    split: str
    texts: int
    accuracy: float
    against_accuracy: float
    macro_f1: float
    against_macro_f1: float
    won: tuple[PredictedRow, ...]
    lost: tuple[PredictedRow, ...]
    p_value: float


@dataclass(frozen=True, slots=True)
class FilledMask:
    """One gap of a sentence and the likeliest words for it with their probabilities, best first.

    A sentence with several gaps is answered once for each of them, in their order; every gap is
    guessed while the others are still open.
    """

    text: str
    words: tuple[tuple[str, float], ...]

    def to_json(self) -> dict[str, Any]:
        """Return it as events and the command line show it."""
        words = [{"word": word, "probability": round(share, 6)} for word, share in self.words]
        return {"text": self.text, "words": words}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Self:
        """Return what `to_json` wrote."""
        words = tuple((one["word"], one["probability"]) for one in found["words"])
        return cls(found["text"], words)


@dataclass(frozen=True, slots=True)
class SeedScores:
    """F1 of two trainings of one seed, without and with continued pretraining; None: not yet."""

    seed: int
    without: float | None
    with_step: float | None

    @property
    def gain(self) -> float | None:
        """How much the step adds to F1 (below 0: takes from it), or None while one is missing."""
        if self.without is None or self.with_step is None:
            return None
        return self.with_step - self.without


@dataclass(frozen=True, slots=True)
class PretrainingComparison:
    """What continued pretraining was worth, as far as the jobs of the comparison have come.

    `job_ids` are in the order of the queue, the pretraining first; `over` says that none of them
    will go on. `difference` is the mean gain in F1 over the seeds that have both scores. The
    perplexities are those of the held-out texts. `words` say it all.
    """

    name: str
    method: str
    job_ids: tuple[int, ...]
    over: bool
    seeds: tuple[SeedScores, ...]
    difference: float | None
    perplexity_before: float | None
    perplexity: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Which method to take for the labels at hand, and why, in words for the Train view."""

    method: str | None  # None: too few labels to train anything
    words: str
    labelled: int
    labels_with_texts: int
    smallest: int  # labelled texts of the rarest label
    test_labelled: int
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TrainingEstimate:
    """What a training will probably take, before it is started.

    `seconds_low` to `seconds_high` is the whole job; `memory` are bytes at the peak, and
    `free_memory` those that this machine has left now. `texts` are learned from. The scores come
    from `scored_texts` by `evaluation`: "test", "cross-validation" or "held-out". `measured` says
    that a training on this machine told its speed. `words` say all of it.
    """

    seconds_low: float
    seconds_high: float
    memory: int
    free_memory: int
    texts: int
    evaluation: str
    scored_texts: int
    measured: bool
    words: str


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
