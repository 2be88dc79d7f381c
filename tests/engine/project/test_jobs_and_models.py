"""The queue of jobs and the registry of models, as the project file keeps them."""

from __future__ import annotations

import pytest

from engine.core.errors import KnownError
from engine.project.jobs import (
    add_events,
    add_job,
    forget_events,
    get_job,
    interrupt_running,
    list_job_events,
    list_jobs,
    queued_jobs,
    set_result,
    set_spec,
    set_status,
)
from engine.project.models import (
    add_model,
    free_model_name,
    get_model,
    list_models,
    mark_deleted,
    rename_model,
    set_metrics,
    set_suggestion_model,
)
from engine.project.project import ProjectFile, open_project
from engine.project.training_rows import ModelInfo


def a_job(project: ProjectFile, name: str = "first") -> int:
    return add_job(project, kind="train", method="fine-tune", name=name, spec={"seed": 42})


def a_model(project: ProjectFile, name: str = "first") -> ModelInfo:
    folder = project.models_folder / name
    folder.mkdir(parents=True, exist_ok=True)
    return add_model(
        project,
        name=name,
        method="fine-tune",
        task_id=1,
        base_model="tiny",
        job_id=a_job(project, name),
        folder=folder,
        bytes=12,
        label_ids=[1, 2, 3],
        metrics={"test": {"macro_f1": 0.5}},
        evaluation="test",
        settings={"epochs": 3},
        snapshot_sha256="ab",
        snapshot_texts=7,
        seconds=1.5,
        manifest_sha256="cd",
    )


def test_a_job_from_queue_to_end(project: ProjectFile) -> None:
    job_id = a_job(project)
    job = get_job(project.connection, job_id)
    assert (job.status, job.spec, job.started, job.finished) == ("queued", {"seed": 42}, "", "")
    set_spec(project, job_id, {"seed": 43, "name": "Größe"})
    assert set_status(project, job_id, "running").started
    set_result(project, job_id, {"metrics": {"test": {}}})
    job = set_status(project, job_id, "done", "All went well.")
    assert job.finished
    assert job.message == "All went well."
    assert (job.spec["seed"], job.result) == (43, {"metrics": {"test": {}}})


def test_the_history_of_a_job_leaves_progress_out(project: ProjectFile) -> None:
    job_id = a_job(project)
    add_events(project, job_id, [("started", {"pid": 1}), ("progress", {"done": 1})])
    add_events(project, job_id, [("log", {"message": "„gut“"})])
    events = list_job_events(project.connection, job_id)
    assert [(event.kind, event.data) for event in events] == [
        ("started", {"pid": 1}),
        ("log", {"message": "„gut“"}),
    ]


def test_jobs_that_ran_when_the_program_died_are_interrupted(project: ProjectFile) -> None:
    running, waiting = a_job(project), a_job(project, "second")
    set_status(project, running, "running")
    project.close()
    with open_project(project.path) as reopened:
        assert interrupt_running(reopened) == [running]
        assert [job.status for job in list_jobs(reopened.connection)] == ["queued", "interrupted"]
        assert [job.id for job in queued_jobs(reopened.connection)] == [waiting]
        assert interrupt_running(reopened) == []


def test_a_paused_job_is_not_over_and_outlives_the_program(project: ProjectFile) -> None:
    job_id = a_job(project)
    set_status(project, job_id, "running")
    paused = set_status(project, job_id, "paused")
    assert (paused.status, paused.finished, paused.resumable) == ("paused", "", True)
    project.close()
    with open_project(project.path) as reopened:
        assert interrupt_running(reopened) == []
        assert queued_jobs(reopened.connection) == []
        assert get_job(reopened.connection, job_id).status == "paused"
        assert set_status(reopened, job_id, "queued").status == "queued"
        assert set_status(reopened, job_id, "interrupted").status == "interrupted"


def test_a_stopped_job_is_resumable_while_it_has_a_checkpoint(project: ProjectFile) -> None:
    job_id = a_job(project)
    assert not set_status(project, job_id, "failed").resumable
    add_events(project, job_id, [("checkpoint", {"checkpoint": 1, "step": 40, "steps": 90})])
    assert get_job(project.connection, job_id).checkpoint["step"] == 40
    assert get_job(project.connection, job_id).resumable
    assert not set_status(project, job_id, "cancelled").resumable
    add_events(project, job_id, [("resumed", {"checkpoint": 0})])
    assert set_status(project, job_id, "interrupted").checkpoint == {}


def test_what_a_job_told_behind_its_checkpoint_is_forgotten(project: ProjectFile) -> None:
    def kinds() -> list[str]:
        return [event.kind for event in list_job_events(project.connection, job_id)]

    job_id = a_job(project)
    before = ("started", "log", "measured")
    add_events(project, job_id, [(kind, {}) for kind in before])
    add_events(project, job_id, [("checkpoint", {"checkpoint": 1})])
    add_events(project, job_id, [(kind, {}) for kind in ("measured", "log", "failed")])
    add_events(project, job_id, [("started", {}), ("log", {"message": "on the GPU"})])
    forget_events(project, job_id, 2)
    assert kinds().count("measured") == 2, "nothing is known of that checkpoint"
    forget_events(project, job_id, 1)
    assert kinds() == [*before, "checkpoint", "failed", "started", "log"]
    forget_events(project, job_id)
    assert kinds() == ["started", "failed", "started", "log"]


def test_a_model_knows_where_it_comes_from(project: ProjectFile) -> None:
    model = a_model(project)
    assert model.folder == str(project.models_folder / "first")
    assert (model.label_ids, model.settings, model.snapshot_texts) == ((1, 2, 3), {"epochs": 3}, 7)
    assert model.present
    assert get_job(project.connection, model.job_id).model_id == model.id
    (project.models_folder / "first").rmdir()
    assert not get_model(project.connection, project.models_folder, model.id).present


def test_metrics_are_kept_by_split(project: ProjectFile) -> None:
    model = a_model(project)
    set_metrics(project, model.id, "validation", {"macro_f1": 0.6})
    set_metrics(project, model.id, "test", {"macro_f1": 0.7})
    found = get_model(project.connection, project.models_folder, model.id)
    assert found.metrics == {"test": {"macro_f1": 0.7}, "validation": {"macro_f1": 0.6}}


def test_names_are_unique_among_the_models_that_are_there(project: ProjectFile) -> None:
    first, second = a_model(project), a_model(project)
    assert (first.name, second.name) == ("first", "first-2")
    assert free_model_name(project.connection, "first") == "first-3"
    with pytest.raises(KnownError, match="already a model"):
        rename_model(project, second.id, "first")
    with pytest.raises(KnownError, match="needs a name"):
        rename_model(project, second.id, "  ")
    mark_deleted(project, first.id)
    assert rename_model(project, second.id, " first ").name == "first"
    assert mark_deleted(project, first.id, False).name == "first-2"


def test_deleted_models_are_listed_only_if_asked_for(project: ProjectFile) -> None:
    model = a_model(project)
    set_suggestion_model(project, model.id)
    assert project.info().suggestion_model_id == model.id
    mark_deleted(project, model.id)
    assert list_models(project.connection, project.models_folder) == []
    assert len(list_models(project.connection, project.models_folder, deleted=True)) == 1
    assert project.info().suggestion_model_id is None
    with pytest.raises(KnownError, match="was deleted"):
        set_suggestion_model(project, model.id)


def test_what_is_not_there_is_a_sentence(project: ProjectFile) -> None:
    with pytest.raises(KnownError, match="no job 9"):
        get_job(project.connection, 9)
    with pytest.raises(KnownError, match="not in this project"):
        rename_model(project, 9, "x")
