"""Encoders in eight bits: nearly the same vectors, whatever stands beside a text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from engine.core.errors import KnownError


@pytest.fixture(autouse=True)
def fitting_processor() -> None:
    """Skip where the processor has no instructions for it."""
    import torch

    processor = torch.cpu.get_capabilities()
    if not (processor.get("avx512_vnni") or processor.get("avx_vnni")):
        pytest.skip("this processor has no instructions for products in eight bits")


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("shape", [(5, 64), (3, 7, 64)], ids=str)
def test_a_layer_gives_nearly_what_it_gave(shape: tuple[int, ...], bias: bool) -> None:
    import torch
    from torch import nn

    from engine.inference.quantised import QuantisedLinear

    torch.manual_seed(1)
    linear = nn.Linear(64, 48, bias=bias)
    given = torch.randn(shape)
    with torch.inference_mode():
        expected, found = linear(given), QuantisedLinear(linear)(given)

    assert found.shape == expected.shape
    # Each factor is off by half a level of 127 at most, and the errors of 64 products cancel out.
    assert (found - expected).abs().max() < 0.02 * expected.abs().max()


def test_a_row_of_zeros_gives_the_bias() -> None:
    import torch
    from torch import nn

    from engine.inference.quantised import QuantisedLinear

    linear = nn.Linear(16, 8)
    with torch.inference_mode():
        assert torch.equal(QuantisedLinear(linear)(torch.zeros(2, 16))[1], linear.bias)


def test_vectors_are_near_and_do_not_depend_on_the_texts_beside(
    tiny_encoder: Path, make_rows: Callable[..., Any]
) -> None:
    from engine.inference.embed import Embedder

    texts = [row.text for row in make_rows(train=60)]
    plain = Embedder(tiny_encoder, "cpu").embed(texts)
    embedder = Embedder(tiny_encoder, quantised=True)
    found = embedder.embed(texts)
    alone = np.concatenate([embedder.embed([text]) for text in texts[:10]])

    cosines = (plain * found).sum(1) / np.linalg.norm(plain, axis=1) / np.linalg.norm(found, axis=1)
    assert cosines.min() > 0.99
    assert not np.array_equal(plain, found)
    assert alone == pytest.approx(found[:10], abs=1e-5)


def test_the_hash_of_the_vectors_says_that_they_are_quantised() -> None:
    from engine.registry.base_models import find_base_model
    from engine.registry.encoder_hash import vectors_sha256

    starter = find_base_model("")
    assert vectors_sha256(starter, quantised=True) != vectors_sha256(starter)


def test_a_processor_that_would_not_be_faster_is_told_so(
    tiny_encoder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    from engine.inference.embed import Embedder

    old = MappingProxyType({"architecture": "x86_64", "cpu_name": "Old", "avx2": True})
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: old)
    with pytest.raises(KnownError, match="no instructions for products in eight bits"):
        Embedder(tiny_encoder, quantised=True)
