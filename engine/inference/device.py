"""Which processor computes, and in which precision."""

from __future__ import annotations

import contextlib
from contextlib import AbstractContextManager

import torch

from engine.core.errors import KnownError
from engine.core.language import tr


def pick_device(wish: str) -> torch.device:
    """Return the device for "auto", "cpu" or "cuda".

    Raises:
        KnownError: if "cuda" is asked for and there is no usable GPU.
    """
    available = torch.cuda.is_available()
    if wish == "cuda" and not available:
        raise KnownError(
            tr("This computer has no GPU that the program can use; choose the device auto or cpu.")
        )
    return torch.device("cuda" if available and wish != "cpu" else "cpu")


def device_name(device: torch.device) -> str:
    """Return words for a person: "cpu", or the GPU's name."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return device.type


def pick_precision(wish: str, device: torch.device) -> str:
    """Return "fp32", "bf16" or "fp16"; a CPU always computes in fp32, where it is fastest."""
    if device.type != "cuda":
        return "fp32"
    if wish != "auto":
        return wish
    return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp16"


def autocast(device: torch.device, precision: str) -> AbstractContextManager[object]:
    """Return the context in which a forward pass computes in this precision."""
    if precision == "fp32":
        return contextlib.nullcontext()
    return torch.autocast(
        device.type, dtype=torch.bfloat16 if precision == "bf16" else torch.float16
    )
