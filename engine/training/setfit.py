"""SetFit: train a sentence encoder on pairs of texts, fit a head on its vectors, publish both.

The method is that of Tunstall et al. (arXiv 2209.11055), for a handful of labelled texts a label.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.core.language import tr
from engine.inference.pooling import read_pooling
from engine.jobs.reporting import Reporter
from engine.jobs.spec import JobSpec
from engine.training.checkpoint import load_config, load_tokenizer
from engine.training.contrastive.checkpoint import save_setfit
from engine.training.contrastive.fitter import ContrastiveFitter, Fitted
from engine.training.contrastive.shots import short_labels
from engine.training.contrastive.temperature import find_temperature, tempered
from engine.training.cross_validation import NONE, cross_validate, cross_validation_work
from engine.training.data import Examples, read_snapshot
from engine.training.evaluation import classification_metrics
from engine.training.job import Result, TrainingJob, evaluated_by, parts_in_numbers
from engine.training.loop import log_loss
from engine.training.parts import Parts, divide
from engine.training.predictions import write_predictions
from engine.training.setfit_settings import SetFitSettings, parse_setfit_settings
from engine.training.task import Task
from engine.training.tokens import readable_length, tokenise


def run(spec: JobSpec, report: Reporter) -> None:
    """Carry out a training job of the method "setfit" and report it, up to "finished".

    Raises:
        KnownError: if the texts, the base model, a setting or the disk does not allow it.
        Cancelled: when someone asked the job to stop; nothing is published then.
    """
    _SetFit(spec, report).run()


@dataclass(frozen=True, slots=True)
class _Scores:
    """Metrics by split, and the predictions behind them: n rows with split, fold, probabilities.

    `temperature` is what the head's logits are to be divided by.
    """

    metrics: dict[str, Any]
    rows: np.ndarray
    splits: list[str]
    folds: np.ndarray
    probabilities: np.ndarray
    temperature: float


class _SetFit(TrainingJob[SetFitSettings]):
    """One job, from the snapshot to the published folder."""

    def __init__(self, spec: JobSpec, report: Reporter) -> None:
        settings = parse_setfit_settings(spec.settings, seed=spec.seed, threads=spec.threads)
        super().__init__(spec, report, settings)

    def run(self) -> None:
        self.begin()
        with self.meter.timed("load"):
            self._load()
        parts, fitter = self.parts, self.fitter
        if parts.folds is not None:
            self.meter.plan(cross_validation_work(fitter, parts.folds))
            self.meter.plan(fitter.work(parts.train, NONE))
            scores = self._cross_validate(parts.folds)
            fitted, _ = fitter.fit(parts.train, NONE)
        else:
            self.meter.plan(fitter.work(parts.train, parts.validation))
            self.meter.plan(float(fitter.task.tokens.lengths[parts.test].sum()))
            fitted, _ = fitter.fit(parts.train, parts.validation)
            scores = self._score(fitted)
        self.report.check()
        self._finish(fitted, scores)

    def _load(self) -> None:
        spec, report = self.spec, self.report
        report.progress("load", 0, 2)
        examples = read_snapshot(Path(spec.snapshot), spec.labels, spec.multi_label)
        self.examples: Examples = examples
        self.parts: Parts = divide(examples, self.settings.seed, report.log, hold_out=False)
        self._warn_of_few_texts()
        report.check()
        report.progress("load", 1, 2)
        folder = Path(spec.base_model)
        self.pooling = read_pooling(folder)
        self.tokenizer = load_tokenizer(folder)
        asked = self.settings.max_length or self.pooling.max_seq_length
        max_length = readable_length(self.tokenizer, load_config(folder), asked)
        texts = [self.pooling.prompt + text for text in examples.texts]
        tokens = tokenise(texts, self.tokenizer, max_length, report.check)
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
        self.fitter = ContrastiveFitter(
            spec,
            self.settings,
            Task(spec.labels, examples.targets, tokens),
            self.pooling,
            self.device,
            self.precision,
            report,
            self.meter,
            self.course,
        )
        learned = len(self.fitter.learned(self.parts.train))
        self.settings = replace(self.settings.settled(learned), max_length=max_length)
        report.progress("load", 2, 2)

    def _warn_of_few_texts(self) -> None:
        targets = self.examples.targets[self.parts.train]
        shots = self.settings.shots
        short = short_labels(targets, self.spec.labels, shots or 2)
        for name in short_labels(targets, self.spec.labels, 2):
            self.report.log(
                tr(
                    'The label "{name}" has a single text to learn from, so the model will hardly '
                    "recognise it.",
                    name=name,
                )
            )
        if shots > 1 and short:
            named = ", ".join(tr('"{name}"', name=name) for name in short)
            self.report.log(
                tr(
                    "Fewer than the {n} texts asked for are labelled {names}; all there are were "
                    "taken.",
                    n=shots,
                    names=named,
                )
            )

    def _score(self, fitted: Fitted) -> _Scores:
        """Predict validation and test rows; the former say how sure the model may be."""
        parts, task = self.parts, self.fitter.task
        rows = np.concatenate([parts.validation, parts.test])
        found = self.fitter.predict(fitted, rows)
        held_out = len(parts.validation)
        gold = task.targets[rows]
        temperature = fitted.temperature
        if held_out:
            temperature = find_temperature(gold[:held_out], found[:held_out])
        found = tempered(found, temperature, task.several)
        metrics: dict[str, Any] = {}
        if held_out:
            metrics["validation"] = classification_metrics(
                gold[:held_out], found[:held_out], task.labels
            )
            self._tell_validation(metrics["validation"], gold[:held_out], found[:held_out], fitted)
        metrics["test"] = classification_metrics(gold[held_out:], found[held_out:], task.labels)
        splits = ["validation"] * held_out + ["test"] * len(parts.test)
        return _Scores(metrics, rows, splits, np.full(len(rows), -1), found, temperature)

    def _tell_validation(
        self, metrics: dict[str, Any], gold: np.ndarray, found: np.ndarray, fitted: Fitted
    ) -> None:
        metrics["loss"] = log_loss(gold, found)
        self.report.send(
            "measured",
            step=self.settings.steps,
            epoch=round(fitted.readings, 3),
            split="validation",
            metrics={name: metrics[name] for name in ("loss", "macro_f1", "accuracy")},
        )

    def _cross_validate(self, folds: np.ndarray) -> _Scores:
        found, metrics = cross_validate(self.fitter, folds)
        temperature = find_temperature(self.examples.targets, found)
        return _Scores(
            {"cross-validation": metrics},
            np.arange(len(folds)),
            self.examples.splits,
            folds,
            tempered(found, temperature, self.fitter.task.several),
            temperature,
        )

    def _finish(self, fitted: Fitted, scores: _Scores) -> None:
        write_predictions(
            self.predictions,
            self.examples.text_ids[scores.rows],
            scores.splits,
            scores.folds,
            scores.probabilities,
        )

        def save(folder: Path) -> None:
            save_setfit(
                fitted.encoder.model,
                self.tokenizer,
                self.pooling,
                self.settings.max_length,
                fitted.head.cooled(scores.temperature),
                self.spec.labels,
                folder,
            )

        learned = len(self.fitter.learned(self.parts.train))
        self.publish(
            save,
            Result(
                scores.metrics,
                evaluated_by(self.parts),
                _passes(fitted),
                {**parts_in_numbers(self.parts), "train": learned},
                self.spec.labels,
                {"temperature": scores.temperature},
            ),
        )


def _passes(fitted: Fitted) -> int:
    """Return how often a text was read, for those who expect a number of epochs."""
    return max(1, round(fitted.readings))
