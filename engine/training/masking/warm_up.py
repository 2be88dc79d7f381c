"""Train a new head while the encoder stays as it is.

An encoder that comes without its head (sentence encoders do) would be torn apart by the gradients
of a random one, and a comparison of before and after would compare with noise. The encoder is read
once; the head then learns from what it gave, until the held-out texts are guessed no better.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
CALMER = 0.7
"""What a pass leaves of the learning rate."""
MOST_PASSES = 8
SETTLED = 0.005
"""The head has settled when a pass lowers the held-out loss by less than this share of it."""
BLOCKS_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class _Guesses:
    """What the encoder gives for hidden tokens, (guesses, hidden size), and the answers."""

    hidden: torch.Tensor
    answers: np.ndarray


class _Progress:
    """Counts guesses: each is read once, and learned from in up to `MOST_PASSES` passes."""

    def __init__(self, report: Reporter, guesses: int) -> None:
        self._report = report
        self._total = guesses * (1 + MOST_PASSES)
        self._done = 0

    def add(self, guesses: int) -> None:
        """Count some, and stop here when someone asked the job to."""
        self._report.check()
        self._done = min(self._total - 1, self._done + guesses)
        self._report.progress("warm-up", self._done, self._total)

    def end(self) -> None:
        """All is done, perhaps in fewer passes."""
        self._report.progress("warm-up", self._total, self._total)


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
    questions = _questions(packed, probability, alphabet, random)
    progress = _Progress(report, sum(len(masked.places) for _, masked in questions))
    learned = _read(model, questions, progress)
    held_out = _read(model, examination.questions, progress)
    with _only(new, model.model):
        passes = _fit(model, new, learned, held_out, random, progress)
    progress.end()
    return passes


@contextmanager
def _only(new: list[nn.Parameter], model: nn.Module) -> Iterator[None]:
    """Let nothing but the parameters `new` train inside the block."""
    parameters = list(model.parameters())
    trained = [one.requires_grad for one in parameters]
    model.requires_grad_(False)
    for one in new:
        one.requires_grad_(True)
    try:
        yield
    finally:
        for one, before in zip(parameters, trained, strict=True):
            one.requires_grad_(before)


def _fit(
    model: LanguageModel,
    new: list[nn.Parameter],
    learned: _Guesses,
    held_out: _Guesses,
    random: np.random.Generator,
    progress: _Progress,
) -> int:
    """Train until the held-out guesses get no better; return the passes, the best head in place."""
    optimiser = torch.optim.AdamW(new, lr=LEARNING_RATE, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimiser, CALMER)
    count = len(learned.answers)
    best, kept, passes = _loss(model, held_out), _copy(new), 0
    settled = False
    while not settled and passes < MOST_PASSES:
        passes += 1
        for places in np.array_split(random.permutation(count), -(-count // GUESSES_A_STEP)):
            _loss_of(model, learned, places).backward()
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            progress.add(len(places))
        schedule.step()
        loss = _loss(model, held_out)
        settled = loss > best * (1 - SETTLED)
        if loss < best:
            best, kept = loss, _copy(new)
    with torch.no_grad():
        for one, value in zip(new, kept, strict=True):
            one.copy_(value)
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
    model: LanguageModel, questions: Sequence[tuple[Batch, Masked]], progress: _Progress
) -> _Guesses:
    hidden: list[torch.Tensor] = []
    answers: list[np.ndarray] = []
    with torch.no_grad():
        for batch, masked in questions:
            hidden.append(model.encode(batch, masked).float())
            answers.append(masked.answers)
            progress.add(len(masked.places))
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
