"""Training only the embeddings that occur gives the same model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def steps(trainable: Any, count: int = 3) -> Any:
    """Take a few steps without dropout on fixed ids, and return the finished model."""
    import torch
    from torch.nn import functional

    from engine.training.optimisation import Stepper
    from engine.training.settings import parse_settings

    stepper = Stepper(trainable.model, parse_settings({"learning_rate": 1e-2}), count, "fp32")
    trainable.model.eval()
    ids = torch.tensor([[0, 5, 9, 7, 2], [0, 11, 5, 2, 1]])
    mask = (ids != 1).long()
    for _ in range(count):
        logits = trainable.model(input_ids=ids, attention_mask=mask).logits
        stepper.step(functional.cross_entropy(logits, torch.tensor([0, 1])))
    return trainable.finish()


@pytest.mark.parametrize("family", ["tiny_encoder", "tiny_roberta"])
def test_the_whole_table_would_have_become_the_same(
    family: str, make_trainable: Callable, request: pytest.FixtureRequest
) -> None:
    import numpy as np
    import torch

    folder: Path = request.getfixturevalue(family)
    cut = make_trainable(folder, ids=np.array([0, 2, 5, 7, 9, 11]))
    assert len(cut.model.get_input_embeddings().weight) == 7
    whole = make_trainable(folder)
    assert len(whole.model.get_input_embeddings().weight) > 80

    one, other = steps(cut).state_dict(), steps(whole).state_dict()

    assert one.keys() == other.keys()
    for name, tensor in one.items():
        assert torch.allclose(tensor, other[name], atol=1e-6), name


def test_rows_that_do_not_occur_stay_bit_identical(
    tiny_encoder: Path, make_trainable: Callable
) -> None:
    import numpy as np
    import torch
    from safetensors.torch import load_file

    before = load_file(tiny_encoder / "model.safetensors")["embeddings.word_embeddings.weight"]
    model = steps(make_trainable(tiny_encoder, ids=np.array([0, 2, 5, 7, 9, 11])))
    after = model.get_input_embeddings().weight

    moved = [at for at in range(len(before)) if not torch.equal(before[at], after[at])]
    assert moved == [0, 2, 5, 7, 9, 11]
