"""The cheap dropout has the distribution of torch's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest


@pytest.mark.parametrize("p", [0.1, 0.5, 0.01])
def test_each_element_falls_with_probability_p_and_the_expectation_stays(p: float) -> None:
    import torch

    from engine.training.dropout import RandomBits

    count = 400_000
    mask = RandomBits(1).mask(torch.ones(count), p).numpy()

    dropped = (mask == 0).mean()
    deviation = (p * (1 - p) / count) ** 0.5
    assert abs(dropped - p) < 4 * deviation + 1 / 65536
    assert set(np.unique(mask)) == {0.0, mask.max()}
    assert mask.max() == pytest.approx(1 / (1 - p), rel=2e-5)


def test_neighbours_in_any_direction_are_independent() -> None:
    import torch

    from engine.training.dropout import RandomBits

    mask = (RandomBits(2).mask(torch.ones(1000, 1003), 0.1) == 0).numpy().astype(float)

    for shift in (1, 2, 3, 4, 5):
        across = np.corrcoef(mask[:, shift:].ravel(), mask[:, :-shift].ravel())[0, 1]
        down = np.corrcoef(mask[shift:].ravel(), mask[:-shift].ravel())[0, 1]
        assert max(abs(across), abs(down)) < 0.005


def test_gradients_flow_through_the_kept_elements_only() -> None:
    import torch

    from engine.training.dropout import CheapDropout, RandomBits

    dropout = CheapDropout(0.5, RandomBits(3))
    hidden = torch.ones(64, requires_grad=True)
    dropped = dropout(hidden)
    dropped.sum().backward()

    assert hidden.grad is not None
    assert torch.equal(hidden.grad, dropped.detach())
    assert torch.equal(dropout.eval()(hidden), hidden)


def test_a_model_computes_the_same_but_for_its_dropout(tiny_encoder: Path) -> None:
    import torch
    from transformers import AutoModel

    from engine.training.dropout import use_cheap_dropout

    model = AutoModel.from_pretrained(str(tiny_encoder)).eval()
    ids = torch.tensor([[0, 5, 9, 2], [0, 7, 2, 1]])
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    with torch.no_grad():
        before = model(input_ids=ids, attention_mask=mask).last_hidden_state
        use_cheap_dropout(model, seed=1)
        after = model(input_ids=ids, attention_mask=mask).last_hidden_state
        # Without dropout the attention written out must be the same as the library's kernel.
        for module in model.modules():
            if type(module).__name__ == "CheapDropout":
                module.p = 1e-9
        nearly = model.train()(input_ids=ids, attention_mask=mask).last_hidden_state

    assert torch.equal(before, after)
    assert torch.allclose(before[0], nearly[0], atol=1e-5)
    assert torch.allclose(before[1, :3], nearly[1, :3], atol=1e-5), "padding was attended to"


def test_every_dropout_of_the_attention_is_replaced(tiny_encoder: Path, tiny_roberta: Path) -> None:
    import torch
    from torch import nn
    from transformers import AutoModel

    from engine.training.dropout import use_cheap_dropout

    for folder in (tiny_encoder, tiny_roberta):
        model = AutoModel.from_pretrained(str(folder)).train()
        use_cheap_dropout(model, seed=1)
        assert not any(isinstance(module, nn.Dropout) for module in model.modules())
        ids = torch.tensor([[0, 5, 9, 2]])
        state = torch.random.get_rng_state()
        model(input_ids=ids)
        assert torch.equal(torch.random.get_rng_state(), state), "torch still drew a mask"


def test_frozen_parts_have_no_dropout(tiny_encoder: Path, make_trainable: Callable) -> None:
    import torch

    trainable = make_trainable(tiny_encoder, frozen_blocks=2)
    trainable.start_training()
    seen = []
    encoder = trainable.model.base_model
    encoder.encoder.layer[1].register_forward_hook(lambda *call: seen.append(call[2]))
    encoder.encoder.layer[2].register_forward_hook(lambda *call: seen.append(call[2]))
    ids = torch.tensor([[0, 5, 9, 2]])
    for _ in range(2):
        trainable.model(input_ids=ids)

    first_frozen, first_trained, second_frozen, second_trained = (
        one[0] if isinstance(one, tuple) else one for one in seen
    )
    assert torch.equal(first_frozen, second_frozen)
    assert not first_frozen.requires_grad, "a frozen prefix must not be recorded"
    assert not torch.equal(first_trained, second_trained)
