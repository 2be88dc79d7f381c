"""A real engine on a real project file, and a record of everything it tells."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.api import (
    CreateProject,
    Engine,
    Event,
    ImportReport,
    ImportTexts,
    JobInfo,
    ListModels,
    OpenProject,
    ProjectInfo,
    StartJob,
)

WAIT = 60.0
"""Seconds after which a test gives up waiting for an event."""


class Recorder:
    """Keeps every event in order; tests wait for the one they expect."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._changed = threading.Condition()

    def __call__(self, event: Event) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def of(self, kind: type[Event]) -> list[Any]:
        """All events of a kind so far."""
        with self._changed:
            return [event for event in self.events if isinstance(event, kind)]

    def wait_for(
        self,
        kind: type[Event],
        condition: Callable[[Any], bool] = lambda event: True,
        seconds: float = WAIT,
    ) -> Any:
        """The first event of a kind that fulfils a condition, waiting for it if need be."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while True:
                for event in self.events:
                    if isinstance(event, kind) and condition(event):
                        return event
                left = deadline - time.monotonic()
                if left <= 0 or not self._changed.wait(left):
                    told = [type(event).__name__ for event in self.events[-20:]]
                    raise AssertionError(f"no {kind.__name__} within {seconds} s, only {told}")


@pytest.fixture
def heard() -> Recorder:
    """The events of the test's engine."""
    return Recorder()


@pytest.fixture
def engine(heard: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A started engine without suggestions and without a project."""
    monkeypatch.setenv("GLOSSATOR_LOG_DIR", str(tmp_path / "logs"))
    monkeypatch.setenv("GLOSSATOR_DATA_DIR", str(tmp_path / "data"))
    with Engine(heard, suggestions=False) as started:
        yield started


@pytest.fixture
def project(engine: Engine, tmp_path: Path) -> ProjectInfo:
    """An open project with two labels and no texts."""
    path = tmp_path / "post.glossator"
    opened: ProjectInfo = engine.submit(CreateProject(str(path), ("law", "medicine"))).result(WAIT)
    return opened


@pytest.fixture
def write_texts(tmp_path: Path) -> Callable[..., Path]:
    """Write texts into a JSONL file: ``write_texts([(text, label or None, split or None), …])``."""

    def write(rows: Sequence[tuple[str, str | None, str | None]], name: str = "a.jsonl") -> Path:
        path = tmp_path / name
        with path.open("w", encoding="utf-8") as file:
            for text, label, split in rows:
                record = {"text": text, "label": label, "split": split}
                kept = {key: value for key, value in record.items() if value is not None}
                file.write(json.dumps(kept) + "\n")
        return path

    return write


@pytest.fixture
def import_rows(
    engine: Engine, project: ProjectInfo, write_texts: Callable[..., Path]
) -> Callable[..., ImportReport]:
    """Import rows into the open project and return the report."""

    def bring(
        rows: Sequence[tuple[str, str | None, str | None]], name: str = "a.jsonl"
    ) -> ImportReport:
        path = write_texts(rows, name)
        report: ImportReport = engine.submit(ImportTexts(str(path), project.task.id)).result(WAIT)
        return report

    return bring


@dataclass(frozen=True, slots=True)
class Trained:
    """A project whose texts were learned by a tiny model, and what the engine told meanwhile."""

    path: Path
    job: JobInfo
    events: list[Event]
    model: Path


LABELS = ("law", "medicine")


@pytest.fixture(scope="session")
def trained_once(
    tmp_path_factory: pytest.TempPathFactory, tiny_encoder: Path, make_rows: Callable[..., Any]
) -> Trained:
    """A project with 200 labelled texts, 80 unlabelled ones and a model; for reading only."""
    folder = tmp_path_factory.mktemp("trained")
    rows = make_rows(train=120, validation=20, test=60)
    with (folder / "letters.jsonl").open("w", encoding="utf-8") as file:
        for row in rows:
            record = {"text": row.text, "label": LABELS[row.labels[0]], "split": row.split}
            file.write(json.dumps(record) + "\n")
        for row in make_rows(train=80, seed=9):
            file.write(json.dumps({"text": row.text, "split": "train"}) + "\n")
    heard = Recorder()
    with pytest.MonkeyPatch.context() as patch, Engine(heard, suggestions=False) as engine:
        patch.setenv("GLOSSATOR_LOG_DIR", str(folder / "logs"))
        patch.setenv("GLOSSATOR_DATA_DIR", str(folder / "data"))
        path = folder / "post.glossator"
        project = engine.submit(CreateProject(str(path), LABELS)).result(WAIT)
        engine.submit(ImportTexts(str(folder / "letters.jsonl"), project.task.id)).result(WAIT)
        job_id = engine.submit(
            StartJob(
                project.task.id,
                "fine-tune",
                base_model=str(tiny_encoder),
                settings={"epochs": 6, "learning_rate": 3e-3, "threads": 1},
            )
        ).result(WAIT)
        job = engine.wait_for_job(job_id, timeout=2 * WAIT)
        (model,) = engine.ask(ListModels()).result(WAIT)
    return Trained(path, job, heard.events, Path(model.folder))


@pytest.fixture
def trained(trained_once: Trained, engine: Engine, tmp_path: Path) -> ProjectInfo:
    """A copy of the trained project, open in the test's engine."""
    path = tmp_path / "post.glossator"
    shutil.copy(trained_once.path, path)
    models = trained_once.model.parent
    shutil.copytree(models, tmp_path / models.name)
    opened: ProjectInfo = engine.submit(OpenProject(str(path))).result(WAIT)
    return opened
