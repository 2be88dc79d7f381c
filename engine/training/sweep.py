"""Try one setting of fine-tuning at several values, and score each on the validation texts.

Nothing is published. What frozen blocks compute is read in one pass for all points that need it,
and a point that is finished is kept: a sweep that was stopped goes on behind it.
"""

from __future__ import annotations

from typing import Any

from engine.inference.device import device_name
from engine.jobs.reporting import Reporter
from engine.jobs.spec import JobSpec
from engine.training.data import Examples
from engine.training.fine_tune import FineTuning
from engine.training.muted import Muted
from engine.training.parts import Parts, divide_to_choose
from engine.training.resuming.state import State
from engine.training.settings import Settings
from engine.training.sweep_plan import BLOCKS, HEAD, SweepPlan, read_plan

SCORES = ("f1", "macro_f1", "accuracy", "loss")


def run(spec: JobSpec, report: Reporter) -> None:
    """Carry out a sweep and report it, up to "finished"; `spec.settings` are a `SweepPlan`.

    Raises:
        KnownError: if the texts, the base model, a setting or the disk does not allow it.
        Cancelled: when someone asked the job to stop.
        Paused: when someone asked it to wait.
    """
    _Sweep(spec, report).run()


class _Sweep(FineTuning):
    """One sweep, from the snapshot to the table."""

    def __init__(self, spec: JobSpec, report: Reporter) -> None:
        self.plan: SweepPlan = read_plan(spec.settings)
        first = self.plan.settings_at(*next(self.plan.points()))
        super().__init__(spec, report, first)

    def run(self) -> None:
        self.begin()
        with self.meter.timed("load"):
            self.load()
        points = list(self.plan.points())
        reading = self._read_together()
        found: list[dict[str, Any]] = []
        for number, (value, seed) in enumerate(points):
            behind = sum(point["seconds"] for point in found)
            left = behind / number * (len(points) - number) if number else None
            self.report.progress("sweep", number, len(points), left)
            stage = f"point {number}"
            known = self.course.result(stage)
            if known is None:
                known = State(facts=self._train(value, seed, reading + behind))
                self.course.finish(stage, known)
                self.course.save()
                self.report.send("point", **known.facts)
            found.append(known.facts)
        self.report.progress("sweep", len(points), len(points))
        self.report.send(
            "finished",
            metrics={},
            points=found,
            texts=len(self.parts.validation),
            seconds={"total": self.course.seconds, "reading": reading, **self.meter.seconds},
            device=device_name(self.device),
            best_epoch=0,
            evaluation="validation",
            settings=dict(self.spec.settings),
        )

    def divide(self, examples: Examples) -> Parts:
        return divide_to_choose(examples, self.settings.seed, self.report.log)

    def _train(self, value: float | str, seed: int, before: float) -> dict[str, Any]:
        """Train and score one point; `before` are the seconds of computing behind the sweep."""
        settings = self.plan.settings_at(value, seed)
        with self.meter.timed("load"):
            fitter = self.new_fitter(settings, Muted(self.report), self.fitter.task)
        fitter.read_ahead()
        _trainable, fit = fitter.fit(self.parts.train, self.parts.validation, "sweep")
        return {
            "value": value,
            "seed": seed,
            "metrics": {name: float(fit.metrics[name]) for name in SCORES},
            "best_epoch": fit.best_epoch,
            "seconds": max(0.0, self._computing - before),
        }

    def _read_together(self) -> float:
        """Have all frozen prefixes computed in one pass; return the seconds that it took."""
        known = self.course.result("reading")
        if known is None:
            if self.plan.over == BLOCKS and len(self.plan.values) > 1:
                points = [self.plan.settings_at(*point) for point in self.plan.points()]
                depths = {
                    one.frozen_blocks
                    for one in points
                    if one.train != HEAD and one.freezes_embeddings
                }
                heads = any(one.train == HEAD for one in points)
                with self.meter.timed("train"):
                    self.fitter.know_together(depths - {0}, heads=heads)
            known = State(facts={"seconds": self._computing})
            self.course.finish("reading", known)
        seconds: float = known.facts["seconds"]
        return seconds

    @property
    def _computing(self) -> float:
        """The seconds of training and scoring so far, those before a stop among them."""
        return self.meter.seconds["train"] + self.meter.seconds["evaluate"]

    def _identity(self, settings: Settings) -> dict[str, Any]:
        return {**super()._identity(settings), "sweep": self.plan.to_json()}
