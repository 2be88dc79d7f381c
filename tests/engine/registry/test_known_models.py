"""The catalogue of base models, and what it fills in where a folder says nothing."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from engine.inference.pooling import MODES, read_pooling
from engine.jobs.spec import METHODS
from engine.registry.base_models import add_base_model, find_base_model
from engine.registry.encoder_hash import vectors_sha256
from engine.registry.known_models import KnownBaseModel, find_known_model, list_known_models

SEEDS = (
    *("bert-base-cased", "distilbert", "albert", "roberta-base", "xlm-roberta", "spanbert"),
    *("scibert", "biobert", "clinicalbert", "finbert", "bert-base-nli", "minilm", "mpnet"),
    *("simcse", "e5-base", "gte-base", "bge-base", "bge-m3", "deberta-v3", "electra"),
    *("modernbert-base", "e5-mistral", "bge-reranker"),
)


def known(name: str) -> KnownBaseModel:
    (found,) = [model for model in list_known_models() if model.name == name]
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_every_family_that_people_ask_for_has_a_row(seed: str) -> None:
    assert any(seed in model.hub_name.casefold() for model in list_known_models())


@pytest.mark.parametrize("model", list_known_models(), ids=lambda model: model.name)
def test_a_row_is_whole(model: KnownBaseModel) -> None:
    assert model.hub_name.count("/") == 1
    assert model.about.endswith(".")
    assert model.languages
    assert set(model.good_for) <= {*METHODS, "search"}
    assert model.pooling in ("", *MODES)
    assert model.weights in ("safetensors", "pickle")
    assert model.works == bool(model.good_for) == bool(model.steps)
    assert model.works or model.limits.startswith("Nothing of it works:")
    assert not any("{" in step for step in model.steps)
    assert all(step.split("\n")[0].endswith((".", ":")) for step in model.steps)


def test_a_pickle_is_converted_where_it_is_downloaded() -> None:
    assert any("save_pretrained" in step for step in known("deberta-v3-base").steps)
    assert not any("save_pretrained" in step for step in known("roberta-base").steps)
    assert "AutoModelForMaskedLM.from" in known("scibert_scivocab_uncased").steps[1]
    assert "(name, do_lower_case=False)" in known("Bio_ClinicalBERT").steps[1]


def test_what_does_not_work_says_why() -> None:
    assert "decoder" in known("e5-mistral-7b-instruct").limits
    assert "scores pairs" in known("bge-reranker-base").limits
    assert "program code" in known("gte-base-en-v1.5").limits


@pytest.mark.parametrize(
    "place",
    [
        "e5-base-v2",
        "intfloat/e5-base-v2",
        "intfloat--e5-base-v2",
        "E5-base-v2",
        "models--intfloat--e5-base-v2/snapshots/1c644c92ad3ba1efdad3f1451a637716616a20e8",
    ],
)
def test_a_folder_is_recognised_by_its_name(place: str, tmp_path: Path) -> None:
    found = find_known_model(tmp_path / place)

    assert found is not None
    assert found.hub_name == "intfloat/e5-base-v2"
    assert find_known_model(tmp_path / "my-e5") is None


def test_a_folder_is_recognised_by_the_name_it_was_added_under(
    tiny_encoder: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(tiny_encoder, tmp_path / "downloads"))
    assert read_pooling(folder).prompts == {}
    before = vectors_sha256(find_base_model(str(folder)))

    add_base_model(folder, "e5-base-v2")

    pooling = read_pooling(folder)
    assert pooling.prompts == {"query": "query: ", "document": "passage: "}
    assert (pooling.modes, pooling.normalize, pooling.prompt) == (("mean",), True, "query: ")
    assert vectors_sha256(find_base_model(str(folder))) != before, "other words, other vectors"


def test_pooling_comes_from_the_name_where_the_folder_does_not_say(
    tiny_encoder: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(tiny_encoder, tmp_path / "unsup-simcse-bert-base-uncased"))

    assert read_pooling(folder).modes == ("cls",)


def test_what_the_folder_says_holds(tiny_encoder: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_encoder, tmp_path / "e5-base-v2"))
    modules = [{"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]
    (folder / "modules.json").write_text(json.dumps(modules))
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode": "max"}))

    found = read_pooling(folder)
    assert (found.modes, found.normalize) == (("max",), False)
    assert found.prompts["query"] == "query: ", "E5 is published without saying it"

    settings = folder / "config_sentence_transformers.json"
    settings.write_text(json.dumps({"prompts": {"query": "search: "}}))
    assert read_pooling(folder) == replace(found, prompts={"query": "search: "}, prompt="")
