"""One pass of a frozen prefix over all different texts, written to the cache as it goes."""

from __future__ import annotations

import numpy as np
import torch

from engine.inference.device import autocast
from engine.jobs.reporting import Paused, Reporter
from engine.training.batching import bounded_batches
from engine.training.meter import Meter
from engine.training.prefix.draft import Draft, StoredStates
from engine.training.prefix.known import Frozen, KnownPrefix, KnownStates
from engine.training.prefix.sequences import Sequences, UniqueSequences
from engine.training.prefix.store import StateStore
from engine.training.resuming.course import Course
from engine.training.resuming.state import State
from engine.training.trainable import Trainable

TEXTS_A_BATCH = 32
FULL = "float32"
HALF = "float16"
"""Half precision has a relative error of a 2,048th, up to 65,504; what is larger is kept in full.
bfloat16 takes as much room, and its error is eight times as large."""
LARGEST = float(np.finfo(HALF).max)
SAME = 1e-4
"""By how much logits in full precision may differ between the whole model and one that goes on."""
ROUNDING = {"fp32": 4e-3, "fp16": 5e-2, "bf16": 3e-1}
"""By how much kept states may differ from computed ones, relative and absolute, by precision."""


def fits(states: np.ndarray, dtype: str) -> bool:
    """Return whether states are within the range of a type of numbers."""
    return dtype != HALF or bool(np.abs(states).max() <= LARGEST)


class Reading:
    """Computes what is behind the prefix of a model, for the different ones among some sequences.

    `counts` are the rows of states of each: its tokens, or one where the head reads no more.
    """

    def __init__(
        self,
        trainable: Trainable,
        prefix: Frozen,
        sequences: Sequences,
        unique: UniqueSequences,
        report: Reporter,
        meter: Meter,
    ) -> None:
        self._trainable = trainable
        self._prefix = prefix
        self._sequences = sequences
        self._unique = unique
        self._report = report
        self._meter = meter
        self._share = 1.0 - trainable.trained_share
        order = np.argsort(unique.lengths, kind="stable")
        self._few = np.union1d(order[:3], order[-3:])
        self.counts = self._count(order[-1:])
        self._states_of_few = self._compute(self._few, trainable.precision)

    def _count(self, longest: np.ndarray) -> np.ndarray:
        """Return how many rows of states each different sequence has, as the longest shows."""
        ids, mask = self._sequences.batch(self._unique.firsts[longest], self._trainable.device)
        with torch.no_grad():
            rows = self._prefix.compute(ids, mask).shape[1]
        lengths = self._unique.lengths
        return lengths if rows == ids.shape[1] else np.full_like(lengths, rows)

    def goes_on(self) -> bool:
        """Return whether the model gives the same when it goes on from known states.

        It is tried with the longest and the shortest sequences.
        """
        numbers = self._unique.firsts[self._few]
        whole = self._logits(numbers)
        starts = np.zeros(len(self._unique.firsts), np.int64)
        starts[self._few] = np.cumsum([0, *self.counts[self._few][:-1]])
        states = StoredStates(self._compute(self._few, "fp32"), starts)
        kept = KnownStates(states, self._unique, self.counts)
        known = KnownPrefix(self._prefix, kept)
        known.turn_to(numbers)
        recalled = known.recall(self._trainable.model, self._trainable.device)
        try:
            short = self._logits(numbers)
        except (RuntimeError, ValueError, TypeError, AttributeError):
            return False
        finally:
            recalled.compute_again()
        return whole.shape == short.shape and torch.allclose(whole, short, atol=SAME)

    def agrees_with(self, stored: StoredStates) -> bool:
        """Return whether kept states are, but for rounding, what the prefix computes.

        Looked at are the longest and the shortest sequences.
        """
        if len(stored.starts) != len(self.counts):
            return False
        places = zip(stored.starts[self._few], self.counts[self._few], strict=True)
        kept = np.concatenate([stored.rows[start : start + count] for start, count in places])
        computed, margin = self._states_of_few, ROUNDING[self._trainable.precision]
        return kept.shape == computed.shape and np.allclose(
            kept.astype(np.float32), computed, rtol=margin, atol=margin
        )

    def read_through(self, store: StateStore, key: str, course: Course) -> StoredStates:
        """Compute the states of all sequences and keep them, from where the run was stopped.

        Raises:
            KnownError: if the disk does not allow it; nothing is left behind then.
        """
        self._meter.plan(self._share * float(self._unique.lengths.sum()))
        before = course.take("encoding")
        dtype = self._prefix.precision if before is None else before.facts["dtype"]
        while True:
            draft = self.draft(store, key, dtype)
            try:
                starts = self._fill(draft, dtype, before, course)
                if starts is not None:
                    return draft.commit(starts)
            except Paused:
                raise
            except Exception:
                draft.discard()
                raise
            finally:
                draft.close()
            draft.discard()
            dtype, before = FULL, None

    def draft(self, store: StateStore, key: str, dtype: str) -> Draft:
        """Return a new file for all states.

        Raises:
            KnownError: if there is no room for it.
        """
        width = self._states_of_few.shape[1]
        return store.draft(key, dtype, width, int(self.counts.sum()), len(self.counts))

    def _fill(
        self, draft: Draft, dtype: str, before: State | None, course: Course
    ) -> np.ndarray | None:
        """Write all states and return where each sequence begins; None if they are too large."""
        batches = bounded_batches(self._unique.lengths, TEXTS_A_BATCH)
        step = 0
        if before is not None and draft.go_on(before.facts["draft"]):
            step = before.facts["step"]
        else:
            draft.begin_anew()
        order = np.concatenate(batches)
        done = sum(map(len, batches[:step]))

        def capture() -> State:
            return State(facts={"step": step, "dtype": dtype, "draft": draft.position()})

        course.follow("encoding", capture, "warm-up", len(batches))
        for kinds in batches[step:]:
            self._report.check()
            course.save_if_due()
            states = self._compute(kinds, self._trainable.precision)
            if not fits(states, dtype):
                return None
            draft.append(states)
            step += 1
            done += len(kinds)
            self._meter.advance(self._share * float(self._unique.lengths[kinds].sum()))
            self._report.progress("warm-up", done, len(order), self._meter.seconds_left)
        return self.starts(order)

    def starts(self, order: np.ndarray) -> np.ndarray:
        """Return where the states of each kind begin when the kinds stand in this order."""
        starts = np.zeros(len(order), np.int64)
        starts[order] = np.cumsum([0, *self.counts[order][:-1]])
        return starts

    def without_padding(self, states: torch.Tensor, kinds: np.ndarray) -> np.ndarray:
        """Return the states of some kinds of sequences one after the other."""
        pairs = zip(states.float().cpu().numpy(), self.counts[kinds], strict=True)
        return np.concatenate([of_one[:count] for of_one, count in pairs])

    def _compute(self, kinds: np.ndarray, precision: str) -> np.ndarray:
        device = self._trainable.device
        ids, mask = self._sequences.batch(self._unique.firsts[kinds], device)
        with torch.no_grad(), autocast(device, precision):
            return self.without_padding(self._prefix.compute(ids, mask), kinds)

    def _logits(self, numbers: np.ndarray) -> torch.Tensor:
        """Return the logits of the tokens that are there."""
        ids, mask = self._sequences.batch(numbers, self._trainable.device)
        with torch.no_grad():
            logits: torch.Tensor = self._trainable.model(input_ids=ids, attention_mask=mask).logits
        return logits if mask is None or logits.ndim == 2 else logits[mask.bool()]
