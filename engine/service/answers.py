"""Which function answers which query; none of them runs on the engine's or the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.service import queries as q
from engine.service.reader import Answer, ReadFile
from engine.service.redaction.answers import ANSWERS as OF_REDACTION

# The functions import what they need when they are called: the window asks its first question
# after the first paint, and opening it must not wait for readers that nobody needs yet.


def needs_project(query: q.Query) -> bool:
    """Return whether the answer comes from the open project."""
    return type(query) in _OF_THE_PROJECT


def answer_to(query: q.Query) -> Answer:
    """Return what has to be computed for a query."""
    outside = _WITHOUT_PROJECT.get(type(query))
    if outside is not None:
        return lambda _: outside(query)
    inside = _OF_THE_PROJECT[type(query)]

    def answer(file: ReadFile | None) -> Any:
        if file is None:
            raise KnownError(tr("No project is open; open or create one first."))
        return inside(file, query)

    return answer


def _get_project(file: ReadFile, query: q.GetProject) -> Any:
    from engine.project.reading import project_info

    return project_info(file.connection, file.path)


def _list_text_ids(file: ReadFile, query: q.ListTextIds) -> Any:
    from engine.project.reading import list_text_ids

    return list_text_ids(
        file.connection, query.task_id, query.filter, query.order, descending=query.descending
    )


def _list_queue(file: ReadFile, query: q.ListQueue) -> Any:
    from engine.project.queue import list_queue

    return list_queue(file.connection, query.task_id, query.order, query.state)


def _get_text_rows(file: ReadFile, query: q.GetTextRows) -> Any:
    from engine.project.text_rows import get_text_rows

    return get_text_rows(file.connection, query.task_id, query.text_ids)


def _get_text(file: ReadFile, query: q.GetText) -> Any:
    from engine.project.text_rows import get_text

    return get_text(file.connection, query.task_id, query.text_id)


def _list_span_suggestions(file: ReadFile, query: q.ListSpanSuggestions) -> Any:
    from engine.assist.span_suggestions import list_span_suggestions

    return list_span_suggestions(
        file.connection, file.memory, query.task_id, query.text_id, file.check
    )


def _list_rules(file: ReadFile, query: q.ListRules) -> Any:
    from engine.project.rules import list_rules

    return list_rules(file.connection, query.task_id)


def _try_rules(file: ReadFile, query: q.TryRules) -> Any:
    from engine.assist.rule_trial import try_rules

    return try_rules(file.connection, query.rules, query.limit, file.check)


def _get_counts(file: ReadFile, query: q.GetCounts) -> Any:
    from engine.project.counters import get_counts

    return get_counts(file.connection, query.task_id)


def _list_jobs(file: ReadFile, query: q.ListJobs) -> Any:
    from engine.project.jobs import list_jobs

    return list_jobs(file.connection, query.limit)


def _list_job_events(file: ReadFile, query: q.ListJobEvents) -> Any:
    from engine.project.jobs import list_job_events

    return list_job_events(file.connection, query.job_id)


def _list_models(file: ReadFile, query: q.ListModels) -> Any:
    from engine.project.models import list_models

    return list_models(file.connection, file.models_folder, deleted=query.deleted)


def _get_evaluation(file: ReadFile, query: q.GetEvaluation) -> Any:
    from engine.inspection.evaluate import get_evaluation

    return get_evaluation(file.connection, file.models_folder, query.model_id, query.split)


def _get_span_evaluation(file: ReadFile, query: q.GetSpanEvaluation) -> Any:
    from engine.inspection.span_evaluation import get_span_evaluation

    return get_span_evaluation(file.connection, file.models_folder, query.model_id, query.split)


def _list_span_errors(file: ReadFile, query: q.ListSpanErrors) -> Any:
    from engine.inspection.span_errors import list_span_errors

    return list_span_errors(
        file.connection,
        file.models_folder,
        query.model_id,
        query.split,
        kind=query.kind,
        label_id=query.label_id,
        gold=query.gold,
        predicted=query.predicted,
        surface=query.surface,
        text_id=query.text_id,
        limit=query.limit,
    )


def _get_span_text(file: ReadFile, query: q.GetSpanText) -> Any:
    from engine.inspection.span_text import get_span_text

    return get_span_text(
        file.connection, file.models_folder, query.model_id, query.text_id, query.split
    )


def _get_span_confusions(file: ReadFile, query: q.GetSpanConfusions) -> Any:
    from engine.inspection.span_confusions import get_span_confusions

    return get_span_confusions(file.connection, file.models_folder, query.model_id, query.split)


def _compare_span_models(file: ReadFile, query: q.CompareSpanModels) -> Any:
    from engine.inspection.span_comparison import compare_span_models

    return compare_span_models(
        file.connection, file.models_folder, query.model_id, query.against_id, query.split
    )


def _list_predicted_rows(file: ReadFile, query: q.ListPredictedRows) -> Any:
    from engine.inspection.evaluate import list_predicted_rows

    return list_predicted_rows(
        file.connection,
        file.models_folder,
        query.model_id,
        query.split,
        gold=query.gold,
        predicted=query.predicted,
        errors_only=query.errors_only,
        limit=query.limit,
    )


def _compare_models(file: ReadFile, query: q.CompareModels) -> Any:
    from engine.inspection.evaluate import compare_models

    return compare_models(
        file.connection, file.models_folder, query.model_id, query.against_id, query.split
    )


def _get_sweep(file: ReadFile, query: q.GetSweep) -> Any:
    from engine.inspection.sweeps import get_sweep

    return get_sweep(file.connection, query.job_id)


def _get_pretraining_comparison(file: ReadFile, query: q.GetPretrainingComparison) -> Any:
    from engine.inspection.pretraining import get_pretraining_comparison

    return get_pretraining_comparison(file.connection, file.models_folder, query.name)


def _recommend_method(file: ReadFile, query: q.RecommendMethod) -> Any:
    from engine.project.counters import get_counts
    from engine.project.tasks import read_task
    from engine.service.recommend import recommend

    return recommend(
        read_task(file.connection, query.task_id), get_counts(file.connection, query.task_id)
    )


def _list_encoders(file: ReadFile, query: q.ListEncoders) -> Any:
    from engine.service.encoders import all_encoders

    return all_encoders(file.connection, file.models_folder)


def _estimate_training(file: ReadFile, query: q.EstimateTraining) -> Any:
    from engine.project.jobs import list_jobs
    from engine.service.encoders import all_encoders, encoder_called
    from engine.service.estimate import estimate, material_of

    encoders = all_encoders(file.connection, file.models_folder)
    return estimate(
        query.method,
        query.settings,
        material_of(file.connection, query.task_id),
        encoder_called(query.base_model, encoders),
        list_jobs(file.connection),
        encoders,
    )


def _list_history(file: ReadFile, query: q.ListHistory) -> Any:
    from engine.project.journal import history

    return history(file.connection, query.limit)


def _list_known_models(query: q.ListKnownModels) -> Any:
    from engine.registry.known_models import list_known_models

    return list(list_known_models())


def _list_base_models(query: q.ListBaseModels) -> Any:
    from engine.registry.base_models import list_base_models

    return list_base_models()


def _preview_file(query: q.PreviewFile) -> Any:
    from pathlib import Path

    from engine.interchange.preview import preview_file

    return preview_file(
        Path(query.path),
        format=query.format,
        text_column=query.text_column,
        label_column=query.label_column,
        kind=query.kind,
    )


def _read_entries(query: q.ReadEntries) -> Any:
    from pathlib import Path

    from engine.interchange.entries import read_entries

    return read_entries(Path(query.path))


_OF_THE_PROJECT: dict[type[q.Query], Callable[[ReadFile, Any], Any]] = {
    q.GetProject: _get_project,
    q.ListTextIds: _list_text_ids,
    q.ListQueue: _list_queue,
    q.GetTextRows: _get_text_rows,
    q.GetText: _get_text,
    q.ListSpanSuggestions: _list_span_suggestions,
    q.ListRules: _list_rules,
    q.TryRules: _try_rules,
    q.GetCounts: _get_counts,
    q.ListJobs: _list_jobs,
    q.ListJobEvents: _list_job_events,
    q.ListModels: _list_models,
    q.ListEncoders: _list_encoders,
    q.EstimateTraining: _estimate_training,
    q.GetEvaluation: _get_evaluation,
    q.GetSpanEvaluation: _get_span_evaluation,
    q.ListSpanErrors: _list_span_errors,
    q.GetSpanText: _get_span_text,
    q.GetSpanConfusions: _get_span_confusions,
    q.CompareSpanModels: _compare_span_models,
    q.ListPredictedRows: _list_predicted_rows,
    q.CompareModels: _compare_models,
    q.GetSweep: _get_sweep,
    q.GetPretrainingComparison: _get_pretraining_comparison,
    q.RecommendMethod: _recommend_method,
    q.ListHistory: _list_history,
    **OF_REDACTION,
}

_WITHOUT_PROJECT: dict[type[q.Query], Callable[[Any], Any]] = {
    q.ListBaseModels: _list_base_models,
    q.ListKnownModels: _list_known_models,
    q.PreviewFile: _preview_file,
    q.ReadEntries: _read_entries,
}
