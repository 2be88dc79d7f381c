"""Passages about which people could disagree: flagged, with the reason in the guideline."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.core.times import utc_now
from engine.project.annotations import set_state
from engine.project.images import touch
from engine.project.journal import Record, recording
from engine.project.rows import LabelInfo, Step, TaskInfo
from engine.project.spans import span_fault
from engine.project.tasks import read_task
from engine.project.text_rows import get_text

if TYPE_CHECKING:
    from engine.project.project import ProjectFile

_LONGEST_QUOTE = 60


def mark_ambiguous(
    project: ProjectFile,
    task_id: int,
    text_id: int,
    span: tuple[int, int, int | None],
    reason: str,
) -> Step:
    """Flag a text and write into the guideline, under today's date, why a passage is unclear.

    `span` is (start, end, label id). The reason goes into the guideline of that label, or of the
    task where the label is None; it is one line, and quotes the passage. Gold may mark the passage
    or not. Flag and guideline are one step.

    Raises:
        KnownError: if there is no reason, the passage lies outside the text, the label is not the
            task's, the task labels whole texts, or the text is gone; nothing was changed.
    """
    start, end, label_id = span
    reason = " ".join(reason.split())
    if not reason:
        raise KnownError(tr("Say in a few words what is unclear; nothing was changed."))
    with project.transaction() as connection:
        task = read_task(connection, task_id)
        if task.kind != "spans":
            raise KnownError(tr("In this task no passages are marked; nothing was changed."))
        label = next((label for label in task.labels if label.id == label_id), None)
        if label is None and label_id is not None:
            raise KnownError(tr("That label is not in this task any more; nothing was changed."))
        detail = get_text(connection, task_id, text_id)
        if detail is None:
            raise KnownError(tr("That text is not in this project any more; nothing was changed."))
        fault = span_fault(start, end, len(detail.content))
        if fault:
            raise KnownError(
                tr(
                    "The passage {start}–{end} was not marked as ambiguous: {fault}.",
                    start=start,
                    end=end,
                    fault=fault,
                )
            )
        passage = " ".join(detail.content[start:end].split())
        if len(passage) > _LONGEST_QUOTE:
            passage = passage[: _LONGEST_QUOTE - 1] + "…"
        touch(connection, (text_id,))
        words = tr("Marked “{passage}” as ambiguous", passage=passage)
        with recording(project, task_id, lambda _: words) as record:
            set_state(connection, task_id, "flagged", 1)
            _add_line(project, record, task, label, f"- {utc_now()[:10]} “{passage}”: {reason}")
    return record.step


def _add_line(
    project: ProjectFile, record: Record, task: TaskInfo, label: LabelInfo | None, line: str
) -> None:
    """Put a line at the end of a label's guideline, or without a label of the task's."""
    if label is not None:
        guideline = _with_line(label.guideline, line)
        project.connection.execute(
            "UPDATE labels SET guideline = ? WHERE id = ?", (guideline, label.id)
        )
        row = asdict(label)
        record.row("labels", label.id, row, {**row, "guideline": guideline})
        return
    guideline = _with_line(task.guideline, line)
    cursor = project.connection.execute("SELECT * FROM tasks WHERE id = ?", (task.id,))
    names = [column[0] for column in cursor.description]
    row = dict(zip(names, cursor.fetchone(), strict=True))
    project.connection.execute("UPDATE tasks SET guideline = ? WHERE id = ?", (guideline, task.id))
    record.row("tasks", task.id, row, {**row, "guideline": guideline})


def _with_line(guideline: str, line: str) -> str:
    """Return a guideline with one more line; lists of bullets stand apart from what is above."""
    if not guideline:
        return line
    last = guideline.rsplit("\n", 1)[-1]
    return f"{guideline}\n{line}" if last.startswith("- ") else f"{guideline}\n\n{line}"
