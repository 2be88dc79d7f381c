"""Classifying texts with a published model."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.core.errors import KnownError


@pytest.fixture
def model(train: Callable, make_rows: Callable) -> Path:
    """A published model of two labels."""
    return train(make_rows(120, 12, 60), epochs=3).output


def test_probabilities_follow_the_order_of_the_texts(model: Path) -> None:
    from engine.inference.classify import Classifier

    classifier = Classifier(model, "cpu")
    texts = ["court ruling " * 9, "surgery", "nurse fever clinic patient", "verdict appeal", ""]
    together = classifier.classify(texts, batch_size=2)
    alone = np.concatenate([classifier.classify([text]) for text in texts])

    assert classifier.labels == ("law", "medicine")
    assert together.shape == (5, 2)
    assert together.dtype == np.float32
    assert together == pytest.approx(alone, abs=1e-5)
    assert together.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert classifier.classify([]).shape == (0, 2)


def test_progress_and_the_wish_to_stop_are_heard_between_batches(model: Path) -> None:
    from engine.inference.classify import Classifier
    from engine.jobs.reporting import Cancelled

    done: list[int] = []

    def stop() -> None:
        if len(done) == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        Classifier(model, "cpu").classify(["court"] * 100, 10, stop, done.append)
    assert done == [10, 20, 30]


def test_a_folder_without_a_trained_head_is_refused(tiny_encoder: Path) -> None:
    from engine.inference.classify import Classifier

    with pytest.raises(KnownError, match="no trained classification head"):
        Classifier(tiny_encoder, "cpu")


def test_damaged_weights_are_told_in_a_sentence(model: Path, tmp_path: Path) -> None:
    from engine.inference.classify import Classifier

    folder = Path(shutil.copytree(model, tmp_path / "damaged"))
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:2000])

    with pytest.raises(KnownError, match="cannot be loaded; its files are incomplete or damaged"):
        Classifier(folder, "cpu")


def test_a_gpu_that_is_not_there_is_told(model: Path) -> None:
    import torch

    from engine.inference.classify import Classifier

    if torch.cuda.is_available():
        pytest.skip("this computer has a GPU")
    with pytest.raises(KnownError, match="no GPU that the program can use"):
        Classifier(model, "cuda")
