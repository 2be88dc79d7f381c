"""Commands of the annotator: labels, states, undo. They overtake everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.project import ambiguous, entities, journal, spans
from engine.project import annotations as marks
from engine.project.rows import Step
from engine.service import commands as c
from engine.service import span_commands as s
from engine.service.events import LabelsChanged, TasksChanged, TextsChanged

if TYPE_CHECKING:
    from engine.service.session import Session


def set_labels(session: Session, command: c.SetLabels) -> Step:
    """Give texts their labels."""
    step = marks.set_labels(
        session.project,
        command.task_id,
        command.text_ids,
        command.label_ids,
        origin=command.origin,
        model_id=command.model_id,
    )
    return announce(session, step, command, command.task_id)


def give_labels(session: Session, command: c.GiveLabels) -> Step:
    """Give texts labels beside those they have."""
    step = marks.give_labels(session.project, command.task_id, command.text_ids, command.label_ids)
    return announce(session, step, command, command.task_id)


def take_labels(session: Session, command: c.TakeLabels) -> Step:
    """Take some labels off texts."""
    step = marks.take_labels(session.project, command.task_id, command.text_ids, command.label_ids)
    session.suggestions.include(step.text_ids)
    return announce(session, step, command, command.task_id)


def clear_labels(session: Session, command: c.ClearLabels) -> Step:
    """Make texts not labelled again."""
    step = marks.clear_labels(session.project, command.task_id, command.text_ids)
    session.suggestions.include(step.text_ids)
    return announce(session, step, command, command.task_id)


def set_spans(session: Session, command: s.SetSpans) -> Step:
    """Mark passages of a text, in place of all it had."""
    step = spans.set_spans(
        session.project,
        command.task_id,
        command.text_id,
        command.spans,
        origin=command.origin,
        model_id=command.model_id,
    )
    return announce(session, step, command, command.task_id)


def add_span(session: Session, command: s.AddSpan) -> Step:
    """Mark one more passage."""
    step = spans.add_span(
        session.project,
        command.task_id,
        command.text_id,
        command.span,
        origin=command.origin,
        model_id=command.model_id,
    )
    return announce(session, step, command, command.task_id)


def add_spans(session: Session, command: s.AddSpans) -> Step:
    """Mark further passages in one step."""
    step = spans.add_spans(
        session.project,
        command.task_id,
        command.text_id,
        command.spans,
        origin=command.origin,
        model_id=command.model_id,
    )
    return announce(session, step, command, command.task_id)


def dismiss_spans(session: Session, command: s.DismissSpans) -> Step:
    """Leave suggested passages out."""
    step = entities.dismiss_spans(session.project, command.task_id, command.text_id, command.spans)
    return announce(session, step, command, command.task_id)


def set_entity(session: Session, command: s.SetEntity) -> Step:
    """Say what marked passages mean."""
    step = entities.set_entity(
        session.project, command.task_id, command.text_id, command.spans, command.entity
    )
    return announce(session, step, command, command.task_id)


def remove_span(session: Session, command: s.RemoveSpan) -> Step:
    """Take the mark off a passage."""
    step = spans.remove_span(
        session.project,
        command.task_id,
        command.text_id,
        command.span,
        answered=command.answered,
    )
    session.suggestions.include(step.text_ids)
    return announce(session, step, command, command.task_id)


def edit_span(session: Session, command: s.EditSpan) -> Step:
    """Give a passage other boundaries, or another label."""
    step = spans.edit_span(
        session.project, command.task_id, command.text_id, command.span, command.new
    )
    return announce(session, step, command, command.task_id)


def set_skipped(session: Session, command: c.SetSkipped) -> Step:
    """Skip texts, or take the skip back."""
    step = marks.set_skipped(session.project, command.task_id, command.text_ids, command.skipped)
    if not command.skipped:
        session.suggestions.include(step.text_ids)
    return announce(session, step, command, command.task_id)


def set_flagged(session: Session, command: c.SetFlagged) -> Step:
    """Flag texts, or take the flag off."""
    step = marks.set_flagged(session.project, command.task_id, command.text_ids, command.flagged)
    return announce(session, step, command, command.task_id)


def mark_ambiguous(session: Session, command: s.MarkAmbiguous) -> Step:
    """Flag a text, and write into the guideline what is unclear in it."""
    step = ambiguous.mark_ambiguous(
        session.project, command.task_id, command.text_id, command.span, command.reason
    )
    return announce(session, step, command, command.task_id)


def set_comment(session: Session, command: c.SetComment) -> Step:
    """Write a comment on a text."""
    step = marks.set_comment(session.project, command.task_id, command.text_id, command.comment)
    return announce(session, step, command, command.task_id)


def undo_last(session: Session, command: c.UndoLast) -> Step:
    """Take the last step back."""
    step = journal.undo(session.project)
    session.suggestions.include(step.text_ids)
    return announce(session, step, command, session.info.task.id, kind="undo")


def redo_last(session: Session, command: c.RedoLast) -> Step:
    """Do the last undone step again."""
    step = journal.redo(session.project)
    return announce(session, step, command, session.info.task.id, kind="redo")


def announce(
    session: Session, step: Step, command: c.Command, task_id: int, kind: str = "do"
) -> Step:
    """Tell what a step changed, and what undo would do now; nothing for a step without effect."""
    if step.id == 0:
        return step
    asked_by = command.asked_by
    if step.text_ids:
        session.emit(
            LabelsChanged(task_id, step.text_ids, step.id, step.words, kind, asked_by=asked_by)
        )
    if not step.tasks_changed and not step.texts_changed:
        undo, redo = journal.undo_words(session.project.connection)
        session.tell_change(asked_by, undo=undo, redo=redo)
        return step
    info = session.refresh()
    if step.tasks_changed:
        session.emit(TasksChanged(info, asked_by=asked_by))
    if step.texts_changed:
        session.emit(TextsChanged(info.texts, asked_by=asked_by))
        session.suggestions.look_again()
        session.embedding.look_again()
    session.tell_change(asked_by)
    return step
