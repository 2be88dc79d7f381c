"""The progress figures, kept right from key to key until the engine has counted again."""

from __future__ import annotations

from dataclasses import replace

from engine.api import Counts, TextRow


def recount(counts: Counts, before: TextRow, after: TextRow) -> Counts:
    """Return the counts as they are when the row `before` has become the row `after`."""
    by_label = dict(counts.by_label)
    for label_id in before.label_ids:
        by_label[label_id] = by_label.get(label_id, 0) - 1
    for label_id in after.label_ids:
        by_label[label_id] = by_label.get(label_id, 0) + 1
    texts, labelled = counts.by_split.get(before.split, (0, 0))
    step = after.labelled - before.labelled
    return replace(
        counts,
        labelled=counts.labelled + step,
        skipped=counts.skipped + after.skipped - before.skipped,
        flagged=counts.flagged + after.flagged - before.flagged,
        by_label=by_label,
        by_split=counts.by_split | {before.split: (texts, labelled + step)},
    )
