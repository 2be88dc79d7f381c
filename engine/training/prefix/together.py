"""One pass of an encoder that fills the cache for several prefixes at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
import torch

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.inference.device import autocast
from engine.jobs.reporting import Reporter
from engine.training.batching import bounded_batches
from engine.training.meter import Meter
from engine.training.prefix.draft import Draft
from engine.training.prefix.reading import TEXTS_A_BATCH, Reading, fits
from engine.training.prefix.recall import Prefix
from engine.training.prefix.sequences import Sequences, UniqueSequences
from engine.training.prefix.store import StateStore
from engine.training.prefix.whole import WholeEncoder
from engine.training.trainable import Trainable


@dataclass(slots=True)
class _Filling:
    """A file that is being filled with the states behind one prefix."""

    part: Prefix | WholeEncoder
    reading: Reading
    draft: Draft | None


def read_together(
    store: StateStore,
    parts: Mapping[str, Prefix | WholeEncoder],
    trainable: Trainable,
    sequences: Sequences,
    unique: UniqueSequences,
    report: Reporter,
    meter: Meter,
) -> None:
    """Compute once what is behind each of these parts of a model, and keep it under their keys.

    The parts stand from the shallowest to the deepest. What cannot be kept is left to the training
    that needs it; the log says why.

    Raises:
        Cancelled: when someone asked the job to stop.
        Paused: when someone asked it to wait.
    """
    fillings: list[_Filling] = []
    try:
        for key, part in parts.items():
            reading = Reading(trainable, part, sequences, unique, report, meter)
            if reading.goes_on():
                draft = reading.draft(store, key, part.precision)
                fillings.append(_Filling(part, reading, draft))
                draft.begin_anew()
        if fillings:
            _fill(fillings, trainable, sequences, unique, report, meter)
    except KnownError as error:
        report.log(
            tr("{what}; every training computes it by itself.", what=error.message.rstrip("."))
        )
    finally:
        for filling in fillings:
            if filling.draft is not None:
                filling.draft.discard()


def _fill(
    fillings: Sequence[_Filling],
    trainable: Trainable,
    sequences: Sequences,
    unique: UniqueSequences,
    report: Reporter,
    meter: Meter,
) -> None:
    batches = bounded_batches(unique.lengths, TEXTS_A_BATCH)
    meter.plan(float(unique.lengths.sum()))
    done = 0
    for kinds in batches:
        report.check()
        ids, mask = sequences.batch(unique.firsts[kinds], trainable.device)
        with torch.no_grad(), autocast(trainable.device, trainable.precision):
            found = _compute([filling.part for filling in fillings], ids, mask)
        for filling, states in zip(fillings, found, strict=True):
            rows = filling.reading.without_padding(states, kinds)
            if filling.draft is not None and fits(rows, filling.part.precision):
                filling.draft.append(rows)
            elif filling.draft is not None:
                filling.draft.discard()
                filling.draft = None
        done += len(kinds)
        meter.advance(float(unique.lengths[kinds].sum()))
        report.progress("warm-up", done, len(unique.firsts), meter.seconds_left)
    order = np.concatenate(batches)
    for filling in fillings:
        if filling.draft is not None:
            filling.draft.commit(filling.reading.starts(order))
            filling.draft = None


def _compute(
    parts: Sequence[Prefix | WholeEncoder], ids: torch.Tensor, mask: torch.Tensor | None
) -> list[torch.Tensor]:
    """Return what is behind each part, in one forward pass of the deepest."""
    found: list[torch.Tensor] = []
    *shallow, deepest = parts
    with ExitStack() as watching:
        for part in shallow:
            assert isinstance(part, Prefix)
            for handle in part.watch(found.append):
                watching.callback(handle.remove)
        last = deepest.compute(ids, mask)
    return [*found, last]
