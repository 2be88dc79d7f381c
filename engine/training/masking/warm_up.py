"""Train a new head while the encoder stays as it is.

An encoder that comes without its head (sentence encoders do) would be torn apart by the gradients
of a random one, and a comparison of before and after would compare with noise. The encoder is read
once; the head then learns from what it gave, until the held-out texts are guessed no better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from engine.jobs.reporting import Reporter
from engine.training.masking.choosing import Alphabet, Masked, choose_words
from engine.training.masking.language_model import LanguageModel
from engine.training.masking.packing import Batch, Packed
from engine.training.masking.perplexity import Examination

MOST_GUESSES = 15_000
"""Hidden tokens that the head learns from: its two hundred thousand numbers need no more."""
MOST_READINGS = 10
"""Few texts are read so often at most, with other words hidden each time."""
GUESSES_A_STEP = 256
LEARNING_RATE = 3e-3
MOST_PASSES = 8
SETTLED = 0.005
"""The head has settled when a pass lowers the held-out loss by less than this share of it."""
BLOCKS_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class _Guesses:
    """What the encoder gives for hidden tokens, (guesses, hidden size), and the answers."""

    hidden: torch.Tensor
    answers: np.ndarray


def warm_head(
    model: LanguageModel,
    new: list[nn.Parameter],
    packed: Packed,
    examination: Examination,
    probability: float,
    alphabet: Alphabet,
    report: Reporter,
    seed: int,
) -> int:
    """Train the parameters `new` alone and return the passes that it took.

    The head of the pass that guessed the held-out words best is kept.
    """
    start_at_frequencies(model, packed.ids)
    random = np.random.default_rng(seed)
    model.model.eval()
    learned = _read(model, _questions(packed, probability, alphabet, random), report)
    held_out = _read(model, examination.questions, report)
    parameters = list(model.model.parameters())
    trained = [one.requires_grad for one in parameters]
    model.model.requires_grad_(False)
    for one in new:
        one.requires_grad_(True)
    optimiser = torch.optim.AdamW(new, lr=LEARNING_RATE, weight_decay=0.0)
    best, kept, passes = _loss(model, held_out), _copy(new), 0
    for passes in range(1, MOST_PASSES + 1):
        report.progress("warm-up", passes - 1, MOST_PASSES)
        for places in np.array_split(
            random.permutation(len(learned.answers)),
            -(-len(learned.answers) // GUESSES_A_STEP),
        ):
            report.check()
            _loss_of(model, learned, places).backward()
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        for group in optimiser.param_groups:
            group["lr"] *= 0.7
        loss, before = _loss(model, held_out), best
        if loss < best:
            best, kept = loss, _copy(new)
        if loss > before * (1 - SETTLED):
            break
    with torch.no_grad():
        for one, value in zip(new, kept, strict=True):
            one.copy_(value)
    for one, before in zip(parameters, trained, strict=True):
        one.requires_grad_(before)
    report.progress("warm-up", MOST_PASSES, MOST_PASSES)
    return passes


def start_at_frequencies(model: LanguageModel, ids: np.ndarray) -> None:
    """Let the head begin with how often each token occurs, which is all it can know."""
    bias = getattr(model.model.get_output_embeddings(), "bias", None)
    if bias is None:
        return
    counts = np.bincount(ids, minlength=len(bias))[: len(bias)] + 0.1
    with torch.no_grad():
        bias.copy_(torch.from_numpy(np.log(counts / counts.sum())))


def _questions(
    packed: Packed, probability: float, alphabet: Alphabet, random: np.random.Generator
) -> list[tuple[Batch, Masked]]:
    """Return the texts with words hidden, over and over until there is enough to guess."""
    found: list[tuple[Batch, Masked]] = []
    guesses = 0
    for _ in range(MOST_READINGS):
        for batch in packed.batches(BLOCKS_AT_ONCE):
            if guesses >= MOST_GUESSES:
                return found
            masked = choose_words(batch.ids, batch.words, probability, alphabet, random)
            if len(masked.places):
                found.append((batch, masked))
                guesses += len(masked.places)
    return found


def _read(
    model: LanguageModel, questions: Sequence[tuple[Batch, Masked]], report: Reporter
) -> _Guesses:
    hidden: list[torch.Tensor] = []
    answers: list[np.ndarray] = []
    with torch.no_grad():
        for batch, masked in questions:
            report.check()
            hidden.append(model.encode(batch, masked).float())
            answers.append(masked.answers)
    return _Guesses(torch.cat(hidden), np.concatenate(answers))


def _loss_of(model: LanguageModel, guesses: _Guesses, places: np.ndarray) -> torch.Tensor:
    rows = torch.from_numpy(places).to(guesses.hidden.device)
    answers = guesses.answers[places]
    masked = Masked(places, places, answers)
    return model.loss(model.guess(guesses.hidden[rows]), masked)


def _loss(model: LanguageModel, guesses: _Guesses) -> float:
    total = 0.0
    count = len(guesses.answers)
    with torch.no_grad():
        for first in range(0, count, 4 * GUESSES_A_STEP):
            places = np.arange(first, min(count, first + 4 * GUESSES_A_STEP))
            total += float(_loss_of(model, guesses, places)) * len(places)
    return total / count


def _copy(parameters: list[nn.Parameter]) -> list[torch.Tensor]:
    return [one.detach().clone() for one in parameters]
