"""Which texts a run trains on, which choose its best epoch, and which score it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.core.errors import KnownError
from engine.core.language import mark, tr
from engine.training.data import Examples, distinct_targets
from engine.training.partition import partition

ENOUGH_TEST = 50
"""Below this many test labels a score says little; cross-validation uses every label instead."""
ENOUGH_VALIDATION = 10
"""Below this many validation labels, a share of the training texts joins them."""
HELD_OUT = 0.1
SMALLEST_TO_SHARE = 20
"""A tenth of fewer training texts than this could not tell a good epoch from a bad one."""
ENOUGH_TO_CHOOSE = 20
"""Validation labels below which two settings cannot be told apart at all."""
HELD_OUT_TO_CHOOSE = 0.25
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Parts:
    """Row numbers of a run.

    Without `folds`, `train`, `validation` and `test` are disjoint and no group is in two of them.
    With `folds` (int64, one value a row), scores come from cross-validation over all rows, `train`
    is all rows, and `validation` and `test` are empty.
    """

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray
    folds: np.ndarray | None = None


def require_two_labels(examples: Examples, rows: np.ndarray) -> None:
    """Raise KnownError if these rows do not have texts of at least two labels to tell apart."""
    if distinct_targets(examples.targets[rows]) < 2:
        raise KnownError(
            tr(
                "Training needs texts of at least two labels; label texts of another label and "
                "train again."
            )
        )


def divide(
    examples: Examples,
    seed: int,
    log: Callable[[str], None],
    require: Callable[[Examples, np.ndarray], None] = require_two_labels,
    *,
    hold_out: bool = True,
) -> Parts:
    """Return the parts of a run, and log where they differ from the project's splits.

    `require` looks at the rows to train on and may refuse them. With `hold_out` false too few
    validation texts are trained on, for methods that have no best epoch to choose by them.

    Raises:
        KnownError: if there are no texts to train on, or `require` refuses them.
    """
    test = examples.rows_of("test")
    if len(test) < ENOUGH_TEST:
        return _folds(examples, len(test), seed, log, require)
    train = examples.rows_of("train")
    _require_texts(train)
    require(examples, train)
    validation = examples.rows_of("validation")
    if len(validation) < ENOUGH_VALIDATION and not hold_out:
        train, validation = np.union1d(train, validation), np.zeros(0, np.int64)
    elif len(validation) < ENOUGH_VALIDATION and len(train) >= SMALLEST_TO_SHARE:
        train, validation = _held_out(
            examples, train, validation, HELD_OUT, seed, log, _TO_CHOOSE_A_PASS
        )
    elif len(validation) < ENOUGH_VALIDATION:
        log(tr("There are too few texts to hold some out, so the last pass is kept, not the best."))
        train, validation = np.union1d(train, validation), np.zeros(0, np.int64)
    return Parts(train, validation, test)


def divide_to_choose(examples: Examples, seed: int, log: Callable[[str], None]) -> Parts:
    """Return the parts of runs of which the better one is to be chosen: the test is left out.

    Raises:
        KnownError: if there are too few texts to train on and to choose by.
    """
    train, validation = examples.rows_of("train"), examples.rows_of("validation")
    _require_texts(train)
    require_two_labels(examples, train)
    if len(validation) < ENOUGH_TO_CHOOSE:
        if len(train) < 2 * ENOUGH_TO_CHOOSE:
            raise KnownError(
                tr(
                    "A sweep needs {enough} labelled texts for training, of which some can be held "
                    "out, and there are {n}; label more texts and try again.",
                    enough=2 * ENOUGH_TO_CHOOSE,
                    n=len(train),
                )
            )
        train, validation = _held_out(
            examples, train, validation, HELD_OUT_TO_CHOOSE, seed, log, _TO_COMPARE
        )
    return Parts(train, validation, np.zeros(0, np.int64))


_TO_CHOOSE_A_PASS = mark(
    "Only {n} labelled texts are for validation, so {held_out} of the {train} training texts are "
    "held out to choose the best pass."
)
_TO_COMPARE = mark(
    "Only {n} labelled texts are for validation, so {held_out} of the {train} training texts are "
    "held out to compare the settings."
)


def _held_out(
    examples: Examples,
    train: np.ndarray,
    validation: np.ndarray,
    share: float,
    seed: int,
    log: Callable[[str], None],
    sentence: str,
) -> tuple[np.ndarray, np.ndarray]:
    """Have a share of the training rows join the validation rows."""
    part = partition(examples.targets[train], examples.groups[train], [1 - share, share], seed)
    held_out = train[part == 1]
    log(tr(sentence, n=len(validation), held_out=len(held_out), train=len(train)))
    return train[part == 0], np.union1d(validation, held_out)


def _folds(
    examples: Examples,
    tested: int,
    seed: int,
    log: Callable[[str], None],
    require: Callable[[Examples, np.ndarray], None],
) -> Parts:
    none = np.zeros(0, np.int64)
    everything = np.arange(len(examples))
    _require_texts(everything)
    require(examples, everything)
    count = min(FOLDS, len(np.unique(examples.groups)))
    if count < 2:
        raise KnownError(
            tr(
                "All labelled texts come from one document or are near-duplicates of each other, "
                "so nothing is left to score a model on; label texts of other documents and train "
                "again."
            )
        )
    log(
        tr(
            "Only {n} labelled texts are for the test, and fewer than {enough} say little: the "
            "scores come from cross-validation with {folds} folds over all {total} labelled texts, "
            "and the model that is published then learns from all of them.",
            n=tested,
            enough=ENOUGH_TEST,
            folds=count,
            total=len(examples),
        )
    )
    folds = partition(examples.targets, examples.groups, [1 / count] * count, seed)
    return Parts(everything, none, none, folds)


def _require_texts(rows: np.ndarray) -> None:
    if not len(rows):
        raise KnownError(
            tr(
                "Training needs labelled texts in the training part, and there are none; label "
                "some texts and train again."
            )
        )
