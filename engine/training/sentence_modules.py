"""Write how an encoder is pooled, as the library sentence-transformers reads it."""

from __future__ import annotations

import json
from pathlib import Path

from engine.inference.pooling import MODES, Pooling
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


def write_sentence_modules(
    pooling: Pooling, hidden_size: int, max_length: int, folder: Path
) -> None:
    """Write into a model folder how its `hidden_size` numbers a token become a vector.

    `max_length` is the tokens that are read of a text; 0 leaves it open.
    """
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
            "word_embedding_dimension": hidden_size,
            **{_SWITCHES[mode]: mode in pooling.modes for mode in MODES},
        },
    )
    if pooling.normalize:
        (folder / "2_Normalize").mkdir()
    if max_length:
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


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
