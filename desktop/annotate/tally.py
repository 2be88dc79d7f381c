"""The progress figures, kept right from key to key until the engine has counted again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from engine.api import Counts, TextDetail


def recount(counts: Counts, before: TextDetail, after: TextDetail) -> Counts:
    """Return the counts as they are when the text `before` has become the text `after`."""
    was, now = before.row, after.row
    texts, labelled = counts.by_split.get(was.split, (0, 0))
    step = now.labelled - was.labelled
    return replace(
        counts,
        labelled=counts.labelled + step,
        skipped=counts.skipped + now.skipped - was.skipped,
        flagged=counts.flagged + now.flagged - was.flagged,
        by_label=_moved(counts.by_label, was.label_ids, now.label_ids),
        by_split=counts.by_split | {was.split: (texts, labelled + step)},
        spans_by_label=_moved(
            counts.spans_by_label,
            (span.label_id for span in before.spans),
            (span.label_id for span in after.spans),
        ),
    )


def _moved(counts: dict[int, int], gone: Iterable[int], come: Iterable[int]) -> dict[int, int]:
    moved = dict(counts)
    for label_id in gone:
        moved[label_id] = moved.get(label_id, 0) - 1
    for label_id in come:
        moved[label_id] = moved.get(label_id, 0) + 1
    return moved
