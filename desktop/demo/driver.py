"""Drives the real window by itself: gives commands, waits, presses keys, takes pictures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.app import Desktop
from desktop.bridge import sentence_of
from engine.api import Command, JobInfo, JobsChanged, KnownError, ProjectInfo, Query, StartJob

PATIENCE = 120.0  # seconds for anything but training
TRAINING = 1800.0


class Driver:
    """A person at the window; what it did stands in `steps`, `pictures` and `methods`."""

    def __init__(self, desktop: Desktop, directory: Path) -> None:
        self.window = desktop.window
        self.bridge = desktop.bridge
        self.directory = directory
        self.steps: list[dict[str, Any]] = []
        self.pictures: list[str] = []
        self.methods: list[dict[str, Any]] = []
        self._theme = desktop.theme
        self._jobs: dict[int, JobInfo] = {}
        self.bridge.on(JobsChanged, self._note_job)

    @property
    def project(self) -> ProjectInfo:
        """The project that is open."""
        assert self.bridge.project is not None
        return self.bridge.project

    # --- doing ----------------------------------------------------------------------------------

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Note how long the block took."""
        begun = time.perf_counter()
        yield
        self.steps.append({"name": name, "seconds": round(time.perf_counter() - begun, 2)})

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier | None = None) -> None:
        """Press and release a key wherever the keyboard is, a dialog before the window."""
        front = QApplication.activeModalWidget() or self.window
        target = front.focusWidget() or front
        QTest.keyClick(target, key, modifiers or Qt.KeyboardModifier.NoModifier)

    def send(self, command: Command) -> Any:
        """Give a command and wait for its result."""
        done: list[Any] = []
        errors: list[Exception] = []
        self.bridge.send(command, done.append, errors.append)
        self.wait(lambda: bool(done or errors))
        if errors:
            raise KnownError(sentence_of(errors[0])[0])
        return done[0]

    def ask(self, query: Query) -> Any:
        """Ask a question and wait for its answer."""
        answers: list[Any] = []
        errors: list[Exception] = []
        self.bridge.ask(query, answers.append, failed=errors.append)
        self.wait(lambda: bool(answers or errors))
        if errors:
            raise KnownError(sentence_of(errors[0])[0])
        return answers[0]

    def forget_jobs(self) -> None:
        """Another project is about to be opened, whose jobs have the same numbers."""
        self._jobs.clear()

    def start(
        self, method: str, settings: dict[str, Any], name: str = "", base_model: str = ""
    ) -> int:
        """Put a training into the queue and look at it; returns its job."""
        command = StartJob(self.project.task.id, method, base_model, name, dict(settings))
        job_id: int = self.send(command)
        self.window.open_view("train", method=method, job_id=job_id)
        return job_id

    def finish(self, job_id: int) -> JobInfo:
        """Wait until a training is over, and note what came of it."""
        self.wait(lambda: self.is_over(job_id), TRAINING)
        job = self._jobs[job_id]
        if job.status != "done":
            raise KnownError(job.message or f"The training ended as {job.status}.")
        self.settle(1.0)
        self.methods.append(
            {
                "method": job.method,
                "model": job.name,
                "base_model": job.spec["base_model_name"],
                "metrics": job.result["metrics"][job.result["evaluation"]],
                "seconds": job.result["seconds"],
            }
        )
        return job

    def is_over(self, job_id: int) -> bool:
        """Whether a job has come to its end, whatever that was."""
        return job_id in self._jobs and self._jobs[job_id].status not in ("queued", "running")

    # --- waiting and looking --------------------------------------------------------------------

    def wait(self, done: Callable[[], bool], patience: float = PATIENCE) -> None:
        """Let the window work until `done`.

        Raises:
            KnownError: when it took longer than `patience` seconds.
        """
        until = time.monotonic() + patience
        while not done():
            if time.monotonic() > until:
                sentence = self.window.strip.banner.sentence
                raise KnownError(sentence or f"Nothing happened for {patience:.0f} seconds.")
            _run_events(0.02)

    def settle(self, seconds: float) -> None:
        """Let the window answer its own questions and draw."""
        _run_events(seconds)

    def picture(self, name: str, dark: bool = False) -> None:
        """Take a picture of the window, with `dark` another in the dark theme."""
        for choice in ("light", "dark") if dark else ("light",):
            self._theme.set_choice(choice)
            self.settle(0.2)
            file = f"{name}.png" if choice == "light" else f"{name}-dark.png"
            self.window.grab().save(str(self.directory / file))
            self.pictures.append(file)
        self._theme.set_choice("light")

    def _note_job(self, event: JobsChanged) -> None:
        self._jobs[event.job.id] = event.job


def _run_events(seconds: float) -> None:
    # QTest.qWait would hold the interpreter's lock and starve the engine's threads.
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()
