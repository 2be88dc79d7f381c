"""The whole way from an empty folder to a model's mistakes, in the real window, by itself.

It presses the keys a person would press, takes pictures on the way, and writes a report. It needs
no screen, so a machine without one can show that the window works.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Sized
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import psutil
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTextEdit

from desktop.app import Desktop, build
from desktop.bridge import sentence_of
from engine.api import (
    CreateSampleProject,
    Evaluation,
    GetEvaluation,
    JobInfo,
    JobMeasured,
    JobsChanged,
    KnownError,
    LabelsChanged,
    ListModels,
    ModelInfo,
    ProjectInfo,
    Query,
    StartJob,
)

SIZE = (1280, 840)
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
# Eight letters of each label are enough to learn pairs from.
FEW_LABELS: dict[str, Any] = {"shots": 8, "steps": 15, "max_length": 64, "seed": 42}
# A smaller project of marked passages: its language is learned first, and passages from there.
# So many are marked that the test part has enough of them for scores of its own.
PASSAGES = CreateSampleProject("", texts=400, labelled=350, kind="spans")
LANGUAGE: dict[str, Any] = {
    "epochs": 1,
    "preview": "The [MASK] in the kitchen leaks.\nI want to cancel my [MASK].",
    "seed": 42,
}
MARKING: dict[str, Any] = {
    "epochs": 3,
    "batch_size": 8,
    "learning_rate": 4e-4,
    "frozen_blocks": 2,
    "max_length": 128,
    "seed": 42,
}
LANGUAGE_MODEL = "language of the letters"
PASSES_SEEN = 3  # passes over the texts before the picture of a curve that is growing
PATIENCE = 120.0  # seconds for anything but training
TRAINING = 1800.0
SIGNS = (
    ("cancellation", ("cancel", "terminat", "end my policy", "not renew")),
    ("complaint", ("complain", "unacceptable", "disappointed", "ombudsman", "apolog")),
    ("claim status", ("heard", "update", "progress", "still waiting", "where my claim")),
    ("new claim", ("stolen", "burst", "damage", "accident", "broke", "theft", "leak")),
)
"""Words by which a hasty reader tells what a letter wants; anything else is another question."""


def run(directory: Path, headless: bool = True) -> dict[str, Any]:
    """Work through the sample project in `directory`; return the report and write it there.

    With `headless` False the window stays open at the end.

    Raises:
        KnownError: if a step took too long or the training failed.
    """
    directory.mkdir(parents=True, exist_ok=True)
    os.environ["GLOSSATOR_SAMPLE_DIR"] = str(directory)
    os.environ.setdefault("GLOSSATOR_CONFIG_DIR", str(directory / "settings"))
    desktop = build()
    try:
        report = _Demo(desktop, directory).work()
        if not headless:
            desktop.application.exec()
    finally:
        desktop.close()
    return report


class _Demo:
    def __init__(self, desktop: Desktop, directory: Path) -> None:
        self._desktop = desktop
        self._window = desktop.window
        self._bridge = desktop.bridge
        self._directory = directory
        self._steps: list[dict[str, Any]] = []
        self._pictures: list[str] = []
        self._methods: list[dict[str, Any]] = []
        self._jobs: dict[int, JobInfo] = {}
        self._bridge.on(JobsChanged, self._note_job)

    def work(self) -> dict[str, Any]:
        self._desktop.theme.set_choice("light")
        self._window.resize(*SIZE)
        self._window.show()
        started = psutil.Process().create_time()
        with self._step("start"):
            self._picture("start")
        with self._step("open the sample project"):
            self._window.commands.open_sample()
            self._wait(self._sample_is_open)
        with self._step("label"):
            first_label = self._label() - started
        with self._step("texts"):
            self._window.open_view("texts")
            self._settle(1.0)
            self._picture("texts", dark=True)
        with self._step("train"):
            job = self._train()
        with self._step("train from few labels"):
            self._train_by("setfit", FEW_LABELS)
        with self._step("inspect"):
            model, evaluation = self._inspect(job)
        with self._step("models"):
            self._window.open_view("models", model_id=model.id)
            self._settle(1.0)
            self._picture("models", dark=True)
        with self._step("suggestions"):
            self._window.open_view("annotate")
            self._settle(3.0)
            self._picture("suggestions")
        project = self._bridge.project
        with self._step("open the sample with marked passages"):
            self._open_passages()
        with self._step("learn the language"):
            self._train_by("mlm", LANGUAGE, name=LANGUAGE_MODEL)
            self._picture("language", dark=True)
        with self._step("learn passages"):
            self._train_by("ner", MARKING, base_model=LANGUAGE_MODEL)
            self._picture("passages")
            self._window.open_view("models")
            self._settle(1.0)
            self._picture("models-passages")
        report = {
            "steps": self._steps,
            "seconds_to_first_label": round(first_label, 2),
            "pictures": self._pictures,
            "project": project.path if project else "",
            "texts": project.texts if project else 0,
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
            "methods": self._methods,
        }
        text = json.dumps(report, ensure_ascii=False, indent=2)
        (self._directory / "report.json").write_text(text + "\n", encoding="utf-8")
        return report

    # --- the steps ----------------------------------------------------------------------------

    def _sample_is_open(self) -> bool:
        return self._bridge.project is not None and self._bridge.project.texts > 0

    def _label(self) -> float:
        """Label texts by key; return when (seconds since 1970) the first one was on disk."""
        saved: list[tuple[float, int]] = []
        self._bridge.on(LabelsChanged, lambda event: saved.append((time.time(), event.text_ids[0])))
        self._window.open_view("annotate")
        self._settle(1.0)
        self._picture("annotate-first")
        for number in range(LABELLED):
            key = self._key_for(self._shown_text())
            QTest.keyClick(self._window, getattr(Qt.Key, f"Key_{key}"))
            self._wait(partial(_longer, saved, number))
        self._settle(0.5)
        self._picture("annotate", dark=True)
        return saved[0][0]

    def _shown_text(self) -> str:
        page = self._window.findChild(QTextEdit, "annotate.text")
        return page.toPlainText().casefold() if page is not None else ""

    def _key_for(self, content: str) -> str:
        project = self._bridge.project
        assert project is not None
        keys = {label.name: label.key.upper() for label in project.task.labels}
        for name, signs in SIGNS:
            if any(sign in content for sign in signs):
                return keys[name]
        return keys["other question"]

    def _train(self) -> JobInfo:
        passes: list[float] = []
        self._bridge.on(JobMeasured, partial(_note_pass, passes))
        self._window.open_view("train")
        self._settle(1.0)
        self._picture("train-before")
        job_id = self._start("fine-tune", SETTINGS)
        self._wait(lambda: len(passes) >= PASSES_SEEN or self._is_over(job_id), TRAINING)
        self._picture("train-running")
        job = self._finish(job_id)
        self._picture("train", dark=True)
        return job

    def _train_by(
        self, method: str, settings: dict[str, Any], name: str = "", base_model: str = ""
    ) -> None:
        self._finish(self._start(method, settings, name, base_model))

    def _start(
        self, method: str, settings: dict[str, Any], name: str = "", base_model: str = ""
    ) -> int:
        """Put a training into the queue and look at it; returns its job."""
        project = self._bridge.project
        assert project is not None
        started: list[int] = []
        command = StartJob(project.task.id, method, base_model, name, dict(settings))
        self._bridge.send(command, started.append)
        self._wait(lambda: bool(started))
        self._window.open_view("train", method=method, job_id=started[0])
        return started[0]

    def _finish(self, job_id: int) -> JobInfo:
        """Wait until a training is over, and note what came of it."""
        self._wait(lambda: self._is_over(job_id), TRAINING)
        job = self._jobs[job_id]
        if job.status != "done":
            raise KnownError(job.message or f"The training ended as {job.status}.")
        self._settle(1.0)
        self._methods.append(
            {
                "method": job.method,
                "model": job.name,
                "base_model": job.spec["base_model_name"],
                "metrics": job.result["metrics"][job.result["evaluation"]],
                "seconds": job.result["seconds"],
            }
        )
        return job

    def _note_job(self, event: JobsChanged) -> None:
        self._jobs[event.job.id] = event.job

    def _is_over(self, job_id: int) -> bool:
        return job_id in self._jobs and self._jobs[job_id].status not in ("queued", "running")

    def _open_passages(self) -> None:
        self._jobs.clear()
        opened: list[ProjectInfo] = []
        path = self._directory / "sample passages.glossator"
        self._bridge.send(replace(PASSAGES, path=str(path)), opened.append)
        self._wait(lambda: bool(opened))

    def _inspect(self, job: JobInfo) -> tuple[ModelInfo, Evaluation]:
        models: list[ModelInfo] = self._ask(ListModels())
        model = next(model for model in models if model.job_id == job.id)
        self._window.open_view("inspect", model_id=model.id)
        evaluation: Evaluation = self._ask(GetEvaluation(model.id, model.evaluation))
        self._settle(1.5)
        self._picture("inspect", dark=True)
        return model, evaluation

    # --- waiting and looking ------------------------------------------------------------------

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self._steps.append({"name": name, "seconds": round(time.perf_counter() - begun, 2)})

    def _ask(self, query: Query) -> Any:
        answers: list[Any] = []
        errors: list[Exception] = []
        self._bridge.ask(query, answers.append, failed=errors.append)
        self._wait(lambda: bool(answers or errors))
        if errors:
            raise KnownError(sentence_of(errors[0])[0])
        return answers[0]

    def _wait(self, done: Callable[[], bool], patience: float = PATIENCE) -> None:
        until = time.monotonic() + patience
        while not done():
            if time.monotonic() > until:
                sentence = self._window.strip.banner.sentence
                raise KnownError(sentence or f"Nothing happened for {patience:.0f} seconds.")
            _run_events(0.02)

    def _settle(self, seconds: float) -> None:
        """Let the window answer its own questions and draw."""
        _run_events(seconds)

    def _picture(self, name: str, dark: bool = False) -> None:
        for choice in ("light", "dark") if dark else ("light",):
            self._desktop.theme.set_choice(choice)
            self._settle(0.2)
            file = f"{name}.png" if choice == "light" else f"{name}-dark.png"
            self._window.grab().save(str(self._directory / file))
            self._pictures.append(file)
        self._desktop.theme.set_choice("light")


def _note_pass(passes: list[float], event: JobMeasured) -> None:
    if event.split == "validation":
        passes.append(event.epoch)


def _longer(things: Sized, count: int) -> bool:
    return len(things) > count


def _run_events(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()
