"""A masked language model: loaded from a base model, saved as a base model for other methods."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import torch
from torch import nn

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.inference.pooling import read_pooling
from engine.registry.known_models import find_known_model
from engine.training.checkpoint import load_config, load_pretrained
from engine.training.masking.language_model import head_parameters
from engine.training.sentence_modules import write_sentence_modules


def load_masked_language_model(
    folder: Path, device: torch.device, seed: int
) -> tuple[Any, list[nn.Parameter]]:
    """Return a model that guesses words, in fp32, and the parameters of its head that are new.

    There are new parameters where the folder holds an encoder without a trained head; they are
    drawn from `seed`.

    Raises:
        KnownError: if the weights cannot be read, or no such head fits the architecture.
    """
    from transformers import AutoModelForMaskedLM

    config = load_config(folder)
    if type(config) not in AutoModelForMaskedLM._model_mapping:
        raise KnownError(
            tr(
                "The architecture of the base model in {folder} ({kind}) has no part that guesses "
                "words, so it cannot be pretrained further; choose a BERT, RoBERTa or MPNet.",
                folder=folder,
                kind=config.model_type,
            )
        )
    torch.manual_seed(seed)
    model, info = load_pretrained(AutoModelForMaskedLM, folder, dtype=torch.float32)
    new = set(info["missing_keys"])
    in_head = {id(parameter) for parameter in head_parameters(model)}
    found = [
        parameter
        for name, parameter in model.named_parameters()
        if name in new and id(parameter) in in_head
    ]
    return model.to(device), found


def save_language_model(model: Any, tokenizer: Any, base: Path, folder: Path) -> None:
    """Write the model, its tokenizer, and what makes sentence vectors of it, into `folder`.

    A pooling layer of the base model that guessing words does not use is kept as it was, for the
    methods that start from this model: without it their results would differ for no reason.
    """
    state = {**model.state_dict(), **_unused_pooler(model, base)}
    model.save_pretrained(str(folder), state_dict=state)
    tokenizer.save_pretrained(str(folder))
    _copy_sentence_modules(base, model.config.hidden_size, folder)


def _unused_pooler(model: Any, base: Path) -> dict[str, torch.Tensor]:
    """Return the base model's pooling layer under the names that this architecture gives it."""
    from safetensors import safe_open

    prefix = f"{model.base_model_prefix}."
    known = model.state_dict().keys()
    found: dict[str, torch.Tensor] = {}
    for path in sorted(base.glob("model*.safetensors")):
        with safe_open(path, "pt") as stored:
            for key in stored.keys():  # noqa: SIM118 - not a dictionary
                name = key if key.startswith(prefix) else prefix + key
                if name.startswith(f"{prefix}pooler.") and name not in known:
                    found[name] = stored.get_tensor(key).float()
    return found


def _copy_sentence_modules(base: Path, hidden_size: int, folder: Path) -> None:
    """Copy what sentence-transformers needs beside the encoder: its modules and their weights.

    What only the catalogue knows of the base model, by its name, is written down: the new model
    has another name.
    """
    modules = base / "modules.json"
    known = find_known_model(base)
    if known is not None and known.pooling:
        pooling = read_pooling(base)
        write_sentence_modules(pooling, hidden_size, pooling.max_seq_length, folder)
        return
    if not modules.is_file():
        return
    for name in ("modules.json", "config_sentence_transformers.json", "sentence_bert_config.json"):
        if (base / name).is_file():
            shutil.copyfile(base / name, folder / name)
    for module in json.loads(modules.read_text(encoding="utf-8")):
        source = base / module["path"]
        if not module["path"] or not source.is_dir():
            continue
        (folder / module["path"]).mkdir(parents=True)
        for path in (*source.glob("*.json"), *source.glob("*.safetensors")):
            shutil.copyfile(path, folder / module["path"] / path.name)
