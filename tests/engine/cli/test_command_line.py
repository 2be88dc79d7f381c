"""What holds for every command: help, exit codes, streams, and what is never imported."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.cli.main import run
from engine.cli.output import ProgressLine, counted, duration

Start = Callable[..., "subprocess.Popen[str]"]


def test_help_names_the_commands_of_this_version_and_no_other(glossator: Any) -> None:
    outcome = glossator("--help")
    assert outcome.code == 0
    listed = outcome.out.split("Commands:")[1]
    names = [line.split()[0] for line in listed.splitlines() if line.startswith("  ")
             and not line.startswith("   ")]  # fmt: skip
    assert names == [
        "demo", "new", "import", "export", "rules", "train", "sweep", "evaluate", "predict",
        "redact", "compare", "fill-mask", "compare-pretraining", "jobs", "models", "search",
        "check", "doctor",
    ]  # fmt: skip
    for name in names:
        page = glossator(name, "--help")
        assert page.code == 0
        assert "Usage: glossator" in page.out


def test_the_version_is_told(glossator: Any) -> None:
    outcome = glossator("--version")
    assert (outcome.code, outcome.out.split()[0]) == (0, "glossator")


@pytest.mark.parametrize(
    "arguments",
    [
        ["redact"],
        ["import"],
        ["new", "x.glossator", "--task", "nonsense"],
        ["train", "x.glossator", "--set", "epochs"],
        ["export", "x.glossator", "out.xlsx"],
        ["jobs"],
        ["demo", "--headless"],
    ],
)
def test_wrong_usage_is_exit_code_two(glossator: Any, arguments: list[str]) -> None:
    outcome = glossator(*arguments)
    assert outcome.code == 2
    assert "Usage: glossator" in outcome.err


def test_without_a_window_there_is_none_to_open(glossator: Any, tmp_path: Path) -> None:
    assert glossator().code == 1
    assert glossator(tmp_path / "a.glossator").code == 1


def test_a_project_as_the_only_argument_opens_the_window(tmp_path: Path) -> None:
    opened: list[Path | None] = []

    class Window:
        def open_window(self, project: Path | None) -> int:
            opened.append(project)
            return 0

        def open_sample(self, folder: Path | None) -> int:
            opened.append(folder)
            return 5

        def take_pictures(self, folder: Path) -> dict[str, Any]:
            return {"folder": str(folder)}

    project = tmp_path / "a.glossator"
    assert run([], Window()) == 0
    assert run([str(project)], Window()) == 0
    assert run(["demo", "--dir", str(tmp_path)], Window()) == 5
    assert run(["demo", "--headless", "--dir", str(tmp_path)], Window()) == 0
    assert opened == [None, project, tmp_path]


def test_commands_import_neither_the_window_nor_a_model_library(project: Path) -> None:
    code = (
        "import sys\n"
        "from desktop.main import main\n"
        f"assert main(['search', {str(project)!r}, 'good', '--json']) == 0\n"
        "assert main(['--help']) == 0\n"
        "heavy = {'PySide6', 'torch', 'transformers', 'pandas', 'sklearn', 'datasets', 'setfit'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_reader_that_stops_listening_is_no_error(project: Path, start: Start) -> None:
    process = start("search", project, "good")
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(60) == 0
    assert process.stderr is not None
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()


def test_missing_streams_are_survived(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert run(["search", str(project), "good", "--json"]) == 0
    assert run(["search", "nowhere.glossator", "good", "--json"]) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_an_interrupted_import_leaves_nothing_and_exits_with_130(
    project: Path, tmp_path: Path, start: Start, glossator: Any
) -> None:
    file = tmp_path / "long.csv"
    text = "A text of some length, which takes its time to be read, number"
    file.write_text("text\n" + "".join(f'"{text} {n}"\n' for n in range(200_000)), encoding="utf-8")
    process = start("import", project, file, "--json")
    assert process.stderr is not None
    process.stderr.readline()  # the first line of progress
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert json.loads(out.splitlines()[-1]) == {"error": "Interrupted."}
    assert "Traceback" not in err
    assert glossator("search", project, "number", "--json").data["found"] == 0
    assert glossator("check", project, "--json").data["whole"] is True


def test_an_error_of_our_own_is_one_sentence_and_a_report(
    glossator: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from engine.cli import care_commands

    def broken(path: Path) -> list[object]:
        raise RuntimeError("a secret text")

    monkeypatch.setattr(care_commands, "check_file", broken)
    outcome = glossator("check", tmp_path / "a.glossator", "--json")
    assert outcome.code == 1
    assert outcome.err.count("\n") == 2  # progress, and the sentence
    assert "A report without your texts is in" in outcome.data["error"]
    report = Path(outcome.data["error"].rsplit(" in ", 1)[1].rstrip("."))
    assert "RuntimeError" in report.read_text(encoding="utf-8")
    assert "secret" not in report.read_text(encoding="utf-8")


def test_progress_is_a_bar_on_a_terminal_and_few_lines_elsewhere() -> None:
    import io

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal, pipe = Terminal(), io.StringIO()
    for stream in (terminal, pipe):
        line = ProgressLine(stream)
        for done in range(100):
            line.show("Training", done, 100, 62.0)
        line.clear()
    assert terminal.getvalue().count("\r") > 100
    assert "[############............] 50%, 1 min 2 s left" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r")
    assert pipe.getvalue() == "Training: 0%, 1 min 2 s left\n"


def test_numbers_are_written_as_people_write_them() -> None:
    assert [duration(seconds) for seconds in (0.4, 59, 61, 3700)] == [
        "0 s",
        "59 s",
        "1 min 1 s",
        "1 h 1 min",
    ]
    assert [counted(1, "text"), counted(2000, "text")] == ["1 text", "2,000 texts"]
    assert counted(2, "analysis", "analyses") == "2 analyses"
