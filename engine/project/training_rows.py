"""What the engine answers about trainings: jobs, models, their scores, and what was advised.

As with `engine.project.rows`, these are plain frozen records, safe to hand to another thread.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class JobInfo:
    """A job as the queue shows it.

    `status` is queued, running, paused, done, failed, cancelled or interrupted. `checkpoint` says
    where its newest checkpoint stands: checkpoint (its number), phase, step and steps; it is empty
    where there is none, or no use for one.
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
    checkpoint: dict[str, Any] = field(default_factory=dict)

    @property
    def resumable(self) -> bool:
        """Whether it was stopped and can go on."""
        stopped = self.status in ("failed", "interrupted") and bool(self.checkpoint)
        return self.status == "paused" or stopped


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
    alone, `partial_f1` gives half a point for an overlap, and `type_f1` asks for the label with any
    overlap. `support` and `predicted` of the labels count passages. `errors` counts by kind:
    "boundary", "type", "boundary_and_type", "missing" and "spurious"; with `correct` they add up
    to `gold` (without the spurious ones) and to `predicted` (without the missing ones). `torn` gold
    passages lie under several predictions, `joined` predictions over several gold passages. `note`
    and `missing` are as in `Evaluation`.
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
    partial_f1: float
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
class SweepPoint:
    """One training of a sweep: scores on the validation texts, and the seconds it took.

    `value` is of the setting that is swept, or "head" where the whole encoder stays as it is.
    """

    value: float | str
    seed: int
    f1: float
    macro_f1: float
    seconds: float


@dataclass(frozen=True, slots=True)
class SweepInfo:
    """A sweep as far as it has come: the job, what it tries, and the points that are finished.

    `blocks` of the base model can stay as they are one by one.
    """

    job: JobInfo
    over: str
    values: tuple[float | str, ...]
    seeds: tuple[int, ...]
    base_model: str
    blocks: int
    points: tuple[SweepPoint, ...]

    def mean_at(self, value: float | str) -> tuple[float, float] | None:
        """Return mean F1 and mean seconds of the finished points at a value; None without any."""
        found = [point for point in self.points if point.value == value]
        if not found:
            return None
        return (
            sum(point.f1 for point in found) / len(found),
            sum(point.seconds for point in found) / len(found),
        )


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
