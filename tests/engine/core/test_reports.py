"""A report helps a developer and quotes nobody's texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.core.errors import KnownError
from engine.core.reports import log_folder, write_report


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GLOSSATOR_LOG_DIR", str(tmp_path / "logs"))
    return tmp_path / "logs"


def an_error() -> Exception:
    secret = "Mrs Smith, policy 4711"
    try:
        try:
            {}[secret]
        except KeyError as error:
            raise ValueError(f"no such text: {secret}") from error
    except ValueError as error:
        return error


def test_a_report_tells_where_and_not_what(folder: Path) -> None:
    path = write_report(an_error(), doing="SetLabels")
    report = path.read_text(encoding="utf-8")
    assert path.parent == folder == log_folder()
    assert "builtins.ValueError" in report
    assert "builtins.KeyError" in report
    assert "in an_error" in report
    assert "doing    SetLabels" in report
    assert "Smith" not in report
    assert "4711" not in report


def test_old_reports_make_room(folder: Path) -> None:
    for _ in range(55):
        last = write_report(an_error())
    kept = list(folder.glob("report-*.txt"))
    assert len(kept) == 50
    assert last in kept


def test_a_report_that_cannot_be_written_is_told_of_in_a_sentence(folder: Path) -> None:
    folder.write_text("a file of this name")
    with pytest.raises(KnownError, match=r"report of the error cannot be written into .*choose"):
        write_report(an_error())
