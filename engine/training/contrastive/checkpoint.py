"""Save a SetFit model so that sentence-transformers loads its encoder unchanged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from engine.inference.pooling import MODES, Pooling
from engine.inference.setfit_head import Head, save_head
from engine.training.checkpoint import save_classifier
from engine.training.versions import library_versions

_LIBRARY = "sentence_transformers.models"
_SWITCHES = {
    "cls": "pooling_mode_cls_token",
    "max": "pooling_mode_max_tokens",
    "mean": "pooling_mode_mean_tokens",
    "mean_sqrt_len_tokens": "pooling_mode_mean_sqrt_len_tokens",
    "weightedmean": "pooling_mode_weightedmean_tokens",
    "lasttoken": "pooling_mode_lasttoken",
}
"""The words of the file that every version of sentence-transformers reads."""


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
    parts = [("", "Transformer"), ("1_Pooling", "Pooling")]
    if pooling.normalize:
        parts.append(("2_Normalize", "Normalize"))
    modules = [
        {"idx": at, "name": str(at), "path": path, "type": f"{_LIBRARY}.{kind}"}
        for at, (path, kind) in enumerate(parts)
    ]
    _write(folder / "modules.json", modules)
    (folder / "1_Pooling").mkdir()
    _write(
        folder / "1_Pooling" / "config.json",
        {
            "word_embedding_dimension": encoder.config.hidden_size,
            **{_SWITCHES[mode]: mode in pooling.modes for mode in MODES},
        },
    )
    if pooling.normalize:
        (folder / "2_Normalize").mkdir()
    _write(folder / "sentence_bert_config.json", {"max_seq_length": max_length})
    named = [name for name, words in pooling.prompts.items() if words == pooling.prompt]
    _write(
        folder / "config_sentence_transformers.json",
        {
            "__version__": library_versions(),
            "prompts": dict(pooling.prompts),
            "default_prompt_name": named[0] if pooling.prompt else None,
            "similarity_fn_name": "cosine",
        },
    )
    save_head(head, labels, folder)


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
