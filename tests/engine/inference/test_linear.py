"""Linear layers that oneDNN computes are those of torch, in values and gradients."""

from __future__ import annotations

from pathlib import Path

import pytest

SHAPES = [(5, 12), (1, 12), (3, 7, 12), (2, 1, 4, 12)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("bias", [True, False])
def test_values_and_gradients_are_those_of_torch(shape: tuple[int, ...], bias: bool) -> None:
    import torch
    from torch import nn

    from engine.inference.linear import FastLinear

    torch.manual_seed(1)
    plain = nn.Linear(12, 9, bias=bias)
    fast = FastLinear(12, 9, bias=bias)
    fast.load_state_dict(plain.state_dict())
    given = torch.randn(shape)
    wanted = torch.randn(*shape[:-1], 9)

    def compute(layer: nn.Module) -> list[torch.Tensor]:
        layer.zero_grad()
        input = given.clone().requires_grad_()
        output = layer(input)
        output.backward(wanted)
        gradients = [one.grad for one in layer.parameters()]
        return [output.detach(), input.grad, *gradients]  # type: ignore[list-item]

    for one, other in zip(compute(plain), compute(fast), strict=True):
        assert one.shape == other.shape
        assert torch.allclose(one, other, atol=1e-5)
    with torch.inference_mode():
        assert torch.allclose(fast(given), plain(given), atol=1e-5)


def test_rows_with_gaps_between_them_have_the_same_gradients() -> None:
    import torch
    from torch import nn

    from engine.inference.linear import FastLinear

    torch.manual_seed(1)
    plain = nn.Linear(12, 9)
    fast = FastLinear(12, 9)
    fast.load_state_dict(plain.state_dict())
    hidden = torch.randn(4, 6, 12)
    for layer in (plain, fast):
        layer(hidden[:, :1]).square().sum().backward()

    assert torch.allclose(fast.weight.grad, plain.weight.grad, atol=1e-5)  # type: ignore[arg-type]


def test_gradients_that_nobody_asked_for_are_not_computed() -> None:
    import torch

    from engine.inference.linear import FastLinear

    layer = FastLinear(6, 4)
    layer.weight.requires_grad_(False)
    layer(torch.randn(3, 6)).sum().backward()

    assert layer.weight.grad is None
    assert torch.equal(layer.bias.grad, torch.full((4,), 3.0))  # type: ignore[arg-type]


def test_what_onednn_does_not_compute_is_left_to_torch() -> None:
    import torch
    from torch import nn

    from engine.inference.linear import FastLinear

    layer = FastLinear(6, 4)
    assert layer(torch.zeros(6)).shape == (4,)
    assert layer(torch.zeros(0, 6)).shape == (0, 4)
    double = FastLinear(6, 4).double()
    given = torch.randn(3, 6, dtype=torch.float64)
    expected = nn.functional.linear(given, double.weight, double.bias)
    assert torch.equal(double(given), expected)


def test_a_model_keeps_its_parameters_and_computes_the_same(
    tiny_encoder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch
    from torch import nn
    from transformers import AutoModelForSequenceClassification

    from engine.inference import linear

    torch.manual_seed(1)
    model = AutoModelForSequenceClassification.from_pretrained(str(tiny_encoder)).eval()
    names = list(model.state_dict())
    ids = torch.tensor([[0, 5, 9, 7, 2], [0, 11, 2, 1, 1]])

    def compute() -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        model.zero_grad()
        logits = model(input_ids=ids, attention_mask=(ids != 1).long()).logits
        logits[:, 0].sum().backward()
        found = {n: p.grad.clone() for n, p in model.named_parameters() if p.grad is not None}
        return logits.detach(), found

    logits, gradients = compute()
    monkeypatch.setattr(linear, "_is_onednn_faster", lambda: True)  # whatever computes the tests
    linear.use_fast_linear(model)
    fast_logits, fast_gradients = compute()

    assert any(isinstance(one, linear.FastLinear) for one in model.modules())
    assert not any(type(one) is nn.Linear for one in model.modules())
    assert list(model.state_dict()) == names
    assert torch.allclose(fast_logits, logits, atol=1e-5)
    assert fast_gradients.keys() == gradients.keys()
    for name, gradient in gradients.items():
        assert torch.allclose(fast_gradients[name], gradient, atol=1e-5), name


def test_a_loaded_model_has_them_where_they_are_faster(tiny_encoder: Path) -> None:
    import torch

    from engine.inference.linear import FastLinear, _is_onednn_faster
    from engine.training.checkpoint import load_encoder

    modules = load_encoder(tiny_encoder, torch.device("cpu")).modules()
    assert any(isinstance(one, FastLinear) for one in modules) == _is_onednn_faster()
