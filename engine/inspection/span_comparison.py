"""How two models that mark passages differ, passage by passage."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.inspection.judged_spans import JudgedSpans, judge_spans
from engine.inspection.scores import mcnemar_p
from engine.inspection.span_errors import span_errors
from engine.project.span_rows import SpanComparison, SpanError, SpanMark

_MOST = 1000

Place = tuple[int, SpanMark]
"""The id of a text, and a passage in it."""


def compare_span_models(
    connection: sqlite3.Connection,
    models_folder: Path,
    model_id: int,
    against_id: int,
    split: str = "test",
) -> SpanComparison:
    """Return how two models differ on the texts that both have predicted.

    A gold passage counts as found with its boundaries and its label. F1 is strict and
    micro-averaged over passages.

    Raises:
        KnownError: if there is no such model or split, a model labels whole texts, or the two
            belong to different tasks.
    """
    ours = judge_spans(connection, models_folder, model_id, split)
    theirs = judge_spans(connection, models_folder, against_id, split)
    if ours.task.id != theirs.task.id:
        raise KnownError(tr("These models belong to different tasks and cannot be compared."))
    both = {text.text_id for text in ours.texts} & {text.text_id for text in theirs.texts}
    ours, theirs = _only(ours, both), _only(theirs, both)
    gold = sum(len(text.gold) for text in ours.texts)
    wrong, other_wrong = span_errors(connection, ours), span_errors(connection, theirs)
    unfound, other_unfound = _gold(wrong), _gold(other_wrong)
    spurious, other_spurious = _spurious(wrong), _spurious(other_wrong)
    won = [e for place, e in other_unfound.items() if place not in unfound]
    lost = [e for place, e in unfound.items() if place not in other_unfound]
    came = [e for place, e in spurious.items() if place not in other_spurious]
    went = [e for place, e in other_spurious.items() if place not in spurious]
    return SpanComparison(
        model_id=model_id,
        against_id=against_id,
        split=split,
        texts=len(both),
        gold=gold,
        f1=_f1(ours, gold, gold - len(unfound)),
        against_f1=_f1(theirs, gold, gold - len(other_unfound)),
        won=tuple(won[:_MOST]),
        lost=tuple(lost[:_MOST]),
        came=tuple(came[:_MOST]),
        went=tuple(went[:_MOST]),
        won_total=len(won),
        lost_total=len(lost),
        came_total=len(came),
        went_total=len(went),
        p_value=mcnemar_p(len(won), len(lost)),
    )


def _only(judged: JudgedSpans, text_ids: set[int]) -> JudgedSpans:
    return replace(judged, texts=tuple(text for text in judged.texts if text.text_id in text_ids))


def _gold(errors: Iterable[SpanError]) -> dict[Place, SpanError]:
    """Return the gold passages that were not found as marked, with their errors."""
    return {(error.text_id, error.gold): error for error in errors if error.gold is not None}


def _spurious(errors: Iterable[SpanError]) -> dict[Place, SpanError]:
    return {(e.text_id, e.predicted): e for e in errors if e.gold is None and e.predicted}


def _f1(judged: JudgedSpans, gold: int, right: int) -> float:
    predicted = sum(len(text.predicted) for text in judged.texts)
    return 2 * right / (gold + predicted) if gold + predicted else 0.0
