"""The head of a SetFit model: what it decides, and how sure it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.inference.setfit_head import Head, load_head, save_head
from engine.training.contrastive.head import fit_head
from engine.training.contrastive.temperature import find_temperature, guess_temperature, tempered
from engine.training.loop import log_loss


def clusters(labels: int, texts: int, noise: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Vectors of length 1 around one centre for each label, and the labels."""
    centres = np.random.default_rng(99).normal(size=(labels, 24))
    random = np.random.default_rng(seed)
    targets = np.arange(texts) % labels
    vectors = centres[targets] + noise * random.normal(size=(texts, 24))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), targets


@pytest.mark.parametrize("labels", [2, 3])
@pytest.mark.parametrize("balanced", ["on", "off"])
def test_a_logistic_head_is_scikit_learns_regression(labels: int, balanced: str) -> None:
    from sklearn.linear_model import LogisticRegression

    vectors, targets = clusters(labels, 60, noise=1.5)
    targets[:20] = 0
    head = fit_head("logistic", vectors, targets, labels, balanced)
    weight = "balanced" if balanced == "on" else None
    model = LogisticRegression(class_weight=weight, max_iter=2000).fit(vectors, targets)
    assert head.probabilities(vectors) == pytest.approx(model.predict_proba(vectors), abs=1e-5)


def test_a_label_that_no_text_has_is_never_expected() -> None:
    vectors, targets = clusters(2, 20, noise=0.5)
    found = fit_head("logistic", vectors, 2 * targets, 4, "auto").probabilities(vectors)
    assert (found.argmax(axis=1) == 2 * targets).all()
    assert found[:, [1, 3]].max() < 1e-6


@pytest.mark.parametrize("kind", ["logistic", "linear"])
def test_each_of_several_labels_has_a_probability_of_its_own(kind: str) -> None:
    vectors, place = clusters(3, 60, noise=0.3)
    sets = np.array([[1, 1, 0, 1, 0], [0, 1, 0, 1, 0], [0, 0, 1, 1, 0]], np.float32)
    found = fit_head(kind, vectors, sets[place], 5, "off").probabilities(vectors)
    assert ((found > 0.5) == (sets[place] > 0.5)).mean() > 0.95
    assert found[:, 3].min() > 0.8, "every text has it"
    assert found[:, 4].max() < 0.2, "no text has it"


def test_a_temperature_makes_probabilities_true_and_changes_no_decision() -> None:
    vectors, targets = clusters(10, 400, noise=0.6)
    head = fit_head("logistic", vectors[:80], targets[:80], 10, "off")
    flat = head.probabilities(vectors[80:])
    right = (flat.argmax(axis=1) == targets[80:]).mean()
    assert flat.max(axis=1).mean() < right - 0.3, "flat, as people complain"

    temperature = find_temperature(targets[80:], flat)
    sure = tempered(flat, temperature, several=False)
    assert sure.max(axis=1).mean() == pytest.approx(right, abs=0.05)
    assert (sure.argmax(axis=1) == flat.argmax(axis=1)).all()
    cooled = head.cooled(temperature).probabilities(vectors[80:])
    assert cooled == pytest.approx(sure, abs=1e-5)


def test_several_labels_are_tempered_each_by_itself() -> None:
    flat = np.array([[0.6, 0.4, 0.5], [0.9, 0.1, 0.3]], np.float32)
    targets = np.array([[1, 0, 1], [1, 0, 0]], np.float32)
    temperature = find_temperature(targets, flat)
    assert temperature < 1
    sure = tempered(flat, temperature, several=True)
    assert ((sure > 0.5) == (flat > 0.5)).all()
    assert log_loss(targets, sure) < log_loss(targets, flat)


def test_without_unseen_texts_the_temperature_is_a_careful_guess() -> None:
    before, targets = clusters(10, 400, noise=0.7)
    after, _ = clusters(10, 400, noise=0.3)
    head = fit_head("logistic", after[:80], targets[:80], 10, "off")
    temperature = guess_temperature(before[:80], targets[:80], head, after[:80])
    flat = head.probabilities(before[80:])
    sure = head.cooled(temperature).probabilities(before[80:])
    assert log_loss(targets[80:], sure) < log_loss(targets[80:], flat) / 2
    assert sure.max(axis=1).mean() < (sure.argmax(axis=1) == targets[80:]).mean() + 0.05

    few = guess_temperature(before[:8], targets[:8], head, after[:8])
    assert few == 1.0, "too few texts to say anything"


def test_a_head_is_kept_without_a_pickle(tmp_path: Path) -> None:
    folder = tmp_path
    head = Head(np.ones((2, 3), np.float32), np.array([0.5, -0.5], np.float32), several=True)
    save_head(head, ("yes", "no"), folder)
    found, labels = load_head(folder)
    assert labels == ("yes", "no")
    assert (found.weight == head.weight).all()
    assert (found.bias == head.bias).all()
    assert found.several
    assert {path.name for path in folder.iterdir()} == {"head.safetensors", "head.json"}
