"""Compute what a frozen prefix makes of all texts, once: in this run, or in one before it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from torch import nn

from engine.core.errors import KnownError
from engine.core.hashing import file_sha256
from engine.core.language import tr
from engine.jobs.reporting import Reporter
from engine.training.freezing import transformer_blocks
from engine.training.meter import Meter
from engine.training.prefix.draft import FORMAT, StoredStates
from engine.training.prefix.known import Frozen, KnownPrefix, KnownStates
from engine.training.prefix.reading import Reading
from engine.training.prefix.recall import Prefix
from engine.training.prefix.sequences import Sequences, UniqueSequences
from engine.training.prefix.store import Damaged, StateStore
from engine.training.prefix.together import read_together
from engine.training.prefix.whole import WholeEncoder
from engine.training.resuming.course import Course
from engine.training.trainable import Trainable, TrainableSettings
from engine.training.versions import library_versions


class PrefixCache:
    """The cache of one job.

    `folder` is where it lies, and `base_model` and `weights` are the folder of the base model and
    the hash of its weights.
    """

    def __init__(
        self,
        folder: Path,
        base_model: Path,
        weights: str,
        precision: str,
        report: Reporter,
        meter: Meter,
        course: Course,
    ) -> None:
        self._store = StateStore(folder)
        self._base_model = base_model
        self._weights = weights
        self._precision = precision
        self._report = report
        self._meter = meter
        self._course = course

    def know(
        self,
        trainable: Trainable,
        sequences: Sequences,
        settings: TrainableSettings,
        new: frozenset[str],
    ) -> KnownPrefix | None:
        """Return what the frozen part of a model makes of all sequences.

        `new` names the parameters that the base model does not have. None says that no part from
        the beginning on is frozen, that the model cannot go on from it, or that its states cannot
        be kept; the log says why.

        Raises:
            Cancelled: when someone asked the job to stop.
            Paused: when someone asked it to wait; the run then goes on where it was.
        """
        parts = _frozen_parts(trainable.model, settings)
        if not parts or not len(sequences.lengths):
            return None
        trainable.model.eval()
        unique = UniqueSequences(sequences)
        for part in parts:
            work = Reading(trainable, part, sequences, unique, self._report, self._meter)
            if work.goes_on():
                break
        else:
            self._report.log(
                tr(
                    "This base model cannot go on from what its frozen blocks compute, so they "
                    "compute it again in every pass."
                )
            )
            return None
        key = self._key(trainable, part, unique, new, settings.seed)
        self._store.tidy(key)
        stored = self._read(key, work)
        if stored is None:
            try:
                stored = work.read_through(self._store, key, self._course)
            except KnownError as error:
                self._report.log(
                    tr(
                        "{what}; the training goes on without the cache.",
                        what=error.message.rstrip("."),
                    )
                )
                return None
        return KnownPrefix(part, KnownStates(stored, unique, work.counts))

    def know_together(
        self,
        trainable: Trainable,
        sequences: Sequences,
        depths: Collection[int],
        new: frozenset[str],
        seed: int,
        *,
        heads: bool,
    ) -> None:
        """Fill the cache for several frozen prefixes in one pass, as far as it lacks them.

        In `trainable` nothing trains but the head; with `heads` what it reads is kept as well.
        """
        model = trainable.model
        model.eval()
        unique = UniqueSequences(sequences)
        parts: list[Prefix | WholeEncoder] = []
        there_are = len(transformer_blocks(model) or ())
        parts.extend(Prefix(model, depth) for depth in sorted(depths) if depth <= there_are)
        if heads and _is_frozen(model.base_model):
            parts.append(WholeEncoder(model))
        keys = {self._key(trainable, part, unique, new, seed): part for part in parts}
        missing = {key: part for key, part in keys.items() if not self._store.has(key)}
        if missing and len(sequences.lengths):
            read_together(
                self._store, missing, trainable, sequences, unique, self._report, self._meter
            )

    def _key(
        self,
        trainable: Trainable,
        part: Frozen,
        unique: UniqueSequences,
        new: frozenset[str],
        seed: int,
    ) -> str:
        # Parameters that the base model does not have are drawn anew for each seed.
        drawn = seed if new & trainable.frozen_names else None
        return unique.key({"part": part.name, "drawn": drawn, **self._facts(trainable)})

    def _facts(self, trainable: Trainable) -> dict[str, Any]:
        versions = library_versions()
        return {
            "format": FORMAT,
            "weights": self._weights,
            "config": file_sha256(self._base_model / "config.json"),
            "shortened": trainable.shortened,
            "precision": self._precision,
            "device": trainable.device.type,
            "libraries": [versions.get(name, "") for name in ("torch", "transformers")],
        }

    def _read(self, key: str, work: Reading) -> StoredStates | None:
        """Return what is kept, if it is whole and what the blocks compute."""
        try:
            stored = self._store.read(key)
            if stored is not None and not work.agrees_with(stored):
                self._store.forget(key)
                raise Damaged("it is not what the frozen blocks compute")
        except Damaged:
            self._report.log(
                tr(
                    "What an earlier training kept of the frozen blocks is damaged, so it is "
                    "computed anew."
                )
            )
            return None
        return stored


def _frozen_parts(model: Any, settings: TrainableSettings) -> list[Frozen]:
    """Return the parts of a model that could be known, the one that saves most first."""
    parts: list[Frozen] = []
    blocks = transformer_blocks(model)
    depth = settings.frozen_blocks if settings.freezes_embeddings else 0
    if settings.train == "head":
        depth = len(blocks or ())
        if _is_frozen(model.base_model):
            parts.append(WholeEncoder(model))
    if blocks is not None and depth:
        parts.append(Prefix(model, depth))
    return parts


def _is_frozen(module: nn.Module) -> bool:
    return not any(parameter.requires_grad for parameter in module.parameters())
