"""A project file that is open for writing: create, open, change, close."""

from __future__ import annotations

import contextlib
import functools
import secrets
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from engine.core.errors import BugError, KnownError
from engine.core.files import explain_os_error, sync_folder
from engine.core.language import tr
from engine.core.times import utc_now
from engine.project import images
from engine.project.connection import open_writer
from engine.project.faults import explain_sqlite_error
from engine.project.header import refuse_newer, refuse_unless_project
from engine.project.lock import ProjectLock
from engine.project.migrations import file_version, migrate
from engine.project.reading import models_folder, project_info
from engine.project.rows import TASK_KINDS, ProjectInfo
from engine.project.schema import create_tables
from engine.project.shelf import discard_leftovers
from engine.project.tasks import insert_task

if TYPE_CHECKING:
    import sqlite_utils


class ProjectFile:
    """The one writing handle to a project; it belongs to the thread that opened it.

    Use `open_project` or `create_project` to get one, and close every reader before closing it.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, lock: ProjectLock) -> None:
        self.path = path
        self.connection = connection
        self.models_folder = models_folder(path)
        self._lock = lock
        images.prepare(connection)
        (self._annotator,) = connection.execute("SELECT annotator FROM project").fetchone()

    @functools.cached_property
    def database(self) -> sqlite_utils.Database:
        """The same connection as sqlite-utils sees it; the first use takes about a second."""
        import sqlite_utils

        return sqlite_utils.Database(
            self.connection, recursive_triggers=False, execute_plugins=False
        )

    @property
    def annotator(self) -> str:
        """Who is labelling; "" if nobody said."""
        return str(self._annotator)

    def set_annotator(self, name: str) -> None:
        """Say who is labelling from now on."""
        with self.transaction() as connection:
            connection.execute("UPDATE project SET annotator = ?", (name.strip(),))
        self._annotator = name.strip()

    def info(self) -> ProjectInfo:
        """Return what is true of the whole project."""
        return project_info(self.connection, self.path)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Run the block as one transaction: it is on disk when the block is left, or undone.

        Raises:
            KnownError: if the disk is full, read-only or broken; nothing of the block was kept.
            BugError: if a transaction is running already.
        """
        connection = self.connection
        if connection.in_transaction:
            raise BugError("a transaction was begun inside another")
        try:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.OperationalError):
                    connection.execute("ROLLBACK")  # SQLite has done it itself on a full disk
                raise
        except sqlite3.Error as error:
            known = explain_sqlite_error(error, self.path.name)
            if known is None:
                raise
            raise known from error

    def close(self) -> None:
        """Close the file so that it is whole on its own, and let others open it."""
        try:
            with contextlib.suppress(sqlite3.Error):  # neither is needed for what is saved
                self.connection.execute("PRAGMA analysis_limit = 400")
                self.connection.execute("PRAGMA optimize")
                self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self.connection.close()
        finally:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def create_project(
    path: Path,
    *,
    labels: Sequence[str],
    name: str = "",
    kind: str = "classification",
    multi_label: bool = False,
    guideline: str = "",
    label_guidelines: Sequence[str] = (),
    identifiers: Sequence[str] = (),
    annotator: str = "",
) -> ProjectFile:
    """Create a project file with one task, and open it.

    `kind` is "classification" (whole texts are labelled) or "spans" (passages in them are marked).
    `name` "" becomes the file's name without its ending; `label_guidelines` and `identifiers`
    (rows.IDENTIFIERS; "direct" where nothing is said) follow `labels`. The file is built under a
    temporary name, so that it is either whole or not there.

    Raises:
        KnownError: if the file exists, its folder is missing or read-only, the disk is full, or
            the labels are no good (see `tasks.add_label`).
    """
    path = path.absolute()
    name = name.strip() or path.stem
    if kind not in TASK_KINDS:
        raise KnownError(
            tr(
                "“{kind}” is not a kind of task: there are {kinds}.",
                kind=kind,
                kinds=", ".join(TASK_KINDS),
            )
        )
    if kind == "spans" and multi_label:
        raise KnownError(
            tr(
                "Where passages are marked, a text may have any number of them with any labels; "
                "leave out that texts take several labels."
            )
        )
    if not path.parent.is_dir():
        raise KnownError(
            tr("There is no folder {folder}; create it or choose another.", folder=path.parent)
        )
    if path.exists():
        raise KnownError(
            tr(
                "{name} exists already in {folder}; choose another name.",
                name=path.name,
                folder=path.parent,
            )
        )
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        with contextlib.closing(_create_empty(temporary)) as connection:
            create_tables(connection)
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(
                "INSERT INTO project (id, uuid, name, created, seed, annotator) "
                "VALUES (1, ?, ?, ?, ?, ?)",
                (str(uuid.uuid4()), name, utc_now(), secrets.token_hex(8), annotator.strip()),
            )
            insert_task(
                connection,
                name=name,
                kind=kind,
                multi_label=multi_label,
                guideline=guideline,
                labels=labels,
                label_guidelines=label_guidelines,
                identifiers=identifiers,
            )
            connection.execute("COMMIT")
        if path.exists():
            raise KnownError(
                tr(
                    "{name} exists already in {folder}; choose another name.",
                    name=path.name,
                    folder=path.parent,
                )
            )
        temporary.rename(path)
        sync_folder(path.parent)
    except sqlite3.Error as error:
        known = explain_sqlite_error(error, path.name)
        if known is None:
            raise
        raise known from error
    except OSError as error:
        raise explain_os_error(error, tr("{name} could not be created", name=path.name)) from error
    finally:
        for leftover in (temporary, temporary.with_name(f"{temporary.name}-journal")):
            with contextlib.suppress(OSError):
                leftover.unlink(missing_ok=True)
    return open_project(path)


def open_project(path: Path) -> ProjectFile:
    """Open a project file for writing, bring it up to date, and clear up after a crash.

    Imports that were running when the program died are taken back.

    Raises:
        KnownError: if the file is missing, empty, not a project, from a newer version, read-only,
            damaged, or open elsewhere; nothing was changed.
    """
    path = path.absolute()
    refuse_unless_project(path)
    lock = ProjectLock(path)
    try:
        connection = open_writer(path)
        try:
            refuse_newer(path, file_version(connection))
            migrate(connection, path)
            project = ProjectFile(path, connection, lock)
            discard_leftovers(project)
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        lock.release()
        known = explain_sqlite_error(error, path.name)
        if known is None:
            raise
        raise known from error
    except BaseException:
        lock.release()
        raise
    return project


def _create_empty(path: Path) -> sqlite3.Connection:
    """Create the file, which fails in a folder that takes none, and open it."""
    with path.open("xb"):
        pass
    return open_writer(path, wal=False)
