"""Training from the window: what is offered, what is refused, and a run from button to mistakes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QSlider, QSpinBox, QWidget
from pytestqt.qtbot import QtBot
from safetensors.numpy import save_file

from desktop.train.curve_chart import CurveChart
from desktop.train.form import TrainForm
from desktop.train.training import Training
from desktop.train.view import TrainView
from desktop.widgets.mask_preview import MaskPreview
from desktop.window import MainWindow
from engine.api import ImportTexts
from engine.project.jobs import add_events, add_job, set_status
from engine.project.models import add_model
from engine.project.project import ProjectFile, open_project
from engine.registry.publish import publishing

WAIT = 15_000
LONG = 110_000  # a worker has to load its libraries first
T = TypeVar("T", bound=QWidget)
Open = Callable[[Path], TrainView]


def part(view: QWidget, kind: type[T], name: str = "") -> T:
    found = view.findChild(kind, name) if name else view.findChild(kind)
    assert isinstance(found, kind)
    return found


def training(view: TrainView) -> Training:
    found = view.findChild(Training)
    assert isinstance(found, Training)
    return found


def publish_language_model(project: ProjectFile, job_id: int) -> None:
    """Publish the smallest folder that counts as an encoder, as a model "language"."""
    folder = project.models_folder / "language"
    config = {"model_type": "bert", "hidden_size": 8, "num_hidden_layers": 2}
    with publishing(folder) as publication:
        (publication.folder / "config.json").write_text(json.dumps(config))
        (publication.folder / "tokenizer.json").write_text("{}")
        save_file({"weight": np.zeros(8)}, publication.folder / "model.safetensors")
        publication.lineage["labels"] = []
    add_model(
        project, name="language", method="mlm", task_id=project.info().task.id,
        base_model="all-MiniLM-L6-v2", job_id=job_id, folder=folder, bytes=publication.bytes,
        label_ids=[], metrics={"held-out": {"perplexity": 12.0}}, evaluation="held-out",
        settings={}, snapshot_sha256="0" * 64, snapshot_texts=20, seconds=1.0,
    )  # fmt: skip


@pytest.fixture
def open_train(open_window: Callable[[Path], MainWindow], qtbot: QtBot) -> Open:
    """Open Train on a project, wait until it knows what there is, and choose fine-tuning."""

    def open_(path: Path) -> TrainView:
        window = open_window(path)
        window.open_view("train")
        view = window.findChild(TrainView)
        assert isinstance(view, TrainView)
        state = training(view)
        qtbot.waitUntil(
            lambda: state.recommendation is not None and bool(state.base_models), timeout=WAIT
        )
        part(view, TrainForm).choose_method("fine-tune")
        return view

    return open_


def test_the_form_says_what_the_labels_are_enough_for(
    make_project: Callable[..., Path], open_train: Open
) -> None:
    view = open_train(make_project(texts=40, labelled=30))
    assert "30 labelled texts of 3 labels" in part(view, QLabel, "train.advice").text()
    assert part(view, QLabel, "train.suggested.setfit").isVisibleTo(view)
    assert part(view, QPushButton, "button.train.start").isEnabled()


def test_the_language_is_learned_from_texts_that_were_imported_a_moment_ago(
    make_project: Callable[..., Path], open_train: Open, desktop: Any, qtbot: QtBot, tmp_path: Path
) -> None:
    view = open_train(make_project(texts=0, labelled=0))
    part(view, TrainForm).choose_method("mlm")
    start = part(view, QPushButton, "button.train.start")
    assert not start.isEnabled()
    source = tmp_path / "more.jsonl"
    source.write_text('{"text": "The roof leaks."}\n{"text": "My bicycle is gone."}\n')
    desktop.bridge.send(ImportTexts(str(source), desktop.bridge.project.task.id))
    qtbot.waitUntil(start.isEnabled, timeout=WAIT)


def test_what_a_training_takes_is_said_before_it_starts(
    make_project: Callable[..., Path], open_train: Open, qtbot: QtBot
) -> None:
    view = open_train(make_project(texts=40, labelled=30))
    estimate = part(view, QLabel, "train.estimate")
    qtbot.waitUntil(lambda: "GB of memory" in estimate.text(), timeout=WAIT)
    assert "scores by cross-validation on 30 texts" in estimate.text()
    part(view, QLineEdit, "train.fine-tune.learning_rate").setText("quick")
    qtbot.waitUntil(lambda: "learning_rate" in estimate.text(), timeout=WAIT)


def test_guessed_words_of_a_language_model_are_there_again_when_the_project_is_opened(
    make_project: Callable[..., Path], open_train: Open, qtbot: QtBot
) -> None:
    path = make_project()
    with open_project(path) as project:
        job_id = add_job(project, kind="train", method="mlm", name="language", spec={})
        events: list[tuple[str, dict[str, Any]]] = [
            (
                "preview",
                {
                    "when": when,
                    "sentences": [
                        {"text": "A [MASK] leaks.", "words": [{"word": word, "probability": 0.5}]}
                    ],
                },
            )
            for when, word in (("before", "boat"), ("after", "pipe"))
        ]
        for epoch, perplexity in ((0.0, 30.0), (1.0, 12.0)):
            figures = {"loss": 2.0, "perplexity": perplexity}
            point = {"step": 1, "epoch": epoch, "split": "validation", "metrics": figures}
            events.append(("measured", point))
        add_events(project, job_id, events)
        set_status(project, job_id, "done")
        publish_language_model(project, job_id)
    view = open_train(path)
    preview = part(view, MaskPreview)
    qtbot.waitUntil(preview.isVisible, timeout=WAIT)
    said = {widget.accessibleName() for widget in preview.findChildren(QWidget)}
    assert {"A [MASK] leaks.", "boat 50%", "pipe 50%"} <= said
    assert training(view).curves.score_name == "perplexity"
    assert "perplexity 12.00" in part(view, CurveChart).accessibleDescription()
    go_on = part(view, QPushButton, "train.from_model")
    qtbot.waitUntil(go_on.isVisible, timeout=WAIT)
    qtbot.mouseClick(go_on, Qt.MouseButton.LeftButton)
    form = part(view, TrainForm)
    assert form.base_model() == "language"
    assert form.method() != "mlm"
    facts = part(form, QLabel, "train.base_facts").text()
    assert "that learned the language of your texts" in facts


def test_without_labels_there_is_no_training_but_a_way_to_label(
    make_project: Callable[..., Path], open_train: Open, desktop: object, qtbot: QtBot
) -> None:
    view = open_train(make_project(labelled=0))
    assert not part(view, QPushButton, "button.train.start").isEnabled()
    assert "No text has a label yet" in part(view, QLabel, "train.advice").text()
    go = [b for b in view.findChildren(QPushButton, "button.go.annotate") if b.isVisible()]
    qtbot.mouseClick(go[0], Qt.MouseButton.LeftButton)
    assert desktop.window.view.name == "annotate"  # type: ignore[attr-defined]


def test_the_slider_chooses_how_many_layers_may_change(
    make_project: Callable[..., Path], open_train: Open
) -> None:
    form = part(open_train(make_project()), TrainForm)
    slider = part(form, QSlider, "train.layers")
    assert slider.maximum() == 6, "the starter has six layers"
    assert "frozen_blocks" not in form.settings()
    slider.setValue(2)
    assert form.settings()["frozen_blocks"] == 4
    slider.setValue(0)
    assert form.settings()["train"] == "head"
    assert part(form, QLabel, "train.layers_words").text() == "only the head"


def test_the_settings_of_an_earlier_run_are_shown_again(
    make_project: Callable[..., Path], open_train: Open
) -> None:
    view = open_train(make_project())
    form = part(view, TrainForm)
    earlier = {
        "frozen_blocks": 3,
        "epochs": 2,
        "seed": 7,
        "batch_size": 8,
        "learning_rate": 3e-05,
    }
    view.navigate(settings=earlier)
    assert form.settings() == earlier


def test_a_setting_that_makes_no_sense_is_refused_in_a_sentence(
    make_project: Callable[..., Path], open_train: Open, desktop: object, qtbot: QtBot
) -> None:
    view = open_train(make_project())
    part(view, QLineEdit, "train.fine-tune.learning_rate").setText("quick")
    with qtbot.waitSignal(desktop.bridge.failed, timeout=WAIT) as refused:  # type: ignore[attr-defined]
        qtbot.mouseClick(part(view, QPushButton, "button.train.start"), Qt.MouseButton.LeftButton)
    assert "learning_rate" in refused.args[0]
    assert not training(view).jobs


def test_a_run_is_watched_to_its_end_and_leads_to_its_mistakes(
    make_project: Callable[..., Path], open_train: Open, desktop: object, qtbot: QtBot
) -> None:
    view = open_train(make_project(texts=24, labelled=18))
    part(view, QSpinBox, "train.fine-tune.epochs").setValue(1)
    part(view, QSlider, "train.layers").setValue(1)
    part(view, QLineEdit, "train.name").setText("first try")
    qtbot.mouseClick(part(view, QPushButton, "button.train.start"), Qt.MouseButton.LeftButton)
    state = training(view)
    qtbot.waitUntil(
        lambda: state.job is not None and state.job.status not in ("queued", "running"),
        timeout=LONG,
    )
    assert state.job.status == "done", state.job.message
    assert state.curves.loss
    assert any("cross-validation" in line for line in state.log)
    assert "by cross-validation" in part(view, QLabel, "train.job_state").text()
    inspect = part(view, QPushButton, "button.train.inspect")
    qtbot.waitUntil(inspect.isVisible, timeout=WAIT)
    qtbot.mouseClick(inspect, Qt.MouseButton.LeftButton)
    assert desktop.window.view.name == "inspect"  # type: ignore[attr-defined]


def test_a_paused_training_shows_where_it_stands_and_what_can_become_of_it(
    make_project: Callable[..., Path], open_train: Open, desktop: Any, qtbot: QtBot
) -> None:
    path = make_project()
    with open_project(path) as project:
        job_id = add_job(project, kind="train", method="fine-tune", name="letters", spec={})
        place = {"checkpoint": 3, "phase": "train", "step": 412, "steps": 900}
        add_events(project, job_id, [("checkpoint", place)])
        set_status(project, job_id, "paused")
    view = open_train(path)
    state = part(view, QLabel, "train.job_state")
    qtbot.waitUntil(lambda: state.text() == "Paused at step 412 of 900", timeout=WAIT)
    buttons = {
        id: part(view, QPushButton, f"button.{id}")
        for id in ("train.resume", "train.anew", "train.give_up", "job.pause", "job.cancel")
    }
    shown = [id for id, button in buttons.items() if button.isVisibleTo(view)]
    assert shown == ["train.resume", "train.anew", "train.give_up"]
    assert all(buttons[id].isEnabled() for id in shown)
    qtbot.mouseClick(buttons["train.give_up"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: state.text() == "Cancelled", timeout=WAIT)
    assert not buttons["train.resume"].isVisibleTo(view)
    assert not desktop.window.actions_.trigger("train.resume")


@pytest.mark.slow
def test_a_training_is_paused_and_resumed_from_the_window(
    make_project: Callable[..., Path], open_train: Open, qtbot: QtBot
) -> None:
    view = open_train(make_project(texts=60, labelled=60))
    part(view, QSpinBox, "train.fine-tune.epochs").setValue(3)
    state = training(view)
    with qtbot.waitSignal(state.curves_changed, timeout=LONG):
        qtbot.mouseClick(part(view, QPushButton, "button.train.start"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(state.progressed, timeout=LONG):
        pass
    qtbot.mouseClick(part(view, QPushButton, "button.job.pause"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: state.job.status == "paused", timeout=LONG)
    qtbot.mouseClick(part(view, QPushButton, "button.train.resume"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: state.job.status == "done", timeout=LONG)
    positions = [epoch for epoch, _ in state.curves.loss]
    assert positions == sorted(positions)


@pytest.mark.slow
def test_cancel_ends_a_run_within_a_second(
    make_project: Callable[..., Path], open_train: Open, qtbot: QtBot
) -> None:
    view = open_train(make_project(texts=60, labelled=60))
    part(view, QSpinBox, "train.fine-tune.epochs").setValue(100)
    state = training(view)
    with qtbot.waitSignal(state.progressed, timeout=LONG):
        qtbot.mouseClick(part(view, QPushButton, "button.train.start"), Qt.MouseButton.LeftButton)
    began = time.monotonic()
    qtbot.mouseClick(part(view, QPushButton, "button.job.cancel"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: state.job.status == "cancelled", timeout=WAIT)
    assert time.monotonic() - began < 1.5, "a second, and the time to show it"


def test_a_base_model_asked_for_is_chosen_as_soon_as_it_is_known(
    make_project: Callable[..., Path], open_train: Open
) -> None:
    view = open_train(make_project())
    form = part(view, TrainForm)
    starter = training(view).base_models[0]
    added = replace(starter, name="legal-encoder", layers=12, origin="added")
    view.navigate(base_model="legal-encoder")
    assert form.base_model() == starter.name
    form.show_base_models([starter, added])
    assert form.base_model() == "legal-encoder"
    assert part(form, QSlider, "train.layers").maximum() == 12
    view.navigate(base_model=starter.name)
    assert form.base_model() == starter.name


def test_layers_that_are_all_the_same_one_are_kept_or_trained_together(
    make_project: Callable[..., Path], open_train: Open
) -> None:
    view = open_train(make_project())
    form = part(view, TrainForm)
    starter = training(view).base_models[0]
    albert = replace(starter, name="albert-base-v2", architecture="albert", layers=12)
    form.show_base_models([starter, replace(albert, origin="added")])
    view.navigate(base_model="albert-base-v2")
    slider = part(form, QSlider, "train.layers")
    assert (slider.minimum(), slider.maximum()) == (0, 1)
    assert part(form, QLabel, "train.layers_words").text() == "all"
