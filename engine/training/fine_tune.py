"""Fine-tune an encoder with a classification head, score it, and publish it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.core.language import tr
from engine.jobs.reporting import Reporter
from engine.jobs.spec import JobSpec
from engine.training.checkpoint import load_tokenizer, save_classifier
from engine.training.cross_validation import NONE, cross_validate, cross_validation_work
from engine.training.data import Examples, read_snapshot
from engine.training.evaluation import classification_metrics
from engine.training.fitter import Fitter
from engine.training.job import Result, TrainingJob, evaluated_by, parts_in_numbers
from engine.training.loop import Fit
from engine.training.parts import Parts, divide
from engine.training.predictions import write_predictions
from engine.training.settings import Settings, parse_settings
from engine.training.task import Task
from engine.training.tokens import readable_length, tokenise
from engine.training.trainable import Trainable


def run(spec: JobSpec, report: Reporter) -> None:
    """Carry out a training job of the method "fine-tune" and report it, up to "finished".

    Raises:
        KnownError: if the texts, the base model, a setting or the disk does not allow it.
        Cancelled: when someone asked the job to stop; nothing is published then.
    """
    FineTuning(spec, report).run()


@dataclass(frozen=True, slots=True)
class _Scores:
    """Metrics by split, and the predictions behind them: n rows with split, fold, probabilities."""

    metrics: dict[str, Any]
    rows: np.ndarray
    splits: list[str]
    folds: np.ndarray
    probabilities: np.ndarray


class FineTuning(TrainingJob[Settings]):
    """One job, from the snapshot to the published folder.

    `settings` are those of the spec if not given.
    """

    def __init__(self, spec: JobSpec, report: Reporter, settings: Settings | None = None) -> None:
        if settings is None:
            settings = parse_settings(spec.settings, seed=spec.seed, threads=spec.threads)
        super().__init__(spec, report, settings)

    def run(self) -> None:
        """Load, train, score and publish."""
        self.begin()
        self._explain_settings()
        with self.meter.timed("load"):
            self.load()
        parts, fitter = self.parts, self.fitter
        if parts.folds is not None:
            self.meter.plan(cross_validation_work(fitter, parts.folds))
            self.meter.plan(fitter.work(parts.train, NONE))
            fitter.read_ahead()
            scores = self._cross_validate(parts.folds)
            trainable, found = fitter.fit(parts.train, NONE)
        else:
            self.meter.plan(fitter.work(parts.train, parts.validation))
            self.meter.plan(fitter.reading_work(parts.test))
            fitter.read_ahead()
            trainable, found = fitter.fit(parts.train, parts.validation)
            scores = self._score(trainable, found)
        self.report.check()
        self._finish(trainable, found, scores)

    def _explain_settings(self) -> None:
        """Say in the log where a setting does not have the effect one may expect."""
        settings = self.settings
        if settings.frozen_blocks and not settings.freezes_embeddings:
            self.report.log(
                tr(
                    "The embeddings train although blocks above them are frozen, so gradients "
                    "travel through all blocks and little time is saved."
                )
            )

    def divide(self, examples: Examples) -> Parts:
        """Return which texts are trained on, and which score the result."""
        return divide(examples, self.settings.seed, self.report.log)

    def load(self) -> None:
        """Read the texts and the base model; sets `parts`, `examples`, `tokenizer`, `fitter`."""
        spec, report = self.spec, self.report
        report.progress("load", 0, 3)
        examples = read_snapshot(Path(spec.snapshot), spec.labels, spec.multi_label)
        self.parts: Parts = self.divide(examples)
        self._warn_of_single_texts(examples)
        report.check()
        report.progress("load", 1, 3)
        self.fitter = self.new_fitter(self.settings, report)
        report.check()
        report.progress("load", 2, 3)
        tokenizer = load_tokenizer(Path(spec.base_model))
        max_length = readable_length(tokenizer, self.fitter.config, self.settings.max_length)
        tokens = tokenise(examples.texts, tokenizer, max_length, report.check)
        if tokens.cut:
            report.log(
                tr(
                    "{n} of {total} texts are longer than {length} tokens; the model reads only "
                    "their beginning.",
                    n=tokens.cut,
                    total=len(examples),
                    length=max_length,
                )
            )
        self.fitter.task = Task(spec.labels, examples.targets, tokens)
        self.examples: Examples = examples
        self.tokenizer = tokenizer
        self.settings = replace(
            self.settings,
            epochs=self.settings.settled_epochs(len(self.parts.train)),
            max_length=max_length,
            frozen_embeddings=self.settings.freezes_embeddings,
        )
        report.progress("load", 3, 3)

    def new_fitter(self, settings: Settings, report: Reporter, task: Task | None = None) -> Fitter:
        """Return what trains models of these settings, on the texts of `task` where it is given."""
        fitter = Fitter(
            self.spec,
            settings,
            self.device,
            self.precision,
            report,
            self.meter,
            self.course,
            self.cache,
        )
        if task is not None:
            fitter.task = task
        return fitter

    def _warn_of_single_texts(self, examples: Examples) -> None:
        targets = examples.targets[self.parts.train]
        counts = targets.sum(axis=0) if targets.ndim == 2 else np.bincount(targets)
        for position in np.flatnonzero(counts == 1):
            self.report.log(
                tr(
                    'The label "{name}" has a single text to learn from, so the model will hardly '
                    "recognise it.",
                    name=self.spec.labels[position],
                )
            )

    def _score(self, trainable: Trainable, found: Fit) -> _Scores:
        """Predict the test rows with the trained model; the validation rows are known already."""
        parts, task = self.parts, self.fitter.task
        test = self.fitter.predict(trainable, parts.test)
        metrics = {"test": classification_metrics(task.targets[parts.test], test, task.labels)}
        probabilities = test
        if found.validation is not None:
            metrics = {"validation": found.metrics, **metrics}
            probabilities = np.concatenate([found.validation, test])
        rows = np.concatenate([parts.validation, parts.test])
        splits = ["validation"] * len(parts.validation) + ["test"] * len(parts.test)
        return _Scores(metrics, rows, splits, np.full(len(rows), -1), probabilities)

    def _cross_validate(self, folds: np.ndarray) -> _Scores:
        probabilities, metrics = cross_validate(self.fitter, folds)
        return _Scores(
            {"cross-validation": metrics},
            np.arange(len(folds)),
            self.examples.splits,
            folds,
            probabilities,
        )

    def _finish(self, trainable: Trainable, found: Fit, scores: _Scores) -> None:
        write_predictions(
            self.predictions,
            self.examples.text_ids[scores.rows],
            scores.splits,
            scores.folds,
            scores.probabilities,
        )

        def save(folder: Path) -> None:
            save_classifier(trainable.finish(), self.tokenizer, self.settings.max_length, folder)

        self.publish(
            save,
            Result(
                scores.metrics,
                evaluated_by(self.parts),
                found.best_epoch,
                parts_in_numbers(self.parts),
                self.spec.labels,
            ),
        )
