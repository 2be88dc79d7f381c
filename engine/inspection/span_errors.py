"""Where a model and the gold passages disagree, one record for each disagreement.

Nothing here is stored: correcting a passage changes the next answer.
"""

from __future__ import annotations

import json
import math
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from engine.inspection.judged_spans import JudgedSpans, judge_spans
from engine.inspection.span_scores import Match, Span, flag_splits, match_spans
from engine.project.span_rows import SpanError, SpanMark

NO_MARK = 0
"""In the place of a label id: nothing is marked there, or nothing was found."""

_SPACE = re.compile(r"\s")
_AROUND = 60  # characters of context on either side
_LONGEST = 240  # characters of a passage that are shown
_MARKED_ELSEWHERE = 0.5
_MARKED_ONCE = 0.25


def list_span_errors(
    connection: sqlite3.Connection,
    models_folder: Path,
    model_id: int,
    split: str = "test",
    *,
    kind: str | None = None,
    label_id: int | None = None,
    gold: int | None = None,
    predicted: int | None = None,
    surface: str | None = None,
    text_id: int | None = None,
    limit: int = 1000,
) -> list[SpanError]:
    """Return the disagreements of a model with today's gold, the most worth a look first.

    `kind` is one of SPAN_ERRORS. `label_id` keeps the errors of gold passages with this label and
    the spurious ones that got it, as `SpanConfusions` counts them; `gold` and `predicted` ask for
    the label of one side, `NO_MARK` for none. `surface` is a `SpanError.passage`.

    The order is by what a decision is worth: how likely it is that gold is wrong, times how far
    the decision reaches.

    - A wrong gold passage does harm twice, in training and in the score, and takes a key press to
      mend; a mistake of the model is mended by training alone. What tells them apart best is the
      model's confidence in a prediction that contradicts gold: label errors gather where a model
      is sure and disagrees (Northcutt, Jiang and Chuang, 2021). So it stands for the likelihood,
      and what the model itself was unsure of comes last.
    - A missing passage has no confidence. It counts as 0.5 where gold marks the same string with
      the same label elsewhere too, since gold then insists and one decision answers for all of
      them, and as 0.25 where it is the only one.
    - The same string with the same labels on either side is one question, asked n times; whoever
      answers it once has answered it n times. The reach is log2(1 + n), so that the second such
      place adds more than the tenth.

    Raises:
        KnownError: if there is no such model or split, or the model labels whole texts.
    """
    judged = judge_spans(connection, models_folder, model_id, split)
    wanted = [
        error
        for error in span_errors(connection, judged)
        if kind in (None, error.kind)
        and label_id in (None, error.mark.label_id)
        and (gold is None or gold == (error.gold.label_id if error.gold else NO_MARK))
        and (
            predicted is None
            or predicted == (error.predicted.label_id if error.predicted else NO_MARK)
        )
        and surface in (None, error.passage)
        and text_id in (None, error.text_id)
    ]
    return wanted[:limit]


def span_errors(connection: sqlite3.Connection, judged: JudgedSpans) -> list[SpanError]:
    """Return all disagreements, in the order that `list_span_errors` describes."""
    found = []
    for text in judged.texts:
        matches = match_spans(text.gold, text.predicted)
        for match, flags in zip(matches, flag_splits(matches), strict=True):
            if match.kind != "correct":
                sure = None if match.predicted is None else text.confidence[match.predicted]
                found.append((text.text_id, match, flags, sure))
    facts = _facts(connection, judged.task.id, {text_id for text_id, *_ in found})
    errors = []
    for text_id, match, (split, merge), sure in found:
        content, flagged, comment = facts[text_id]
        span = match.gold or match.predicted
        assert span is not None
        start, context = _context(content, match)
        errors.append(
            SpanError(
                text_id=text_id,
                kind=match.kind,
                gold=_mark(match.gold),
                predicted=_mark(match.predicted),
                confidence=sure,
                split=split,
                merge=merge,
                passage=surface_of(content, span),
                context=context,
                context_start=start,
                flagged=flagged,
                comment=comment,
            )
        )
    return _most_worth_first(connection, judged.task.id, errors)


def surface_of(content: str, span: Span) -> str:
    """Return a passage on one line, the middle of a very long one left out."""
    words = " ".join(content[span[0] : span[1]].split())
    if len(words) > _LONGEST:
        words = f"{words[: _LONGEST // 2]} … {words[-_LONGEST // 2 :]}"
    return words


def same_question(error: SpanError) -> tuple[str, int | None, int | None]:
    """Return what errors have in common that one decision answers: the string and both labels."""
    return (
        error.passage,
        error.gold.label_id if error.gold else None,
        error.predicted.label_id if error.predicted else None,
    )


def _most_worth_first(
    connection: sqlite3.Connection, task_id: int, errors: Sequence[SpanError]
) -> list[SpanError]:
    reach = Counter(same_question(error) for error in errors)
    missing = [error for error in errors if error.predicted is None]
    marked = _times_marked(connection, task_id, missing)

    def worth(error: SpanError) -> float:
        likely = error.confidence
        if likely is None:
            often = marked[error.passage, error.mark.label_id] > 1
            likely = _MARKED_ELSEWHERE if often else _MARKED_ONCE
        return likely * math.log2(1 + reach[same_question(error)])

    return sorted(
        errors, key=lambda error: (-worth(error), error.text_id, error.mark.start, error.mark.end)
    )


def _times_marked(
    connection: sqlite3.Connection, task_id: int, errors: Iterable[SpanError]
) -> Counter[tuple[str, int]]:
    """Count how often gold marks the strings of errors, in all texts of the task."""
    lengths = {error.mark.end - error.mark.start for error in errors}
    if not lengths:
        return Counter()
    # Only passages as long as one that is missing are cut out of their texts.
    rows = connection.execute(
        """SELECT substr(t.content, s.start + 1, s."end" - s.start), s.label_id
           FROM spans s JOIN texts t ON t.id = s.text_id
           WHERE s.task_id = ? AND s."end" - s.start IN (SELECT value FROM json_each(?))""",
        (task_id, json.dumps(sorted(lengths))),
    ).fetchall()
    marked: Counter[tuple[str, int]] = Counter()
    for (words, label_id), times in Counter(rows).items():
        marked[surface_of(words, (0, len(words), label_id)), label_id] += times
    return marked


def _facts(
    connection: sqlite3.Connection, task_id: int, text_ids: Iterable[int]
) -> dict[int, tuple[str, bool, str]]:
    """Return content, flag and comment of each text."""
    rows = connection.execute(
        """SELECT t.id, t.content, coalesce(s.flagged, 0), coalesce(s.comment, '')
           FROM json_each(:ids) j CROSS JOIN texts t ON t.id = j.value
           LEFT JOIN states s ON s.text_id = t.id AND s.task_id = :task_id""",
        {"ids": json.dumps(sorted(text_ids)), "task_id": task_id},
    ).fetchall()
    return {text_id: (content, bool(flag), comment) for text_id, content, flag, comment in rows}


def _context(content: str, match: Match) -> tuple[int, str]:
    """Return where the context of a match begins, and the context."""
    spans = [span for span in (match.gold, match.predicted) if span is not None]
    first = min(start for start, _, _ in spans)
    last = min(max(end for _, end, _ in spans), first + _LONGEST)
    start = max(first - _AROUND, 0)
    words = content[start : last + _AROUND]
    return start, _SPACE.sub(" ", words)


def _mark(span: Span | None) -> SpanMark | None:
    return None if span is None else SpanMark(*span)
