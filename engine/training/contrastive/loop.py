"""Train the encoder on pairs, until their loss has converged or the steps are used up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np
import torch

from engine.core.language import mark, tr
from engine.jobs.reporting import Reporter
from engine.training.contrastive.balanced_steps import BalancedSteps
from engine.training.contrastive.convergence import Convergence
from engine.training.contrastive.pair_loss import all_pairs_loss, pair_loss
from engine.training.contrastive.pair_stream import PairStream
from engine.training.contrastive.sentence_encoder import SentenceEncoder
from engine.training.contrastive.similarity import wanted_similarity
from engine.training.curve import LossCurve
from engine.training.meter import Meter, training_cost
from engine.training.micro_batches import MicroBatches
from engine.training.optimisation import Stepper
from engine.training.resuming.course import Course
from engine.training.resuming.sound import require_numbers
from engine.training.resuming.state import State, joined
from engine.training.setfit_settings import SetFitSettings

COST = training_cost(1.0)

Lesson = tuple[np.ndarray, Callable[[torch.Tensor], torch.Tensor]]
"""The texts of a step, each once, and the loss of their vectors."""


def train_encoder(
    encoder: SentenceEncoder,
    rows: np.ndarray,
    targets: np.ndarray,
    settings: SetFitSettings,
    report: Reporter,
    meter: Meter,
    course: Course,
    phase: str = "train",
) -> float:
    """Train on the texts `rows` with their `targets` (one a row), by settled `settings`.

    Returns how often each text was read, in the mean. In the phase "train" the loss curve is sent
    as it grows.

    Raises:
        KnownError: when the loss is no longer a number.
        Cancelled: when someone asked the job to stop.
        Paused: when someone asked it to wait.
    """
    exact = settings.mode == "exact"
    steps = settings.steps
    random = np.random.default_rng(settings.seed)
    lessons = (_drawn_pairs if exact else _all_pairs)(targets, settings, random, encoder.device)
    run = _Run(encoder, len(rows), settings, report, meter, course, phase)
    work = encoding_work(encoder.tokens.lengths[rows], settings) / steps
    # Lessons are cheap to draw, so those that are behind the run are drawn again.
    last = run.curve.done if run.settled else steps
    for places, loss_of in islice(lessons, run.curve.done, last):
        report.check()
        course.save_if_due()
        settled = run.step(rows[places], loss_of)
        meter.advance(work)
        if run.shown:
            done = steps if settled else run.curve.done
            report.progress("train", done, steps, meter.seconds_left)
        if settled:
            meter.plan(-work * (steps - run.curve.done))
            if run.shown and run.curve.done < steps:
                report.log(
                    tr(
                        "The pairs are learned after {n} of at most {most} steps.",
                        n=run.curve.done,
                        most=steps,
                    )
                )
            break
    run.finish()
    return run.read / len(rows)


class _Run:
    """The state of one call of `train_encoder`."""

    def __init__(
        self,
        encoder: SentenceEncoder,
        texts: int,
        settings: SetFitSettings,
        report: Reporter,
        meter: Meter,
        course: Course,
        phase: str,
    ) -> None:
        steps = settings.steps
        self.encoder = encoder
        self.course = course
        self.phase = phase
        self.shown = phase == "train"
        self.stepper = Stepper(encoder.model, settings, steps, encoder.precision)
        # Pairs that are drawn at random are too few in a step to say when they are learned.
        self.convergence = (
            None if settings.mode == "exact" else Convergence(round(settings.warmup * steps))
        )
        steps_a_pass = -(-texts // min(texts, settings.texts_a_step))
        self.curve = LossCurve(report, steps, steps_a_pass, encoder.device, self.shown)
        self.read = 0
        self.settled = False
        self.micro = MicroBatches(report, mark("texts"))
        state = course.take("pairs")
        if state is not None:
            self._restore(state)
        course.follow("pairs", self.state, phase, steps)

    def step(self, rows: np.ndarray, loss_of: Callable[[torch.Tensor], torch.Tensor]) -> bool:
        """Learn from some texts; return whether that was the last step because all is learned."""
        self.encoder.start_training()

        def compute() -> torch.Tensor:
            if self.micro.size:
                return self._in_parts(rows, loss_of)
            loss = loss_of(self.encoder.encode(rows))
            self.stepper.backward(loss)
            return loss.detach()

        loss = self.micro.sparing(compute, len(rows), self.stepper)
        self.stepper.update()
        self.curve.add(loss)
        self.read += len(rows)
        if self.convergence is not None:
            self.settled = self.convergence.settled(loss.item())
        return self.settled

    def _in_parts(
        self, rows: np.ndarray, loss_of: Callable[[torch.Tensor], torch.Tensor]
    ) -> torch.Tensor:
        """Back-propagate the loss of all texts of a step, of which few at a time fit into memory.

        Every pair has a part in the loss, so the vectors of all texts come first, without what
        their gradients would need. Then each part is read again, with the same dropout, and gets
        the gradients of its vectors (the gradient cache of Gao et al., arXiv 2101.06983).
        """
        parts = [
            rows[first : first + self.micro.size] for first in range(0, len(rows), self.micro.size)
        ]
        chances, found = [], []
        with torch.no_grad():
            for part in parts:
                chances.append(self.encoder.chance())
                found.append(self.encoder.encode(part))
        after = self.encoder.chance()
        vectors = torch.cat(found).requires_grad_()
        loss = loss_of(vectors)
        self.stepper.backward(loss)
        assert vectors.grad is not None
        for part, chance, wanted in zip(
            parts, chances, vectors.grad.split(self.micro.size), strict=True
        ):
            self.encoder.set_chance(chance)
            self.encoder.encode(part).backward(wanted)
        self.encoder.set_chance(after)
        return loss.detach()

    def finish(self) -> None:
        """Let go of all but the weights, in the form in which a run takes them back."""
        self.stepper.forget()
        require_numbers(self.encoder.weights().values())
        state = self.state()
        # The encoder is about to be made whole, and its parameters will have other names.
        kept = {name: tensor.to("cpu", copy=True) for name, tensor in state.tensors.items()}
        self.course.follow("pairs", lambda: State(kept, state.facts), self.phase)

    def state(self) -> State:
        """Return all that decides what comes next."""
        convergence = State() if self.convergence is None else self.convergence.state()
        return joined(
            weights=State(self.encoder.weights()),
            optimiser=self.stepper.state(),
            curve=self.curve.state(),
            chance=self.encoder.chance(),
            convergence=convergence,
            micro=self.micro.state(),
            done=State(facts={"read": self.read, "settled": self.settled}),
        ).at(self.curve.done)

    def _restore(self, state: State) -> None:
        self.encoder.load_weights(state.part("weights").tensors)
        self.stepper.restore(state.part("optimiser"))
        self.curve.restore(state.part("curve"))
        self.encoder.set_chance(state.part("chance"))
        self.micro.restore(state.part("micro"))
        if self.convergence is not None:
            self.convergence.restore(state.part("convergence"))
        done = state.part("done").facts
        self.read, self.settled = done["read"], done["settled"]


def encoding_work(lengths: np.ndarray, settings: SetFitSettings) -> float:
    """Return the units (see `Meter`) of all steps on texts of these lengths."""
    texts = min(len(lengths), settings.texts_a_step)
    return COST * settings.steps * texts * float(lengths.mean())


def _all_pairs(
    targets: np.ndarray,
    settings: SetFitSettings,
    random: np.random.Generator,
    device: torch.device,
) -> Iterator[Lesson]:
    """Every pair of the texts of a step."""
    known = torch.from_numpy(targets).to(device)
    for places in BalancedSteps(targets, settings.batch_size, random):
        wanted = wanted_similarity(known[torch.from_numpy(places).to(device)])

        def loss(vectors: torch.Tensor, wanted: torch.Tensor = wanted) -> torch.Tensor:
            return all_pairs_loss(vectors, wanted)

        yield places, loss


def _drawn_pairs(
    targets: np.ndarray,
    settings: SetFitSettings,
    random: np.random.Generator,
    device: torch.device,
) -> Iterator[Lesson]:
    """Pairs drawn as setfit draws them; a text that is in several is still encoded once."""
    stream = PairStream(targets, random)
    while True:
        first, second, similarity = stream.take(settings.batch_size)
        places, back = np.unique(np.concatenate([first, second]), return_inverse=True)
        left, right = torch.from_numpy(back).to(device).view(2, -1)
        wanted = torch.from_numpy(similarity).to(device)

        def loss(
            vectors: torch.Tensor,
            left: torch.Tensor = left,
            right: torch.Tensor = right,
            wanted: torch.Tensor = wanted,
        ) -> torch.Tensor:
            return pair_loss(vectors, left, right, wanted)

        yield places, loss
