"""Migrations, backups, checks and repairs: what keeps a project whole, and what finds it is not."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.core.errors import BugError, KnownError
from engine.project.annotations import set_flagged, set_labels
from engine.project.backup import back_up
from engine.project.check import check_project
from engine.project.connection import open_reader
from engine.project.counters import get_counts
from engine.project.migrations import Migration, file_version, migrate
from engine.project.project import ProjectFile, open_project
from engine.project.reading import list_text_ids
from engine.project.repair import repair_project
from engine.project.rows import TextFilter
from engine.project.schema import VERSION, create_tables
from engine.project.texts import ImportedRow, ImportSummary

BringIn = Callable[..., ImportSummary]


@contextlib.contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        yield connection


def test_a_migration_leaves_a_verified_backup_of_the_version_before(letters: ProjectFile) -> None:
    def add_priority(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE states ADD COLUMN priority INTEGER NOT NULL DEFAULT 0")

    set_flagged(letters, 1, [3])
    (backup,) = migrate(letters.connection, letters.path, [Migration(VERSION, add_priority)])
    assert backup == letters.path.with_name(f"letters.glossator.backup-{VERSION}")
    assert file_version(letters.connection) == VERSION + 1
    assert letters.connection.execute("SELECT priority FROM states").fetchall() == [(0,)]
    with opened(backup) as connection:
        assert file_version(connection) == VERSION
        assert connection.execute("SELECT text_id FROM states WHERE flagged").fetchall() == [(3,)]


def test_a_migration_that_fails_changes_nothing(letters: ProjectFile) -> None:
    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM states")
        raise RuntimeError("half-way")

    set_flagged(letters, 1, [3])
    with pytest.raises(RuntimeError, match="half-way"):
        migrate(letters.connection, letters.path, [Migration(VERSION, fail)])
    assert file_version(letters.connection) == VERSION
    assert get_counts(letters.connection, 1).flagged == 1
    assert check_project(letters) == []


def test_migrations_run_one_after_the_other(letters: ProjectFile) -> None:
    def nothing(connection: sqlite3.Connection) -> None:
        connection.execute("SELECT 1")

    steps = [Migration(VERSION, nothing), Migration(VERSION + 1, nothing)]
    assert [backup.suffix for backup in migrate(letters.connection, letters.path, steps)] == [
        f".backup-{VERSION}",
        f".backup-{VERSION + 1}",
    ]
    assert migrate(letters.connection, letters.path, steps) == []


def test_a_project_of_version_1_opens_with_all_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "old.glossator"
    with opened(path) as old:
        old.executescript((Path(__file__).parent / "version_1.sql").read_text(encoding="utf-8"))
        old.executescript(
            """INSERT INTO project (id, uuid, name, created, seed)
                   VALUES (1, 'f00d', 'old', '2026-01-01T00:00:00+00:00', 'seed');
               INSERT INTO tasks VALUES (1, 'letters', 'classification', 0, '', 0);
               INSERT INTO labels VALUES (1, 1, 'claim', '1', '#e69f00', '', 0);"""
        )
    with open_project(path) as project:
        assert file_version(project.connection) == VERSION
        (task,) = project.info().tasks
        assert [label.name for label in task.labels] == ["claim"], "the label still has its task"
        project.connection.execute("INSERT INTO tasks VALUES (2, 'names', 'spans', 0, '', 1)")
        with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
            project.connection.execute("INSERT INTO tasks VALUES (3, 'x', 'other', 0, '', 2)")
        assert check_project(project) == []
    with opened(path) as connection, opened(tmp_path / "new") as fresh:
        create_tables(fresh)
        tables = (
            "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY name"
        )
        assert connection.execute(tables).fetchall() == fresh.execute(tables).fetchall()
    assert path.with_name("old.glossator.backup-1").is_file()


def test_a_backup_opens_as_a_project(letters: ProjectFile, tmp_path: Path) -> None:
    set_labels(letters, 1, [3], [1])
    target = tmp_path / "copy.glossator"
    back_up(letters.connection, target)
    with open_project(target) as copy:
        assert get_counts(copy.connection, 1) == get_counts(letters.connection, 1)
    assert not list(tmp_path.glob(".*partial*"))


def test_a_backup_into_a_missing_folder_is_a_sentence(letters: ProjectFile, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"copy\.glossator cannot be opened"):
        back_up(letters.connection, tmp_path / "nowhere" / "copy.glossator")


def test_a_damaged_project_does_not_replace_a_good_backup(
    letters: ProjectFile, tmp_path: Path
) -> None:
    backup = tmp_path / "letters.glossator.backup-1"
    back_up(letters.connection, backup)
    good = backup.read_bytes()
    letters.close()
    with opened(letters.path) as connection:  # an index that lacks an entry
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = 'CREATE INDEX placements_by_split ON placements "
            "(length)' WHERE name = 'placements_by_split'"
        )
        connection.commit()
    with (
        contextlib.closing(open_reader(letters.path)) as reader,
        pytest.raises(KnownError, match="the project is damaged"),
    ):
        back_up(reader, backup)
    assert backup.read_bytes() == good
    assert not list(tmp_path.glob(".*partial*"))


def test_a_transaction_is_undone_when_its_block_fails(letters: ProjectFile) -> None:
    def fail() -> None:
        with letters.transaction() as connection:
            connection.execute("DELETE FROM placements WHERE text_id = 3")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert check_project(letters) == []


def test_transactions_do_not_nest(letters: ProjectFile) -> None:
    with letters.transaction(), pytest.raises(BugError), letters.transaction():
        pass
    assert check_project(letters) == []


def test_a_full_disk_is_a_sentence_and_nothing_is_lost(
    letters: ProjectFile, bring_in: BringIn
) -> None:
    set_labels(letters, 1, [3], [1])
    # SQLite's own limit stands in for the disk: the same error comes out of the same place.
    (pages,) = letters.connection.execute("PRAGMA page_count").fetchone()
    letters.connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(KnownError, match="The disk is full"):
        bring_in(letters, [ImportedRow(n, "storm " * 500) for n in range(1, 200)], "big.csv")
    letters.connection.execute("PRAGMA max_page_count = 1000000")
    letters.close()
    with open_project(letters.path) as project:
        assert get_counts(project.connection, 1).labelled == 1
        assert project.info().texts == 12
        assert check_project(project) == []


def test_a_whole_project_has_no_findings(letters: ProjectFile) -> None:
    assert check_project(letters) == []


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("UPDATE texts SET content = 'another' WHERE id = 3", "not what was imported"),
        ("DELETE FROM annotations WHERE text_id = 3", "The journal tells of 1 text"),
        ("UPDATE counters SET n = n + 1 WHERE kind = 'label'", "The sums"),
        ("DELETE FROM imports", "refers to a row of imports"),
        ("UPDATE placements SET group_id = 1, split = CASE text_id % 2 WHEN 0 THEN 'test' ELSE "
         "'train' END", "more than one split"),
        ("INSERT INTO texts_fts (texts_fts, rowid, content) SELECT 'delete', id, content FROM "
         "texts WHERE id = 3", "full-text index"),
    ],
)  # fmt: skip
def test_what_is_not_so_is_found(letters: ProjectFile, damage: str, words: str) -> None:
    set_labels(letters, 1, [3], [1])
    letters.close()
    with opened(letters.path) as connection:
        connection.execute(damage)
        connection.commit()
    with open_project(letters.path) as project:
        findings = check_project(project)
    assert any(words in finding.words for finding in findings)


def test_a_repair_of_a_whole_project_is_a_copy(letters: ProjectFile, tmp_path: Path) -> None:
    set_labels(letters, 1, [3, 4], [1])
    letters.close()
    out = tmp_path / "copy.glossator"
    assert repair_project(letters.path, out) == []
    with open_project(letters.path) as original, open_project(out) as copy:
        assert get_counts(copy.connection, 1) == get_counts(original.connection, 1)
        for table in ("texts", "placements", "annotations", "journal", "journal_texts", "labels"):
            query = f"SELECT * FROM {table}"
            assert (
                copy.connection.execute(query).fetchall()
                == original.connection.execute(query).fetchall()
            )


def test_a_repair_saves_what_lies_before_and_behind_the_damage(
    project: ProjectFile, bring_in: BringIn, tmp_path: Path
) -> None:
    bring_in(project, [ImportedRow(n, f"storm {n:b} " * 30) for n in range(1, 801)])
    set_labels(project, 1, range(1, 801), [1], origin="bulk")
    with contextlib.closing(open_reader(project.path)) as reader:
        pages = [
            page
            for (page,) in reader.execute(
                "SELECT pageno FROM dbstat WHERE name = 'texts' AND pagetype = 'leaf' ORDER BY path"
            )
        ]
    project.close()
    content = bytearray(project.path.read_bytes())
    start = (pages[len(pages) // 2] - 1) * 4096
    content[start : start + 4096] = b"\xa5" * 4096
    project.path.write_bytes(content)
    out = tmp_path / "saved.glossator"
    assert repair_project(project.path, out) == []
    with open_project(out) as saved:
        counts = get_counts(saved.connection, 1)
        assert 700 < counts.texts < 800
        assert counts.labelled == counts.texts
        found = list_text_ids(saved.connection, 1, TextFilter(search="storm"))
        assert len(found) == counts.texts


def test_a_repair_never_writes_over_a_file(letters: ProjectFile, tmp_path: Path) -> None:
    letters.close()
    out = tmp_path / "copy.glossator"
    out.write_text("mine")
    with pytest.raises(KnownError, match="exists already"):
        repair_project(letters.path, out)
    assert out.read_text() == "mine"


def test_nothing_is_repaired_while_the_project_is_open(
    letters: ProjectFile, tmp_path: Path
) -> None:
    with pytest.raises(KnownError, match="already open"):
        repair_project(letters.path, tmp_path / "copy.glossator")
