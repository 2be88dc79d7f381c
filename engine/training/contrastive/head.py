"""The head: what turns the vector of a text into probabilities of labels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from engine.inference.setfit_head import Head
from engine.training.objective import label_weights, make_objective

NEVER = -20.0
"""The bias of a label that no text has: its probability is 0 for every purpose."""
STEPS = 300
RATE, DECAY = 1e-2, 1e-2
"""Learning rate and weight decay of the linear head, those of setfit's differentiable one."""


def fit_head(
    kind: str,
    vectors: np.ndarray,
    targets: np.ndarray,
    labels: int,
    class_weights: str,
    check: Callable[[], None] = lambda: None,
) -> Head:
    """Return the head that fits the vectors of some texts, float32 (n, dimensions), best.

    `kind` is "logistic": scikit-learn's regression with its usual penalty, one for each label where
    a text may have several; or "linear": a layer trained by gradient descent. `targets` is int64
    (n,), or float32 (n, labels). `class_weights` is "on", "off" or "auto" as in fine-tuning.
    """
    weights = label_weights(targets, labels, class_weights)
    if kind == "linear":
        return _descend(vectors, targets, labels, weights, check)
    if targets.ndim == 2:
        return _one_for_each(vectors, targets, weights, check)
    return _regression(vectors, targets, labels, weights)


def _regression(
    vectors: np.ndarray, targets: np.ndarray, labels: int, weights: np.ndarray | None
) -> Head:
    from sklearn.linear_model import LogisticRegression

    present = np.unique(targets)
    weighed = None if weights is None else {at: float(weights[at]) for at in present}
    model = LogisticRegression(max_iter=2000, class_weight=weighed).fit(vectors, targets)
    weight = np.zeros((labels, vectors.shape[1]), np.float32)
    bias = np.full(labels, NEVER, np.float32)
    if len(present) == 2:
        # One logit decides between two labels; half of it for one and half against the other.
        half = np.array([[-0.5], [0.5]])
        weight[present], bias[present] = half * model.coef_, half[:, 0] * model.intercept_
    else:
        weight[present], bias[present] = model.coef_, model.intercept_
    return Head(weight, bias, several=False)


def _one_for_each(
    vectors: np.ndarray,
    targets: np.ndarray,
    weights: np.ndarray | None,
    check: Callable[[], None],
) -> Head:
    from sklearn.linear_model import LogisticRegression

    texts, labels = targets.shape
    weight = np.zeros((labels, vectors.shape[1]), np.float32)
    bias = np.zeros(labels, np.float32)
    for at, column in enumerate(targets.astype(int).T):
        check()
        having = int(column.sum())
        if having in (0, texts):
            bias[at] = NEVER if having == 0 else -NEVER
            continue
        weighed = None if weights is None else {0: 1.0, 1: float(weights[at])}
        model = LogisticRegression(max_iter=2000, class_weight=weighed).fit(vectors, column)
        weight[at], bias[at] = model.coef_[0], model.intercept_[0]
    return Head(weight, bias, several=True)


def _descend(
    vectors: np.ndarray,
    targets: np.ndarray,
    labels: int,
    weights: np.ndarray | None,
    check: Callable[[], None],
) -> Head:
    """Train a layer on all texts together; the vectors stay as they are."""
    layer = torch.nn.Linear(vectors.shape[1], labels)
    torch.nn.init.zeros_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
    several = targets.ndim == 2
    objective = make_objective(weights, several, torch.device("cpu"))
    inputs, wanted = torch.from_numpy(vectors), torch.from_numpy(targets)
    optimiser = torch.optim.AdamW(layer.parameters(), lr=RATE, weight_decay=DECAY)
    for _ in range(STEPS):
        check()
        optimiser.zero_grad()
        objective(layer(inputs), wanted).backward()
        optimiser.step()
    return Head(layer.weight.detach().numpy(), layer.bias.detach().numpy(), several)
