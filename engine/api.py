"""The engine's public face: what the window, the shell and notebooks may use of it.

Everything else under `engine` may change without notice. Importing this module is quick: it loads
no library for training, tables or databases.
"""

from __future__ import annotations

from engine.assist.rule_finding import RECOGNISERS
from engine.core.errors import BugError, GlossatorError, KnownError
from engine.core.language import (
    LANGUAGES,
    choose_language,
    chosen_language,
    mark,
    number_text,
    tr,
    trc,
    trn,
    use_catalogue,
)
from engine.core.reports import write_report
from engine.deidentify.keeper import Keeper
from engine.deidentify.policy_file import read_policy
from engine.deidentify.records import OPERATORS, OperatorChoice, Policy, Replacement
from engine.interchange.detect import FORMATS
from engine.interchange.exporting import EXPORT_FORMATS as TEXT_FORMATS
from engine.interchange.preview import FilePreview
from engine.jobs.launch import WORKER_FLAG, run_worker
from engine.jobs.spec import METHODS
from engine.project.redaction import LabelPolicy
from engine.project.redaction_decisions import RedactionDecision
from engine.project.rows import (
    IDENTIFIERS,
    ORDERS,
    RULE_KINDS,
    SPLITS,
    STATES,
    TASK_KINDS,
    Counts,
    FoundTexts,
    ImportProblem,
    ImportReport,
    JournalStep,
    LabelInfo,
    ProjectInfo,
    Rule,
    RuleTrial,
    SpanInfo,
    SpanSuggestion,
    Step,
    Suggestion,
    TaskInfo,
    TextDetail,
    TextFilter,
    TextRow,
)
from engine.project.span_rows import (
    SPAN_ERRORS,
    LabelErrors,
    SpanComparison,
    SpanConfusions,
    SpanError,
    SpanMark,
    SpanText,
    SurfaceConfusion,
)
from engine.project.tasks import RESERVED_KEYS
from engine.project.training_rows import (
    Comparison,
    Evaluation,
    FilledMask,
    JobInfo,
    LabelScores,
    ModelInfo,
    PredictedRow,
    PretrainingComparison,
    Recommendation,
    SeedScores,
    SpanEvaluation,
    StoredJobEvent,
    SweepInfo,
    SweepPoint,
    TrainingEstimate,
)
from engine.registry.base_models import BaseModel
from engine.registry.known_models import KnownBaseModel
from engine.service.commands import (
    AddLabel,
    ClearLabels,
    CloseProject,
    Command,
    CreateProject,
    CreateSampleProject,
    EditLabel,
    EditTask,
    EmbedTexts,
    ExportTexts,
    GiveLabels,
    ImportTexts,
    LabelCommand,
    OpenProject,
    Priority,
    RedoLast,
    RemoveLabel,
    SetAnnotator,
    SetComment,
    SetFlagged,
    SetLabels,
    SetRules,
    SetSkipped,
    StopEmbedding,
    TakeLabels,
    UndoLast,
)
from engine.service.engine import Engine
from engine.service.events import (
    BaseModelsChanged,
    CommandFailed,
    DownloadProgressed,
    EmbeddingProgressed,
    Event,
    FileWritten,
    ImportProgressed,
    JobFailed,
    JobLogged,
    JobMeasured,
    JobPreviewed,
    JobProgressed,
    JobResumed,
    JobsChanged,
    LabelsChanged,
    ModelPublished,
    ModelsChanged,
    PredictionsChanged,
    ProjectChanged,
    ProjectClosed,
    ProjectOpened,
    RedactionChanged,
    RedactionProgressed,
    RulesChanged,
    SuggestionsProgressed,
    SweepPointScored,
    TasksChanged,
    TextsChanged,
    TextsImported,
    WorkerLogged,
)
from engine.service.examine import check_file, repair_file
from engine.service.fill_mask import fill_mask
from engine.service.machine import Machine, describe_machine
from engine.service.predict_with_folder import predict_with_folder
from engine.service.queries import (
    CompareModels,
    CompareSpanModels,
    EstimateTraining,
    FindSimilar,
    GetCounts,
    GetEvaluation,
    GetPretrainingComparison,
    GetProject,
    GetSpanConfusions,
    GetSpanEvaluation,
    GetSpanText,
    GetSweep,
    GetText,
    GetTextRows,
    ListBaseModels,
    ListEncoders,
    ListHistory,
    ListJobEvents,
    ListJobs,
    ListKnownModels,
    ListModels,
    ListPredictedRows,
    ListQueue,
    ListRules,
    ListSpanErrors,
    ListSpanSuggestions,
    ListTextIds,
    PreviewFile,
    Query,
    ReadEntries,
    RecommendMethod,
    SearchByMeaning,
    TryRules,
)
from engine.service.redact_file import RedactedFile, redact_file
from engine.service.redaction.commands import (
    REDACTED_FORMATS,
    DecideRedaction,
    ExportAliases,
    ExportRedacted,
    ReadForRedaction,
    RedactFile,
    SetPolicy,
)
from engine.service.redaction.project_keeper import ProjectKeeper
from engine.service.redaction.queries import (
    GetPolicy,
    GetRedactionReport,
    ListDoubts,
    ListRedactionDecisions,
    PreviewRedaction,
)
from engine.service.redaction.records import (
    DoubtList,
    LabelRedaction,
    LabelRisk,
    RedactionDoubt,
    RedactionPreview,
    RedactionReport,
    RedactionSummary,
)
from engine.service.span_commands import (
    AddSpan,
    AddSpans,
    DismissSpans,
    EditSpan,
    MarkAmbiguous,
    RemoveSpan,
    SetEntity,
    SetSpans,
)
from engine.service.training_commands import (
    EXPORT_FORMATS,
    AddBaseModel,
    CancelJob,
    ComparePretraining,
    DeleteModel,
    DownloadBaseModel,
    EmptyCache,
    ExportModel,
    FillMask,
    PauseJob,
    PredictFile,
    PredictSplit,
    RemoveBaseModel,
    RenameModel,
    RequestSuggestions,
    RestoreModel,
    ResumeJob,
    StartJob,
    StartSweep,
    StopDownload,
    UseForSuggestions,
)
from engine.training.presets import PRESETS, preset_settings

__all__ = [
    "EXPORT_FORMATS", "FORMATS", "IDENTIFIERS", "LANGUAGES", "METHODS", "OPERATORS", "ORDERS",
    "PRESETS", "RECOGNISERS", "REDACTED_FORMATS", "RESERVED_KEYS", "RULE_KINDS", "SPAN_ERRORS",
    "SPLITS", "STATES", "TASK_KINDS", "TEXT_FORMATS", "WORKER_FLAG", "AddBaseModel", "AddLabel",
    "AddSpan", "AddSpans", "BaseModel", "BaseModelsChanged", "BugError", "CancelJob", "ClearLabels",
    "CloseProject", "Command", "CommandFailed", "CompareModels", "ComparePretraining",
    "CompareSpanModels", "Comparison", "Counts", "CreateProject", "CreateSampleProject",
    "DecideRedaction", "DeleteModel", "DismissSpans", "DoubtList", "DownloadBaseModel",
    "DownloadProgressed", "EditLabel", "EditSpan", "EditTask", "EmbedTexts", "EmbeddingProgressed",
    "EmptyCache", "Engine", "EstimateTraining", "Evaluation", "Event", "ExportAliases",
    "ExportModel", "ExportRedacted", "ExportTexts", "FilePreview", "FileWritten", "FillMask",
    "FilledMask", "FindSimilar", "FoundTexts", "GetCounts", "GetEvaluation", "GetPolicy",
    "GetPretrainingComparison", "GetProject", "GetRedactionReport", "GetSpanConfusions",
    "GetSpanEvaluation", "GetSpanText", "GetSweep", "GetText", "GetTextRows", "GiveLabels",
    "GlossatorError", "ImportProblem", "ImportProgressed", "ImportReport", "ImportTexts",
    "JobFailed", "JobInfo", "JobLogged", "JobMeasured", "JobPreviewed", "JobProgressed",
    "JobResumed", "JobsChanged", "JournalStep", "Keeper", "KnownBaseModel", "KnownError",
    "LabelCommand", "LabelErrors", "LabelInfo", "LabelPolicy", "LabelRedaction", "LabelRisk",
    "LabelScores", "LabelsChanged", "ListBaseModels", "ListDoubts", "ListEncoders", "ListHistory",
    "ListJobEvents", "ListJobs", "ListKnownModels", "ListModels", "ListPredictedRows", "ListQueue",
    "ListRedactionDecisions", "ListRules", "ListSpanErrors", "ListSpanSuggestions", "ListTextIds",
    "Machine", "MarkAmbiguous", "ModelInfo", "ModelPublished", "ModelsChanged", "OpenProject",
    "OperatorChoice", "PauseJob", "Policy", "PredictFile", "PredictSplit", "PredictedRow",
    "PredictionsChanged", "PretrainingComparison", "PreviewFile", "PreviewRedaction", "Priority",
    "ProjectChanged", "ProjectClosed", "ProjectInfo", "ProjectKeeper", "ProjectOpened", "Query",
    "ReadEntries", "ReadForRedaction", "RecommendMethod", "Recommendation", "RedactFile",
    "RedactedFile", "RedactionChanged", "RedactionDecision", "RedactionDoubt", "RedactionPreview",
    "RedactionProgressed", "RedactionReport", "RedactionSummary", "RedoLast", "RemoveBaseModel",
    "RemoveLabel", "RemoveSpan", "RenameModel", "Replacement", "RequestSuggestions", "RestoreModel",
    "ResumeJob", "Rule", "RuleTrial", "RulesChanged", "SearchByMeaning", "SeedScores",
    "SetAnnotator", "SetComment", "SetEntity", "SetFlagged", "SetLabels", "SetPolicy", "SetRules",
    "SetSkipped", "SetSpans", "SpanComparison", "SpanConfusions", "SpanError", "SpanEvaluation",
    "SpanInfo", "SpanMark", "SpanSuggestion", "SpanText", "StartJob", "StartSweep", "Step",
    "StopDownload", "StopEmbedding", "StoredJobEvent", "Suggestion", "SuggestionsProgressed",
    "SurfaceConfusion", "SweepInfo", "SweepPoint", "SweepPointScored", "TakeLabels", "TaskInfo",
    "TasksChanged", "TextDetail", "TextFilter", "TextRow", "TextsChanged", "TextsImported",
    "TrainingEstimate", "TryRules", "UndoLast", "UseForSuggestions", "WorkerLogged", "check_file",
    "choose_language", "chosen_language", "describe_machine", "fill_mask", "mark", "number_text",
    "predict_with_folder", "preset_settings", "read_policy", "redact_file", "repair_file",
    "run_worker", "tr", "trc", "trn", "use_catalogue", "write_report",
]  # fmt: skip
