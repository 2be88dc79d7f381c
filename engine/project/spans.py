"""Marked passages: what somebody does to the spans of a text, and how they are read.

Each function is one transaction and one undoable step. Offsets are code points, the end exclusive.
Passages may overlap and lie inside each other; only the very same one, with the same label, is not
marked twice.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from engine.core.errors import KnownError
from engine.core.language import tr, trn
from engine.core.times import utc_now
from engine.project.annotations import set_state
from engine.project.images import touch
from engine.project.journal import recording
from engine.project.rows import SpanInfo, Step, TaskInfo
from engine.project.tasks import read_task

if TYPE_CHECKING:
    from engine.project.project import ProjectFile

Span = tuple[int, int, int]
"""Start and end in code points, the end exclusive, and the id of the label."""

_ORIGINS = ("person", "bulk", "suggestion accepted")
_LONGEST_QUOTE = 40


def set_spans(
    project: ProjectFile,
    task_id: int,
    text_id: int,
    spans: Sequence[Span],
    *,
    origin: str = "person",
    model_id: int | None = None,
) -> Step:
    """Make these the passages of a text, in place of all it had; a skip is lifted.

    No passage at all is an answer too: somebody went through the text and found nothing to mark.
    Passages that stay keep who marked them. `origin` is "person", "bulk" or "suggestion accepted"
    (with `model_id`).

    Raises:
        KnownError: if a passage lies outside the text, is empty or is named twice, a label is not
            the task's, the task labels whole texts, or the text is gone; nothing was changed.
    """

    def change(content: str, task: TaskInfo, before: Sequence[Span]) -> tuple[list[Span], str]:
        for at, span in enumerate(spans):
            if span in spans[:at]:
                raise _marked_already(span, content, task)
        if not spans:
            return [], tr("Found nothing to mark")
        return list(spans), trn(
            "Marked {n:,} passage in a text", "Marked {n:,} passages in a text", len(spans)
        )

    return _change(project, task_id, text_id, change, origin, model_id, empty_is_an_answer=True)


def add_span(
    project: ProjectFile,
    task_id: int,
    text_id: int,
    span: Span,
    *,
    origin: str = "person",
    model_id: int | None = None,
) -> Step:
    """Mark one more passage of a text; a skip is lifted.

    Raises:
        KnownError: as `set_spans`, or if this passage has this mark already.
    """

    def change(content: str, task: TaskInfo, before: Sequence[Span]) -> tuple[list[Span], str]:
        if span in before:
            raise _marked_already(span, content, task)
        _check(span, content, task)
        return [*before, span], tr(
            "Marked “{passage}” as {label}",
            passage=_passage(content, span),
            label=task.label(span[2]).name,
        )

    return _change(project, task_id, text_id, change, origin, model_id)


def add_spans(
    project: ProjectFile,
    task_id: int,
    text_id: int,
    spans: Sequence[Span],
    *,
    origin: str = "person",
    model_id: int | None = None,
) -> Step:
    """Mark further passages of a text; those that are marked just so already stay as they are.

    Raises:
        KnownError: as `set_spans`, but for a passage that is named twice.
    """

    def change(content: str, task: TaskInfo, before: Sequence[Span]) -> tuple[list[Span], str]:
        new = [span for span in dict.fromkeys(spans) if span not in before]
        if not new:
            return list(before), tr("Confirmed what is marked in a text")
        names = {task.label(label_id).name for _, _, label_id in new if _has(task, label_id)}
        words = trn("Marked {n:,} passage", "Marked {n:,} passages", len(new))
        if len(names) == 1:
            words = trn(
                "Marked {n:,} passage as {label}",
                "Marked {n:,} passages as {label}",
                len(new),
                label=names.pop(),
            )
        return [*before, *new], words

    return _change(project, task_id, text_id, change, origin, model_id)


def remove_span(
    project: ProjectFile, task_id: int, text_id: int, span: Span, *, answered: bool = False
) -> Step:
    """Take the mark off a passage; a text left with none is not labelled any more.

    With `answered` it stays labelled: somebody looked, and there is nothing to mark.

    Raises:
        KnownError: if the passage is not marked so, or the task labels whole texts.
    """

    def change(content: str, task: TaskInfo, before: Sequence[Span]) -> tuple[list[Span], str]:
        _require(span, before)
        words = tr(
            "Took the mark {label} off “{passage}”",
            label=task.label(span[2]).name,
            passage=_passage(content, span),
        )
        return [other for other in before if other != span], words

    return _change(project, task_id, text_id, change, empty_is_an_answer=answered)


def edit_span(project: ProjectFile, task_id: int, text_id: int, span: Span, new: Span) -> Step:
    """Give a marked passage other boundaries, or another label; it means what it meant.

    Raises:
        KnownError: as `set_spans`, or if the passage is not marked so, or the new one is already.
    """

    def change(content: str, task: TaskInfo, before: Sequence[Span]) -> tuple[list[Span], str]:
        _require(span, before)
        if new in before:
            raise _marked_already(new, content, task)
        _check(new, content, task)
        label, new_label = task.label(span[2]).name, task.label(new[2]).name
        passage = _passage(content, span)
        if span[:2] == new[:2]:
            words = tr(
                "Changed “{passage}” from {old} to {new}", passage=passage, old=label, new=new_label
            )
        else:
            words = tr(
                "Moved {label} from “{old}” to “{new}”",
                label=label,
                old=passage,
                new=_passage(content, new),
            )
        return [new if other == span else other for other in before], words

    return _change(project, task_id, text_id, change, heir=(span, new))


def span_fault(start: int, end: int, length: int) -> str:
    """Return in words why a text of so many characters has no such passage, or ""."""
    if end == start:
        return tr("it has no characters")
    if end < start:
        return tr("its end is before its beginning")
    if start < 0 or end > length:
        return tr("it lies outside the text, which has {length:,} characters", length=length)
    return ""


def read_spans(
    connection: sqlite3.Connection, task_id: int, text_ids: Sequence[int]
) -> dict[int, tuple[SpanInfo, ...]]:
    """Return the marked passages of those texts that have any, by their place in the text."""
    found: dict[int, list[SpanInfo]] = {}
    for text_id, *values in connection.execute(
        'SELECT text_id, start, "end", label_id, origin, annotator, at, model_id, entity '
        "FROM spans WHERE task_id = ? AND text_id IN (SELECT value FROM json_each(?)) "
        'ORDER BY text_id, start, "end", label_id',
        (task_id, json.dumps(list(text_ids))),
    ).fetchall():
        found.setdefault(text_id, []).append(SpanInfo(*values))
    return {text_id: tuple(spans) for text_id, spans in found.items()}


def carry_labels(connection: sqlite3.Connection, task_id: int) -> None:
    """Let the touched texts carry the labels of their passages, inside the caller's transaction."""
    connection.execute(
        "DELETE FROM annotation_labels WHERE task_id = ? "
        "AND text_id IN (SELECT text_id FROM temp.touched)",
        (task_id,),
    )
    connection.execute(
        "INSERT INTO annotation_labels (text_id, task_id, label_id) "
        "SELECT DISTINCT x.text_id, x.task_id, x.label_id FROM temp.touched t "
        "CROSS JOIN spans x ON x.text_id = t.text_id AND x.task_id = ?",
        (task_id,),
    )


def task_of_spans(connection: sqlite3.Connection, task_id: int) -> TaskInfo:
    """Return a task in which passages are marked.

    Raises:
        KnownError: if there is no such task, or it labels whole texts.
    """
    task = read_task(connection, task_id)
    if task.kind != "spans":
        raise KnownError(
            tr(
                "In this task whole texts get labels, and no passages are marked; nothing was "
                "changed."
            )
        )
    return task


def content_of(connection: sqlite3.Connection, text_id: int) -> str:
    """Return a text that is in the project.

    Raises:
        KnownError: if it is not any more.
    """
    found = connection.execute(
        "SELECT t.content FROM placements p JOIN texts t ON t.id = p.text_id WHERE p.text_id = ?",
        (text_id,),
    ).fetchone()
    if found is None:
        raise KnownError(tr("That text is not in this project any more; nothing was changed."))
    return str(found[0])


def _change(
    project: ProjectFile,
    task_id: int,
    text_id: int,
    change: Callable[[str, TaskInfo, Sequence[Span]], tuple[list[Span], str]],
    origin: str = "person",
    model_id: int | None = None,
    *,
    empty_is_an_answer: bool = False,
    heir: tuple[Span, Span] | None = None,
) -> Step:
    """Replace the passages of a text by what `change` returns, with the words of the step.

    Of `heir` the second passage is what the first has become, and means the same.
    """
    if origin not in _ORIGINS:
        raise ValueError(f"origin is one of {_ORIGINS}, not {origin!r}")
    with project.transaction() as connection:
        task = task_of_spans(connection, task_id)
        content = content_of(connection, text_id)
        meanings = {
            (span.start, span.end, span.label_id): span.entity
            for span in read_spans(connection, task_id, (text_id,)).get(text_id, ())
        }
        before = list(meanings)
        after, words = change(content, task, before)
        for span in after:
            _check(span, content, task)
        nothing_new = set(after) == set(before) and _stands(connection, task_id, text_id, origin)
        touch(connection, () if nothing_new else (text_id,))
        values = {
            "task_id": task_id,
            "text_id": text_id,
            "origin": origin,
            "annotator": project.annotator,
            "at": utc_now(),
            "model_id": model_id if origin == "suggestion accepted" else None,
        }
        with recording(project, task_id, lambda _: words) as record:
            if after or empty_is_an_answer:
                inherited = {heir[1]: meanings[heir[0]]} if heir is not None else {}
                new = {span: inherited.get(span, "") for span in after if span not in meanings}
                _write(connection, values, set(before) - set(after), new)
            else:
                connection.execute(
                    "DELETE FROM annotations WHERE task_id = :task_id AND text_id = :text_id",
                    values,
                )
    return record.step


def _write(
    connection: sqlite3.Connection,
    values: dict[str, object],
    gone: set[Span],
    new: Mapping[Span, str],
) -> None:
    """Write the annotation of the touched text and the passages that differ.

    `new` tells what each new passage means.
    """
    connection.execute(
        "INSERT INTO annotations (text_id, task_id, origin, annotator, at, model_id) "
        "SELECT text_id, :task_id, :origin, :annotator, :at, :model_id FROM temp.touched "
        "WHERE true ON CONFLICT (text_id, task_id) DO UPDATE SET origin = excluded.origin, "
        "annotator = excluded.annotator, at = excluded.at, model_id = excluded.model_id",
        values,
    )
    connection.executemany(
        "DELETE FROM spans WHERE task_id = :task_id AND text_id = :text_id AND start = :start "
        'AND "end" = :end AND label_id = :label_id',
        [_row(values, span) for span in gone],
    )
    connection.executemany(
        'INSERT INTO spans (text_id, task_id, start, "end", label_id, origin, annotator, at, '
        "model_id, entity) VALUES (:text_id, :task_id, :start, :end, :label_id, :origin, "
        ":annotator, :at, :model_id, :entity)",
        [{**_row(values, span), "entity": new[span]} for span in sorted(new)],
    )
    task_id = values["task_id"]
    assert isinstance(task_id, int)
    carry_labels(connection, task_id)
    set_state(connection, task_id, "skipped", 0)


def _row(values: dict[str, object], span: Span) -> dict[str, object]:
    return {**values, **dict(zip(("start", "end", "label_id"), span, strict=True))}


def _stands(connection: sqlite3.Connection, task_id: int, text_id: int, origin: str) -> bool:
    """Return whether a text with the same passages needs no new annotation.

    A person's own decision takes over from an import, a bulk action or a suggestion.
    """
    found = connection.execute(
        "SELECT a.origin, coalesce(s.skipped, 0) FROM annotations a LEFT JOIN states s "
        "ON s.text_id = a.text_id AND s.task_id = a.task_id WHERE a.task_id = ? AND a.text_id = ?",
        (task_id, text_id),
    ).fetchone()
    return found is not None and not found[1] and origin in (found[0], "bulk", _ORIGINS[-1])


def _has(task: TaskInfo, label_id: int) -> bool:
    return any(label.id == label_id for label in task.labels)


def _check(span: Span, content: str, task: TaskInfo) -> None:
    start, end, label_id = span
    if not _has(task, label_id):
        raise KnownError(tr("That label is not in this task any more; nothing was changed."))
    fault = span_fault(start, end, len(content))
    if fault:
        raise KnownError(
            tr(
                "The passage {start}–{end} was not marked: {fault}.",
                start=start,
                end=end,
                fault=fault,
            )
        )


def _require(span: Span, before: Sequence[Span]) -> None:
    if span not in before:
        raise KnownError(tr("That passage is not marked so any more; nothing was changed."))


def _marked_already(span: Span, content: str, task: TaskInfo) -> KnownError:
    _check(span, content, task)
    return KnownError(
        tr(
            "“{passage}” is marked as {label} already; nothing was changed.",
            passage=_passage(content, span),
            label=task.label(span[2]).name,
        )
    )


def _passage(content: str, span: Span) -> str:
    """Return a passage on one line and not too long, for a sentence that quotes it."""
    passage = " ".join(content[span[0] : span[1]].split())
    if len(passage) > _LONGEST_QUOTE:
        passage = passage[: _LONGEST_QUOTE - 1] + "…"
    return passage
