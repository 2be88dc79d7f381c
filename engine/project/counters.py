"""The sums shown after every key press, kept by the writer instead of counted by the reader.

A change is counted by leaving and entering: what the touched texts contribute is taken off before
the change and added after it, both read from the tables themselves. So there is no arithmetic of
differences to get wrong, and `recount` is the same code over all texts.
"""

from __future__ import annotations

import sqlite3

from engine.project.rows import SPLITS, Counts

_ADD = "ON CONFLICT (task_id, kind, item) DO UPDATE SET n = n + excluded.n"

# Each selects (task_id, kind, item, sum) over the texts in temp.touched; :sign is 1 or -1. CROSS
# JOIN keeps SQLite from starting at the larger table, since it has no statistics of touched.
_CONTRIBUTIONS = (
    """SELECT 0, 'texts', p.split, :sign * count(*)
       FROM temp.touched t CROSS JOIN placements p ON p.text_id = t.text_id GROUP BY p.split""",
    """SELECT a.task_id, 'labelled', p.split, :sign * count(*)
       FROM temp.touched t CROSS JOIN annotations a ON a.text_id = t.text_id
       CROSS JOIN placements p ON p.text_id = t.text_id GROUP BY a.task_id, p.split""",
    """SELECT l.task_id, 'label', l.label_id, :sign * count(*)
       FROM temp.touched t CROSS JOIN annotation_labels l ON l.text_id = t.text_id
       GROUP BY l.task_id, l.label_id""",
    """SELECT x.task_id, 'spans', x.label_id, :sign * count(*)
       FROM temp.touched t CROSS JOIN spans x ON x.text_id = t.text_id
       GROUP BY x.task_id, x.label_id""",
    """SELECT s.task_id, 'skipped', '', :sign * sum(s.skipped)
       FROM temp.touched t CROSS JOIN states s ON s.text_id = t.text_id GROUP BY s.task_id""",
    """SELECT s.task_id, 'flagged', '', :sign * sum(s.flagged)
       FROM temp.touched t CROSS JOIN states s ON s.text_id = t.text_id GROUP BY s.task_id""",
)


def leave(connection: sqlite3.Connection) -> None:
    """Take what the touched texts contribute off the counters, before they change."""
    _count(connection, -1)


def enter(connection: sqlite3.Connection) -> None:
    """Add what the touched texts contribute to the counters, after they changed."""
    _count(connection, 1)


def recount(connection: sqlite3.Connection) -> None:
    """Count everything anew, inside the caller's transaction."""
    connection.execute("DELETE FROM counters")
    connection.execute("DELETE FROM temp.touched")
    connection.execute("INSERT INTO temp.touched SELECT text_id FROM placements")
    enter(connection)


def get_counts(connection: sqlite3.Connection, task_id: int) -> Counts:
    """Return the progress of a task; the time it takes does not depend on the number of texts."""
    rows = connection.execute(
        "SELECT kind, item, n FROM counters WHERE task_id IN (0, ?)", (task_id,)
    ).fetchall()
    counts = {(kind, item): n for kind, item, n in rows}
    label_ids = connection.execute("SELECT id FROM labels WHERE task_id = ?", (task_id,)).fetchall()
    by_split = {
        split: (counts.get(("texts", split), 0), counts.get(("labelled", split), 0))
        for split in SPLITS
    }
    return Counts(
        texts=sum(texts for texts, _ in by_split.values()),
        labelled=sum(labelled for _, labelled in by_split.values()),
        skipped=counts.get(("skipped", ""), 0),
        flagged=counts.get(("flagged", ""), 0),
        by_label={label_id: counts.get(("label", str(label_id)), 0) for (label_id,) in label_ids},
        by_split=by_split,
        spans_by_label={
            label_id: counts.get(("spans", str(label_id)), 0) for (label_id,) in label_ids
        },
    )


def _count(connection: sqlite3.Connection, sign: int) -> None:
    for contribution in _CONTRIBUTIONS:
        connection.execute(
            f"INSERT INTO counters (task_id, kind, item, n) SELECT * FROM ({contribution}) "
            f"WHERE true {_ADD}",
            {"sign": sign},
        )
