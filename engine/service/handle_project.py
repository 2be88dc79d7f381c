"""Commands about the project as a whole and its task."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.core.errors import KnownError
from engine.core.language import mark, tr
from engine.project import tasks
from engine.project.rows import LabelInfo, ProjectInfo, Step, TaskInfo
from engine.service import commands as c
from engine.service.handle_labels import announce

if TYPE_CHECKING:
    from engine.service.session import Session

ANOTHER_OPENED = mark("This project was closed, because another one was opened.")


def create_project(session: Session, command: c.CreateProject) -> ProjectInfo:
    """Create a project file and open it; the one that is open is closed when that worked."""
    from engine.project.project import create_project as create

    path = Path(command.path)
    project = create(
        path,
        name=command.name,
        kind=command.kind,
        labels=command.labels,
        multi_label=command.multi_label,
        guideline=command.guideline,
        label_guidelines=command.label_guidelines,
        identifiers=command.identifiers,
        annotator=session.info.annotator if session.is_open else "",
    )
    session.close_project(KnownError(tr(ANOTHER_OPENED)), command.asked_by)
    return session.adopt(project, command.asked_by)


def open_project(session: Session, command: c.OpenProject) -> ProjectInfo:
    """Open a project file, closing the one that is open.

    A project that cannot be opened leaves the open one as it is.
    """
    from engine.project.project import open_project as open_

    path = Path(command.path)
    if session.is_open and _same_file(session.project.path, path):
        return session.info
    project = open_(path)
    session.close_project(KnownError(tr(ANOTHER_OPENED)), command.asked_by)
    return session.adopt(project, command.asked_by)


def close_project(session: Session, command: c.CloseProject) -> None:
    """Close the open project."""
    session.close_project(KnownError(tr("The project was closed.")), command.asked_by)


def set_annotator(session: Session, command: c.SetAnnotator) -> None:
    """Say who is labelling."""
    session.project.set_annotator(command.name)
    session.tell_change(command.asked_by)


def add_label(session: Session, command: c.AddLabel) -> LabelInfo:
    """Add a label to a task."""
    label, step = tasks.add_label(
        session.project,
        command.task_id,
        command.name,
        key=command.key,
        color=command.color,
        guideline=command.guideline,
        identifier=command.identifier,
    )
    announce(session, step, command, command.task_id)
    return label


def edit_label(session: Session, command: c.EditLabel) -> LabelInfo:
    """Change a label."""
    label, step = tasks.edit_label(
        session.project,
        command.label_id,
        name=command.name,
        key=command.key,
        color=command.color,
        guideline=command.guideline,
        identifier=command.identifier,
    )
    announce(session, step, command, label.task_id)
    return label


def remove_label(session: Session, command: c.RemoveLabel) -> Step:
    """Remove a label, and take it off every text that has it."""
    step = tasks.remove_label(session.project, command.label_id)
    return announce(session, step, command, session.info.task.id)


def edit_task(session: Session, command: c.EditTask) -> TaskInfo:
    """Change the name or the guideline of a task."""
    task, step = tasks.edit_task(
        session.project, command.task_id, name=command.name, guideline=command.guideline
    )
    announce(session, step, command, command.task_id)
    return task


def _same_file(one: Path, other: Path) -> bool:
    try:
        return one.resolve() == other.resolve()
    except OSError:
        return False
