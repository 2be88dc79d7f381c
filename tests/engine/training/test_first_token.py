"""A last block that computes only the first token gives the same model."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.mark.parametrize("family", ["tiny_encoder", "tiny_roberta"])
@pytest.mark.parametrize("attention", ["sdpa", "eager"])
def test_logits_and_gradients_stay(
    family: str, attention: str, request: pytest.FixtureRequest
) -> None:
    import torch
    from transformers import AutoModelForSequenceClassification

    from engine.training.first_token import restore_last_block, shorten_last_block

    folder: Path = request.getfixturevalue(family)
    torch.manual_seed(1)
    model = AutoModelForSequenceClassification.from_pretrained(
        str(folder), num_labels=2, attn_implementation=attention
    ).eval()
    ids = torch.tensor([[0, 5, 9, 7, 2], [0, 11, 2, 1, 1]])

    def compute() -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        model.zero_grad()
        logits = model(input_ids=ids, attention_mask=(ids != 1).long()).logits
        logits[:, 0].sum().backward()
        found = {n: p.grad.clone() for n, p in model.named_parameters() if p.grad is not None}
        return logits.detach(), found

    logits, gradients = compute()
    names = list(model.state_dict())
    block = shorten_last_block(model)
    assert block is not None
    shorter_logits, shorter_gradients = compute()

    assert torch.allclose(shorter_logits, logits, atol=1e-6)
    assert shorter_gradients.keys() == gradients.keys()
    for name, gradient in gradients.items():
        assert torch.allclose(shorter_gradients[name], gradient, atol=1e-6), name
    assert list(model.state_dict()) == names
    restore_last_block(block)
    assert torch.equal(compute()[0], logits)
