"""Train the encoder on pairs, until their loss has converged or the steps are used up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np
import torch

from engine.jobs.reporting import Reporter
from engine.training.contrastive.balanced_steps import BalancedSteps
from engine.training.contrastive.convergence import Convergence
from engine.training.contrastive.pair_loss import all_pairs_loss, pair_loss
from engine.training.contrastive.pair_stream import PairStream
from engine.training.contrastive.sentence_encoder import SentenceEncoder
from engine.training.contrastive.similarity import wanted_similarity
from engine.training.curve import LossCurve
from engine.training.meter import Meter, training_cost
from engine.training.optimisation import Stepper
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
    phase: str = "train",
) -> float:
    """Train on the texts `rows` with their `targets` (one a row), by settled `settings`.

    Returns how often each text was read, in the mean. In the phase "train" the loss curve is sent
    as it grows.

    Raises:
        KnownError: when the loss is no longer a number.
        Cancelled: when someone asked the job to stop.
    """
    exact = settings.mode == "exact"
    shown = phase == "train"
    steps = settings.steps
    random = np.random.default_rng(settings.seed)
    lessons = (_drawn_pairs if exact else _all_pairs)(targets, settings, random, encoder.device)
    stepper = Stepper(encoder.model, settings, steps, encoder.precision)
    convergence = Convergence(round(settings.warmup * steps))
    steps_a_pass = -(-len(rows) // min(len(rows), settings.texts_a_step))
    curve = LossCurve(report, steps, steps_a_pass, encoder.device, shown)
    work = encoding_work(encoder.tokens.lengths[rows], settings) / steps
    read = 0
    for places, loss_of in islice(lessons, steps):
        report.check()
        encoder.start_training()
        loss = loss_of(encoder.encode(rows[places]))
        stepper.step(loss)
        curve.add(loss)
        read += len(places)
        meter.advance(work)
        settled = not exact and convergence.settled(loss.item())
        if shown:
            done = steps if settled else curve.done
            report.progress("train", done, steps, meter.seconds_left)
        if settled:
            meter.plan(-work * (steps - curve.done))
            if shown and curve.done < steps:
                report.log(f"The pairs are learned after {curve.done} of at most {steps} steps.")
            break
    return read / len(rows)


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
