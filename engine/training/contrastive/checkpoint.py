"""Save a SetFit model so that sentence-transformers loads its encoder unchanged."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.inference.pooling import Pooling
from engine.inference.setfit_head import Head, save_head
from engine.training.checkpoint import save_classifier
from engine.training.sentence_modules import write_sentence_modules


def save_setfit(
    encoder: Any,
    tokenizer: Any,
    pooling: Pooling,
    max_length: int,
    head: Head,
    labels: Sequence[str],
    folder: Path,
) -> None:
    """Write encoder, tokenizer, the way of pooling, and beside them the head, into `folder`."""
    save_classifier(encoder, tokenizer, max_length, folder)
    write_sentence_modules(pooling, encoder.config.hidden_size, max_length, folder)
    save_head(head, labels, folder)
