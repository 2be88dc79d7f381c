"""Models through the engine: renamed, deleted and restored, exported, and the base models."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from engine.api import (
    AddBaseModel,
    BaseModelsChanged,
    CloseProject,
    DeleteModel,
    Engine,
    ExportModel,
    KnownError,
    ListBaseModels,
    ListModels,
    ModelInfo,
    ModelsChanged,
    OpenProject,
    PredictSplit,
    ProjectChanged,
    ProjectInfo,
    RemoveBaseModel,
    RenameModel,
    RestoreModel,
    UseForSuggestions,
)

# Loading torch takes a worker long on a machine that is busy.
pytestmark = pytest.mark.timeout(400)

WAIT = 60.0


def models(engine: Engine, *, deleted: bool = False) -> list[ModelInfo]:
    found: list[ModelInfo] = engine.ask(ListModels(deleted)).result(WAIT)
    return found


def test_a_model_is_renamed_and_its_folder_stays(
    engine: Engine, trained: ProjectInfo, heard: Any
) -> None:
    (before,) = models(engine)
    engine.submit(RenameModel(before.id, "The first one")).result(WAIT)
    (after,) = models(engine)
    assert (after.name, after.folder) == ("The first one", before.folder)
    assert heard.of(ModelsChanged)[-1].model_ids == (before.id,)


def test_a_deleted_model_comes_back_until_the_project_is_closed(
    engine: Engine, trained: ProjectInfo, heard: Any
) -> None:
    (model,) = models(engine)
    engine.submit(DeleteModel(model.id)).result(WAIT)
    assert models(engine) == []
    assert not Path(model.folder).exists()
    assert heard.of(ProjectChanged)[-1].project.suggestion_model_id is None
    with pytest.raises(KnownError, match="deleted"):
        engine.submit(PredictSplit(model.id)).result(WAIT)

    engine.submit(RestoreModel(model.id)).result(WAIT)
    assert [found.present for found in models(engine)] == [True]

    engine.submit(DeleteModel(model.id)).result(WAIT)
    engine.submit(CloseProject()).result(WAIT)
    engine.submit(OpenProject(trained.path)).result(WAIT)
    with pytest.raises(KnownError, match="bin"):
        engine.submit(RestoreModel(model.id)).result(WAIT)
    assert [found.deleted for found in models(engine, deleted=True)] == [True]


def test_a_model_folder_is_exported_whole(
    engine: Engine, trained: ProjectInfo, tmp_path: Path
) -> None:
    (model,) = models(engine)
    engine.submit(ExportModel(model.id, str(tmp_path / "taken"))).result(WAIT)
    copied = {path.name for path in (tmp_path / "taken").iterdir()}
    assert copied == {path.name for path in Path(model.folder).iterdir()}
    with pytest.raises(KnownError):
        engine.submit(ExportModel(model.id, str(tmp_path / "taken"))).result(WAIT)


def test_a_model_whose_folder_is_gone_is_shown_as_missing_and_refused(
    engine: Engine, trained: ProjectInfo
) -> None:
    (model,) = models(engine)
    shutil.rmtree(model.folder)
    assert [found.present for found in models(engine)] == [False]
    with pytest.raises(KnownError, match="put it back there"):
        engine.submit(UseForSuggestions(model.id)).result(WAIT)


def test_base_models_are_added_and_removed_without_a_project(
    engine: Engine, tiny_encoder: Path, heard: Any, tmp_path: Path
) -> None:
    added = engine.submit(AddBaseModel(str(tiny_encoder), "tiny")).result(WAIT)
    assert (added.name, added.layers) == ("tiny", 4)
    assert heard.of(BaseModelsChanged)
    names = [model.name for model in engine.ask(ListBaseModels()).result(WAIT)]
    assert "tiny" in names

    engine.submit(RemoveBaseModel("tiny")).result(WAIT)
    assert "tiny" not in [model.name for model in engine.ask(ListBaseModels()).result(WAIT)]
    assert tiny_encoder.is_dir()

    shutil.make_archive(str(tmp_path / "packed"), "zip", tiny_encoder)
    unpacked = engine.submit(AddBaseModel(str(tmp_path / "packed.zip"))).result(WAIT)
    assert (unpacked.name, unpacked.layers) == ("packed", 4)
    with pytest.raises(KnownError, match='"packed" already'):
        engine.submit(AddBaseModel(str(tmp_path / "packed.zip"))).result(WAIT)

    (tmp_path / "nothing").mkdir()
    with pytest.raises(KnownError):
        engine.submit(AddBaseModel(str(tmp_path / "nothing"))).result(WAIT)
