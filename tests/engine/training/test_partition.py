"""Parts keep the share of each label and never cut a group."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.errors import KnownError
from engine.training.data import Examples
from engine.training.partition import partition
from engine.training.parts import divide


def examples(targets: np.ndarray, splits: list[str], groups: np.ndarray | None = None) -> Examples:
    count = len(splits)
    return Examples(
        text_ids=np.arange(count),
        texts=["a text"] * count,
        targets=targets,
        splits=splits,
        groups=np.arange(count) if groups is None else groups,
    )


def test_shares_and_labels_are_kept() -> None:
    targets = np.array([0] * 600 + [1] * 300 + [2] * 100)
    part = partition(targets, np.arange(1000), [0.9, 0.1], seed=1)

    assert (part == 1).sum() == pytest.approx(100, abs=2)
    held_out = np.bincount(targets[part == 1], minlength=3)
    assert held_out == pytest.approx([60, 30, 10], abs=2)


def test_groups_stay_whole() -> None:
    random = np.random.default_rng(4)
    groups = random.integers(0, 60, 400)
    targets = random.integers(0, 3, 400)
    part = partition(targets, groups, [0.2] * 5, seed=1)

    for group in np.unique(groups):
        assert len(set(part[groups == group])) == 1
    assert np.bincount(part) == pytest.approx([80] * 5, abs=16)


def test_a_single_text_of_a_label_stays_in_the_larger_part() -> None:
    targets = np.array([0] * 30 + [1] * 30 + [2])
    assert partition(targets, np.arange(61), [0.9, 0.1], seed=1)[-1] == 0


def test_several_labels_a_text_are_balanced_too() -> None:
    targets = (np.random.default_rng(5).random((500, 4)) < [0.5, 0.3, 0.1, 0.02]).astype(np.float32)
    part = partition(targets, np.arange(500), [0.2] * 5, seed=1)

    for fold in range(5):
        assert targets[part == fold].mean(axis=0) == pytest.approx(targets.mean(axis=0), abs=0.03)


def test_a_seed_decides() -> None:
    targets = np.arange(100) % 2
    groups = np.arange(100)
    one = partition(targets, groups, [0.5, 0.5], seed=1)

    assert (one == partition(targets, groups, [0.5, 0.5], seed=1)).all()
    assert (one != partition(targets, groups, [0.5, 0.5], seed=2)).any()


def test_without_validation_texts_a_tenth_is_held_out_and_no_group_is_cut() -> None:
    log: list[str] = []
    splits = ["train"] * 200 + ["test"] * 60
    groups = np.concatenate([np.arange(200) // 2, 1000 + np.arange(60)])
    parts = divide(examples(np.arange(260) % 2, splits, groups), 1, log.append)

    assert len(parts.validation) == pytest.approx(20, abs=2)
    assert not set(parts.train) & set(parts.validation)
    assert not set(groups[parts.train]) & set(groups[parts.validation])
    assert parts.folds is None
    assert "held out" in log[0]


def test_a_few_validation_texts_are_joined_not_lost() -> None:
    splits = ["train"] * 100 + ["validation"] * 5 + ["test"] * 60
    parts = divide(examples(np.arange(165) % 2, splits), 1, lambda sentence: None)

    assert set(range(100, 105)) <= set(parts.validation)
    assert len(parts.train) + len(parts.validation) == 105


def test_very_few_training_texts_are_all_trained_on() -> None:
    splits = ["train"] * 12 + ["validation"] * 3 + ["test"] * 60
    parts = divide(examples(np.arange(75) % 2, splits), 1, lambda sentence: None)

    assert len(parts.train) == 15
    assert not len(parts.validation)


def test_texts_that_all_repeat_each_other_cannot_be_scored() -> None:
    same = examples(np.arange(20) % 2, ["train"] * 20, np.zeros(20, int))

    with pytest.raises(KnownError, match="near-duplicates of each other"):
        divide(same, 1, lambda sentence: None)
