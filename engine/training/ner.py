"""Train an encoder to mark spans, score it by whole spans, and publish it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.core.language import tr
from engine.jobs.reporting import Reporter
from engine.jobs.spec import JobSpec
from engine.training.checkpoint import load_tokenizer, save_classifier
from engine.training.job import Result, TrainingJob, evaluated_by, parts_in_numbers
from engine.training.ner_settings import NerSettings, parse_ner_settings
from engine.training.parts import Parts, divide
from engine.training.predictions import write_span_predictions
from engine.training.tagging.checkpoint import set_unit
from engine.training.tagging.data import SpanExamples, read_span_snapshot, require_spans
from engine.training.tagging.fitter import TaggerFitter
from engine.training.tagging.loop import Predicted, TaggingFit, entity_metrics
from engine.training.tagging.pieces import read_pieces
from engine.training.tagging.task import make_task
from engine.training.tagging.windows import make_windows
from engine.training.tokens import readable_length
from engine.training.trainable import Trainable


def run(spec: JobSpec, report: Reporter) -> None:
    """Carry out a training job of the method "ner" and report it, up to "finished".

    Raises:
        KnownError: if the texts, the base model, a setting or the disk does not allow it.
        Cancelled: when someone asked the job to stop; nothing is published then.
    """
    _SpanTraining(spec, report).run()


@dataclass(frozen=True, slots=True)
class _Scores:
    """Metrics by split, and the spans behind them: n rows with split, fold and spans."""

    metrics: dict[str, Any]
    rows: np.ndarray
    splits: list[str]
    folds: np.ndarray
    spans: Predicted


class _SpanTraining(TrainingJob[NerSettings]):
    """One job, from the snapshot to the published folder."""

    def __init__(self, spec: JobSpec, report: Reporter) -> None:
        settings = parse_ner_settings(spec.settings, seed=spec.seed, threads=spec.threads)
        super().__init__(spec, report, settings)

    def run(self) -> None:
        self.begin()
        with self.meter.timed("load"):
            self._load()
        parts, fitter = self.parts, self.fitter
        if parts.folds is not None:
            self.meter.plan(fitter.cross_validation_work(parts.folds) + fitter.work(parts.train))
            fitter.read_ahead()
            scores = self._cross_validate(parts.folds)
            trainable, found = fitter.fit(parts.train)
        else:
            self.meter.plan(fitter.work(parts.train, parts.validation))
            self.meter.plan(fitter.reading_work(parts.test))
            fitter.read_ahead()
            trainable, found = fitter.fit(parts.train, parts.validation)
            scores = self._score(trainable, found)
        self.report.check()
        self._finish(trainable, found, scores)

    def _load(self) -> None:
        spec, report = self.spec, self.report
        report.progress("load", 0, 3)
        examples = read_span_snapshot(Path(spec.snapshot), spec.labels, report.log)
        self.parts: Parts = divide(examples, self.settings.seed, report.log, require_spans)
        self.examples: SpanExamples = examples
        self._warn_of_rare_labels()
        report.check()
        report.progress("load", 1, 3)
        self.fitter = TaggerFitter(
            spec,
            self.settings,
            self.device,
            self.precision,
            report,
            self.meter,
            self.course,
            self.cache,
        )
        report.check()
        report.progress("load", 2, 3)
        self.tokenizer = load_tokenizer(Path(spec.base_model))
        length = readable_length(self.tokenizer, self.fitter.config, self.settings.max_length)
        pieces = read_pieces(examples.texts, self.tokenizer, report.check)
        windows = make_windows(pieces, self.tokenizer, length)
        long = int((np.bincount(windows.texts, minlength=1) > 1).sum())
        if long:
            report.log(
                tr(
                    "{n} of {total} texts are longer than {length} tokens; they are read in "
                    "windows that overlap, so nothing of them is left out.",
                    n=long,
                    total=len(examples),
                    length=length,
                )
            )
        self.fitter.task = make_task(
            spec.labels, examples.spans, windows, self.parts.train, report.log
        )
        self.settings = replace(
            self.settings,
            epochs=self.settings.settled_epochs(len(windows.of(self.parts.train))),
            max_length=length,
            frozen_embeddings=self.settings.freezes_embeddings,
        )
        report.progress("load", 3, 3)

    def _warn_of_rare_labels(self) -> None:
        counts = np.zeros(len(self.spec.labels), np.int64)
        for text in self.parts.train:
            np.add.at(counts, [label for _, _, label in self.examples.spans[text]], 1)
        for name, count in zip(self.spec.labels, counts, strict=True):
            if count == 1:
                self.report.log(
                    tr(
                        'The label "{name}" has a single passage to learn from, so the model will '
                        "hardly recognise it.",
                        name=name,
                    )
                )
            elif not count:
                self.report.log(
                    tr(
                        'The label "{name}" has no passage to learn from, so the model never marks '
                        "it.",
                        name=name,
                    )
                )

    def _score(self, trainable: Trainable, found: TaggingFit) -> _Scores:
        """Predict the test texts with the trained model; the validation texts are known already."""
        parts = self.parts
        test = self.fitter.predict(trainable, parts.test)
        metrics = {"test": entity_metrics(self.fitter.task, parts.test, test)}
        if found.metrics:
            metrics = {"validation": found.metrics, **metrics}
        rows = np.concatenate([parts.validation, parts.test])
        splits = ["validation"] * len(parts.validation) + ["test"] * len(parts.test)
        return _Scores(metrics, rows, splits, np.full(len(rows), -1), [*found.validation, *test])

    def _cross_validate(self, folds: np.ndarray) -> _Scores:
        spans, metrics = self.fitter.cross_validate(folds)
        return _Scores(
            {"cross-validation": metrics},
            np.arange(len(folds)),
            self.examples.splits,
            folds,
            spans,
        )

    def _finish(self, trainable: Trainable, found: TaggingFit, scores: _Scores) -> None:
        write_span_predictions(
            self.predictions,
            self.examples.text_ids[scores.rows],
            scores.splits,
            scores.folds,
            scores.spans,
        )

        def save(folder: Path) -> None:
            model = trainable.finish()
            set_unit(model, self.fitter.task.unit)
            save_classifier(model, self.tokenizer, self.settings.max_length, folder)

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
