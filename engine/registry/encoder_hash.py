"""One hash of everything in a model folder that decides the vectors its encoder makes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from engine.core.hashing import file_sha256
from engine.registry.base_models import BaseModel
from engine.registry.known_models import find_known_model
from engine.registry.model_folder import TOKENIZERS

_SETTINGS = (
    "config.json",
    "modules.json",
    "sentence_bert_config.json",
    "config_sentence_transformers.json",
    "tokenizer_config.json",
)


QUANTISED = "int8, a scale a token"
"""How quantised vectors are computed; another way makes other vectors and gets another name."""


def vectors_sha256(model: BaseModel, quantised: bool = False) -> str:
    """Return a hash in hex that changes with the weights, the tokenizer, the pooling, the words
    put before a text, the length at which texts are cut, or whether vectors are quantised."""
    folder = Path(model.folder)
    pooling = [str(path.relative_to(folder)) for path in sorted(folder.glob("*/config.json"))]
    digests = {
        name: file_sha256(folder / name)
        for name in (*_SETTINGS, *pooling, *TOKENIZERS)
        if (folder / name).is_file()
    }
    known = find_known_model(folder)
    if known is not None:  # it fills in what the folder does not say
        facts = [known.pooling, known.normalize, known.query_prefix, known.passage_prefix]
        digests["known"] = json.dumps([*facts, known.prefix])
    if quantised:
        digests["quantised"] = QUANTISED
    parts = json.dumps({"weights": model.sha256, **digests}, sort_keys=True)
    return hashlib.sha256(parts.encode()).hexdigest()
