"""The loop of continued pretraining: passes over freshly packed and freshly masked texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
import torch

from engine.jobs.reporting import Reporter
from engine.training.curve import LossCurve
from engine.training.masking.choosing import Alphabet, choose_words
from engine.training.masking.language_model import LanguageModel
from engine.training.masking.packing import Batch, Packed, pack
from engine.training.masking.perplexity import Examination, Score, examine
from engine.training.masking.words import Corpus
from engine.training.meter import Meter, training_cost
from engine.training.mlm_settings import MlmSettings
from engine.training.optimisation import Stepper


@dataclass(frozen=True, slots=True)
class Material:
    """What a run learns from: a corpus, the rows to train on, and how they become blocks.

    `first` is the packing of the first pass, which settles the number of steps.
    """

    corpus: Corpus
    rows: np.ndarray
    around: tuple[list[int], list[int]]
    alphabet: Alphabet
    first: Packed

    def passes(self, count: int, random: np.random.Generator) -> Iterator[Packed]:
        """Yield the packings of `count` passes, each in another order."""
        for number in range(count):
            if number == 0:
                yield self.first
            else:
                yield pack(self.corpus, self.rows, self.around, self.first.length, random)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The pass that was kept, and how well the held-out texts are guessed after it."""

    best_epoch: int
    score: Score


def pretrain(
    model: LanguageModel,
    material: Material,
    examination: Examination,
    settings: MlmSettings,
    report: Reporter,
    meter: Meter,
) -> Outcome:
    """Train; return with the weights of the pass that guesses the held-out texts best.

    A last block that is not full is left out of its pass; which texts are in it changes.

    Raises:
        KnownError: when the loss is no longer a number.
        Cancelled: when someone asked the job to stop.
    """
    random = np.random.default_rng(settings.seed)
    run = _Run(model, material, settings, report, meter)
    best: Outcome | None = None
    kept: dict[str, torch.Tensor] = {}
    for epoch, packed in enumerate(material.passes(settings.epochs, random), 1):
        with meter.timed("train"):
            for batch in islice(full_batches(packed, settings.batch_size), run.steps_a_pass):
                run.step(batch, random)
        with meter.timed("evaluate"):
            score = examine(model, examination, report, meter)
        send_score(report, run.curve.done, epoch, score)
        if best is None or score.loss < best.score.loss:
            best = Outcome(epoch, score)
            kept = model.state() if epoch < settings.epochs else {}
    assert best is not None
    if kept:
        model.load_state(kept)
    return best


def send_score(report: Reporter, step: int, epoch: int, score: Score) -> None:
    """Send how well the held-out texts are guessed as a point of the curve; epoch 0 is before."""
    report.send(
        "measured",
        step=step,
        epoch=float(epoch),
        split="validation",
        metrics={"loss": score.loss, "perplexity": score.perplexity},
    )


def full_batches(packed: Packed, size: int) -> list[Batch]:
    """Return the batches of full blocks."""
    return [batch for batch in packed.batches(size) if batch.ids.shape[1] == packed.length]


class _Run:
    """The state of one call of `pretrain`."""

    def __init__(
        self,
        model: LanguageModel,
        material: Material,
        settings: MlmSettings,
        report: Reporter,
        meter: Meter,
    ) -> None:
        self.model = model
        self.alphabet = material.alphabet
        self.probability = settings.mask_probability
        self.report = report
        self.meter = meter
        self.steps_a_pass = len(full_batches(material.first, settings.batch_size))
        self.steps = self.steps_a_pass * settings.epochs
        self.stepper = Stepper(model.model, settings, self.steps, model.precision)
        self.curve = LossCurve(report, self.steps, self.steps_a_pass, model.device, shown=True)

    def step(self, batch: Batch, random: np.random.Generator) -> None:
        self.report.check()
        masked = choose_words(batch.ids, batch.words, self.probability, self.alphabet, random)
        if len(masked.places):
            self.model.model.train()
            loss = self.model.loss(self.model.guess(self.model.encode(batch, masked)), masked)
            self.stepper.step(loss)
            self.curve.add(loss)
        self.meter.advance(training_cost(1.0) * batch.ids.size)
        self.report.progress("train", self.curve.done, self.steps, self.meter.seconds_left)
