"""Linear layers in eight bits: an encoder computes faster, and its vectors are a little coarser.

Weights are rounded once, each output on its own scale; what comes in is rounded anew for every
token, on the token's own scale. So the vector of a text does not depend on the texts beside it, as
it would with one scale a batch, and a few large activations do not take the digits of all others.
This is dynamic quantisation by row, as in LLM.int8() (Dettmers et al. 2022), without its parts in
higher precision. Everything between the linear layers stays in fp32.
"""

from __future__ import annotations

import torch
from torch import nn

from engine.core.errors import KnownError
from engine.core.language import tr

LEVELS = 127
"""Symmetric: from -127 to 127."""


def quantise_linear(model: nn.Module) -> None:
    """Put `QuantisedLinear` in the place of every linear layer of a model on the CPU.

    Raises:
        KnownError: if this processor has no instructions for it and would only be slower.
    """
    processor = torch.cpu.get_capabilities()
    if not (processor.get("avx512_vnni") or processor.get("avx_vnni")):
        raise KnownError(
            tr(
                "This processor has no instructions for products in eight bits, so quantised "
                "vectors would not come faster; nothing was computed. Do without the option "
                "quantised."
            )
        )
    for module in list(model.modules()):
        for name, child in module.named_children():
            if isinstance(child, nn.Linear):
                setattr(module, name, QuantisedLinear(child))


class QuantisedLinear(nn.Module):
    """A linear layer with int8 weights, for inference on the CPU."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        weight = linear.weight.detach().float()
        self.in_features, self.out_features = linear.in_features, linear.out_features
        self.scale = weight.abs().amax(1).clamp(min=1e-12) / LEVELS
        self.weight = (weight / self.scale[:, None]).round().to(torch.int8)
        bias = linear.bias
        self.bias = torch.zeros(self.out_features) if bias is None else bias.detach().float()

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        """Return input · weightᵀ + bias in fp32; input is (…, features in)."""
        rows = input.reshape(-1, self.in_features)
        scale = rows.abs().amax(1, keepdim=True).clamp_(min=1e-12).div_(LEVELS)
        rounded = (rows / scale).round_().to(torch.int8)
        # Not among torch's public functions: what torch.compile has its programs call.
        product = torch._int_mm(rounded, self.weight.t()).to(torch.float32)
        found = torch.addcmul(self.bias, product.mul_(scale), self.scale)
        return found.view(*input.shape[:-1], self.out_features)
