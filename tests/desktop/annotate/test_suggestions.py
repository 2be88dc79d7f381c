"""What the model suggests, shown under the labels and accepted by Enter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from engine.api import ListQueue, UseForSuggestions
from engine.project.jobs import add_job
from engine.project.models import add_model, set_suggestion_model
from engine.project.predictions import Prediction, store_predictions
from engine.project.project import open_project

Key = Qt.Key
TEXTS = tuple(f"Text number {number}." for number in range(4))
PROBABILITIES = (
    (0.2, 0.7, 0.1),
    (0.98, 0.01, 0.01),
    (0.34, 0.33, 0.33),
    (0.1, 0.1, 0.8),
)

Annotate = Callable[[Path], Any]
MakeProject = Callable[..., Path]


def with_model(path: Path, probabilities: tuple[tuple[float, ...], ...] = PROBABILITIES) -> Path:
    """Enter a model that has predicted every text of the project, and let it suggest."""
    with open_project(path) as project:
        task = project.info().task
        folder = project.models_folder / "fine-tune-1"
        folder.mkdir(parents=True)
        model = add_model(
            project,
            name="fine-tune-1",
            method="fine-tune",
            task_id=task.id,
            base_model="tiny",
            job_id=add_job(project, kind="train", method="fine-tune", name="fine-tune-1", spec={}),
            folder=folder,
            bytes=0,
            label_ids=[label.id for label in task.labels],
            metrics={},
            evaluation="test",
            settings={},
            snapshot_sha256="",
            snapshot_texts=0,
            seconds=1.0,
        )
        rows = [Prediction(number, row) for number, row in enumerate(probabilities, start=1)]
        store_predictions(project, model.id, rows)
        set_suggestion_model(project, model.id)
        project.connection.execute("UPDATE jobs SET status = 'done'")
    return path


def hint(annotator: Any) -> str:
    return str(annotator.hint())


def test_enter_accepts_what_is_suggested(annotate: Annotate, make_project: MakeProject) -> None:
    annotator = annotate(with_model(make_project(contents=TEXTS, labelled=0)))
    assert "Enter accepts “claim status”" in hint(annotator)
    annotator.press(Key.Key_Return)
    assert annotator.text() == TEXTS[1]
    annotator.until(lambda: annotator.labels_of(TEXTS[0]) == ["claim status"])
    assert annotator.stored(TEXTS[0]).origin == "suggestion accepted"


def test_a_key_overrules_the_suggestion(annotate: Annotate, make_project: MakeProject) -> None:
    annotator = annotate(with_model(make_project(contents=TEXTS, labelled=0)))
    annotator.press(Key.Key_3)
    annotator.until(lambda: annotator.labels_of(TEXTS[0]) == ["complaint"])
    assert annotator.stored(TEXTS[0]).origin == "person"


def test_no_suggestion_is_shown_once_the_text_is_labelled(
    annotate: Annotate, make_project: MakeProject
) -> None:
    annotator = annotate(with_model(make_project(contents=TEXTS, labelled=0)))
    annotator.press(Key.Key_3)
    annotator.press(Key.Key_Left)
    annotator.until(lambda: annotator.ticked() == ["complaint"])
    assert "accepts" not in hint(annotator)


def test_without_a_model_enter_does_nothing(annotate: Annotate, make_project: MakeProject) -> None:
    annotator = annotate(with_model(make_project(contents=TEXTS, labelled=0)))
    annotator.send(UseForSuggestions(None))
    annotator.until(lambda: "accepts" not in hint(annotator))
    annotator.press(Key.Key_Return)
    assert annotator.text() == TEXTS[0]
    assert annotator.labelled() == 0


def test_the_most_useful_queue_is_the_engines(
    annotate: Annotate, make_project: MakeProject
) -> None:
    annotator = annotate(with_model(make_project(contents=TEXTS, labelled=0)))
    annotator.window.actions_.trigger("annotate.queue_useful")
    ids = annotator.ask(ListQueue(annotator.project.task.id, "least certain"))
    seen = []
    for _ in TEXTS:
        seen.append(annotator.text())
        annotator.press(Key.Key_1)
    assert seen == [TEXTS[text_id - 1] for text_id in ids]


@pytest.mark.parametrize(
    ("probabilities", "accepted"),
    [((0.9, 0.2, 0.6), ["complaint", "new claim"]), ((0.1, 0.2, 0.3), [])],
)
def test_several_labels_are_accepted_together(
    annotate: Annotate,
    make_project: MakeProject,
    probabilities: tuple[float, ...],
    accepted: list[str],
) -> None:
    path = make_project(contents=TEXTS, labelled=0, multi_label=True)
    annotator = annotate(with_model(path, 4 * (probabilities,)))
    annotator.press(Key.Key_Return)
    annotator.until(lambda: annotator.stored(TEXTS[0]).row.labelled)
    assert annotator.labels_of(TEXTS[0]) == accepted
