"""Parts of the training loop for tests of single ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def make_trainable() -> Callable[..., Any]:
    """Load a model set up for training: ``make_trainable(folder, ids=…, frozen_blocks=2)``."""

    def make(folder: Path, ids: Any = None, **settings: Any) -> Any:
        import numpy as np
        import torch

        from engine.training.checkpoint import load_classifier
        from engine.training.settings import parse_settings
        from engine.training.trainable import Trainable

        device = torch.device("cpu")
        checkpoint = load_classifier(folder, ("law", "medicine"), False, 42, device)
        seen = np.arange(checkpoint.model.config.vocab_size) if ids is None else ids
        return Trainable(checkpoint, parse_settings(settings), device, "fp32", seen, 1)

    return make
