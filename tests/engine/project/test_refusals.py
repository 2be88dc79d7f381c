"""A file that cannot be opened is refused with one clear sentence, and is not changed."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from engine.core.errors import KnownError
from engine.project.project import ProjectFile, create_project, open_project
from engine.project.schema import VERSION


def refusal(path: Path) -> str:
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(KnownError) as caught:
        open_project(path)
    assert (path.read_bytes() if path.is_file() else None) == before
    message = caught.value.message
    assert "\n" not in message
    assert message.endswith(".")
    return message


def closed_project(folder: Path) -> Path:
    path = folder / "letters.glossator"
    create_project(path, labels=["a", "b"]).close()
    return path


def test_a_missing_file(tmp_path: Path) -> None:
    assert "There is no project letters.glossator" in refusal(tmp_path / "letters.glossator")


def test_a_missing_folder(tmp_path: Path) -> None:
    assert "There is no folder" in refusal(tmp_path / "nowhere" / "letters.glossator")


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "letters.glossator").mkdir()
    assert "is a folder" in refusal(tmp_path / "letters.glossator")


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "letters.glossator"
    path.touch()
    assert "is empty" in refusal(path)


@pytest.mark.parametrize("content", [b"\x00\x01\x02\xff" * 50, b"text,label\nhello,a\n", b"SQLite"])
def test_a_file_of_another_kind(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "letters.glossator"
    path.write_bytes(content)
    assert "is not a Glossator project" in refusal(path)


def test_a_database_of_another_program(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE texts (id INTEGER)")
    connection.close()
    assert "of another program" in refusal(path)


def test_a_project_of_a_newer_version(tmp_path: Path) -> None:
    path = closed_project(tmp_path)
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    assert "newer Glossator" in refusal(path)


def test_a_project_of_a_version_that_was_never_published(tmp_path: Path) -> None:
    path = closed_project(tmp_path)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 0")
    connection.close()
    with pytest.raises(KnownError, match="file version 0"):
        open_project(path)


def test_a_read_only_file(tmp_path: Path) -> None:
    path = closed_project(tmp_path)
    path.chmod(0o444)
    assert "read-only" in refusal(path)


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no such mode on Windows")
def test_a_read_only_folder(tmp_path: Path) -> None:
    path = closed_project(tmp_path)
    tmp_path.chmod(0o555)
    try:
        assert "read-only" in refusal(path)
    finally:
        tmp_path.chmod(0o755)


def test_a_damaged_project(tmp_path: Path) -> None:
    path = closed_project(tmp_path)
    content = bytearray(path.read_bytes())
    content[100:8000] = b"\xa5" * 7900
    path.write_bytes(content)
    with pytest.raises(KnownError, match="damaged"):
        open_project(path)


def test_a_project_that_is_open_in_the_same_process(project: ProjectFile) -> None:
    with pytest.raises(KnownError, match="already open in this program"):
        open_project(project.path)
    assert project.info().name == "letters"


def test_a_project_that_is_open_in_another_process(project: ProjectFile) -> None:
    code = (
        "import sys; from pathlib import Path; from engine.core.errors import KnownError\n"
        "from engine.project.project import open_project\n"
        "try: open_project(Path(sys.argv[1]))\n"
        "except KnownError as error: print(error)\n"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code, str(project.path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
    )
    assert "letters.glossator is already open in another window" in answer.stdout


def test_after_closing_it_opens_again_and_leaves_one_file(tmp_path: Path) -> None:
    path = closed_project(tmp_path)
    open_project(path).close()
    assert [file.name for file in tmp_path.iterdir()] == ["letters.glossator"]


def test_creating_over_an_existing_file(tmp_path: Path) -> None:
    path = closed_project(tmp_path)
    content = path.read_bytes()
    with pytest.raises(KnownError, match="exists already"):
        create_project(path, labels=["a", "b"])
    assert path.read_bytes() == content


def test_creating_in_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="There is no folder"):
        create_project(tmp_path / "nowhere" / "new.glossator", labels=["a", "b"])


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [(["a", " A "], "already a label"), (["a", " "], "needs a name"), (["x" * 81], "81 char")],
)
def test_creating_with_labels_that_are_no_good(
    tmp_path: Path, labels: list[str], sentence: str
) -> None:
    with pytest.raises(KnownError, match=sentence):
        create_project(tmp_path / "new.glossator", labels=labels)
    assert list(tmp_path.iterdir()) == []


def test_there_is_no_other_kind_of_task(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="not a kind of task: there are classification, spans"):
        create_project(tmp_path / "new.glossator", labels=["PER"], kind="relations")
