"""Buckets and everything else that saves time leave the loss and its gradient as they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

LABELS = ("law", "medicine")
BATCH = 8


@pytest.fixture(params=["bert", "roberta", "mpnet", "modernbert"])
def pair(
    request: pytest.FixtureRequest,
    family_folder: Callable[[str], Path],
    make_rows: Callable[..., Any],
) -> tuple[Any, Any, Any, Any]:
    """A model set up for training, the same as transformers makes it, tokens, and targets."""
    import torch
    from transformers import AutoModelForSequenceClassification

    from engine.training.checkpoint import load_classifier, load_tokenizer
    from engine.training.settings import parse_settings
    from engine.training.tokens import tokenise
    from engine.training.trainable import Trainable

    folder = family_folder(request.param)
    device = torch.device("cpu")
    checkpoint = load_classifier(folder, LABELS, False, 42, device)
    plain = AutoModelForSequenceClassification.from_config(checkpoint.model.config).eval()
    plain.load_state_dict(checkpoint.model.state_dict())
    rows = make_rows(50)
    tokens = tokenise([row.text for row in rows], load_tokenizer(folder), 32)
    settings = parse_settings({})
    trainable = Trainable(checkpoint, settings, device, "fp32", tokens.ids, tokens.pad_id)
    trainable.model.eval()  # dropout alone would make a difference
    return trainable, plain, tokens, torch.tensor([row.labels[0] for row in rows])


def loss_of(model: Any, tokens: Any, targets: Any, rows: np.ndarray) -> Any:
    """The loss of a batch as a job computes it."""
    import torch

    from engine.training.objective import make_objective

    ids, mask = tokens.batch(rows, torch.device("cpu"))
    logits = model(input_ids=ids, attention_mask=mask).logits
    return make_objective(None, False, torch.device("cpu"))(logits, targets[torch.from_numpy(rows)])


def plain_loss_of(model: Any, tokens: Any, targets: Any, rows: np.ndarray) -> Any:
    """The loss of a batch as transformers computes it, padded further than it needs."""
    import torch

    longest = int(tokens.lengths.max()) + 3
    ids = torch.full((len(rows), longest), tokens.pad_id)
    mask = torch.zeros_like(ids)
    for place, row in enumerate(rows):
        own = tokens.ids[tokens.starts[row] : tokens.starts[row + 1]]
        ids[place, : len(own)] = torch.from_numpy(own.astype(np.int64))
        mask[place, : len(own)] = 1
    labels = targets[torch.from_numpy(rows)]
    return model(input_ids=ids, attention_mask=mask, labels=labels).loss


def test_a_batch_has_the_loss_and_the_gradient_of_the_plain_model(pair: Any) -> None:
    import torch

    from engine.training.batching import bucketed_batches

    trainable, plain, tokens, targets = pair
    batches = bucketed_batches(tokens.lengths, BATCH, np.random.default_rng(1))
    for rows in batches[:3]:
        trainable.model.zero_grad()
        plain.zero_grad()
        ours = loss_of(trainable.model, tokens, targets, rows)
        theirs = plain_loss_of(plain, tokens, targets, rows)
        assert ours.item() == pytest.approx(theirs.item(), abs=1e-6)
        ours.backward()
        theirs.backward()
        expected = {name: one.grad for name, one in plain.named_parameters()}
        compared = 0
        for name, one in trainable.model.named_parameters():
            # The table of words that occur has a name and a test of its own.
            other = expected.get(name)
            if one.grad is not None and other is not None:
                assert torch.allclose(one.grad, other, atol=1e-6), name
                compared += 1
        assert compared > 20


def test_a_pass_in_buckets_has_the_loss_of_a_pass_at_random(pair: Any) -> None:
    import torch

    from engine.training.batching import bucketed_batches

    trainable, plain, tokens, targets = pair
    count = len(tokens.lengths)
    order = np.random.default_rng(2).permutation(count)
    at_random = [order[at : at + BATCH] for at in range(0, count, BATCH)]
    buckets = bucketed_batches(tokens.lengths, BATCH, np.random.default_rng(1))
    with torch.no_grad():
        ours = sum(
            len(rows) * loss_of(trainable.model, tokens, targets, rows).item() for rows in buckets
        )
        theirs = sum(
            len(rows) * plain_loss_of(plain, tokens, targets, rows).item() for rows in at_random
        )
    assert ours / count == pytest.approx(theirs / count, abs=1e-6)
