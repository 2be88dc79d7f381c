"""The engine: commands in, events out, and nothing that goes wrong takes it down."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import pytest

from engine.api import (
    BugError,
    CloseProject,
    CommandFailed,
    CreateProject,
    Engine,
    GetCounts,
    GetProject,
    GetTextRows,
    ImportProgressed,
    ImportTexts,
    KnownError,
    LabelsChanged,
    ListHistory,
    ListTextIds,
    OpenProject,
    PreviewFile,
    ProjectChanged,
    ProjectClosed,
    ProjectInfo,
    ProjectOpened,
    RedoLast,
    SetAnnotator,
    SetLabels,
    TextFilter,
    TextsImported,
    UndoLast,
)

WAIT = 60.0
TEXTS: list[tuple[str, str | None, str | None]] = [
    (f"text number {number} of the post", None, None) for number in range(40)
]


def label_of(engine: Engine, project: ProjectInfo, text_id: int) -> tuple[int, ...]:
    (row,) = engine.ask(GetTextRows(project.task.id, (text_id,))).result(WAIT)
    labels: tuple[int, ...] = row.label_ids
    return labels


def test_a_created_project_is_open_and_told_of(
    engine: Engine, project: ProjectInfo, heard: Any
) -> None:
    assert heard.of(ProjectOpened)[0].project == project
    assert engine.ask(GetProject()).result(WAIT) == project
    assert [label.name for label in project.task.labels] == ["law", "medicine"]


def test_a_label_is_on_disk_when_it_is_told_and_names_who_asked(
    engine: Engine, project: ProjectInfo, import_rows: Callable[..., Any], heard: Any
) -> None:
    import_rows(TEXTS)
    law = project.task.labels[0].id

    step = engine.submit(SetLabels(project.task.id, (1,), (law,), asked_by="annotate")).result(WAIT)

    told = heard.of(LabelsChanged)[-1]
    assert (told.text_ids, told.step_id, told.words) == ((1,), step.id, step.words)
    assert told.asked_by == "annotate"
    assert label_of(engine, project, 1) == (law,)
    changed = heard.of(ProjectChanged)[-1].project
    assert changed.undo == step.words


def test_undo_and_redo_take_the_last_step_back_and_do_it_again(
    engine: Engine, project: ProjectInfo, import_rows: Callable[..., Any], heard: Any
) -> None:
    import_rows(TEXTS)
    law, medicine = (label.id for label in project.task.labels)
    engine.submit(SetLabels(project.task.id, (1,), (law,))).result(WAIT)
    engine.submit(SetLabels(project.task.id, (1,), (medicine,))).result(WAIT)

    engine.submit(UndoLast()).result(WAIT)
    assert label_of(engine, project, 1) == (law,)
    assert heard.of(LabelsChanged)[-1].kind == "undo"
    assert heard.of(ProjectChanged)[-1].project.redo

    engine.submit(RedoLast()).result(WAIT)
    assert label_of(engine, project, 1) == (medicine,)
    assert heard.of(LabelsChanged)[-1].kind == "redo"


def test_undoing_an_import_takes_its_texts_out_again(
    engine: Engine, project: ProjectInfo, import_rows: Callable[..., Any]
) -> None:
    import_rows(TEXTS)
    engine.submit(UndoLast()).result(WAIT)
    assert engine.ask(GetCounts(project.task.id)).result(WAIT).texts == 0

    engine.submit(RedoLast()).result(WAIT)
    assert engine.ask(GetCounts(project.task.id)).result(WAIT).texts == len(TEXTS)


def test_a_label_given_during_an_import_does_not_wait_for_its_end(
    engine: Engine,
    project: ProjectInfo,
    import_rows: Callable[..., Any],
    write_texts: Callable[..., Path],
    heard: Any,
) -> None:
    import_rows(TEXTS)
    many = [
        (f"letter {number} about the matter {number % 97}", None, None) for number in range(20_000)
    ]
    path = write_texts(many, "many.jsonl")
    importing = engine.submit(ImportTexts(str(path), project.task.id))
    heard.wait_for(ImportProgressed, lambda event: event.path == str(path))

    engine.submit(SetLabels(project.task.id, (1,), (project.task.labels[0].id,))).result(WAIT)

    assert not importing.done()
    assert importing.result(WAIT).imported == len(many)
    kinds = [type(event) for event in heard.events]
    assert kinds.index(LabelsChanged) < len(kinds) - 1 - kinds[::-1].index(TextsImported)


def test_closing_in_the_middle_of_an_import_takes_it_back(
    engine: Engine,
    project: ProjectInfo,
    write_texts: Callable[..., Path],
    heard: Any,
) -> None:
    many = [(f"letter {number} about the matter", None, None) for number in range(20_000)]
    importing = engine.submit(ImportTexts(str(write_texts(many)), project.task.id))
    heard.wait_for(ImportProgressed)

    engine.submit(CloseProject()).result(WAIT)
    with pytest.raises(KnownError, match="closed"):
        importing.result(WAIT)

    reopened = engine.submit(OpenProject(project.path)).result(WAIT)
    assert reopened.texts == 0


def test_a_refused_command_changes_nothing_and_the_engine_goes_on(
    engine: Engine, project: ProjectInfo, heard: Any, tmp_path: Path
) -> None:
    missing = tmp_path / "missing.csv"
    with pytest.raises(KnownError, match=r"missing\.csv"):
        engine.submit(ImportTexts(str(missing), project.task.id)).result(WAIT)

    failed = heard.of(CommandFailed)[-1]
    assert (failed.command, failed.known) == ("ImportTexts", True)
    engine.submit(SetAnnotator("Ada")).result(WAIT)
    assert heard.of(ProjectChanged)[-1].project.annotator == "Ada"


def test_a_mistake_of_ours_is_reported_and_the_engine_goes_on(
    engine: Engine, project: ProjectInfo, heard: Any
) -> None:
    nonsense = SetLabels(project.task.id, 1, (1,))  # type: ignore[arg-type]

    with pytest.raises(BugError) as caught:
        engine.submit(nonsense).result(WAIT)

    assert "doing" in Path(caught.value.report).read_text(encoding="utf-8")
    assert not heard.of(CommandFailed)[-1].known
    assert engine.ask(GetProject()).result(WAIT).name == project.name


def test_a_listener_that_fails_does_not_stop_what_it_listens_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLOSSATOR_LOG_DIR", str(tmp_path / "logs"))

    def listen(event: object) -> None:
        raise RuntimeError("the window is gone")

    with Engine(listen, suggestions=False) as engine:
        project = engine.submit(CreateProject(str(tmp_path / "a.glossator"), ("a", "b"))).result(
            WAIT
        )
    assert project.texts == 0
    assert list((tmp_path / "logs").glob("report-*"))


def test_without_a_project_questions_and_commands_say_what_to_do(engine: Engine) -> None:
    with pytest.raises(KnownError, match="open or create one"):
        engine.ask(GetProject()).result(WAIT)
    with pytest.raises(KnownError, match="open or create one"):
        engine.submit(SetAnnotator("Ada")).result(WAIT)


def test_two_engines_cannot_hold_one_project(engine: Engine, project: ProjectInfo) -> None:
    with Engine(suggestions=False) as other, pytest.raises(KnownError, match="open"):
        other.submit(OpenProject(project.path)).result(WAIT)
    assert engine.ask(GetProject()).result(WAIT) == project


def test_a_project_that_cannot_be_opened_leaves_the_open_one_open(
    engine: Engine, project: ProjectInfo, tmp_path: Path
) -> None:
    with pytest.raises(KnownError):
        engine.submit(OpenProject(str(tmp_path / "missing.glossator"))).result(WAIT)
    assert engine.ask(GetProject()).result(WAIT) == project


def test_opening_another_project_closes_the_open_one(
    engine: Engine, project: ProjectInfo, heard: Any, tmp_path: Path
) -> None:
    other = tmp_path / "other.glossator"
    engine.submit(CreateProject(str(other), ("x", "y"))).result(WAIT)

    assert heard.of(ProjectClosed)[-1].path == project.path
    assert engine.ask(GetProject()).result(WAIT).path == str(other)


def test_a_newer_question_takes_the_place_of_older_ones_on_its_channel(
    engine: Engine, project: ProjectInfo, import_rows: Callable[..., Any]
) -> None:
    import_rows(TEXTS)
    asked = [
        engine.ask(ListTextIds(project.task.id, TextFilter(search=f"text {number}")), "search")
        for number in range(30)
    ]
    assert list(asked[-1].result(WAIT))
    outcomes = {"answered": 0, "superseded": 0}
    for future in asked[:-1]:
        try:
            future.result(WAIT)
            outcomes["answered"] += 1
        except CancelledError:
            outcomes["superseded"] += 1
    assert outcomes["superseded"] > 0


def test_questions_without_a_channel_are_all_answered(engine: Engine, project: ProjectInfo) -> None:
    asked = [engine.ask(GetCounts(project.task.id)) for _ in range(20)]
    assert all(future.result(WAIT).texts == 0 for future in asked)


def test_a_file_is_previewed_without_a_project(
    engine: Engine, write_texts: Callable[..., Path]
) -> None:
    path = write_texts([("a claim", "law", None), ("a fever", "medicine", None)])
    preview = engine.ask(PreviewFile(str(path))).result(WAIT)
    assert (preview.text_column, preview.label_column) == ("text", "label")
    assert preview.labels == {"law": 1, "medicine": 1}


def test_labels_submitted_before_closing_are_on_disk(
    tmp_path: Path, write_texts: Callable[..., Path]
) -> None:
    path = tmp_path / "late.glossator"
    with Engine(suggestions=False) as engine:
        project = engine.submit(CreateProject(str(path), ("law", "medicine"))).result(WAIT)
        engine.submit(ImportTexts(str(write_texts(TEXTS)), project.task.id)).result(WAIT)
        for number in range(1, 31):
            engine.submit(SetLabels(project.task.id, (number,), (project.task.labels[0].id,)))
    assert not path.with_name(f"{path.name}-wal").exists()

    with Engine(suggestions=False) as engine:
        engine.submit(OpenProject(str(path))).result(WAIT)
        assert engine.ask(GetCounts(project.task.id)).result(WAIT).labelled == 30
        assert len(engine.ask(ListHistory()).result(WAIT)) == 31


def test_a_closed_engine_refuses_with_a_sentence_and_leaves_no_thread(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    Engine().close()
    engine = Engine(suggestions=False).start()
    engine.close()
    engine.close()

    with pytest.raises(KnownError, match="closing"):
        engine.submit(SetAnnotator("Ada")).result(WAIT)
    with pytest.raises(KnownError, match="closing"):
        engine.ask(GetProject()).result(WAIT)
    assert set(threading.enumerate()) == before
