"""Projects whose models have already predicted, so that no test has to train."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.inspect.inspection import Inspection
from desktop.inspect.view import InspectView
from desktop.window import MainWindow
from engine.project.jobs import add_job, set_status
from engine.project.models import add_model
from engine.project.predictions import Prediction, store_predictions
from engine.project.project import open_project
from engine.project.reading import list_text_ids
from engine.project.text_rows import get_text_rows

WAIT = 15_000  # milliseconds; a loaded machine is slow

MakePredicted = Callable[..., Path]


@pytest.fixture
def make_predicted(make_project: Callable[..., Path]) -> MakePredicted:
    """Make a project in which each model is wrong on every `wrong`-th labelled text.

    ``make_predicted(wrong=(4, 3), labels=..., texts=120, multi_label=False)``: model ``first`` is
    wrong on every fourth, ``second`` on every third text; a wrong text gets the next label.
    """

    def make(wrong: tuple[int, ...] = (4, 3), texts: int = 120, **options: object) -> Path:
        path = make_project(texts=texts, labelled=texts, **options)
        project = open_project(path)
        task = project.info().task
        chance = random.Random(7)
        ids = list(list_text_ids(project.connection, task.id))
        rows = get_text_rows(project.connection, task.id, ids)
        places = {label.id: place for place, label in enumerate(task.labels)}
        for name, every in zip(("first", "second", "third"), wrong, strict=False):
            job_id = add_job(project, kind="train", method="fine-tune", name=name, spec={})
            set_status(project, job_id, "done")
            model = add_model(
                project,
                name=name,
                method="fine-tune",
                task_id=task.id,
                base_model="tiny",
                job_id=job_id,
                folder=project.models_folder / name,
                bytes=1,
                label_ids=tuple(places),
                metrics={},
                evaluation="test",
                settings={"epochs": 2},
                snapshot_sha256="0" * 64,
                snapshot_texts=texts,
                seconds=1.0,
            )
            predictions = []
            for number, row in enumerate(rows):
                gold = places[row.label_ids[0]]
                said = (gold + 1) % len(places) if number % every == 0 else gold
                sure = chance.uniform(0.5, 0.95)
                rest = (1 - sure) / max(len(places) - 1, 1)
                odds = [sure if place == said else rest for place in range(len(places))]
                predictions.append(Prediction(row.id, odds))
            store_predictions(project, model.id, predictions)
        project.close()
        return path

    return make


@pytest.fixture
def open_inspect(
    open_window: Callable[[Path], MainWindow], qtbot: QtBot
) -> Callable[[Path], InspectView]:
    """Open Inspect on a project, looking at the texts the model learned from, and wait."""

    def open_(path: Path, split: str = "train") -> InspectView:
        window = open_window(path)
        window.open_view("inspect")
        view = window.findChild(InspectView)
        assert isinstance(view, InspectView)
        inspection = view.findChild(Inspection)
        assert isinstance(inspection, Inspection)
        if not inspection.loaded or inspection.evaluation is None:
            qtbot.waitSignal(inspection.rows_changed, timeout=WAIT).wait()
        if split != inspection.split:
            with qtbot.waitSignal(inspection.rows_changed, timeout=WAIT):
                inspection.choose_split(split)
        assert inspection.rows
        return view

    return open_
