"""Pairs of texts: which are learned from, and what their loss is."""

from __future__ import annotations

import tracemalloc
from itertools import combinations, islice
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.training.contrastive.balanced_steps import BalancedSteps
from engine.training.contrastive.convergence import Convergence
from engine.training.contrastive.pair_loss import all_pairs_loss, pair_loss
from engine.training.contrastive.pair_stream import PairStream
from engine.training.contrastive.shots import draw_shots, short_labels
from engine.training.contrastive.similarity import wanted_similarity


def several(*sets: str) -> np.ndarray:
    """Targets of texts with several labels: ``several("ab", "", "c")``."""
    return np.array([[label in one for label in "abc"] for one in sets], np.float32)


def test_texts_of_one_label_are_to_be_alike_and_others_not() -> None:
    wanted = wanted_similarity(torch.tensor([0, 1, 0]))
    assert wanted.tolist() == [[1, 0, 1], [0, 1, 0], [1, 0, 1]]


def test_texts_of_several_labels_are_alike_by_the_share_they_have_in_common() -> None:
    wanted = wanted_similarity(torch.from_numpy(several("ab", "b", "c", "")))
    assert wanted[0].tolist() == [1, 0.5, 0, 0]
    assert wanted[3].tolist() == [0, 0, 0, 1], "texts without any label are alike"


def test_all_pairs_of_a_step_count_and_both_kinds_weigh_the_same() -> None:
    torch.manual_seed(0)
    vectors, targets = torch.randn(7, 5), torch.tensor([0, 0, 0, 1, 1, 2, 3])
    found = all_pairs_loss(vectors, wanted_similarity(targets))

    unit = vectors / vectors.norm(dim=1, keepdim=True)
    squares: dict[bool, list[float]] = {True: [], False: []}
    for one, other in combinations(range(7), 2):
        alike = bool(targets[one] == targets[other])
        squares[alike].append((float(unit[one] @ unit[other]) - alike) ** 2)
    assert len(squares[True]) == 4
    expected = (np.mean(squares[True]) + np.mean(squares[False])) / 2
    assert float(found) == pytest.approx(expected, abs=1e-6)


def test_a_step_of_one_kind_of_pair_still_has_a_loss() -> None:
    vectors = torch.randn(3, 4)
    for targets in ([0, 0, 0], [0, 1, 2]):
        assert torch.isfinite(all_pairs_loss(vectors, wanted_similarity(torch.tensor(targets))))


def test_loss_and_gradients_are_those_of_setfits_own_trainer(tiny_encoder: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.losses import CosineSimilarityLoss
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    from engine.inference.pooling import read_pooling
    from engine.training.checkpoint import load_tokenizer
    from engine.training.contrastive.sentence_encoder import SentenceEncoder
    from engine.training.tokens import tokenise

    texts = ["court ruling", "nurse fever clinic patient", "verdict", "surgery of the old judge"]
    first, second = [0, 0, 2, 1, 0], [2, 1, 3, 3, 2]
    wanted = torch.tensor([1.0, 0.0, 0.0, 1.0, 1.0])

    transformer = Transformer(str(tiny_encoder))
    reference = SentenceTransformer(modules=[transformer, Pooling(16)], device="cpu").eval()
    columns = [reference.tokenize([texts[at] for at in side]) for side in (first, second)]
    expected = CosineSimilarityLoss(reference)(columns, wanted)
    expected.backward()

    tokens = tokenise(texts, load_tokenizer(tiny_encoder), 32)
    encoder = SentenceEncoder(
        tiny_encoder,
        read_pooling(tiny_encoder),
        tokens,
        torch.device("cpu"),
        "fp32",
        42,
        np.arange(4),
    )
    encoder.model.eval()
    vectors = encoder.encode(np.arange(4))
    found = pair_loss(vectors, torch.tensor(first), torch.tensor(second), wanted)
    found.backward()

    assert found.item() == pytest.approx(expected.item(), abs=1e-6)
    theirs = dict(transformer.model.named_parameters())
    compared = 0
    for name, parameter in encoder.model.named_parameters():
        if "word_embeddings" in name or parameter.grad is None:
            continue
        assert torch.allclose(parameter.grad, theirs[name].grad, atol=1e-6), name
        compared += 1
    assert compared > 60
    words = encoder.model.get_input_embeddings()
    whole = theirs["embeddings.word_embeddings.weight"].grad
    assert torch.allclose(words.weight.grad, whole[words.rows], atol=1e-6)


def test_pairs_are_drawn_equally_of_both_kinds_and_never_of_one_text() -> None:
    targets = np.array([0] * 30 + [1] * 3 + [2])
    stream = PairStream(targets, np.random.default_rng(1))
    seen: set[tuple[int, int]] = set()
    for _ in range(60):
        first, second, wanted = stream.take(16)
        assert (first != second).all()
        assert ((targets[first] == targets[second]) == (wanted == 1)).all()
        assert wanted.sum() == 8
        pairs = zip(first, second, strict=True)
        seen.update((min(one, two), max(one, two)) for one, two in pairs)
    assert any(33 in pair for pair in seen), "a label with one text is told from the others"


def test_as_in_setfit_one_common_label_makes_a_pair_alike() -> None:
    targets = several("ab", "bc", "c", "a", "")
    first, second, wanted = PairStream(targets, np.random.default_rng(1)).take(200)
    shared = (targets[first] * targets[second]).any(axis=1)
    assert (shared == (wanted == 1)).all()
    assert wanted.sum() == 100


def test_where_there_is_no_pair_of_a_kind_the_other_fills_its_place() -> None:
    alone = PairStream(np.array([0, 1, 2]), np.random.default_rng(1)).take(8)
    assert alone[2].sum() == 0
    together = PairStream(several("ab", "a", "ac"), np.random.default_rng(1)).take(8)
    assert together[2].sum() == 8


def test_ten_thousand_texts_have_no_list_of_pairs() -> None:
    targets = np.arange(10_000) % 7
    tracemalloc.start()
    stream = PairStream(targets, np.random.default_rng(1))
    for _ in range(50):
        stream.take(16)
    for step in islice(BalancedSteps(targets, 32, np.random.default_rng(1)), 50):
        assert len(set(step.tolist())) == 32
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # Fifty million pairs would take 400 MB and more.
    assert peak < 4_000_000


def test_steps_hold_every_label_equally_often_however_rare() -> None:
    targets = np.array([0] * 90 + [1] * 6 + [2] * 4)
    steps = BalancedSteps(targets, 12, np.random.default_rng(1))
    for step in islice(steps, 20):
        assert np.bincount(targets[step]).tolist() == [4, 4, 4]
        assert len(set(step.tolist())) == 12


def test_a_label_that_runs_out_leaves_its_place_to_the_others() -> None:
    targets = np.array([0] * 20 + [1])
    (step,) = islice(BalancedSteps(targets, 8, np.random.default_rng(1)), 1)
    assert np.bincount(targets[step]).tolist() == [7, 1]


def test_of_many_labels_a_step_takes_some_with_two_texts_each() -> None:
    targets = np.repeat(np.arange(40), 5)
    seen: set[int] = set()
    for step in islice(BalancedSteps(targets, 16, np.random.default_rng(1)), 5):
        counts = np.bincount(targets[step])
        assert set(counts[counts > 0]) == {2}
        seen.update(targets[step].tolist())
    assert seen == set(range(40))


def test_every_text_has_its_turn() -> None:
    targets = np.repeat([0, 1], 32)
    steps = islice(BalancedSteps(targets, 16, np.random.default_rng(1)), 4)
    assert sorted(np.concatenate(list(steps)).tolist()) == list(range(64))


def test_texts_with_several_labels_and_with_none_come_into_steps() -> None:
    targets = several(*["ab"] * 10, *["c"] * 5, *[""] * 5)
    (step,) = islice(BalancedSteps(targets, 8, np.random.default_rng(1)), 1)
    assert len(set(step.tolist())) == 8
    assert (targets[step].sum(axis=1) == 0).any()


def test_shots_are_so_many_texts_of_each_label_drawn_by_the_seed() -> None:
    targets = np.array([0] * 50 + [1] * 20 + [2] * 3)
    rows = draw_shots(targets, 8, seed=1)
    assert np.bincount(targets[rows]).tolist() == [8, 8, 3]
    assert rows.tolist() == draw_shots(targets, 8, seed=1).tolist()
    assert rows.tolist() != draw_shots(targets, 8, seed=2).tolist()
    assert draw_shots(targets, 0, seed=1).tolist() == list(range(73))
    assert short_labels(targets, ("law", "medicine", "finance"), 8) == ["finance"]


def test_shots_of_several_labels_count_a_text_for_each_of_them() -> None:
    targets = several(*["ab"] * 10, *["b"] * 10, *["c"] * 2, *[""] * 10)
    counts = targets[draw_shots(targets, 4, seed=1)].sum(axis=0)
    assert counts[0] >= 4
    assert counts[1] >= 4
    assert counts[2] == 2


def test_training_ends_when_the_loss_is_small_or_falls_no_more() -> None:
    learned = Convergence(first=3)
    answers = [learned.settled(loss) for loss in [0.3, 0.2, 0.1, *[0.005] * 6]]
    assert answers.index(True) == 7, "five small losses after the rate has risen"

    stuck = Convergence(first=0)
    assert any(stuck.settled(0.25 + 0.001 * (-1) ** step) for step in range(30))

    falling = Convergence(first=0)
    assert not any(falling.settled(0.3 * 0.97**step) for step in range(80))
