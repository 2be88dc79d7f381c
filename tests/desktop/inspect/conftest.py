"""Projects whose models have already predicted, so that no test has to train."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.inspect.inspection import Inspection
from desktop.inspect.spans.page import SpansPage
from desktop.inspect.view import InspectView
from desktop.window import MainWindow
from engine.project.jobs import add_job, set_status
from engine.project.models import add_model
from engine.project.predictions import Prediction, store_predictions
from engine.project.project import create_project, open_project
from engine.project.reading import list_text_ids
from engine.project.span_predictions import SpanPrediction, store_span_predictions
from engine.project.text_rows import get_text_rows
from engine.project.texts import ImportedRow, begin_import

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


PER, ORG, DATE, PLACE = 1, 2, 3, 4
SPAN_LABELS = ("PERSON", "COMPANY", "DATE", "PLACE")
PASSAGES = (
    ("Dear Ms Okafor, 😀 thank you for your letter of 3 March from Leeds.",
     [(8, 14, PER), (47, 54, DATE), (60, 65, PLACE)]),
    ("The assessor Maud Lindqvist of Harbour Mutual came on 12 May.",
     [(13, 27, PER), (31, 45, ORG), (54, 60, DATE)]),
    ("Harbour Mutual has not paid, and Mr Ferreira waits in Leeds.",
     [(0, 14, ORG), (36, 44, PER), (54, 59, PLACE)]),
    ("On 3 March the roof in Rye was open; Okafor & Sons repaired it in June.",
     [(3, 10, DATE), (23, 26, PLACE), (37, 50, ORG)]),
    ("Nothing is to be found here, said the clerk in Leeds Road.", []),
)  # fmt: skip
FOUND = {
    "first": (
        [(5, 14, 0, 0.91), (47, 54, 2, 0.99), (60, 65, 1, 0.88)],
        [(13, 17, 0, 0.71), (18, 27, 0, 0.66), (31, 45, 1, 0.97)],
        [(0, 14, 1, 0.98), (36, 44, 0, 0.95), (54, 59, 1, 0.86)],
        [(3, 10, 2, 0.97), (23, 26, 1, 0.42), (37, 43, 0, 0.83), (66, 70, 2, 0.64)],
        [(47, 52, 3, 0.93)],
    ),
    "second": (
        [(8, 14, 0, 0.9), (47, 54, 2, 0.9), (60, 65, 3, 0.9)],
        [(13, 27, 0, 0.9), (54, 60, 2, 0.9)],
        [(0, 14, 1, 0.9), (36, 44, 0, 0.9), (54, 59, 3, 0.9)],
        [(3, 10, 2, 0.9), (23, 26, 3, 0.9), (37, 50, 1, 0.9)],
        [(38, 43, 0, 0.5)],
    ),
}
"""Of "first" there are: borders wrong in text 1 and 2 (torn) and both in 4, wrong labels of Leeds
twice and of Rye, a date missed, and June and the road found too much. "second" leaves out a company
and takes the clerk for a person."""


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    """A project of five texts, all in the test part, and two models that have predicted them."""
    path = tmp_path / "marked.glossator"
    with create_project(path, labels=SPAN_LABELS, kind="spans", annotator="Ada") as project:
        session = begin_import(project, "letters.jsonl", 1)
        session.add(
            [
                ImportedRow(number, content, split="test", spans=tuple(spans))
                for number, (content, spans) in enumerate(PASSAGES, 1)
            ]
        )
        session.finish()
        for name, said in FOUND.items():
            job_id = add_job(project, kind="train", method="ner", name=name, spec={})
            set_status(project, job_id, "done")
            model = add_model(
                project,
                name=name,
                method="ner",
                task_id=1,
                base_model="tiny",
                job_id=job_id,
                folder=project.models_folder / name,
                bytes=1,
                label_ids=(PER, ORG, DATE, PLACE),
                metrics={},
                evaluation="test",
                settings={"epochs": 2},
                snapshot_sha256="0" * 64,
                snapshot_texts=len(said),
                seconds=1.0,
            )
            predictions = [SpanPrediction(text_id, spans) for text_id, spans in enumerate(said, 1)]
            store_span_predictions(project, model.id, predictions)
    return path


@pytest.fixture
def open_passages(
    open_window: Callable[[Path], MainWindow], qtbot: QtBot
) -> Callable[..., SpansPage]:
    """Open Inspect on a model that marks passages, ``open_passages(path, "first")``, and wait."""

    def open_(path: Path, name: str = "first") -> SpansPage:
        window = open_window(path)
        window.open_view("inspect")
        page = window.findChild(SpansPage)
        assert isinstance(page, SpansPage)
        inspection = page.inspection
        qtbot.waitUntil(lambda: inspection.loaded, timeout=WAIT)
        inspection.choose_model(next(m.id for m in inspection.models if m.name == name))
        qtbot.waitUntil(
            lambda: (
                inspection.confusions is not None
                and inspection.confusions.model_id == inspection.model.id
                and bool(inspection.rows)
            ),
            timeout=WAIT,
        )
        return page

    return open_


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
