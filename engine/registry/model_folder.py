"""Look at a folder and say whether it holds an encoder to train from, without loading it."""

from __future__ import annotations

import json
import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.core.errors import KnownError
from engine.core.language import tr, trn

PICKLES = ("*.bin", "*.pt", "*.pth", "*.pkl", "*.pickle", "*.joblib", "*.ckpt")
"""Files whose reading can run code that a stranger put there."""
TOKENIZERS = ("tokenizer.json", "vocab.txt", "vocab.json")
_SENTENCE_PIECES = ("sentencepiece.bpe.model", "spm.model", "spiece.model", "tokenizer.model")
"""A tokenizer as the program SentencePiece writes it, which only that program reads."""
DECODERS = (
    *("gpt", "llama", "mistral", "mixtral", "qwen", "phi", "falcon", "bloom", "opt", "mamba"),
    *("gemma", "cohere", "deepseek", "olmo", "smollm", "stablelm", "granite", "starcoder"),
    "modernbert-decoder",
)
POSITIONS_AFTER_PAD = ("roberta", "xlm-roberta", "xlm-roberta-xl", "camembert", "mpnet")
"""Families that count a text's positions from behind the padding's, and so read fewer tokens."""
_LARGEST_HEADER = 100_000_000


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """What the files of a model folder say about it; `bytes` and `parameters` of the weights."""

    architecture: str
    hidden_size: int
    layers: int
    parameters: int
    bytes: int
    max_length: int
    languages: str
    licence: str
    weights: tuple[Path, ...]


def examine_folder(folder: Path) -> FolderFacts:
    """Return the facts of a folder with an encoder that can be trained.

    Raises:
        KnownError: saying why this folder cannot be used, and what would help.
    """
    if not folder.is_dir():
        raise KnownError(
            tr("There is no folder {folder}; check the spelling of its name.", folder=folder)
        )
    config = _config(folder)
    weights = _weights(folder)
    _require_tokenizer(folder)
    require_encoder(folder, config)
    licence, languages = _card(folder / "README.md")
    return FolderFacts(
        architecture=str(config["model_type"]),
        hidden_size=int(config.get("hidden_size", config.get("dim", 0))),
        layers=int(config.get("num_hidden_layers", config.get("n_layers", 0))),
        parameters=sum(_parameters(path) for path in weights),
        bytes=sum(path.stat().st_size for path in weights),
        max_length=_max_length(folder, config),
        languages=languages,
        licence=licence,
        weights=weights,
    )


def _config(folder: Path) -> dict[str, Any]:
    path = folder / "config.json"
    if not path.is_file():
        raise KnownError(
            tr(
                "The folder {folder} has no config.json, so it is not a model in the transformers "
                "format.",
                folder=folder,
            )
        )
    config = _json(path)
    if not isinstance(config.get("model_type"), str):
        raise KnownError(
            tr("{path} does not name a model_type, so the model cannot be recognised.", path=path)
        )
    return config


def _json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _unreadable(path) from error
    if not isinstance(content, dict):
        raise _unreadable(path)
    return content


def _unreadable(path: Path) -> KnownError:
    return KnownError(tr("{path} cannot be read; the folder is damaged.", path=path))


def _weights(folder: Path) -> tuple[Path, ...]:
    index = folder / "model.safetensors.index.json"
    if index.is_file():
        names = sorted(set(_json(index).get("weight_map", {}).values()))
        missing = [name for name in names if not (folder / name).is_file()]
        if missing:
            raise KnownError(
                trn(
                    "The folder {folder} is incomplete: {files} is missing.",
                    "The folder {folder} is incomplete: {files} are missing.",
                    len(missing),
                    folder=folder,
                    files=", ".join(missing),
                )
            )
        if not names:
            raise KnownError(
                tr("The folder {folder} is incomplete: its weights are missing.", folder=folder)
            )
        return tuple(folder / name for name in names)
    if (folder / "model.safetensors").is_file():
        return (folder / "model.safetensors",)
    pickles = sorted(path.name for kind in PICKLES for path in folder.glob(kind))
    if pickles:
        raise KnownError(
            tr(
                "The weights in {place} are only in {file}, a pickle, and opening a pickle can run "
                "harmful code; get the model with a model.safetensors file, or convert it on a "
                "computer you can risk with save_pretrained of transformers.",
                place=folder,
                file=pickles[0],
            )
        )
    raise KnownError(
        tr(
            "The folder {folder} has no weights: a file named model.safetensors is needed.",
            folder=folder,
        )
    )


def _require_tokenizer(folder: Path) -> None:
    if any((folder / name).is_file() for name in TOKENIZERS):
        return
    pieces = [name for name in _SENTENCE_PIECES if (folder / name).is_file()]
    if pieces:
        raise KnownError(
            tr(
                "The tokenizer in {folder} is only there as {file}, which Glossator does not read; "
                "on a computer with transformers and sentencepiece, load it with AutoTokenizer and "
                "save it again with save_pretrained, which writes the tokenizer.json that is "
                "needed.",
                folder=folder,
                file=pieces[0],
            )
        )
    raise KnownError(
        tr(
            "The folder {folder} has no tokenizer: tokenizer.json or vocab.txt is needed.",
            folder=folder,
        )
    )


def require_encoder(where: Path | str, config: dict[str, Any]) -> None:
    """Look at a configuration that names a model_type; `where` is the folder, or the model's name.

    Raises:
        KnownError: if the model is no encoder, or needs program code of its own.
    """
    if "auto_map" in config:
        raise KnownError(
            tr(
                "The model in {place} wants to run program code of its own, which Glossator does "
                "not allow; choose a model that transformers knows by itself.",
                place=where,
            )
        )
    names = [str(name) for name in config.get("architectures") or []]
    generates = any(
        word in name for name in names for word in ("CausalLM", "ConditionalGeneration", "LMHead")
    )
    decoder = config.get("is_decoder") or config.get("is_encoder_decoder")
    if generates or decoder or config["model_type"].startswith(DECODERS):
        raise KnownError(
            tr(
                "The model in {place} ({kind}) is a decoder, made to write text word by word; "
                "Glossator trains encoders, which read a text as a whole, such as BERT, RoBERTa or "
                "MPNet.",
                place=where,
                kind=config["model_type"],
            )
        )
    if _scores_pairs(config, names):
        raise KnownError(
            tr(
                "The model in {place} is a cross-encoder: it reads a question and a text together "
                "and gives the pair one score, so it has no vector for a text and no labels; "
                "choose the encoder that it was made from, or a sentence encoder.",
                place=where,
            )
        )


def _scores_pairs(config: dict[str, Any], architectures: list[str]) -> bool:
    """Whether a model has the single output of a reranker; one of ours with one label has not."""
    labels = config.get("id2label") or {}
    count = len(labels) or int(config.get("num_labels") or 2)
    return (
        any(name.endswith("ForSequenceClassification") for name in architectures)
        and count == 1
        and config.get("problem_type") != "multi_label_classification"
    )


def _parameters(path: Path) -> int:
    """Count the numbers in a safetensors file from its header."""
    try:
        with path.open("rb") as stream:
            (size,) = struct.unpack("<Q", stream.read(8))
            if size > _LARGEST_HEADER:
                raise ValueError("the header is too large")
            header = json.loads(stream.read(size))
        header.pop("__metadata__", None)
        return sum(math.prod(tensor["shape"]) for tensor in header.values())
    except (OSError, ValueError, KeyError, TypeError, struct.error) as error:
        raise KnownError(
            tr("{path} is damaged or not a safetensors file; get the model again.", path=path)
        ) from error


def _max_length(folder: Path, config: dict[str, Any]) -> int:
    """Return the tokens that the encoder reads of a text, as its files say."""
    positions = int(config.get("max_position_embeddings") or 512)
    if config["model_type"] in POSITIONS_AFTER_PAD:
        positions -= int(config.get("pad_token_id") or 0) + 1
    limits = [positions]
    tokenizer = folder / "tokenizer_config.json"
    if tokenizer.is_file():
        limit = _json(tokenizer).get("model_max_length")
        if isinstance(limit, int) and 0 < limit < 10**6:
            limits.append(limit)
    return min(limits)


def _card(path: Path) -> tuple[str, str]:
    """Return licence and languages from the head of a model card, "" where it does not say."""
    if not path.is_file():
        return "", ""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    if not lines or lines[0].strip() != "---":
        return "", ""
    found: dict[str, list[str]] = {}
    key = ""
    for line in lines[1:200]:
        if line.strip() == "---":
            break
        if line.startswith(("- ", "  - ")):
            found.setdefault(key, []).append(line.strip(" -"))
        elif ":" in line:
            key, _, value = line.partition(":")
            if value.strip():
                found[key] = [value.strip().strip("'\"")]
    return ", ".join(found.get("license", [])), ", ".join(found.get("language", []))
