"""Projects with models whose folders are published, and one model that can really predict."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot
from safetensors.numpy import save_file
from tokenizers import Tokenizer, models, pre_tokenizers

from desktop.models.catalogue import Catalogue
from desktop.models.view import ModelsView
from desktop.window import MainWindow
from engine.project.jobs import add_job, set_status
from engine.project.models import add_model
from engine.project.project import open_project
from engine.registry.publish import publishing

MakeModels = Callable[..., Path]
WAIT = 15_000


@pytest.fixture(autouse=True)
def own_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the base models of a test in its own folder."""
    monkeypatch.setenv("GLOSSATOR_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def make_models(make_project: Callable[..., Path]) -> MakeModels:
    """Make a project with a model for each name, the second trained from the first, and so on.

    ``make_models("first", "second", base_model=..., method=..., metrics=None, fill=None,
    labels=...)``: `fill(folder)` writes what is published; without it a folder holds a single small
    file. `metrics` are by split and stand in the place of made-up ones.
    """

    def make(
        *names: str,
        base_model: str = "all-MiniLM-L6-v2",
        method: str = "fine-tune",
        metrics: dict[str, Any] | None = None,
        fill: Callable[[Path], None] | None = None,
        **options: Any,
    ) -> Path:
        path = make_project(**options)
        with open_project(path) as project:
            task = project.info().task
            parent_id = None
            for number, name in enumerate(names, start=1):
                job_id = add_job(project, kind="train", method=method, name=name, spec={})
                set_status(project, job_id, "done")
                with publishing(project.models_folder / name) as publication:
                    if fill is None:
                        (publication.folder / "config.json").write_text("{}")
                    else:
                        fill(publication.folder)
                    publication.lineage["labels"] = [label.name for label in task.labels]
                figures = {"precision": 0.5, "recall": 0.25, "f1": 1 / 3, "support": 1000 + number}
                score = {
                    "texts": 200,
                    "accuracy": 0.75,
                    "macro_f1": 0.6 + number / 10,
                    "per_label": {label.name: figures for label in task.labels},
                }
                model = add_model(
                    project,
                    name=name,
                    method=method,
                    task_id=task.id,
                    base_model=base_model,
                    job_id=job_id,
                    folder=project.models_folder / name,
                    bytes=publication.bytes,
                    label_ids=[label.id for label in task.labels],
                    metrics=metrics or {"test": score},
                    evaluation=next(iter(metrics)) if metrics else "test",
                    settings={"epochs": 2, "train": "head"},
                    snapshot_sha256="0" * 64,
                    snapshot_texts=312,
                    seconds=130.0,
                    parent_id=parent_id,
                )
                parent_id = model.id
        return path

    return make


@pytest.fixture
def open_models(
    open_window: Callable[[Path], MainWindow], qtbot: QtBot
) -> Callable[[Path], ModelsView]:
    """Open Models on a project and wait until everything is listed."""

    def open_(path: Path) -> ModelsView:
        window = open_window(path)
        window.open_view("models")
        view = window.findChild(ModelsView)
        assert isinstance(view, ModelsView)
        catalogue = view.findChild(Catalogue)
        assert isinstance(catalogue, Catalogue)
        qtbot.waitUntil(lambda: catalogue.loaded and bool(catalogue.base_models), timeout=WAIT)
        return view

    return open_


HIDDEN, LENGTH = 8, 32
WORDS = ("[PAD]", "[UNK]", "the", "roof", "leaks", "bicycle", "is", "gone")
CONFIG = {
    "model_type": "bert",
    "vocab_size": len(WORDS),
    "hidden_size": HIDDEN,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": HIDDEN,
    "max_position_embeddings": LENGTH,
    "pad_token_id": 0,
}


@pytest.fixture
def tiny_base(tmp_path: Path) -> Path:
    """A folder with an encoder that can be trained from."""
    folder = tmp_path / "tiny-bert"
    folder.mkdir()
    _save_bert(folder, {"architectures": ["BertModel"]}, {}, prefix="")
    return folder


@pytest.fixture
def save_encoder() -> Callable[[Path], None]:
    """Write an encoder that can be trained from; it has learned nothing."""

    def save(folder: Path) -> None:
        _save_bert(folder, {"architectures": ["BertModel"]}, {}, prefix="")

    return save


@pytest.fixture
def save_classifier() -> Callable[[Path], None]:
    """Write a classifier of three labels that loads and predicts; it has learned nothing."""

    def save(folder: Path) -> None:
        labels = {"id2label": {str(at): f"LABEL_{at}" for at in range(3)}}
        head = {"classifier.weight": (3, HIDDEN), "classifier.bias": (3,)}
        kind = {"architectures": ["BertForSequenceClassification"], **labels}
        _save_bert(folder, kind, head, prefix="bert.")

    return save


def _save_bert(
    folder: Path, kind: dict[str, Any], head: dict[str, tuple[int, ...]], prefix: str
) -> None:
    """Write a random BERT of one layer as transformers would, which takes seconds to import."""
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(WORDS), HIDDEN),
        "embeddings.position_embeddings.weight": (LENGTH, HIDDEN),
        "embeddings.token_type_embeddings.weight": (2, HIDDEN),
    }
    attention, layer = "encoder.layer.0.attention", "encoder.layer.0"
    for name in (
        *(f"{attention}.self.{part}" for part in ("query", "key", "value")),
        f"{attention}.output.dense",
        f"{layer}.intermediate.dense",
        f"{layer}.output.dense",
        "pooler.dense",
    ):
        shapes |= {f"{name}.weight": (HIDDEN, HIDDEN), f"{name}.bias": (HIDDEN,)}
    for name in ("embeddings", f"{attention}.output", f"{layer}.output"):
        shapes |= {f"{name}.LayerNorm.{part}": (HIDDEN,) for part in ("weight", "bias")}
    chance = np.random.default_rng(7)
    everything = {f"{prefix}{name}": shape for name, shape in shapes.items()} | head
    weights = {
        name: chance.normal(0, 0.5, shape).astype(np.float32) for name, shape in everything.items()
    }
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps({**CONFIG, **kind}))
    tokenizer = Tokenizer(models.WordLevel({word: at for at, word in enumerate(WORDS)}, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "model_max_length": LENGTH}
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "PreTrainedTokenizerFast", **names})
    )
