"""An encoder with a classification head: loaded from a base model, saved for publishing."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.inference.linear import use_fast_linear


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A loaded classifier; `new` names the parameters that the folder did not have."""

    model: Any
    new: frozenset[str]


def load_tokenizer(folder: Path) -> Any:
    """Return the tokenizer of a model folder.

    A folder with nothing but the word list of a cased BERT (BioBERT, ClinicalBERT and SpanBERT were
    published so) does not say that capital letters matter, and transformers would read it in lower
    case: every name would fall apart or become an unknown word. Its words say it.

    Raises:
        KnownError: if it cannot be read.
    """
    from transformers import AutoTokenizer

    cased = {"do_lower_case": False} if _is_tacitly_cased(folder) else {}
    try:
        return AutoTokenizer.from_pretrained(
            str(folder), local_files_only=True, trust_remote_code=False, **cased
        )
    except (OSError, ValueError, KeyError) as error:
        raise KnownError(
            tr(
                "The tokenizer in {folder} cannot be read; the folder is incomplete or damaged.",
                folder=folder,
            ),
            details=str(error),
        ) from error


def _is_tacitly_cased(folder: Path) -> bool:
    """Whether the only hint at case is a word list, and there are capital letters in it."""
    words = folder / "vocab.txt"
    if (folder / "tokenizer.json").exists() or not words.is_file():
        return False
    try:
        settings = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
        if "do_lower_case" in settings:
            return False
    except (OSError, ValueError):
        pass  # none, or one that transformers will complain about
    with words.open(encoding="utf-8", errors="replace") as lines:
        return any(line != line.lower() for line in lines if not line.startswith("["))


def load_config(folder: Path) -> Any:
    """Return the configuration of a model folder.

    Raises:
        KnownError: if transformers does not know the architecture.
    """
    from transformers import AutoConfig

    try:
        return AutoConfig.from_pretrained(
            str(folder), local_files_only=True, trust_remote_code=False
        )
    except (OSError, ValueError, KeyError) as error:
        raise KnownError(
            tr(
                "The model in {folder} is of an architecture that this version does not know; "
                "choose another base model.",
                folder=folder,
            ),
            details=str(error),
        ) from error


def load_classifier(
    folder: Path, labels: Sequence[str], several: bool, seed: int, device: torch.device
) -> Checkpoint:
    """Return a base model in fp32 with a head for these labels, initialised from `seed`.

    A checkpoint in half precision is widened: training in it would lose the small updates.

    Raises:
        KnownError: if the weights cannot be read.
    """
    from transformers import AutoModelForSequenceClassification

    torch.manual_seed(seed)
    model, info = load_pretrained(
        AutoModelForSequenceClassification,
        folder,
        dtype=torch.float32,
        num_labels=len(labels),
        id2label=dict(enumerate(labels)),
        label2id={label: position for position, label in enumerate(labels)},
        problem_type="multi_label_classification" if several else "single_label_classification",
        ignore_mismatched_sizes=True,
    )
    missing = {*info["missing_keys"], *(key for key, *_ in info["mismatched_keys"])}
    return Checkpoint(model.to(device), frozenset(missing))


def load_encoder(folder: Path, device: torch.device) -> Any:
    """Return the encoder of a model folder in fp32, without any head that it may have.

    Raises:
        KnownError: if the weights cannot be read.
    """
    from transformers import AutoModel

    model, _info = load_pretrained(AutoModel, folder, dtype=torch.float32)
    return model.to(device)


def load_trained(folder: Path, device: torch.device) -> Any:
    """Return a published classifier as it was saved, in evaluation mode.

    Raises:
        KnownError: if the weights cannot be read, or some are missing.
    """
    from transformers import AutoModelForSequenceClassification

    model, info = load_pretrained(AutoModelForSequenceClassification, folder, dtype=torch.float32)
    if info["missing_keys"]:
        raise KnownError(
            tr(
                "The model in {folder} has no trained classification head, so it cannot classify.",
                folder=folder,
            )
        )
    return model.to(device).eval()


def load_pretrained(loader: Any, folder: Path, **options: Any) -> tuple[Any, dict[str, Any]]:
    """Return the model that a loader of transformers reads from `folder`, and its loading info.

    Its linear layers are those of `use_fast_linear`.

    Raises:
        KnownError: if the weights cannot be read.
    """
    from safetensors import SafetensorError

    # The list of new parameters is ours to report, in words; the library prints a table.
    logging.getLogger("transformers").setLevel(logging.ERROR)
    try:
        model, info = loader.from_pretrained(
            str(folder),
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            output_loading_info=True,
            **options,
        )
    except (OSError, ValueError, KeyError, SafetensorError) as error:
        raise KnownError(
            tr(
                "The model in {folder} cannot be loaded; its files are incomplete or damaged.",
                folder=folder,
            ),
            details=str(error),
        ) from error
    use_fast_linear(model)
    return model, info


def save_classifier(model: Any, tokenizer: Any, max_length: int, folder: Path) -> None:
    """Write weights, configuration and tokenizer into `folder`, loadable by transformers alone."""
    tokenizer.model_max_length = max_length
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is not None:
        # A truncation or padding left over in tokenizer.json would act on whoever loads it bare.
        backend.no_truncation()
        backend.no_padding()
    model.save_pretrained(str(folder), safe_serialization=True)
    tokenizer.save_pretrained(str(folder))
