"""Commands about de-identification: policies, decisions, and what is handed out."""

from __future__ import annotations

import csv
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from engine.core.errors import KnownError
from engine.core.files import atomic_write
from engine.core.language import tr
from engine.project.redaction import LabelPolicy
from engine.project.redaction_decisions import RedactionDecision
from engine.service.events import FileWritten, RedactionChanged
from engine.service.predict_job import labelling_model
from engine.service.redaction import commands as c
from engine.service.slices import SlicedWork

if TYPE_CHECKING:
    from engine.project.training_rows import ModelInfo
    from engine.service.session import Session


def set_policy(session: Session, command: c.SetPolicy) -> LabelPolicy:
    """Choose what is done with the passages of a label."""
    from engine.deidentify.operators import check_policy
    from engine.deidentify.records import OperatorChoice, Policy
    from engine.project.redaction import set_policy as store

    label = _label_name(session, command.label_id)
    choice = OperatorChoice(command.operator, command.settings)
    check_policy(Policy({label: choice}, OperatorChoice()))
    policy = store(session.project, command.label_id, command.operator, command.settings)
    session.emit(RedactionChanged(asked_by=command.asked_by))
    return policy


def decide_redaction(session: Session, command: c.DecideRedaction) -> RedactionDecision:
    """Decide about a passage before its text is handed out."""
    from engine.project.redaction_decisions import decide

    decision = decide(
        session.project,
        command.task_id,
        command.text_id,
        command.start,
        command.end,
        label_id=command.label_id,
        decision=command.decision,
        reason=command.reason,
    )
    session.emit(RedactionChanged((command.text_id,), asked_by=command.asked_by))
    return decision


def read_for_redaction(session: Session, command: c.ReadForRedaction) -> Future[int]:
    """Have a model read the texts that nobody went through."""
    model = _marking_model(session, command.task_id, command.model_id)
    return session.reading.read(model, command.filter, command.asked_by)


def export_redacted(session: Session, command: c.ExportRedacted) -> SlicedWork:
    """Write the project's texts as they may be handed out."""
    from engine.service.redaction.export import check_export
    from engine.service.redaction.export import export_redacted as export_slices
    from engine.service.redaction.finding import project_finders

    project, task = session.project, session.task(command.task_id)
    check_export(project, command)
    if command.model_id is not None:
        model = _marking_model(session, task.id, command.model_id)
        yield session.reading.read(model, command.filter, command.asked_by)
    finders = project_finders(project.connection, task, command.model_id, patterns=command.patterns)
    summary = yield from export_slices(project, command, finders)
    session.emit(FileWritten(summary.path, summary.texts, asked_by=command.asked_by))
    return summary


def redact_file(session: Session, command: c.RedactFile) -> SlicedWork:
    """Write a file anew with what identifies somebody replaced."""
    from engine.service.redaction.documents import redact_document

    task = session.task(command.task_id)
    model = None
    if command.model_id is not None:
        model = _marking_model(session, task.id, command.model_id)
    summary = yield from redact_document(session, task, model, command)
    session.emit(FileWritten(summary.path, summary.texts, asked_by=command.asked_by))
    return summary


def export_aliases(session: Session, command: c.ExportAliases) -> int:
    """Write the alias table to a file of its own."""
    from engine.deidentify.alias_book import part_label
    from engine.project.redaction import read_aliases

    path = Path(command.path)
    if path.resolve() == session.project.path.resolve():
        raise KnownError(
            tr("{file} is the project itself; choose another name for the aliases.", file=path.name)
        )
    rows = [
        row
        for row in read_aliases(session.project.connection)
        # The parts that aliases were made of would only repeat what the passages say.
        if not row.label.startswith(part_label(""))
    ]
    if not rows:
        raise KnownError(
            tr(
                "This project has given no aliases yet; they come with the first export of a label "
                "that is pseudonymised."
            )
        )
    with atomic_write(path, encoding="utf-8-sig") as file:
        table = csv.writer(file)
        table.writerow(["label", "original", "alias"])
        table.writerows([row.label, row.original, row.alias] for row in rows)
    session.emit(FileWritten(str(path), len(rows), asked_by=command.asked_by))
    return len(rows)


def _label_name(session: Session, label_id: int) -> str:
    for task in session.info.tasks:
        for label in task.labels:
            if label.id == label_id:
                return label.name
    raise KnownError(tr("That label is not in this project any more; nothing was changed."))


def _marking_model(session: Session, task_id: int, model_id: int) -> ModelInfo:
    model = labelling_model(session, model_id)
    if model.task_id != task_id or session.task(task_id).kind != "spans":
        raise KnownError(
            tr("The model “{name}” marks no passages in texts; choose another.", name=model.name)
        )
    return model
