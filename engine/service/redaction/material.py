"""What counts as found in a text: marks, predictions, rules, and what somebody decided."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.deidentify.records import Found
from engine.project.reading import list_text_ids
from engine.project.redaction_decisions import RedactionDecision, standing_decisions
from engine.project.rows import TaskInfo, TextFilter
from engine.project.spans import read_spans

REMOVED = "REMOVED"
"""Stands for a label that is gone; no policy knows it, so that its passages are redacted."""
SLICE = 100
"""Texts that are read at once."""

Rules = Callable[[str], Sequence[Found]]
"""Finds the passages of a text that look like something of a label."""

Span = tuple[int, int, int, float]
"""Start, end, position of the label among the model's, confidence."""


@dataclass(frozen=True, slots=True)
class TextMaterial:
    """A text with what is found in it, by its place.

    `found_by` is as in `RedactionPreview`. `found` already follows the decisions.
    """

    text_id: int
    content: str
    document: str
    found: tuple[Found, ...]
    found_by: str
    decisions: tuple[RedactionDecision, ...] = ()
    meta: str = "{}"


@dataclass(frozen=True, slots=True)
class Finders:
    """Who looks for passages where nobody has: a model of the project, and rules.

    `model_labels` are the names of the labels of the model's outputs today, "" for one that is
    gone.
    """

    model_id: int | None = None
    model_labels: tuple[str, ...] = ()
    rules: Rules | None = None


@dataclass(frozen=True, slots=True)
class _Facts:
    content: str
    document: str
    meta: str
    labelled: bool
    predicted: list[Span] | None = None
    decisions: tuple[RedactionDecision, ...] = field(default=())


def finders_of(
    connection: sqlite3.Connection, task: TaskInfo, model_id: int | None, rules: Rules | None
) -> Finders:
    """Return who looks for passages.

    Raises:
        KnownError: if there is no such model, or it was trained for another task.
    """
    if model_id is None:
        return Finders(rules=rules)
    found = connection.execute(
        "SELECT name, task_id, label_ids FROM models WHERE id = ? AND deleted = 0", (model_id,)
    ).fetchone()
    if found is None:
        raise KnownError(tr("That model is not in this project any more; choose another."))
    name, task_id, label_ids = found
    positions = json.loads(label_ids)
    if task_id != task.id or not positions:
        raise KnownError(
            tr("The model “{name}” marks no passages in texts; choose another.", name=name)
        )
    names = {label.id: label.name for label in task.labels}
    return Finders(model_id, tuple(names.get(label_id, "") for label_id in positions), rules)


def material_of_texts(
    connection: sqlite3.Connection, task: TaskInfo, text_ids: Sequence[int], finders: Finders
) -> list[TextMaterial]:
    """Return the texts with what counts as found in them, in their order; unknown ids are left out.

    Where somebody went through a text, the marks count and nothing else is asked.
    """
    names = {label.id: label.name for label in task.labels}
    marks = read_spans(connection, task.id, text_ids)
    material = []
    for text_id, facts in _facts(connection, task.id, text_ids, finders.model_id):
        if facts.labelled:
            found_by = "person"
            found = [
                Found(span.start, span.end, names[span.label_id], 1.0, "person", span.entity)
                for span in marks.get(text_id, ())
            ]
        else:
            found, found_by = _looked_for(facts, finders)
        material.append(
            TextMaterial(
                text_id,
                facts.content,
                facts.document,
                after_decisions(found, facts.decisions, names),
                found_by,
                facts.decisions,
                facts.meta,
            )
        )
    return material


def material_by_filter(
    connection: sqlite3.Connection, task: TaskInfo, filter: TextFilter, finders: Finders
) -> Iterator[list[TextMaterial]]:
    """Yield the texts that the filter keeps, some at a time, in the order of their import."""
    ids = list_text_ids(connection, task.id, filter)
    for start in range(0, len(ids), SLICE):
        yield material_of_texts(connection, task, ids[start : start + SLICE], finders)


def predicted_material(
    connection: sqlite3.Connection,
    task: TaskInfo,
    text_ids: Sequence[int],
    finders: Finders,
    *,
    out_of_fold: bool = False,
) -> list[TextMaterial]:
    """Return labelled texts as if nobody had gone through them: what model and rules find there.

    Decisions do not count, since what they would prove is how good the people are.
    """
    facts = _facts(connection, task.id, text_ids, finders.model_id, out_of_fold=out_of_fold)
    material = []
    for text_id, each in facts:
        found, found_by = _looked_for(each, finders)
        by_place = tuple(sorted(found, key=_place))
        material.append(TextMaterial(text_id, each.content, each.document, by_place, found_by))
    return material


def after_decisions(
    found: Iterable[Found], decisions: Sequence[RedactionDecision], names: dict[int, str]
) -> tuple[Found, ...]:
    """Return what counts as found once people decided, by its place in the text.

    What lies wholly inside a range that is to be kept does not count; what only touches one does,
    since nobody looked at the rest of it. A range that is to be masked always counts, even when its
    label was removed since.
    """
    kept = [(each.start, each.end) for each in decisions if each.decision == "keep"]
    masked = [
        Found(each.start, each.end, names.get(each.label_id or 0, REMOVED), 1.0, "person")
        for each in decisions
        if each.decision == "mask"
    ]
    standing = [
        one
        for one in found
        if not any(start <= one.start and one.end <= end for start, end in kept)
        and not any((one.start, one.end) == (each.start, each.end) for each in masked)
    ]
    return tuple(sorted([*standing, *masked], key=_place))


def _looked_for(facts: _Facts, finders: Finders) -> tuple[list[Found], str]:
    """Return what model and rules find in a text, and who of them looked.

    Where a model was chosen, only what it has read counts as looked at: rules see no names.
    """
    found: list[Found] = []
    found_by = "nobody"
    if finders.rules is not None:
        found += finders.rules(facts.content)
        if finders.model_id is None:
            found_by = "rules"
    if facts.predicted is not None:
        found_by = "model"
        found += [
            Found(start, end, finders.model_labels[position], confidence, "model")
            for start, end, position, confidence in facts.predicted
            if finders.model_labels[position]
        ]
    return _surest(found), found_by


def _surest(found: Iterable[Found]) -> list[Found]:
    """Return each passage once: what a rule is sure of is not in doubt because a model is not."""
    once: dict[tuple[int, int, str], Found] = {}
    for each in found:
        key = (each.start, each.end, each.label)
        if key not in once or once[key].confidence < each.confidence:
            once[key] = each
    return list(once.values())


def _facts(
    connection: sqlite3.Connection,
    task_id: int,
    text_ids: Sequence[int],
    model_id: int | None,
    *,
    out_of_fold: bool = False,
) -> Iterator[tuple[int, _Facts]]:
    wanted = json.dumps(list(text_ids))
    fold = "x.fold >= 0" if out_of_fold else "x.fold = -1"
    predicted = dict(
        connection.execute(
            "SELECT x.text_id, x.spans FROM json_each(?) j CROSS JOIN span_predictions x "
            f"ON x.text_id = j.value AND x.model_id = ? AND {fold}",
            (wanted, model_id),
        ).fetchall()
    )
    decisions = standing_decisions(connection, text_ids)
    for text_id, content, document, meta, labelled in connection.execute(
        """SELECT j.value, t.content, coalesce(t.document, ''), t.meta, a.text_id IS NOT NULL
           FROM json_each(:wanted) j
           CROSS JOIN placements p ON p.text_id = j.value
           CROSS JOIN texts t ON t.id = j.value
           LEFT JOIN annotations a ON a.text_id = j.value AND a.task_id = :task_id
           ORDER BY j.id""",
        {"wanted": wanted, "task_id": task_id},
    ).fetchall():
        spans = predicted.get(text_id)
        yield (
            text_id,
            _Facts(
                content,
                document,
                meta,
                bool(labelled),
                None if spans is None else json.loads(spans),
                decisions.get(text_id, ()),
            ),
        )


def _place(found: Found) -> tuple[int, int, str]:
    return found.start, found.end, found.label
