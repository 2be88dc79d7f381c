"""The loop of continued pretraining: passes over freshly packed and freshly masked texts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import islice

import numpy as np
import torch

from engine.core.language import mark
from engine.jobs.reporting import Reporter
from engine.training.curve import LossCurve
from engine.training.masking.choosing import Alphabet, Masked, choose_words
from engine.training.masking.language_model import LanguageModel
from engine.training.masking.packing import Batch, Packed, pack
from engine.training.masking.perplexity import Examination, Score, examine
from engine.training.masking.words import Corpus
from engine.training.meter import Meter, training_cost
from engine.training.micro_batches import MicroBatches
from engine.training.mlm_settings import MlmSettings
from engine.training.optimisation import Stepper
from engine.training.resuming.course import Course
from engine.training.resuming.passes import Passes
from engine.training.resuming.sound import require_numbers
from engine.training.resuming.state import State, joined


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

    def packed(self, number: int, random: np.random.Generator) -> Packed:
        """Return the packing of the pass with this number, from 1 on; each has another order."""
        if number == 1:
            return self.first
        return pack(self.corpus, self.rows, self.around, self.first.length, random)


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
    course: Course,
) -> Outcome:
    """Train; return with the weights of the pass that guesses the held-out texts best.

    A last block that is not full is left out of its pass; which texts are in it changes.

    Raises:
        KnownError: when the loss is no longer a number.
        Cancelled: when someone asked the job to stop.
        Paused: when someone asked it to wait.
    """
    run = _Run(model, material, settings, report, meter, course)
    passes = run.passes
    while passes.number <= settings.epochs:
        packed = passes.draw(partial(material.packed, passes.number))
        batches = full_batches(packed, settings.batch_size)
        with meter.timed("train"):
            for batch in islice(batches, passes.read, run.steps_a_pass):
                run.step(batch)
        with meter.timed("evaluate"):
            score = examine(model, examination, report, meter)
        send_score(report, run.curve.done, passes.number, score)
        if run.best is None or score.loss < run.best.score.loss:
            run.best = Outcome(passes.number, score)
            run.kept = model.state() if passes.number < settings.epochs else {}
        passes.next()
    return run.finish()


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


def part_of(batch: Batch, masked: Masked, blocks: np.ndarray) -> tuple[Batch, Masked]:
    """Return some blocks of a batch, which follow each other, and what is to be guessed in them."""
    if len(blocks) == len(batch.ids):
        return batch, masked
    length = batch.ids.shape[1]
    first, last = blocks[0], blocks[-1] + 1
    part = Batch(
        batch.ids[first:last],
        batch.words[first:last],
        batch.pieces[first:last],
        batch.positions[first:last],
    )
    inside = (masked.places >= first * length) & (masked.places < last * length)
    places = masked.places[inside] - first * length
    return part, Masked(masked.ids[first:last], places, masked.answers[inside])


class _Run:
    """The state of one call of `pretrain`."""

    def __init__(
        self,
        model: LanguageModel,
        material: Material,
        settings: MlmSettings,
        report: Reporter,
        meter: Meter,
        course: Course,
    ) -> None:
        self.model = model
        self.alphabet = material.alphabet
        self.probability = settings.mask_probability
        self.report = report
        self.meter = meter
        self.course = course
        self.random = np.random.default_rng(settings.seed)
        self.passes = Passes(self.random)
        self.best: Outcome | None = None
        self.kept: dict[str, torch.Tensor] = {}
        self.micro = MicroBatches(report, mark("blocks of text"))
        self.steps_a_pass = len(full_batches(material.first, settings.batch_size))
        self.steps = self.steps_a_pass * settings.epochs
        self.stepper = Stepper(model.model, settings, self.steps, model.precision)
        self.curve = LossCurve(report, self.steps, self.steps_a_pass, model.device, shown=True)
        state = course.take("passes")
        if state is not None:
            self._restore(state)
        course.follow("passes", self.state, steps=self.steps)

    def step(self, batch: Batch) -> None:
        self.report.check()
        self.course.save_if_due()
        masked = choose_words(batch.ids, batch.words, self.probability, self.alphabet, self.random)
        if len(masked.places):
            self.model.model.train()

            def loss_of(blocks: np.ndarray) -> torch.Tensor:
                part, asked = part_of(batch, masked, blocks)
                return self.model.loss(self.model.guess(self.model.encode(part, asked)), asked)

            def guesses_in(blocks: np.ndarray) -> float:
                return float(len(part_of(batch, masked, blocks)[1].places))

            loss = self.micro.backward(np.arange(len(batch.ids)), loss_of, guesses_in, self.stepper)
            self.stepper.update()
            self.curve.add(loss)
        self.passes.read += 1
        self.meter.advance(training_cost(1.0) * batch.ids.size)
        self.report.progress("train", self.curve.done, self.steps, self.meter.seconds_left)

    def finish(self) -> Outcome:
        """Put the weights of the best pass into the model, and let go of all others."""
        assert self.best is not None, "there is at least one pass"
        self.stepper.forget()
        if self.kept:
            self.model.load_state(self.kept)
            self.kept = {}
        require_numbers(self.model.weights().values())
        return self.best

    def state(self) -> State:
        """Return all that decides what comes next."""
        best = self.best
        found = {} if best is None else {"epoch": best.best_epoch, "loss": best.score.loss}
        return joined(
            weights=State(self.model.weights()),
            optimiser=self.stepper.state(),
            curve=self.curve.state(),
            chance=self.model.chance(),
            passes=self.passes.state(),
            micro=self.micro.state(),
            best=State(facts=found),
            kept=State(self.kept),
        ).at(self.curve.done)

    def _restore(self, state: State) -> None:
        self.model.load_state(state.part("weights").tensors)
        self.stepper.restore(state.part("optimiser"))
        self.curve.restore(state.part("curve"))
        self.model.set_chance(state.part("chance"))
        self.passes.restore(state.part("passes"))
        self.micro.restore(state.part("micro"))
        found = state.part("best").facts
        self.best = Outcome(found["epoch"], Score(found["loss"])) if found else None
        self.kept = state.part("kept").tensors
