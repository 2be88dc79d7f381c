"""Every model stands below the one it was made from."""

from __future__ import annotations

import dataclasses

from desktop.models.lineage import Branch, lineage, model_key, path_to
from engine.api import BaseModel, ModelInfo

STARTER = BaseModel("starter", "/s", "bert", 384, 6, 22_000_000, 90_000_000, "0" * 64, 512)
MODEL = ModelInfo(
    id=1, name="first", method="fine-tune", task_id=1, base_model="starter", parent_id=None,
    job_id=1, folder="/m/first", bytes=1, created="2026-01-01T00:00:00+00:00", label_ids=(1, 2),
    metrics={}, evaluation="test", settings={}, snapshot_sha256="", snapshot_texts=1, seconds=1.0,
)  # fmt: skip


def model(id: int, base_model: str = "starter", parent_id: int | None = None) -> ModelInfo:
    return dataclasses.replace(
        MODEL, id=id, name=f"model-{id}", base_model=base_model, parent_id=parent_id
    )


def shape(branches: tuple[Branch, ...]) -> dict[str, object]:
    return {branch.name: shape(branch.children) for branch in branches}


def test_a_model_stands_below_its_parent_and_that_below_the_base_model() -> None:
    found = lineage([model(1), model(2, parent_id=1), model(3)], [STARTER])
    assert shape(found) == {"starter": {"model-1": {"model-2": {}}, "model-3": {}}}


def test_a_base_model_that_the_machine_does_not_know_is_named_after_the_others() -> None:
    found = lineage([model(1, "legal-bert"), model(2)], [STARTER])
    assert shape(found) == {"starter": {"model-2": {}}, "legal-bert": {"model-1": {}}}
    assert found[1].base is None


def test_a_model_whose_parent_was_deleted_stands_below_its_base_model() -> None:
    assert shape(lineage([model(2, parent_id=1)], [STARTER])) == {"starter": {"model-2": {}}}


def test_the_path_to_a_model_begins_with_its_base_model() -> None:
    found = lineage([model(1), model(2, parent_id=1)], [STARTER])
    names = [branch.name for branch in path_to(found, model_key(2))]
    assert names == ["starter", "model-1", "model-2"]
    assert path_to(found, model_key(9)) == []


def test_a_model_made_from_one_of_the_project_stands_below_it_and_nowhere_else() -> None:
    language, trained = model(1), model(2, "model-1", parent_id=1)
    assert shape(lineage([language, trained], [STARTER])) == {
        "starter": {"model-1": {"model-2": {}}}
    }
