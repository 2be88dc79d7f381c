"""The sample project comes through the normal importer and is opened again as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.api import (
    CreateSampleProject,
    Engine,
    GetCounts,
    GetTextRows,
    KnownError,
    ListHistory,
    ProjectInfo,
    ProjectOpened,
    SetLabels,
    TextsImported,
)

WAIT = 60.0


def create(engine: Engine, path: Path) -> ProjectInfo:
    command = CreateSampleProject(str(path), labelled=60, texts=150)
    created: ProjectInfo = engine.submit(command).result(WAIT)
    return created


def test_the_sample_is_a_project_with_guidelines_of_which_a_part_is_labelled(
    engine: Engine, heard: Any, tmp_path: Path
) -> None:
    project = create(engine, tmp_path / "new folder" / "sample.glossator")

    assert project.texts == 150
    assert len(project.task.labels) == 5
    assert project.task.guideline
    assert all(label.guideline for label in project.task.labels)
    counts = engine.ask(GetCounts(project.task.id)).result(WAIT)
    assert (counts.texts, counts.labelled) == (150, 60)
    rows = engine.ask(GetTextRows(project.task.id, tuple(range(1, 151)))).result(WAIT)
    assert all(row.labelled == (row.id <= 60) for row in rows)
    assert {row.source for row in rows} == {"sample letters.jsonl"}
    kinds = [type(event) for event in heard.events]
    assert kinds.index(ProjectOpened) < kinds.index(TextsImported)


def test_the_sample_of_passages_has_names_and_dates_marked_in_its_first_texts(
    engine: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "passages.glossator"
    command = CreateSampleProject(str(path), labelled=40, texts=100, kind="spans")
    project: ProjectInfo = engine.submit(command).result(WAIT)
    task = project.task
    assert task.kind == "spans"
    assert {"PERSON", "DATE"} <= {label.name for label in task.labels}
    assert all(label.guideline for label in task.labels)
    counts = engine.ask(GetCounts(task.id)).result(WAIT)
    assert (counts.texts, counts.labelled) == (100, 40)
    assert sum(1 for texts in counts.by_label.values() if texts) >= 5


def test_a_place_where_nothing_can_be_written_is_refused_in_a_sentence(
    engine: Engine, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(KnownError, match="The sample project cannot be written into"):
        create(engine, tmp_path / "file" / "data" / "sample.glossator")


def test_an_existing_sample_is_opened_as_it_is(engine: Engine, heard: Any, tmp_path: Path) -> None:
    path = tmp_path / "sample.glossator"
    first = create(engine, path)
    engine.submit(SetLabels(first.task.id, (150,), (first.task.labels[0].id,))).result(WAIT)
    engine.close()

    with Engine(heard, suggestions=False) as again:
        assert create(again, path).uuid == first.uuid
        assert again.ask(GetCounts(first.task.id)).result(WAIT).labelled == 61
        assert len(again.ask(ListHistory()).result(WAIT)) == 2
