"""The sample letters: label some, train two models, look at what they get wrong."""

from __future__ import annotations

import time
from collections.abc import Sized
from functools import partial
from typing import Any

import psutil
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTextEdit

from desktop.demo.driver import TRAINING, Driver
from engine.api import (
    Evaluation,
    GetEvaluation,
    JobInfo,
    JobMeasured,
    LabelsChanged,
    ListModels,
    ModelInfo,
)

LABELLED = 30
# Small steps often, on the beginning of each letter: a few minutes on two cores, and a model whose
# table of confusions shows a diagonal.
SETTINGS: dict[str, Any] = {
    "epochs": 5,
    "batch_size": 8,
    "learning_rate": 1.5e-4,
    "max_length": 96,
    "seed": 42,
}
# Sixteen letters of each label are enough to learn pairs from, if they are read to their end.
FEW_LABELS: dict[str, Any] = {"shots": 16, "steps": 20, "max_length": 128, "seed": 42}
PASSES_SEEN = 3  # passes over the texts before the picture of a curve that is growing
SIGNS = (
    ("cancellation", ("cancel", "terminat", "end my policy", "not renew")),
    ("complaint", ("complain", "unacceptable", "disappointed", "ombudsman", "apolog")),
    ("claim status", ("heard", "update", "progress", "still waiting", "where my claim")),
    ("new claim", ("stolen", "burst", "damage", "accident", "broke", "theft", "leak")),
)
"""Words by which a hasty reader tells what a letter wants; anything else is another question."""


def work_through_letters(driver: Driver) -> dict[str, Any]:
    """Work through the sample letters; return what the report says of it."""
    window = driver.window
    started = psutil.Process().create_time()
    with driver.step("start"):
        driver.picture("start")
    with driver.step("open the sample project"):
        window.commands.open_sample()
        driver.wait(lambda: driver.bridge.project is not None and driver.project.texts > 0)
    with driver.step("label"):
        first_label = _label(driver) - started
    with driver.step("texts"):
        window.open_view("texts")
        driver.settle(1.0)
        driver.picture("texts", dark=True)
    with driver.step("train"):
        job = _train(driver)
    with driver.step("train from few labels"):
        driver.finish(driver.start("setfit", FEW_LABELS))
    with driver.step("inspect"):
        model, evaluation = _inspect(driver, job)
    with driver.step("models"):
        window.open_view("models", model_id=model.id)
        driver.settle(1.0)
        driver.picture("models", dark=True)
    with driver.step("suggestions"):
        window.open_view("annotate")
        driver.settle(3.0)
        driver.picture("suggestions")
    return {
        "seconds_to_first_label": round(first_label, 2),
        "project": driver.project.path,
        "texts": driver.project.texts,
        "labelled_here": LABELLED,
        "model": model.name,
        "split": evaluation.split,
        "metrics": {
            "accuracy": evaluation.accuracy,
            "macro_f1": evaluation.macro_f1,
            "f1": evaluation.f1,
            "texts": evaluation.texts,
        },
        "training_seconds": model.seconds,
    }


def _label(driver: Driver) -> float:
    """Label texts by key; return when (seconds since 1970) the first one was on disk."""
    saved: list[tuple[float, int]] = []
    driver.bridge.on(LabelsChanged, lambda event: saved.append((time.time(), event.text_ids[0])))
    driver.window.open_view("annotate")
    driver.settle(1.0)
    driver.picture("annotate-first")
    for number in range(LABELLED):
        driver.press(getattr(Qt.Key, f"Key_{_key_for(driver)}"))
        driver.wait(partial(_longer, saved, number))
    driver.settle(0.5)
    driver.picture("annotate", dark=True)
    return saved[0][0]


def _key_for(driver: Driver) -> str:
    page = driver.window.findChild(QTextEdit, "annotate.text")
    content = page.toPlainText().casefold() if page is not None else ""
    keys = {label.name: label.key.upper() for label in driver.project.task.labels}
    for name, signs in SIGNS:
        if any(sign in content for sign in signs):
            return keys[name]
    return keys["other question"]


def _train(driver: Driver) -> JobInfo:
    passes: list[float] = []
    driver.bridge.on(JobMeasured, partial(_note_pass, passes))
    driver.window.open_view("train")
    driver.settle(1.0)
    driver.picture("train-before")
    job_id = driver.start("fine-tune", SETTINGS)
    driver.wait(lambda: len(passes) >= PASSES_SEEN or driver.is_over(job_id), TRAINING)
    driver.picture("train-running")
    job = driver.finish(job_id)
    driver.picture("train", dark=True)
    return job


def _inspect(driver: Driver, job: JobInfo) -> tuple[ModelInfo, Evaluation]:
    models: list[ModelInfo] = driver.ask(ListModels())
    model = next(model for model in models if model.job_id == job.id)
    driver.window.open_view("inspect", model_id=model.id)
    evaluation: Evaluation = driver.ask(GetEvaluation(model.id, model.evaluation))
    driver.settle(1.5)
    driver.picture("inspect", dark=True)
    return model, evaluation


def _note_pass(passes: list[float], event: JobMeasured) -> None:
    if event.split == "validation":
        passes.append(event.epoch)


def _longer(things: Sized, count: int) -> bool:
    return len(things) > count
