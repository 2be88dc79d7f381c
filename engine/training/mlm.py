"""Pretrain an encoder further on texts without labels, by having it guess hidden words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.inference.fill_mask import fill_masks, require_mask
from engine.jobs.reporting import Reporter
from engine.jobs.spec import JobSpec
from engine.training.checkpoint import load_tokenizer
from engine.training.data import read_texts
from engine.training.job import Result, TrainingJob
from engine.training.masking.checkpoint import load_masked_language_model, save_language_model
from engine.training.masking.choosing import read_alphabet
from engine.training.masking.held_out import Division, divide_texts
from engine.training.masking.language_model import LanguageModel, head_parameters
from engine.training.masking.loop import Material, Outcome, pretrain, send_score
from engine.training.masking.packing import pack, special_tokens_around
from engine.training.masking.perplexity import Score, examine, set_questions
from engine.training.masking.preview import default_sentences
from engine.training.masking.warm_up import warm_head
from engine.training.masking.words import Corpus, read_corpus
from engine.training.meter import training_cost
from engine.training.mlm_settings import MlmSettings, parse_mlm_settings
from engine.training.resuming.state import State
from engine.training.tokens import readable_length

BLOCK_LENGTHS = (128, 256, 512)
"""What ``max_length=auto`` chooses from: attention costs the square of a block's length."""
WHOLE_SHARE = 0.9


def run(spec: JobSpec, report: Reporter) -> None:
    """Carry out a training job of the method "mlm" and report it, up to "finished".

    Raises:
        KnownError: if the texts, the base model, a setting or the disk does not allow it.
        Cancelled: when someone asked the job to stop; nothing is published then.
    """
    _Pretraining(spec, report).run()


class _Pretraining(TrainingJob[MlmSettings]):
    """One job, from the snapshot to the published folder."""

    def __init__(self, spec: JobSpec, report: Reporter) -> None:
        settings = parse_mlm_settings(spec.settings, seed=spec.seed, threads=spec.threads)
        super().__init__(spec, report, settings)
        self.base = Path(self.spec.base_model)
        self.base_name = self.spec.base_model_name

    def run(self) -> None:
        report = self.report
        self.begin()
        with self.meter.timed("load"):
            self._load()
        with self.meter.timed("warm-up"):
            passes = self._warm_head()
        before = self._examine_before()
        send_score(report, 0, 0, before)
        self._send_preview("before")
        outcome = pretrain(
            self.model,
            self.material,
            self.examination,
            self.settings,
            report,
            self.meter,
            self.course,
        )
        report.check()
        whole = self.model.finish()
        self._send_preview("after")
        metrics = self._metrics(before, outcome, passes)
        report.log(_verdict(before, outcome.score))
        self._finish(whole, outcome, metrics)

    def _load(self) -> None:
        spec, report, settings = self.spec, self.report, self.settings
        report.progress("load", 0, 3)
        tokenizer = load_tokenizer(self.base)
        require_mask(tokenizer, self.base_name)
        snapshot = read_texts(Path(spec.snapshot))
        report.progress("load", 1, 3)
        model, self.new = load_masked_language_model(self.base, self.device, settings.seed)
        report.check()
        report.progress("load", 2, 3)
        if settings.whole_word and not tokenizer.is_fast:
            report.log(
                tr(
                    "This tokenizer does not tell where its tokens lie in a text, so pieces of "
                    "words are hidden, not whole words."
                )
            )
        corpus = read_corpus(snapshot.texts, tokenizer, settings.whole_word, report.check)
        division = divide_texts(
            corpus.lengths, snapshot.splits, snapshot.groups, settings.seed, report.log
        )
        around = special_tokens_around(tokenizer)
        readable = readable_length(tokenizer, model.config, settings.max_length)
        specials = sum(map(len, around))
        length = settings.max_length and readable
        length = length or _block_length(corpus.lengths[division.train] + specials, readable)
        self.settings = replace(settings, max_length=length)
        self.tokenizer = tokenizer
        self.model = LanguageModel(model, self.device, settings.precision, settings.seed)
        self._make_material(corpus, division, around)
        self._choose_sentences(snapshot.texts, division)
        self.texts = {"train": len(division.train), "held-out": len(division.held_out)}
        report.progress("load", 3, 3)

    def _make_material(
        self, corpus: Corpus, division: Division, around: tuple[list[int], list[int]]
    ) -> None:
        settings = self.settings
        length = settings.max_length
        alphabet = read_alphabet(self.tokenizer, self.model.model.config.vocab_size)
        random = np.random.default_rng(settings.seed)
        first = pack(corpus, division.train, around, length, random)
        if len(first.ids) < length:
            raise KnownError(
                tr(
                    "The texts to learn from have {n} tokens, fewer than the {length} of one "
                    "block, and a model learns nothing from so few; import more texts, or set a "
                    "smaller max_length.",
                    n=len(first.ids),
                    length=length,
                )
            )
        self.model.prepare(alphabet.ordinary, length)
        if not self.model.separates:
            self.report.log(
                tr(
                    "The architecture {name} cannot keep texts that share a block apart, so a "
                    "word's neighbours may be those of another text.",
                    name=self.base_model.architecture,
                )
            )
        self.material = Material(corpus, division.train, around, alphabet, first)
        held_out = pack(corpus, division.held_out, around, length, random)
        self.examination = set_questions(
            held_out, settings.mask_probability, alphabet, settings.seed
        )
        if not self.examination.guesses:
            raise KnownError(
                tr(
                    "The texts that are held out to see what the training is worth have no word "
                    "that could be guessed; import more texts."
                )
            )
        self.settings = replace(settings, epochs=settings.settled_epochs(first.blocks))
        self._plan(first.length * first.blocks)

    def _plan(self, tokens: int) -> None:
        epochs = self.settings.epochs
        self.meter.plan(training_cost(1.0) * tokens * epochs)
        self.meter.plan(float(self.examination.tokens) * (epochs + 1))

    def _choose_sentences(self, texts: Sequence[str], division: Division) -> None:
        self.sentences = self.settings.preview_sentences or default_sentences(
            [texts[row] for row in division.held_out], [texts[row] for row in division.train]
        )
        # A sentence that cannot be shown is refused now, not after the training.
        self._fill()

    def _warm_head(self) -> int:
        """Return the passes it took; a run that is stopped before their end begins them again."""
        if not self.new:
            return 0
        warm = self.course.result("warm-up")
        if warm is None:
            passes = warm_head(
                self.model,
                self.new,
                self.material.first,
                self.examination,
                self.settings.mask_probability,
                self.material.alphabet,
                self.report,
                self.settings.seed,
            )
            head = {str(at): one.detach().clone() for at, one in enumerate(self._head())}
            self.course.finish("warm-up", State(head, {"passes": passes}))
        else:
            passes = warm.facts["passes"]
            with torch.no_grad():
                for at, one in enumerate(self._head()):
                    one.copy_(warm.tensors[str(at)])
        self.report.log(
            tr(
                'The base model "{name}" comes without the part that guesses words. It was '
                "trained first, in {passes} passes and with the encoder left as it is, and what is "
                "called before is measured with it: what follows is what the encoder learned.",
                name=self.base_name,
                passes=passes,
            )
        )
        return passes

    def _head(self) -> list[torch.nn.Parameter]:
        return head_parameters(self.model.model)

    def _examine_before(self) -> Score:
        known = self.course.result("before")
        if known is not None:
            return Score(known.facts["loss"])
        with self.meter.timed("evaluate"):
            before = examine(self.model, self.examination, self.report, self.meter)
        self.course.finish("before", State(facts={"loss": before.loss}))
        return before

    def _fill(self) -> list[dict[str, Any]]:
        found = fill_masks(self.model.model.eval(), self.tokenizer, self.sentences)
        return [one.to_json() for one in found]

    def _send_preview(self, when: str) -> None:
        if self.sentences:
            self.report.send("preview", when=when, sentences=self._fill())

    def _metrics(self, before: Score, outcome: Outcome, passes: int) -> dict[str, Any]:
        after = outcome.score
        return {
            "texts": self.texts["held-out"],
            "guesses": self.examination.guesses,
            "perplexity": after.perplexity,
            "perplexity_before": before.perplexity,
            "loss": after.loss,
            "loss_before": before.loss,
            "head_passes": passes,
        }

    def _finish(self, whole: Any, outcome: Outcome, metrics: dict[str, Any]) -> None:
        def save(folder: Path) -> None:
            save_language_model(whole, self.tokenizer, self.base, folder)

        scores = {"held-out": metrics}
        self.publish(save, Result(scores, "held-out", outcome.best_epoch, self.texts, ()))


def _block_length(lengths: np.ndarray, readable: int) -> int:
    """Return the smallest block in which most texts are whole; `lengths` with special tokens."""
    for length in BLOCK_LENGTHS:
        if length >= readable or np.mean(lengths <= length) >= WHOLE_SHARE:
            return min(length, readable)
    return min(BLOCK_LENGTHS[-1], readable)


def _verdict(before: Score, after: Score) -> str:
    """Say what the training was worth, a loss as plainly as a gain."""
    figures = {"before": before.perplexity, "after": after.perplexity}
    if after.loss < before.loss:
        return tr(
            "The model guesses hidden words of held-out texts better than before: perplexity "
            "{before:.1f} before, {after:.1f} after.",
            **figures,
        )
    return tr(
        "The model guesses hidden words of held-out texts no better than before: perplexity "
        "{before:.1f} before, {after:.1f} after. Starting a training from it will hardly help; "
        "use the base model as it was.",
        **figures,
    )
