"""Continued pretraining in a project: a base model for other trainings, and what it was worth."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.api import (
    CancelJob,
    ComparePretraining,
    CreateProject,
    Engine,
    GetEvaluation,
    GetPretrainingComparison,
    ImportTexts,
    JobInfo,
    KnownError,
    ListJobEvents,
    ListModels,
    ModelInfo,
    PredictFile,
    PredictSplit,
    PretrainingComparison,
    ProjectInfo,
    StartJob,
    UseForSuggestions,
    fill_mask,
    predict_with_folder,
)

pytestmark = pytest.mark.slow  # eight workers start

WAIT = 60.0
QUICK = {"epochs": 1, "learning_rate": 3e-3, "threads": 1}


@dataclass(slots=True)
class Pretrained:
    """A project with a comparison of one seed in it, still open."""

    engine: Engine
    project: ProjectInfo
    comparison: PretrainingComparison
    models: dict[str, ModelInfo]
    jobs: list[JobInfo]


@pytest.fixture(scope="module")
def pretrained(
    tmp_path_factory: pytest.TempPathFactory, tiny_encoder: Path, make_rows: Callable[..., Any]
) -> Any:
    """Compare on 120 labelled texts and 60 unlabelled ones."""
    folder = tmp_path_factory.mktemp("language")
    labels = ("law", "medicine")
    with (folder / "letters.jsonl").open("w", encoding="utf-8") as file:
        for row in make_rows(train=60, validation=20, test=60):
            record = {"text": row.text, "label": labels[row.labels[0]], "split": row.split}
            file.write(json.dumps(record) + "\n")
        for row in make_rows(train=60, seed=9):
            file.write(json.dumps({"text": row.text, "split": "train"}) + "\n")
    with pytest.MonkeyPatch.context() as patch, Engine(suggestions=False) as engine:
        patch.setenv("GLOSSATOR_LOG_DIR", str(folder / "logs"))
        patch.setenv("GLOSSATOR_DATA_DIR", str(folder / "data"))
        path = folder / "post.glossator"
        project = engine.submit(CreateProject(str(path), labels)).result(WAIT)
        engine.submit(ImportTexts(str(folder / "letters.jsonl"), project.task.id)).result(WAIT)
        name = engine.submit(
            ComparePretraining(
                project.task.id,
                base_model=str(tiny_encoder),
                seeds=(42,),
                settings=QUICK,
                mlm_settings=QUICK,
            )
        ).result(WAIT)
        waiting = engine.ask(GetPretrainingComparison(name)).result(WAIT)
        assert not waiting.over
        jobs = [engine.wait_for_job(job_id, timeout=2 * WAIT) for job_id in waiting.job_ids]
        models = {model.name: model for model in engine.ask(ListModels()).result(WAIT)}
        comparison = engine.ask(GetPretrainingComparison()).result(WAIT)
        yield Pretrained(engine, project, comparison, models, jobs)


def test_a_comparison_trains_with_and_without_the_step_from_the_same_seed(
    pretrained: Pretrained,
) -> None:
    assert [job.status for job in pretrained.jobs] == ["done"] * 3
    assert set(pretrained.models) == {
        "comparison-1-pretraining", "comparison-1-without-42", "comparison-1-with-42"
    }  # fmt: skip
    found = pretrained.comparison
    assert (found.name, found.method, found.over) == ("comparison-1", "fine-tune", True)
    (scores,) = found.seeds
    for name, score in (("without", scores.without), ("with", scores.with_step)):
        model = pretrained.models[f"comparison-1-{name}-42"]
        assert model.settings["seed"] == 42
        assert model.metrics[model.evaluation]["f1"] == score
    assert found.difference == pytest.approx(scores.with_step - scores.without)
    assert found.perplexity is not None
    assert "Continued pretraining" in found.words
    assert "One seed says little" in found.words


def test_its_model_is_the_parent_of_what_starts_from_it(pretrained: Pretrained) -> None:
    language = pretrained.models["comparison-1-pretraining"]
    assert (language.method, language.label_ids) == ("mlm", ())
    assert language.evaluation == "held-out"
    assert language.metrics["held-out"]["perplexity"] > 1
    # Unlabelled texts are read, those of the test part are not.
    assert language.snapshot_texts == 140
    assert pretrained.models["comparison-1-with-42"].parent_id == language.id
    assert pretrained.models["comparison-1-with-42"].base_model == language.name
    assert pretrained.models["comparison-1-without-42"].parent_id is None


def test_the_preview_is_part_of_the_history(pretrained: Pretrained) -> None:
    events = pretrained.engine.ask(ListJobEvents(pretrained.jobs[0].id)).result(WAIT)
    previews = [event.data for event in events if event.kind == "preview"]
    assert [one["when"] for one in previews] == ["before", "after"]


def test_a_training_starts_from_it_by_name(pretrained: Pretrained) -> None:
    engine, language = pretrained.engine, pretrained.models["comparison-1-pretraining"]
    job_id = engine.submit(
        StartJob(
            pretrained.project.task.id,
            "fine-tune",
            base_model=language.name,
            name="by-name",
            settings={**QUICK, "train": "head"},
        )
    ).result(WAIT)
    assert engine.wait_for_job(job_id, timeout=2 * WAIT).status == "done"
    models = engine.ask(ListModels()).result(WAIT)
    assert models[-1].parent_id == language.id


def test_it_gives_no_labels_and_whoever_asks_for_them_is_told_so(
    pretrained: Pretrained, tmp_path: Path
) -> None:
    engine, language = pretrained.engine, pretrained.models["comparison-1-pretraining"]
    file = tmp_path / "a.csv"
    file.write_text("text\ncourt\n", encoding="utf-8")
    out = tmp_path / "b.csv"
    for command in (
        UseForSuggestions(language.id),
        PredictSplit(language.id),
        PredictFile(language.id, str(file), str(out)),
    ):
        with pytest.raises(KnownError, match="gives no labels"):
            engine.submit(command).result(WAIT)
    with pytest.raises(KnownError, match="gives no labels"):
        engine.ask(GetEvaluation(language.id)).result(WAIT)
    with pytest.raises(KnownError, match="gives no labels"):
        predict_with_folder(Path(language.folder), file, out)


def test_a_comparison_that_cannot_be_is_refused_before_any_job_is_queued(
    pretrained: Pretrained,
) -> None:
    engine, task_id = pretrained.engine, pretrained.project.task.id
    for command, sentence in (
        (ComparePretraining(task_id, method="mlm"), "another method"),
        (ComparePretraining(task_id, seeds=()), "1 to 20"),
        (ComparePretraining(task_id, name="comparison-1"), "already a comparison"),
        (ComparePretraining(task_id, settings={"epochs": -1}), "epochs"),
        (ComparePretraining(task_id, mlm_settings={"frozen_blocks": 1}), "frozen_blocks"),
    ):
        with pytest.raises(KnownError, match=sentence):
            engine.submit(command).result(WAIT)
    assert engine.ask(GetPretrainingComparison()).result(WAIT).name == "comparison-1"
    with pytest.raises(KnownError, match="no comparison"):
        engine.ask(GetPretrainingComparison("nowhere")).result(WAIT)


def test_a_pretraining_that_fails_takes_its_followers_with_it(pretrained: Pretrained) -> None:
    engine = pretrained.engine
    name = engine.submit(
        ComparePretraining(
            pretrained.project.task.id,
            base_model=pretrained.models["comparison-1-pretraining"].name,
            seeds=(1,),
            settings={**QUICK, "train": "head"},
            mlm_settings=QUICK,
            name="hopeless",
        )
    ).result(WAIT)
    ids = engine.ask(GetPretrainingComparison(name)).result(WAIT).job_ids
    engine.submit(CancelJob(ids[0])).result(WAIT)
    statuses = [engine.wait_for_job(job_id, timeout=2 * WAIT) for job_id in ids]
    assert [job.status for job in statuses] == ["cancelled", "done", "failed"]
    assert "did not finish" in statuses[2].message
    found = engine.ask(GetPretrainingComparison(name)).result(WAIT)
    assert found.over
    assert found.difference is None
    assert "did not finish" in found.words


def test_the_words_for_gaps_come_from_a_worker(pretrained: Pretrained, tiny_encoder: Path) -> None:
    language = pretrained.models["comparison-1-pretraining"]
    found = fill_mask(language.folder, ["the court of [MASK]", "[MASK] and [MASK]"], top=3)
    assert [one.text for one in found] == ["the court of [MASK]"] + ["[MASK] and [MASK]"] * 2
    assert all(len(one.words) == 3 for one in found)
    with pytest.raises(KnownError, match="never learned to fill masks"):
        fill_mask(str(tiny_encoder), ["the court of [MASK]"])
    with pytest.raises(KnownError, match=r"has no \[MASK\]"):
        fill_mask(language.folder, ["the court"])
