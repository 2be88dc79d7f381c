"""Vectors of texts, compared with those that sentence-transformers makes from the same folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.core.errors import KnownError


@pytest.fixture(scope="module")
def encoder(tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as sentence-transformers has it: 24 tokens, other words before a query."""
    folder = tmp_path_factory.mktemp("encoder") / "tiny"
    shutil.copytree(tiny_encoder, folder)
    modules = [
        {"idx": at, "name": str(at), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for at, (path, kind) in enumerate(
            [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
        )
    ]
    for name, content in (
        ("modules.json", modules),
        ("sentence_bert_config.json", {"max_seq_length": 24, "do_lower_case": False}),
        (
            "config_sentence_transformers.json",
            {"prompts": {"query": "court of ", "document": "fever "}, "default_prompt_name": None},
        ),
        (
            "1_Pooling/config.json",
            {"word_embedding_dimension": 16, "pooling_mode_mean_tokens": True},
        ),
    ):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    (folder / "2_Normalize").mkdir()
    return folder


@pytest.fixture
def texts(make_rows: Callable[..., Any]) -> list[str]:
    """Texts of many lengths, longer ones than the encoder reads, an empty one, equal ones."""
    rows = [row.text for row in make_rows(train=70)]
    return [*rows, "", "court " * 400, rows[0], "unheard-of 😀 words"]


def test_vectors_are_those_of_sentence_transformers_in_the_order_of_the_texts(
    encoder: Path, texts: list[str]
) -> None:
    from sentence_transformers import SentenceTransformer

    from engine.inference.embed import Embedder

    reference = SentenceTransformer(str(encoder), device="cpu", local_files_only=True)
    embedder = Embedder(encoder, "cpu")
    for kind, encode in (
        ("document", reference.encode_document),
        ("query", reference.encode_query),
    ):
        found = embedder.embed(texts, kind)
        assert found.dtype == np.float32
        assert found.shape == (len(texts), embedder.dimensions)
        assert cosines(found, encode(texts)).min() > 0.9999
    assert cosines(embedder.embed(texts), embedder.embed(texts, "query")).min() < 0.999


def test_an_encoder_that_says_nothing_gets_the_mean_of_its_tokens(
    tiny_roberta: Path, texts: list[str]
) -> None:
    import torch

    from engine.inference.embed import Embedder
    from engine.training.checkpoint import load_encoder, load_tokenizer

    found = Embedder(tiny_roberta, "cpu").embed(texts)
    ids = load_tokenizer(tiny_roberta)(texts[:1], return_tensors="pt")["input_ids"]
    with torch.inference_mode():
        hidden = load_encoder(tiny_roberta, torch.device("cpu"))(ids).last_hidden_state
    assert found[0] == pytest.approx(hidden[0].mean(dim=0).numpy(), abs=1e-5)
    assert Embedder(tiny_roberta, "cpu").embed([]).shape == (0, 16)


def test_progress_and_the_wish_to_stop_are_heard_between_batches(encoder: Path) -> None:
    from engine.inference.embed import TEXTS_A_BATCH, Embedder
    from engine.jobs.reporting import Cancelled

    done: list[int] = []

    def stop() -> None:
        if len(done) == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        Embedder(encoder, "cpu").embed(["court"] * 200, check=stop, on_progress=done.append)
    assert done == [TEXTS_A_BATCH, 2 * TEXTS_A_BATCH]


def test_a_folder_without_weights_is_told_in_a_sentence(encoder: Path, tmp_path: Path) -> None:
    from engine.inference.embed import Embedder

    folder = Path(shutil.copytree(encoder, tmp_path / "damaged"))
    (folder / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(KnownError, match="incomplete or damaged"):
        Embedder(folder, "cpu")


@pytest.mark.slow
def test_the_starter_gives_the_vectors_of_sentence_transformers(texts: list[str]) -> None:
    from sentence_transformers import SentenceTransformer

    from engine.inference.embed import Embedder
    from engine.registry.base_models import find_base_model

    folder = find_base_model("").folder
    reference = SentenceTransformer(folder, device="cpu", local_files_only=True).encode(texts)
    assert cosines(Embedder(folder, "cpu").embed(texts), reference).min() > 0.9999


def cosines(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The cosine of each row of one table with the same row of the other."""
    return (one * other).sum(1) / np.linalg.norm(one, axis=1) / np.linalg.norm(other, axis=1)
