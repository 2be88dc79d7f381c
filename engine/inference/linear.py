"""Linear layers whose products oneDNN computes, on processors where that is faster.

torch leaves products in fp32 to MKL, and MKL takes the kernels it wrote for older processors where
it does not find one of Intel's. oneDNN, which torch brings along for other precisions, asks what
the processor can do: on an AMD EPYC with AVX-512, 240 against 105 thousand million operations a
second and core, and with AVX2 alone 111. Nine tenths of a step are such products.

Precision and mathematics are the same; sums are taken in another order, so that the last digits of
a result differ from MKL's, as they do between two processors.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import torch
from torch import nn
from torch.autograd.function import once_differentiable


def use_fast_linear(model: nn.Module) -> None:
    """Have the linear layers of a model compute on the CPU with oneDNN, where that is faster.

    Parameters keep their names and stay as they are; what does not compute in fp32 on the CPU goes
    on as before.
    """
    if not _is_onednn_faster():
        return
    for module in model.modules():
        if type(module) is nn.Linear:
            module.__class__ = FastLinear


class FastLinear(nn.Linear):
    """`torch.nn.Linear` whose products on the CPU oneDNN computes."""

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        """Return input · weightᵀ + bias; input is (…, features in)."""
        weight = self.weight
        fitting = input.device.type == "cpu" and input.dtype == weight.dtype == torch.float32
        if not fitting or input.ndim < 2 or not input.numel():
            return super().forward(input)
        if not torch.is_grad_enabled():
            return _product(input, weight, self.bias)
        return _Linear.apply(input, weight, self.bias)


class _Linear(torch.autograd.Function):
    """The product and its three gradients."""

    @staticmethod
    def forward(
        ctx: Any, input: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None
    ) -> torch.Tensor:
        ctx.save_for_backward(input, weight)
        return _product(input, weight, bias)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        input, weight = ctx.saved_tensors
        rows = gradient.reshape(-1, gradient.shape[-1])
        of_input, of_weight, of_bias = ctx.needs_input_grad
        return (
            _product(rows, weight.t()).view(input.shape) if of_input else None,
            _product(rows.t(), _rows(input).t()) if of_weight else None,
            rows.sum(0) if of_bias else None,
        )


def _rows(input: torch.Tensor) -> torch.Tensor:
    """Return the input as a matrix without gaps, such as the first tokens of a batch leave.

    oneDNN reads a transposed matrix as it stands, but with gaps between its columns by the plainest
    of its kernels, which takes a hundred times as long.
    """
    return input.reshape(-1, input.shape[-1]).contiguous()


def _product(
    input: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None = None
) -> torch.Tensor:
    """Return input · weightᵀ + bias, computed by oneDNN."""
    return torch.ops.mkldnn._linear_pointwise(input, weight, bias, "none", [], "")


@cache
def _is_onednn_faster() -> bool:
    """Whether MKL would compute here, and on a processor for which its newer kernels are not."""
    processor = torch.cpu.get_capabilities()
    return (
        processor.get("architecture") == "x86_64"
        and "intel" not in str(processor.get("cpu_name", "")).lower()
        and torch.backends.mkl.is_available()
        and torch.backends.mkldnn.is_available()
        # Not among torch's public functions: what torch.compile has its programs call.
        and hasattr(torch.ops.mkldnn, "_linear_pointwise")
    )
