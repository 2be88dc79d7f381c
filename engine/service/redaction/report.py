"""How well a project's passages are protected: what is found by itself against what is marked."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from typing import Any

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.deidentify.records import Found
from engine.deidentify.risk import privacy_report
from engine.project.reading import list_text_ids
from engine.project.redaction_decisions import decision_log
from engine.project.rows import SPLITS, TaskInfo, TextFilter
from engine.project.spans import read_spans
from engine.service.redaction.doubts import Survey, replaced_in
from engine.service.redaction.material import (
    SLICE,
    Finders,
    TextMaterial,
    predicted_material,
)
from engine.service.redaction.records import LabelRisk, RedactionReport
from engine.service.redaction.redacting import policy_of
from engine.service.split_words import split_words

CROSS_VALIDATION = "cross-validation"
LOG = 200
"""Decisions in a report."""


def redaction_report(
    connection: sqlite3.Connection,
    task: TaskInfo,
    split: str,
    filter: TextFilter,
    finders: Finders,
    check: Callable[[], None] = lambda: None,
) -> RedactionReport:
    """Return the report on the texts of a split, and on what the filter keeps.

    `check` is as for `Survey`.

    Raises:
        KnownError: if there is no such split.
    """
    if split not in (*SPLITS, CROSS_VALIDATION):
        names = ", ".join((*SPLITS, CROSS_VALIDATION))
        raise KnownError(
            tr(
                "There is no part “{name}” of the texts; there are {names}.",
                name=split,
                names=names,
            )
        )
    survey = Survey(connection, task, filter, finders, check)
    scores = _scores(connection, task, split, finders)
    entities, mentions = scores["entities"], scores["mentions"]
    return RedactionReport(
        model_id=finders.model_id,
        split=split,
        texts=scores["texts"],
        direct_recall=entities["direct"]["recall"],
        direct_entities=entities["direct"]["total"],
        quasi_recall=entities["quasi"]["recall"],
        quasi_entities=entities["quasi"]["total"],
        mention_recall=mentions["all"]["recall"],
        mentions=mentions["all"]["total"],
        precision=scores["precision"],
        per_label=_per_label(task, scores),
        operators=dict(
            Counter(
                survey.policy.choice(each.label).operator
                for text in survey.texts
                for each in text.found
            )
        ),
        open_doubts=len(survey.doubts()),
        decided=survey.decided,
        unread=survey.unread,
        words=_words(scores, split, finders),
        log=tuple(decision_log(connection, LOG)),
    )


def _scores(
    connection: sqlite3.Connection, task: TaskInfo, split: str, finders: Finders
) -> dict[str, Any]:
    """Compare what model and rules find with what is marked, text by text."""
    out_of_fold = split == CROSS_VALIDATION
    labelled = TextFilter(state="labelled", split=None if out_of_fold else split)
    ids = list_text_ids(connection, task.id, labelled)
    policy = policy_of(connection, task)
    names = {label.id: label.name for label in task.labels}
    gold: list[list[Found]] = []
    found: list[TextMaterial] = []
    for start in range(0, len(ids), SLICE):
        some = ids[start : start + SLICE]
        predicted = predicted_material(connection, task, some, finders, out_of_fold=out_of_fold)
        looked_at = [text for text in predicted if _counts(text, finders)]
        found += looked_at
        marks = read_spans(connection, task.id, some)
        gold += [
            [
                Found(span.start, span.end, names[span.label_id], 1.0, "person", span.entity)
                for span in marks.get(text.text_id, ())
            ]
            for text in looked_at
        ]
    return privacy_report(
        [text.content for text in found],
        gold,
        [replaced_in(text.found, policy) for text in found],
        {label.name: label.identifier for label in task.labels},
    )


def _counts(text: TextMaterial, finders: Finders) -> bool:
    """Whether a text says something of those who look: the model, where there is one, read it."""
    return text.found_by == ("rules" if finders.model_id is None else "model")


def _per_label(task: TaskInfo, scores: dict[str, Any]) -> tuple[LabelRisk, ...]:
    rows = []
    for label in task.labels:
        each = scores["per_label"].get(label.name)
        if each is not None:
            mentions = each["mentions"]
            rows.append(
                LabelRisk(label.id, mentions["total"], mentions["masked"], each["precision"])
            )
    return tuple(rows)


def _words(scores: dict[str, Any], split: str, finders: Finders) -> str:
    if finders.model_id is None and finders.rules is None:
        return tr(
            "Nothing is measured: choose a model, or switch on rules, and what they find is "
            "compared with what is marked."
        )
    if not scores["texts"]:
        if split == CROSS_VALIDATION:
            return tr(
                "Nothing is measured: no text is both marked by a person and read by the model."
            )
        return tr(
            "Nothing is measured: no text of the {part} part is both marked by a person and read "
            "by the model.",
            part=split_words(split),
        )
    return str(scores["residual_risk"])
