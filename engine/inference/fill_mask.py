"""What a masked language model would put into the gaps of sentences."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.inference.device import device_name, pick_device
from engine.jobs.reporting import Reporter
from engine.jobs.spec import JobSpec
from engine.project.training_rows import FilledMask
from engine.training.checkpoint import load_tokenizer
from engine.training.masking.checkpoint import load_masked_language_model
from engine.training.mlm_settings import MASK
from engine.training.tokens import readable_length

TOP = 5


def run(spec: JobSpec, report: Reporter) -> None:
    """Carry out a job of the kind "fill-mask", up to "finished" with its sentences.

    Raises:
        KnownError: if the model cannot fill masks, or a sentence has none.
    """
    started = time.perf_counter()
    folder = Path(spec.model)
    device = pick_device(spec.device)
    tokenizer = load_tokenizer(folder)
    require_mask(tokenizer, spec.base_model_name or folder.name)
    model, new = load_masked_language_model(folder, device, seed=spec.seed)
    if new:
        raise KnownError(
            tr(
                'The model "{name}" has never learned to fill masks: its part that guesses words '
                "is missing. Continued pretraining (the method mlm) makes a model that can.",
                name=spec.base_model_name or folder.name,
            )
        )
    report.check()
    found = fill_masks(
        model.eval(), tokenizer, spec.settings["sentences"], int(spec.settings.get("top", TOP))
    )
    report.send(
        "finished",
        sentences=[one.to_json() for one in found],
        device=device_name(device),
        seconds={"total": time.perf_counter() - started},
    )


def require_mask(tokenizer: Any, name: str) -> None:
    """Raise KnownError if the tokenizer of the model `name` has no mask token."""
    if tokenizer.mask_token_id is None:
        raise KnownError(
            tr(
                'The base model "{name}" cannot guess hidden words: its tokenizer has no mask '
                "token. Choose a model that was pretrained with one, such as BERT, RoBERTa or "
                "MPNet.",
                name=name,
            )
        )


def fill_masks(
    model: Any, tokenizer: Any, sentences: Sequence[str], top: int = TOP
) -> list[FilledMask]:
    """Return the `top` likeliest words for each gap, written as [MASK] or as the tokenizer does.

    `model` is one of the class ``…ForMaskedLM`` in evaluation mode.

    Raises:
        KnownError: if a sentence has no gap, or its gap lies beyond what the model reads.
    """
    found: list[FilledMask] = []
    length = readable_length(tokenizer, model.config)
    for sentence in sentences:
        ids, gaps = _read(tokenizer, sentence, length)
        with torch.inference_mode():
            device = next(model.parameters()).device
            logits = model(input_ids=torch.tensor([ids], device=device)).logits[0, gaps]
        shares, words = logits.float().softmax(-1).topk(min(top, logits.shape[-1]))
        found.extend(
            FilledMask(
                sentence,
                tuple(
                    (tokenizer.decode([word]).strip(), share)
                    for word, share in zip(of_gap, shares_of_gap, strict=True)
                ),
            )
            for of_gap, shares_of_gap in zip(words.tolist(), shares.tolist(), strict=True)
        )
    return found


def _read(tokenizer: Any, sentence: str, length: int) -> tuple[list[int], list[int]]:
    """Return a sentence's ids and where its gaps are among them."""
    written = sentence.replace(MASK, tokenizer.mask_token)
    if tokenizer.mask_token not in written:
        raise KnownError(
            tr(
                'The sentence "{sentence}" has no {mask}; write it where a word is to be guessed.',
                sentence=_short(sentence),
                mask=MASK,
            )
        )
    encoded = tokenizer(written, truncation=True, max_length=length, verbose=False)
    ids: list[int] = encoded["input_ids"]
    gaps = [place for place, one in enumerate(ids) if one == tokenizer.mask_token_id]
    if not gaps:
        raise KnownError(
            tr(
                'In the sentence "{sentence}" the {mask} comes after the {length} tokens that the '
                "model reads; write a shorter sentence.",
                sentence=_short(sentence),
                mask=MASK,
                length=length,
            )
        )
    return ids, gaps


def _short(sentence: str) -> str:
    return sentence if len(sentence) <= 80 else sentence[:79] + "…"
