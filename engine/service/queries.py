"""What can be asked of a project without changing it: frozen questions for the reader thread.

`Engine.ask(query)` returns a Future. The answer's type stands in each docstring; all of them are
in `engine.project.rows`. Without an open project the answer is a `KnownError`, except for
`PreviewFile`, `ReadEntries`, `ListBaseModels` and `ListKnownModels`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.project.rows import Rule, TextFilter


@dataclass(frozen=True, slots=True)
class Query:
    """Base of all queries."""


@dataclass(frozen=True, slots=True)
class LongQuery(Query):
    """Base of questions about all texts: a thread of its own answers them, one after another."""


@dataclass(frozen=True, slots=True)
class GetProject(Query):
    """Answer: ProjectInfo."""


@dataclass(frozen=True, slots=True)
class ListTextIds(Query):
    """All ids that the filter keeps, as ``array('q')``.

    `order` "imported" (by id), "random" (seeded, stable), "length", "label" or "split";
    `descending` turns it round.
    """

    task_id: int
    filter: TextFilter = field(default_factory=TextFilter)
    order: str = "imported"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class ListQueue(Query):
    """The annotation queue as ``array('q')``: ids in the order they should be labelled.

    Texts that are neither labelled nor skipped. `order` is one of rows.ORDERS. "least certain"
    puts the texts on top whose best two probabilities by the suggestion model lie closest, or
    whose least certain suggested passage has the lowest confidence, never a test text by its score;
    every fifth place is a random draw from all (so that the test part is labelled without the
    model choosing it). Texts without a prediction follow.
    """

    task_id: int
    order: str = "imported"
    state: str = "not labelled"  # or "skipped", "flagged", "labelled", "all"


@dataclass(frozen=True, slots=True)
class SearchByMeaning(Query):
    """Answer: FoundTexts, those that mean most nearly what `words` say, at most `limit`.

    With `mixed`, texts that hold all the words go up; without, the words themselves do not count.
    `filter` narrows which texts; its own search is not looked at. `encoder` is a base model's
    name, "" the starter; `quantised` as in `EmbedTexts`. Asking has the texts embedded that are not
    yet, in the background; the answer does not wait for them (EmbeddingProgressed tells when to ask
    again).
    """

    task_id: int
    words: str
    filter: TextFilter = field(default_factory=TextFilter)
    limit: int = 200
    mixed: bool = True
    encoder: str = ""
    quantised: bool = False


@dataclass(frozen=True, slots=True)
class FindSimilar(Query):
    """Answer: FoundTexts, those most like one text in meaning, without itself.

    The fields are as in `SearchByMeaning`, and the texts are embedded in the same way.
    """

    task_id: int
    text_id: int
    filter: TextFilter = field(default_factory=TextFilter)
    limit: int = 200
    encoder: str = ""
    quantised: bool = False


@dataclass(frozen=True, slots=True)
class GetTextRows(Query):
    """Answer: list[TextRow] in the order of `text_ids` (unknown ids are left out)."""

    task_id: int
    text_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GetText(Query):
    """Answer: TextDetail, or None if there is no such text."""

    task_id: int
    text_id: int


@dataclass(frozen=True, slots=True)
class ListSpanSuggestions(Query):
    """Passages of a text that could be marked. Answer: tuple[SpanSuggestion, ...] by their place.

    They come from the suggestion model, as far as it has read the text (PredictionsChanged tells
    when it has), and from the rules. No two overlap, none overlaps a marked passage, and none was
    left out before. KnownError for a task that labels whole texts.
    """

    task_id: int
    text_id: int


@dataclass(frozen=True, slots=True)
class ListRules(Query):
    """Answer: tuple[Rule, ...] of a task, label by label."""

    task_id: int


@dataclass(frozen=True, slots=True)
class TryRules(LongQuery):
    """What these rules find in the first texts, in the order of their import. Answer: RuleTrial.

    KnownError for a rule that cannot be used.
    """

    rules: tuple[Rule, ...]
    limit: int = 200


@dataclass(frozen=True, slots=True)
class GetCounts(Query):
    """Answer: Counts."""

    task_id: int


@dataclass(frozen=True, slots=True)
class ListJobs(Query):
    """Answer: list[JobInfo], newest first."""

    limit: int = 100


@dataclass(frozen=True, slots=True)
class ListJobEvents(Query):
    """Answer: list[StoredJobEvent] of one job in order, without its progress."""

    job_id: int


@dataclass(frozen=True, slots=True)
class ListModels(Query):
    """Answer: list[ModelInfo], oldest first; deleted ones only if asked for."""

    deleted: bool = False


@dataclass(frozen=True, slots=True)
class ListBaseModels(Query):
    """Answer: list[BaseModel] of this machine (engine.registry.base_models.BaseModel)."""


@dataclass(frozen=True, slots=True)
class ListKnownModels(Query):
    """The catalogue of models that people bring, on this machine or not: list[KnownBaseModel]."""


@dataclass(frozen=True, slots=True)
class ListEncoders(Query):
    """All that a training can start from. Answer: list[BaseModel].

    The base models of this machine, then the project's own that learned the language of its texts
    (`origin` "project", `made_from` what they started from). What is missing is left out.
    """


@dataclass(frozen=True, slots=True)
class EstimateTraining(Query):
    """What a training would take. Answer: TrainingEstimate; KnownError for an unknown setting.

    The fields are those of the command StartJob.
    """

    task_id: int
    method: str
    base_model: str = ""
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GetEvaluation(Query):
    """Answer: Evaluation of a model on a split, or "cross-validation" for out-of-fold scores."""

    model_id: int
    split: str = "test"


@dataclass(frozen=True, slots=True)
class GetSpanEvaluation(Query):
    """Answer: SpanEvaluation of a model that marks passages; `split` is as in GetEvaluation."""

    model_id: int
    split: str = "test"


@dataclass(frozen=True, slots=True)
class ListSpanErrors(Query):
    """Answer: list[SpanError], where a model and today's gold passages disagree.

    Those most worth a look come first: `engine.inspection.span_errors` says how that is judged.
    `kind` is one of span_rows.SPAN_ERRORS. `label_id` keeps the errors of gold passages with this
    label and the spurious ones that got it; `gold` and `predicted` ask for the label of one side, 0
    for no mark there; `surface` is the wording (`SpanError.passage`). None is any.
    """

    model_id: int
    split: str = "test"
    kind: str | None = None
    label_id: int | None = None
    gold: int | None = None
    predicted: int | None = None
    surface: str | None = None
    text_id: int | None = None
    limit: int = 1000


@dataclass(frozen=True, slots=True)
class GetSpanText(Query):
    """Answer: SpanText, one text with gold and a model's passages; None if there is none such."""

    model_id: int
    text_id: int
    split: str = "test"


@dataclass(frozen=True, slots=True)
class GetSpanConfusions(Query):
    """Answer: SpanConfusions, the errors of a model by label and kind, and by wording."""

    model_id: int
    split: str = "test"


@dataclass(frozen=True, slots=True)
class CompareSpanModels(Query):
    """Answer: SpanComparison of two models that mark passages, on a split."""

    model_id: int
    against_id: int
    split: str = "test"


@dataclass(frozen=True, slots=True)
class ListPredictedRows(Query):
    """Answer: list[PredictedRow], highest confidence first.

    `gold` and `predicted` (label ids) pick a cell of the confusion matrix; None is any.
    `errors_only` keeps texts whose prediction differs from today's gold.
    """

    model_id: int
    split: str = "test"
    gold: int | None = None
    predicted: int | None = None
    errors_only: bool = True
    limit: int = 1000


@dataclass(frozen=True, slots=True)
class CompareModels(Query):
    """Answer: Comparison of two models on a split."""

    model_id: int
    against_id: int
    split: str = "test"


@dataclass(frozen=True, slots=True)
class GetPretrainingComparison(Query):
    """Answer: PretrainingComparison of this name, "" the newest; None if there is none at all."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class GetSweep(Query):
    """Answer: SweepInfo of this job; None the newest, which is None if there is none at all."""

    job_id: int | None = None


@dataclass(frozen=True, slots=True)
class RecommendMethod(Query):
    """Answer: Recommendation."""

    task_id: int


@dataclass(frozen=True, slots=True)
class ListHistory(Query):
    """Answer: list[JournalStep], newest first."""

    limit: int = 200


@dataclass(frozen=True, slots=True)
class PreviewFile(Query):
    """Answer: FilePreview (engine.interchange): format, encoding, columns, first rows, guesses.

    `kind` is that of the task the file would be imported into.
    """

    path: str
    format: str | None = None
    text_column: str | None = None
    label_column: str | None = None
    kind: str = "classification"


@dataclass(frozen=True, slots=True)
class ReadEntries(Query):
    """The entries of a list in a text file, one on a line. Answer: tuple[str, ...].

    In whatever encoding; without empty lines and repetitions. KnownError for what is no such file.
    """

    path: str
