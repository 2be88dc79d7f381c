"""What continued pretraining was worth is told as it is, as far as it is known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.core.errors import KnownError
from engine.inspection.pretraining import comparison_names, get_pretraining_comparison
from engine.project.jobs import add_job, get_job, set_result, set_status
from engine.project.models import add_model
from engine.project.project import ProjectFile, create_project
from engine.project.training_rows import PretrainingComparison


@pytest.fixture
def project(tmp_path: Path) -> Iterator[ProjectFile]:
    with create_project(tmp_path / "post.glossator", labels=["a", "b"]) as project:
        yield project


def a_job(project: ProjectFile, name: str, part: str, seed: int) -> int:
    request = {"comparison": {"name": name, "part": part, "seed": seed}}
    method = "mlm" if part == "pretraining" else "setfit"
    return add_job(
        project, kind="train", method=method, name=f"{name}-{part}", spec={"request": request}
    )


def finish(project: ProjectFile, job_id: int, split: str, metrics: dict[str, float]) -> None:
    job = get_job(project.connection, job_id)
    model = add_model(
        project,
        name=job.name,
        method=job.method,
        task_id=1,
        base_model="tiny",
        job_id=job_id,
        folder=project.models_folder / str(job_id),
        bytes=1,
        label_ids=[1, 2],
        metrics={split: metrics},
        evaluation=split,
        settings={},
        snapshot_sha256="ab",
        snapshot_texts=7,
        seconds=1.0,
    )
    set_result(project, job_id, {"metrics": {split: metrics}}, model_id=model.id)
    set_status(project, job_id, "done")


def compared(project: ProjectFile, *pairs: tuple[float, float]) -> PretrainingComparison:
    """A finished comparison whose seeds scored so without and with the step."""
    finish(
        project,
        a_job(project, "c", "pretraining", 1),
        "held-out",
        {"perplexity_before": 80.0, "perplexity": 20.0},
    )
    for seed, pair in enumerate(pairs):
        for part, score in zip(("without", "with"), pair, strict=True):
            finish(project, a_job(project, "c", part, seed), "test", {"f1": score})
    found = get_pretraining_comparison(project.connection, project.models_folder, "c")
    assert found is not None
    return found


def test_a_gain_is_the_mean_over_the_seeds(project: ProjectFile) -> None:
    found = compared(project, (0.70, 0.74), (0.72, 0.74))
    assert found.difference == pytest.approx(0.03)
    assert [one.gain for one in found.seeds] == pytest.approx([0.04, 0.02])
    assert (found.perplexity_before, found.perplexity) == (80.0, 20.0)
    assert (found.method, found.over, len(found.job_ids)) == ("setfit", True, 5)
    assert "gains 3.0 points of F1: 0.710 without it, 0.740 with it" in found.words
    assert "disagree" not in found.words


def test_a_loss_is_called_a_loss(project: ProjectFile) -> None:
    found = compared(project, (0.74, 0.70), (0.74, 0.72))
    assert found.difference == pytest.approx(-0.03)
    assert "loses 3.0 points of F1" in found.words


def test_seeds_that_disagree_are_told_of(project: ProjectFile) -> None:
    assert "may be chance" in compared(project, (0.7, 0.8), (0.7, 0.65)).words


def test_no_difference_is_no_gain(project: ProjectFile) -> None:
    assert "changes nothing" in compared(project, (0.7, 0.7), (0.6, 0.6)).words


def test_a_comparison_that_runs_tells_what_is_missing(project: ProjectFile) -> None:
    ids = [
        a_job(project, "c", part, seed)
        for part, seed in (("pretraining", 1), ("without", 1), ("with", 1))
    ]
    finish(project, ids[1], "test", {"f1": 0.5})
    set_status(project, ids[0], "failed")
    found = get_pretraining_comparison(project.connection, project.models_folder)
    assert found is not None
    assert (found.over, found.difference, found.perplexity) == (False, None, None)
    assert found.seeds[0].without == 0.5
    assert found.words == (
        "1 training of this comparison is not over yet. 1 training of it did not finish."
    )


def test_comparisons_are_found_by_name_the_newest_first(project: ProjectFile) -> None:
    connection, folder = project.connection, project.models_folder
    assert get_pretraining_comparison(connection, folder) is None
    add_job(project, kind="train", method="mlm", name="alone", spec={"request": {}})
    for name in ("old", "new"):
        a_job(project, name, "pretraining", 1)
        a_job(project, name, "without", 1)
    assert comparison_names(connection) == ["new", "old"]
    newest = get_pretraining_comparison(connection, folder)
    assert newest is not None
    assert newest.name == "new"
    with pytest.raises(KnownError, match="no comparison"):
        get_pretraining_comparison(connection, folder, "other")
