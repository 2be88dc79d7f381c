"""How well a model guesses the hidden words of texts that it never trained on."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch

from engine.jobs.reporting import Reporter
from engine.training.masking.choosing import Alphabet, Masked, choose_words
from engine.training.masking.language_model import LanguageModel
from engine.training.masking.packing import Batch, Packed
from engine.training.meter import Meter

BLOCKS_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Score:
    """The mean loss of the guesses; `perplexity` is its exponential: lower is better."""

    loss: float

    @property
    def perplexity(self) -> float:
        """Between how many equally likely words the model hesitates; inf beyond all numbers."""
        return math.exp(min(self.loss, 700.0))


@dataclass(frozen=True, slots=True)
class Examination:
    """Held-out texts with the words that are hidden in them: the same ones at every look."""

    questions: tuple[tuple[Batch, Masked], ...]

    @property
    def guesses(self) -> int:
        """How many tokens are to be guessed."""
        return sum(len(masked.places) for _, masked in self.questions)

    @property
    def tokens(self) -> int:
        """How many tokens are read for that."""
        return sum(batch.ids.size for batch, _ in self.questions)


def set_questions(packed: Packed, probability: float, alphabet: Alphabet, seed: int) -> Examination:
    """Return held-out texts with words hidden as `seed` decides."""
    random = np.random.default_rng(seed)
    questions = (
        (batch, choose_words(batch.ids, batch.words, probability, alphabet, random))
        for batch in packed.batches(BLOCKS_AT_ONCE)
    )
    return Examination(tuple(one for one in questions if len(one[1].places)))


def examine(
    model: LanguageModel, examination: Examination, report: Reporter, meter: Meter
) -> Score:
    """Return how well a model guesses, with everything random in it switched off."""
    model.model.eval()
    loss = 0.0
    total = len(examination.questions)
    with torch.no_grad():
        for done, (batch, masked) in enumerate(examination.questions, 1):
            report.check()
            guessed = model.guess(model.encode(batch, masked))
            loss += float(model.loss(guessed, masked, reduction="sum"))
            meter.advance(float(batch.ids.size))
            report.progress("evaluate", done, total, meter.seconds_left)
    return Score(loss / examination.guesses)
