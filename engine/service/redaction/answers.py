"""Which function answers which question about de-identification."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.service.queries import Query
from engine.service.reader import ReadFile
from engine.service.redaction import queries as q

# As in `engine.service.answers`, what is needed is imported when it is asked for.


def _get_policy(file: ReadFile, query: q.GetPolicy) -> Any:
    from engine.project.spans import task_of_spans
    from engine.service.redaction.previews import list_policy

    task = task_of_spans(file.connection, query.task_id)
    return list_policy(file.connection, task, query.model_id)


def _preview_redaction(file: ReadFile, query: q.PreviewRedaction) -> Any:
    from engine.project.spans import task_of_spans
    from engine.service.redaction.finding import project_finders
    from engine.service.redaction.previews import preview_redaction

    task = task_of_spans(file.connection, query.task_id)
    finders = project_finders(file.connection, task, query.model_id, patterns=query.patterns)
    return preview_redaction(file.connection, task, query.text_id, finders)


def _list_doubts(file: ReadFile, query: q.ListDoubts) -> Any:
    from engine.project.spans import task_of_spans
    from engine.service.redaction.doubts import list_doubts
    from engine.service.redaction.finding import project_finders

    task = task_of_spans(file.connection, query.task_id)
    finders = project_finders(file.connection, task, query.model_id, patterns=query.patterns)
    return list_doubts(file.connection, task, query.filter, finders, query.limit, file.check)


def _get_redaction_report(file: ReadFile, query: q.GetRedactionReport) -> Any:
    from engine.project.spans import task_of_spans
    from engine.service.redaction.finding import project_finders
    from engine.service.redaction.report import redaction_report

    task = task_of_spans(file.connection, query.task_id)
    finders = project_finders(file.connection, task, query.model_id, patterns=query.patterns)
    return redaction_report(file.connection, task, query.split, query.filter, finders, file.check)


def _list_redaction_decisions(file: ReadFile, query: q.ListRedactionDecisions) -> Any:
    from engine.project.redaction_decisions import decision_log

    return decision_log(file.connection, query.limit)


ANSWERS: dict[type[Query], Callable[[ReadFile, Any], Any]] = {
    q.GetPolicy: _get_policy,
    q.PreviewRedaction: _preview_redaction,
    q.ListDoubts: _list_doubts,
    q.GetRedactionReport: _get_redaction_report,
    q.ListRedactionDecisions: _list_redaction_decisions,
}
