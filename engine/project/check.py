"""Is a project whole? What is looked at, and what is said of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.core.hashing import text_sha256
from engine.core.language import tr, trc, trn
from engine.project import counters
from engine.project.images import image_query
from engine.project.models import list_models

if TYPE_CHECKING:
    from engine.project.project import ProjectFile

_SLICE = 2000
_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be; `severity` is "error" (data) or "warning"."""

    severity: str
    words: str


def check_project(project: ProjectFile) -> list[Finding]:
    """Return what is wrong with an open project; an empty list if it is whole.

    Looks at the file's structure, references between rows, the texts' hashes, the full-text
    index, the marked passages, the journal (what it says last of each text is what the project
    says), the sums, the splits, and whether the models' folders are there. The contents of those
    folders are the registry's to check.
    """
    checks: tuple[tuple[str, Callable[[ProjectFile], Iterator[Finding]]], ...] = (
        (trc("what is checked", "structure"), _structure),
        (trc("what is checked", "references"), _references),
        (trc("what is checked", "texts"), _texts),
        (trc("what is checked", "full-text-index"), _full_text_index),
        (trc("what is checked", "spans"), _spans),
        (trc("what is checked", "journal"), _journal),
        (trc("what is checked", "sums"), _sums),
        (trc("what is checked", "splits"), _splits),
        (trc("what is checked", "models"), _models),
    )
    findings: list[Finding] = []
    for about, check in checks:
        try:
            findings.extend(check(project))
        except sqlite3.DatabaseError as error:
            findings.append(
                Finding(
                    "error", tr("The {about} could not be read: {error}.", about=about, error=error)
                )
            )
    return findings


def _structure(project: ProjectFile) -> Iterator[Finding]:
    rows = project.connection.execute(f"PRAGMA integrity_check({_MOST_NAMED})").fetchall()
    for (verdict,) in rows:
        if verdict != "ok":
            yield Finding("error", tr("The file is damaged: {verdict}.", verdict=verdict))


def _references(project: ProjectFile) -> Iterator[Finding]:
    broken = project.connection.execute("PRAGMA foreign_key_check").fetchmany(_MOST_NAMED)
    for table, _, parent, _ in broken:
        yield Finding(
            "error",
            tr(
                "A row of {table} refers to a row of {parent} that is not there.",
                table=table,
                parent=parent,
            ),
        )


def _texts(project: ProjectFile) -> Iterator[Finding]:
    last, changed = 0, 0
    while rows := project.connection.execute(
        "SELECT id, content, sha256 FROM texts WHERE id > ? ORDER BY id LIMIT ?", (last, _SLICE)
    ).fetchall():
        last = rows[-1][0]
        changed += sum(text_sha256(content) != sha256 for _, content, sha256 in rows)
    if changed:
        yield Finding(
            "error",
            trn(
                "1 text is not what was imported (its hash differs).",
                "{n} texts are not what was imported (their hash differs).",
                changed,
            ),
        )


def _full_text_index(project: ProjectFile) -> Iterator[Finding]:
    try:
        with project.transaction() as connection:
            # Rank 1 compares the index with the texts, not only with itself.
            connection.execute(
                "INSERT INTO texts_fts (texts_fts, rank) VALUES ('integrity-check', 1)"
            )
    except Exception as error:
        if not isinstance(error.__cause__ or error, sqlite3.DatabaseError):
            raise
        yield Finding(
            "error", tr("The full-text index does not match the texts; search may miss some.")
        )


def _spans(project: ProjectFile) -> Iterator[Finding]:
    (outside,) = project.connection.execute(
        'SELECT count(*) FROM spans x JOIN placements p USING (text_id) WHERE x."end" > p.length'
    ).fetchone()
    if outside:
        yield Finding(
            "error",
            trn(
                "1 marked passage lies outside its text.",
                "{n} marked passages lie outside their texts.",
                outside,
            ),
        )
    carried = (
        "SELECT text_id, task_id, label_id FROM annotation_labels "
        "WHERE task_id IN (SELECT id FROM tasks WHERE kind = 'spans')"
    )
    of_spans = "SELECT text_id, task_id, label_id FROM spans"
    (different,) = project.connection.execute(
        f"""SELECT count(*) FROM (
                SELECT * FROM ({carried} EXCEPT {of_spans})
                UNION ALL SELECT * FROM ({of_spans} EXCEPT {carried}))"""
    ).fetchone()
    if different:
        yield Finding(
            "error",
            trn(
                "1 label of a text is not one of its passages.",
                "{n} labels of texts are not those of their passages.",
                different,
            ),
        )


def _journal(project: ProjectFile) -> Iterator[Finding]:
    different = 0
    connection = project.connection
    connection.execute("DELETE FROM temp.touched")
    connection.execute(
        "INSERT INTO temp.touched SELECT DISTINCT j.text_id FROM journal_texts j "
        "JOIN placements p ON p.text_id = j.text_id"
    )
    for (task_id,) in connection.execute("SELECT id FROM tasks").fetchall():
        # The bare column beside max() is that of the row with the maximum.
        (count,) = connection.execute(
            f"""WITH last AS (
                    SELECT t.text_id, CASE j.kind WHEN 'undo' THEN t.before ELSE t.after END
                        AS image, max(j.id)
                    FROM journal j JOIN journal_texts t ON t.step_id = coalesce(j.step_id, j.id)
                    WHERE t.task_id = :task_id GROUP BY t.text_id)
                SELECT count(*) FROM last JOIN ({image_query()}) n ON n.text_id = last.text_id
                WHERE n.image IS NOT last.image""",
            {"task_id": task_id},
        ).fetchone()
        different += count
    if different:
        yield Finding(
            "error",
            trn(
                "The journal tells of 1 text what is not so.",
                "The journal tells of {n} texts what is not so.",
                different,
            ),
        )
    crossed = connection.execute(
        "SELECT 1 FROM undo_stack a, undo_stack b "
        "WHERE a.undone = 1 AND b.undone = 0 AND a.step_id < b.step_id LIMIT 1"
    ).fetchone()
    if crossed:
        yield Finding("error", tr("The order of undo and redo is broken."))


def _sums(project: ProjectFile) -> Iterator[Finding]:
    query = "SELECT * FROM counters WHERE n <> 0 ORDER BY task_id, kind, item"
    connection = project.connection
    kept = connection.execute(query).fetchall()
    connection.execute("BEGIN IMMEDIATE")
    try:
        counters.recount(connection)
        counted = connection.execute(query).fetchall()
    finally:
        connection.execute("ROLLBACK")
    if kept != counted:
        yield Finding("error", tr("The sums of labels and states are not those of the texts."))


def _splits(project: ProjectFile) -> Iterator[Finding]:
    (cut,) = project.connection.execute(
        "SELECT count(*) FROM (SELECT 1 FROM placements GROUP BY group_id "
        "HAVING count(DISTINCT split) > 1)"
    ).fetchone()
    if cut:
        yield Finding(
            "warning",
            tr(
                "{groups} groups of near-duplicates stand in more than one split, as they were "
                "imported; scores on the test part may flatter.",
                groups=cut,
            ),
        )


def _models(project: ProjectFile) -> Iterator[Finding]:
    for model in list_models(project.connection, project.models_folder):
        if not model.present:
            yield Finding(
                "warning",
                tr(
                    "The folder of the model “{model}” is not at {folder}.",
                    model=model.name,
                    folder=model.folder,
                ),
            )
