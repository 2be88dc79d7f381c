"""Training through the engine: from labels to a model with scores, and every way it can end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

import engine.api as api
from engine.api import (
    CancelJob,
    CloseProject,
    Engine,
    GetEvaluation,
    JobFailed,
    JobMeasured,
    JobProgressed,
    JobsChanged,
    KnownError,
    ListJobEvents,
    ListJobs,
    ListModels,
    ModelPublished,
    OpenProject,
    PredictionsChanged,
    ProjectInfo,
    RecommendMethod,
    SetLabels,
    StartJob,
)

# Loading torch takes a worker long on a machine that is busy.
pytestmark = pytest.mark.timeout(400)

WAIT = 90.0
LONG = {"epochs": 1000, "threads": 1}
ROOT = Path(api.__file__).parents[1]


@pytest.fixture
def labelled(
    import_rows: Callable[..., Any], project: ProjectInfo, make_rows: Callable[..., Any]
) -> ProjectInfo:
    """An open project with enough labels to train."""
    names = [label.name for label in project.task.labels]
    rows = make_rows(train=120, validation=20, test=60)
    import_rows([(row.text, names[row.labels[0]], row.split) for row in rows])
    return project


def start(engine: Engine, project: ProjectInfo, base_model: Path, **more: Any) -> int:
    command = StartJob(
        project.task.id, "fine-tune", base_model=str(base_model), settings=LONG, **more
    )
    job_id: int = engine.submit(command).result(WAIT)
    return job_id


def worker_of_this_process() -> psutil.Process:
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline:
        for child in psutil.Process().children():
            if "engine.jobs.worker" in child.cmdline():
                return child
        time.sleep(0.01)
    raise AssertionError("no worker was started")


def test_a_job_ends_with_a_model_that_has_scores(
    trained_once: Any, trained: ProjectInfo, engine: Engine
) -> None:
    assert trained_once.job.status == "done"
    assert trained_once.job.name == "fine-tune-1"
    (model,) = engine.ask(ListModels()).result(WAIT)
    assert model.id == trained_once.job.model_id
    assert model.present
    assert model.evaluation == "test"
    assert model.snapshot_texts == 200
    assert model.seconds > 0

    evaluation = engine.ask(GetEvaluation(model.id)).result(WAIT)
    assert evaluation.texts == 60
    assert evaluation.missing == 0
    assert evaluation.f1 == pytest.approx(model.metrics["test"]["f1"])
    assert sum(map(sum, evaluation.confusion)) == 60
    assert evaluation.f1 > 0.8


def test_a_job_tells_its_course_and_keeps_it(
    trained_once: Any, trained: ProjectInfo, engine: Engine
) -> None:
    told = trained_once.events
    states = [event.job.status for event in told if isinstance(event, JobsChanged)]
    assert states == ["queued", "running", "done"]
    curves = {event.split for event in told if isinstance(event, JobMeasured)}
    assert curves == {"train", "validation"}
    assert any(isinstance(event, JobProgressed) for event in told)
    (published,) = [event for event in told if isinstance(event, ModelPublished)]
    assert published.name == "fine-tune-1"
    assert {event.split for event in told if isinstance(event, PredictionsChanged)} == {
        "validation",
        "test",
    }

    kept = {event.kind for event in engine.ask(ListJobEvents(trained_once.job.id)).result(WAIT)}
    assert {"started", "measured", "finished"} <= kept
    assert "progress" not in kept


def test_the_first_model_becomes_the_one_that_suggests(
    trained_once: Any, trained: ProjectInfo
) -> None:
    assert trained.suggestion_model_id == trained_once.job.model_id


def test_only_the_snapshot_of_the_labels_stays_of_a_job(trained_once: Any) -> None:
    folder = trained_once.model.parent / ".jobs" / str(trained_once.job.id)
    assert [path.name for path in folder.iterdir()] == ["snapshot.parquet"]


def test_a_running_job_is_gone_within_a_second_of_being_cancelled(
    engine: Engine, labelled: ProjectInfo, tiny_encoder: Path, heard: Any
) -> None:
    job_id = start(engine, labelled, tiny_encoder)
    worker = worker_of_this_process()
    heard.wait_for(JobMeasured)

    asked = time.monotonic()
    engine.submit(CancelJob(job_id)).result(WAIT)
    job = engine.wait_for_job(job_id)
    took = time.monotonic() - asked

    assert job.status == "cancelled"
    assert took < 1.0
    assert psutil.wait_procs([worker], timeout=5.0)[1] == []
    assert engine.ask(ListModels()).result(WAIT) == []
    assert not list(Path(labelled.models_folder).glob("0*"))


def test_a_killed_worker_becomes_a_failed_job_and_the_next_job_starts(
    engine: Engine, labelled: ProjectInfo, tiny_encoder: Path, heard: Any
) -> None:
    first = start(engine, labelled, tiny_encoder)
    second = start(engine, labelled, tiny_encoder)
    worker_of_this_process().send_signal(signal.SIGKILL)

    job = engine.wait_for_job(first)
    assert job.status == "failed"
    assert "memory" in job.message
    assert job.message.count(". ") == 0
    assert heard.of(JobFailed)[0].job_id == first

    heard.wait_for(
        JobsChanged, lambda event: (event.job.id, event.job.status) == (second, "running")
    )
    engine.submit(SetLabels(labelled.task.id, (1,), (labelled.task.labels[0].id,))).result(WAIT)
    engine.submit(CancelJob(second)).result(WAIT)
    assert engine.wait_for_job(second).status == "cancelled"


def test_a_queued_job_is_cancelled_without_ever_starting(
    engine: Engine, labelled: ProjectInfo, tiny_encoder: Path, heard: Any
) -> None:
    first = start(engine, labelled, tiny_encoder)
    second = start(engine, labelled, tiny_encoder, name="second")

    engine.submit(CancelJob(second)).result(WAIT)

    assert engine.wait_for_job(second).status == "cancelled"
    states = [event.job.status for event in heard.of(JobsChanged) if event.job.id == second]
    assert states == ["queued", "cancelled"]
    engine.submit(CancelJob(first)).result(WAIT)
    assert engine.wait_for_job(first).status == "cancelled"


def test_closing_the_project_ends_what_runs_and_keeps_what_waits(
    engine: Engine, labelled: ProjectInfo, tiny_encoder: Path
) -> None:
    running = start(engine, labelled, tiny_encoder)
    waiting = start(engine, labelled, tiny_encoder, name="waiting")
    worker = worker_of_this_process()

    engine.submit(CloseProject()).result(WAIT)

    assert not worker.is_running()
    engine.submit(OpenProject(labelled.path)).result(WAIT)
    jobs = {job.id: job for job in engine.ask(ListJobs()).result(WAIT)}
    assert jobs[running].status == "interrupted"
    assert "closed while the job ran" in jobs[running].message
    assert jobs[waiting].status == "running"
    engine.submit(CancelJob(waiting)).result(WAIT)
    assert engine.wait_for_job(waiting).status == "cancelled"


KILLED_ENGINE = """
import sys, time
from pathlib import Path
from engine.api import Engine, JobsChanged, OpenProject, StartJob

def listen(event):
    if isinstance(event, JobsChanged) and event.job.status == "running":
        print("running", flush=True)

with Engine(listen, suggestions=False) as engine:
    project = engine.submit(OpenProject(sys.argv[1])).result()
    for name in ("one", "two"):
        engine.submit(StartJob(project.task.id, "fine-tune", sys.argv[2], name)).result()
    time.sleep(600)
"""


@pytest.mark.skipif(os.name == "nt", reason="kills a process the POSIX way")
def test_a_job_of_a_killed_engine_is_interrupted_and_its_worker_ends(
    engine: Engine, labelled: ProjectInfo, tiny_encoder: Path
) -> None:
    engine.submit(CloseProject()).result(WAIT)
    killed = subprocess.Popen(
        [sys.executable, "-c", KILLED_ENGINE, labelled.path, str(tiny_encoder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert killed.stdout is not None
    with killed.stdout:
        assert killed.stdout.readline() == "running\n"
    worker = wait_for_child(killed.pid)
    killed.kill()
    killed.wait(10)

    assert psutil.wait_procs([worker], timeout=30.0)[1] == []
    engine.submit(OpenProject(labelled.path)).result(WAIT)
    two, one = engine.ask(ListJobs()).result(WAIT)
    assert (one.status, two.status) == ("interrupted", "running")
    assert not (Path(labelled.models_folder) / ".jobs" / str(one.id)).exists()
    engine.submit(CancelJob(two.id)).result(WAIT)
    assert engine.wait_for_job(two.id).status == "cancelled"


def wait_for_child(pid: int) -> psutil.Process:
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline:
        children = psutil.Process(pid).children()
        if children:
            return children[0]
        time.sleep(0.01)
    raise AssertionError("no worker was started")


def test_training_is_refused_with_a_sentence_before_anything_runs(
    engine: Engine, labelled: ProjectInfo, tiny_encoder: Path, tmp_path: Path
) -> None:
    def refused(words: str, **fields: Any) -> None:
        command = StartJob(labelled.task.id, **{"method": "fine-tune", **fields})
        with pytest.raises(KnownError, match=words):
            engine.submit(command).result(WAIT)

    base = str(tiny_encoder)
    refused("no training method", method="dream", base_model=base)
    refused("no training setting", base_model=base, settings={"epoch": 3})
    refused("epochs", base_model=base, settings={"epochs": -1})
    refused("nothing-here", base_model=str(tmp_path / "nothing-here"))
    assert engine.ask(ListJobs()).result(WAIT) == []


def test_training_needs_texts_of_two_labels(
    engine: Engine, project: ProjectInfo, import_rows: Callable[..., Any], tiny_encoder: Path
) -> None:
    import_rows([("a claim", None, None), ("a ruling", "law", None), ("a verdict", "law", None)])
    with pytest.raises(KnownError, match='at least two labels; so far only "law"'):
        start(engine, project, tiny_encoder)
    assert engine.ask(RecommendMethod(project.task.id)).result(WAIT).method is None
    assert engine.ask(ListJobs()).result(WAIT) == []


def test_two_labels_must_be_in_the_training_part(
    engine: Engine, project: ProjectInfo, import_rows: Callable[..., Any], tiny_encoder: Path
) -> None:
    rows = [(f"a ruling {number}", "law", "train") for number in range(9)]
    import_rows([*rows, ("a fever", "medicine", "test")])
    job = engine.wait_for_job(start(engine, project, tiny_encoder))
    assert job.status == "failed"
    assert "two labels in the training part" in job.message


def test_waiting_for_a_job_that_is_not_there_is_refused(
    engine: Engine, project: ProjectInfo
) -> None:
    with pytest.raises(KnownError):
        engine.wait_for_job(99)
