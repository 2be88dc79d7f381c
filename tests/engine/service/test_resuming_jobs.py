"""Trainings that are paused, interrupted or killed, and go on as if nothing had happened."""

from __future__ import annotations

import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from engine.api import (
    CancelJob,
    CloseProject,
    ComparePretraining,
    Engine,
    JobInfo,
    JobMeasured,
    JobResumed,
    JobsChanged,
    KnownError,
    ListJobEvents,
    ListJobs,
    ListModels,
    OpenProject,
    PauseJob,
    ProjectInfo,
    ResumeJob,
    StartJob,
)

# Loading torch takes a worker long on a machine that is busy.
pytestmark = pytest.mark.timeout(400)

WAIT = 90.0
SETTINGS = {"epochs": 300, "threads": 1, "learning_rate": 1e-3}


@pytest.fixture
def labelled(
    import_rows: Callable[..., Any], project: ProjectInfo, make_rows: Callable[..., Any]
) -> ProjectInfo:
    """An open project with enough labels to train."""
    names = [label.name for label in project.task.labels]
    rows = make_rows(train=60, validation=20, test=60)
    import_rows([(row.text, names[row.labels[0]], row.split) for row in rows])
    return project


def start(
    engine: Engine, project: ProjectInfo, base_model: Path, name: str, **settings: Any
) -> int:
    command = StartJob(
        project.task.id,
        "fine-tune",
        base_model=str(base_model),
        name=name,
        settings={**SETTINGS, **settings},
    )
    job_id: int = engine.submit(command).result(WAIT)
    return job_id


def job_of(engine: Engine, job_id: int) -> JobInfo:
    jobs: list[JobInfo] = engine.ask(ListJobs()).result(WAIT)
    return next(job for job in jobs if job.id == job_id)


def pause(engine: Engine, heard: Any, job_id: int) -> JobInfo:
    """Let a job take some steps and pause it."""
    heard.wait_for(JobMeasured, lambda event: event.job_id == job_id and event.step > 20)
    engine.submit(PauseJob(job_id)).result(WAIT)
    job = engine.wait_for_job(job_id, timeout=WAIT)
    assert job.status == "paused", job.message
    return job


def folder_of(project: ProjectInfo, job_id: int) -> Path:
    return Path(project.models_folder) / ".jobs" / str(job_id)


def steps_told(engine: Engine, job_id: int) -> list[int]:
    events = engine.ask(ListJobEvents(job_id)).result(WAIT)
    return [event.data["step"] for event in events if event.kind == "measured"]


@pytest.mark.slow
def test_a_paused_job_makes_way_and_goes_on_to_the_same_model(
    engine: Engine, labelled: ProjectInfo, tiny_encoder: Path, heard: Any
) -> None:
    whole = start(engine, labelled, tiny_encoder, "whole", epochs=60)
    stopped = start(engine, labelled, tiny_encoder, "stopped", epochs=60)
    next_one = start(engine, labelled, tiny_encoder, "next", epochs=1)
    assert engine.wait_for_job(whole, timeout=WAIT).status == "done"

    job = pause(engine, heard, stopped)
    assert 20 < job.checkpoint["step"] < job.checkpoint["steps"] == 240
    assert engine.wait_for_job(next_one, timeout=WAIT).status == "done"

    # A pause outlives the program, and the job waits until somebody wants it.
    engine.submit(CloseProject()).result(WAIT)
    engine.submit(OpenProject(labelled.path)).result(WAIT)
    assert job_of(engine, stopped).status == "paused"
    engine.submit(ResumeJob(stopped)).result(WAIT)
    done = engine.wait_for_job(stopped, timeout=WAIT)

    assert (done.status, done.message) == ("done", "")
    assert heard.wait_for(JobResumed).step == job.checkpoint["step"]
    models = {model.name: model for model in engine.ask(ListModels()).result(WAIT)}
    first, second = (
        (Path(models[name].folder) / "model.safetensors").read_bytes()
        for name in ("whole", "stopped")
    )
    assert first == second
    assert models["whole"].metrics == models["stopped"].metrics
    told = steps_told(engine, stopped)
    assert told == sorted(told)
    assert [path.name for path in folder_of(labelled, stopped).iterdir()] == ["snapshot.parquet"]


@pytest.mark.slow
def test_a_killed_worker_and_a_closed_project_lose_only_what_is_behind_the_checkpoint(
    engine: Engine, labelled: ProjectInfo, tiny_encoder: Path, heard: Any
) -> None:
    job_id = start(engine, labelled, tiny_encoder, "one", epochs=1000)
    step = pause(engine, heard, job_id).checkpoint["step"]

    engine.submit(ResumeJob(job_id)).result(WAIT)
    heard.wait_for(JobMeasured, lambda event: event.step > step + 10)
    children = psutil.Process().children()
    (worker,) = (child for child in children if "engine.jobs.worker" in child.cmdline())
    worker.send_signal(signal.SIGTERM)
    job = engine.wait_for_job(job_id, timeout=WAIT)
    assert job.status == "failed"
    assert job.message.endswith(f"; it can go on from step {step} of 4000.")
    assert job.resumable

    heard.events.clear()
    engine.submit(ResumeJob(job_id)).result(WAIT)
    assert heard.wait_for(JobResumed).step == step
    assert max(steps_told(engine, job_id)) <= step
    heard.wait_for(JobMeasured, lambda event: event.step > step + 10)
    began = time.monotonic()
    engine.submit(CloseProject()).result(WAIT)
    assert time.monotonic() - began < 5.0
    engine.submit(OpenProject(labelled.path)).result(WAIT)
    job = job_of(engine, job_id)
    assert job.status == "interrupted"
    assert job.checkpoint["step"] > step + 10
    assert f"it can go on from step {job.checkpoint['step']} of 4000" in job.message

    # What it had computed is given up when nobody wants it any more.
    engine.submit(CancelJob(job_id)).result(WAIT)
    assert job_of(engine, job_id).status == "cancelled"
    assert not folder_of(labelled, job_id).exists()
    with pytest.raises(KnownError, match="has nothing to go on from"):
        engine.submit(ResumeJob(job_id)).result(WAIT)


@pytest.mark.slow
def test_a_paused_job_can_begin_again_and_a_lost_folder_makes_it(
    engine: Engine, labelled: ProjectInfo, tiny_encoder: Path, heard: Any
) -> None:
    job_id = start(engine, labelled, tiny_encoder, "one", epochs=1000)
    pause(engine, heard, job_id)
    heard.events.clear()

    engine.submit(ResumeJob(job_id, anew=True)).result(WAIT)
    pause(engine, heard, job_id)
    assert heard.of(JobMeasured)[0].step <= 10
    assert heard.of(JobResumed) == []

    shutil.rmtree(folder_of(labelled, job_id))
    heard.events.clear()
    engine.submit(ResumeJob(job_id)).result(WAIT)
    heard.wait_for(JobMeasured)
    assert heard.of(JobMeasured)[0].step <= 10
    events = engine.ask(ListJobEvents(job_id)).result(WAIT)
    log = [event.data["message"] for event in events if event.kind == "log"]
    assert "What this training had computed is no longer there, so it begins anew." in log
    engine.submit(CancelJob(job_id)).result(WAIT)
    assert engine.wait_for_job(job_id).status == "cancelled"


@pytest.mark.slow
def test_a_waiting_job_is_held_back_and_other_kinds_are_not_paused(
    engine: Engine, labelled: ProjectInfo, tiny_encoder: Path, heard: Any
) -> None:
    first = start(engine, labelled, tiny_encoder, "first")
    second = start(engine, labelled, tiny_encoder, "second", epochs=1)
    engine.submit(PauseJob(second)).result(WAIT)
    assert job_of(engine, second).status == "paused"
    engine.submit(PauseJob(first)).result(WAIT)
    assert engine.wait_for_job(first, timeout=WAIT).status == "paused"
    # Its name is kept for it.
    with pytest.raises(KnownError, match='already a model named "first"'):
        start(engine, labelled, tiny_encoder, "first")

    engine.submit(ResumeJob(second)).result(WAIT)
    assert engine.wait_for_job(second, timeout=WAIT).status == "done"
    engine.submit(PauseJob(second)).result(WAIT)
    assert job_of(engine, second).status == "done"
    states = [event.job.status for event in heard.of(JobsChanged) if event.job.id == second]
    assert states[:3] == ["queued", "paused", "queued"]


@pytest.mark.slow
def test_it_can_go_on_with_another_rate(
    engine: Engine, labelled: ProjectInfo, tiny_encoder: Path, heard: Any
) -> None:
    job_id = start(engine, labelled, tiny_encoder, "one", epochs=40)
    step = pause(engine, heard, job_id).checkpoint["step"]
    with pytest.raises(KnownError, match="learning_rate cannot be"):
        engine.submit(ResumeJob(job_id, learning_rate=0.0)).result(WAIT)
    engine.submit(ResumeJob(job_id, learning_rate=1e-4)).result(WAIT)
    job = engine.wait_for_job(job_id, timeout=WAIT)
    assert job.status == "done"
    assert job.result["settings"]["learning_rate"] == 1e-4
    assert heard.wait_for(JobResumed).step == step


@pytest.mark.slow
def test_what_is_to_start_from_a_paused_training_waits_for_it(
    engine: Engine, labelled: ProjectInfo, tiny_encoder: Path
) -> None:
    engine.submit(
        ComparePretraining(
            labelled.task.id,
            base_model=str(tiny_encoder),
            seeds=(7,),
            settings={"epochs": 1, "threads": 1},
            mlm_settings={"epochs": 1, "threads": 1},
        )
    ).result(WAIT)
    with_it, without, first = (job.id for job in engine.ask(ListJobs()).result(WAIT))
    engine.submit(PauseJob(first)).result(WAIT)
    assert engine.wait_for_job(first, timeout=WAIT).status == "paused"
    assert engine.wait_for_job(without, timeout=WAIT).status == "done"
    assert job_of(engine, with_it).status == "queued"
    engine.submit(ResumeJob(first)).result(WAIT)
    assert engine.wait_for_job(with_it, timeout=WAIT).status == "done"
