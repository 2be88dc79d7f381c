"""How much computing and memory a training needs, by arithmetic alone.

A pass forward through a transformer takes two operations a weight and token, a pass backward twice
as many (Kaplan et al., arXiv 2001.08361, 2.1). What the arithmetic leaves out, libraries and
processors, is in the rates that `engine.service.estimate` multiplies it with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.registry.base_models import BaseModel
from engine.training.method_settings import parse_method_settings
from engine.training.mlm_settings import MlmSettings
from engine.training.ner_settings import NerSettings
from engine.training.setfit_settings import SetFitSettings
from engine.training.settings import Settings

ENOUGH_TEST_LABELS = 50
"""With fewer labelled test texts the scores come from cross-validation."""
FOLDS = 5
CHARACTERS_A_TOKEN = 4.2
"""Of European languages, as the tokenizers of English encoders cut them."""
USUAL_LENGTH = 512
"""Tokens that most encoders read, and that are read of a text unless a setting says more."""
_LIBRARIES = 700_000_000
"""Bytes of a worker process that has loaded the model libraries and reads texts, no model yet."""
_TRAINED_BYTES, _FROZEN_BYTES = 16, 4
"""A weight that learns has a gradient and Adam's two averages beside it, 4 bytes each."""
_KEPT_A_LAYER = 30
"""Numbers that a layer keeps for the way back, for each token and unit of the hidden size."""


@dataclass(frozen=True, slots=True)
class Material:
    """What a task offers to learn from: texts by split, and how long they are in characters."""

    texts: Mapping[str, int]
    labelled: Mapping[str, int]
    labels: int  # that have texts
    mean_length: float
    longest: int

    @property
    def evaluation(self) -> str:
        """Where the scores of a model that learns from labels come from."""
        enough = self.labelled.get("test", 0) >= ENOUGH_TEST_LABELS
        return "test" if enough else "cross-validation"


@dataclass(frozen=True, slots=True)
class Workload:
    """A training in numbers: floating point operations, bytes at the peak, texts."""

    operations: float
    memory: int
    texts: int
    evaluation: str
    scored_texts: int


def workload(
    method: str, raw: Mapping[str, Any], material: Material, encoder: BaseModel
) -> Workload:
    """Return what a training with these settings needs.

    Raises:
        KnownError: for a setting that there is not, or that is out of range.
    """
    settings = parse_method_settings(method, raw)
    longest = min(encoder.max_length, USUAL_LENGTH)
    reading = _Reading(material, encoder, settings.max_length or longest)
    match settings:
        case MlmSettings():
            return _language(settings, material, reading)
        case SetFitSettings():
            return _contrastive(settings, material, reading)
        case Settings() | NerSettings():
            return _supervised(settings, material, reading)
    raise ValueError(f"there is no method {method!r}")


class _Reading:
    """What it takes an encoder to read the texts once."""

    def __init__(self, material: Material, encoder: BaseModel, limit: int) -> None:
        self._material = material
        self._encoder = encoder
        self._limit = limit
        self.blocks = max(1, encoder.layers)
        self.hidden = max(1, encoder.hidden_size)
        self.weights = 12 * self.hidden**2 * self.blocks  # of the blocks
        self.vocabulary = max(0, encoder.parameters - self.weights)
        self.mean_tokens = material.mean_length / CHARACTERS_A_TOKEN + 2
        self.read_tokens = min(self.mean_tokens, float(limit))

    def forward(self, tokens: float, length: float) -> float:
        """Return the operations of `tokens` tokens, read in texts of `length` tokens."""
        attention = 2 * length * self.hidden * self.blocks
        return 2 * tokens * (self.weights + attention)

    def memory(self, tokens: float, trained: float, more: float = 0.0) -> int:
        """Return the bytes of learning `tokens` tokens a step with `trained` of the weights."""
        weights = self._encoder.parameters
        learning = min(1.0, trained) * weights
        kept = _KEPT_A_LAYER * 4 * self.hidden * self.blocks * min(1.0, trained)
        return round(
            _LIBRARIES
            + _TRAINED_BYTES * learning
            + _FROZEN_BYTES * (weights - learning)
            + tokens * kept
            + more
        )

    def longest_tokens(self, *, cut: bool = True) -> float:
        """Return the tokens of the longest text, as far as it is read at once."""
        tokens = self._material.longest / CHARACTERS_A_TOKEN + 2
        return min(tokens, float(self._limit)) if cut else tokens


def _supervised(
    settings: Settings | NerSettings, material: Material, reading: _Reading
) -> Workload:
    """Learning from labels. A long text is cut, but read in windows where passages are marked."""
    learned, tested, evaluation = _parts(material)
    tokens = reading.mean_tokens if isinstance(settings, NerSettings) else reading.read_tokens
    once = reading.forward(tokens, reading.read_tokens)
    frozen = min(settings.frozen_blocks, reading.blocks)
    moving = 0.0 if settings.train == "head" else 1 - frozen / reading.blocks
    # Frozen blocks read every text once, whatever the number of passes.
    passes = settings.settled_epochs(learned)
    a_text = once * (1 - moving) + 3 * once * moving * passes
    operations = learned * a_text + tested * once
    if evaluation == "cross-validation":
        operations = learned * a_text * FOLDS  # four fifths five times, and then all of them
    memory = reading.memory(settings.batch_size * reading.longest_tokens(), moving)
    return Workload(operations, memory, learned, evaluation, tested)


def _contrastive(settings: SetFitSettings, material: Material, reading: _Reading) -> Workload:
    """Learning from pairs: a number of steps, each with a number of texts that are read once.

    It may end earlier, when nothing more is learned.
    """
    learned, tested, evaluation = _parts(material)
    if settings.shots:
        learned = min(learned, settings.shots * max(1, material.labels))
    settled = settings.settled(learned)
    once = reading.forward(reading.read_tokens, reading.read_tokens)
    read = min(learned, settled.texts_a_step)
    fit = 3 * settled.steps * read * once + learned * once
    operations = fit + tested * once
    if evaluation == "cross-validation":
        operations = fit * (FOLDS + 1)
    memory = reading.memory(read * reading.longest_tokens(), 1.0)
    return Workload(operations, memory, learned, evaluation, tested)


def _language(settings: MlmSettings, material: Material, reading: _Reading) -> Workload:
    """Learning the language: all tokens in full blocks, and a guess at every hidden one."""
    learned = material.texts.get("train", 0)
    held_out = material.texts.get("validation", 0)
    length = settings.max_length or 128
    tokens = learned * reading.mean_tokens
    guesses = settings.mask_probability * reading.vocabulary  # operations a token, halved
    once = reading.forward(tokens, length) + 2 * tokens * guesses
    passes = settings.settled_epochs(max(1, round(tokens / length)))
    operations = 3 * once * passes + held_out / max(learned, 1) * once * (passes + 1)
    batch = settings.batch_size * length
    logits = 3 * 4 * batch * guesses / reading.hidden
    return Workload(operations, reading.memory(batch, 1.0, logits), learned, "held-out", held_out)


def _parts(material: Material) -> tuple[int, int, str]:
    """Return the texts that are learned from, those that are scored, and how."""
    labelled = sum(material.labelled.values())
    tested = material.labelled.get("test", 0)
    if material.evaluation == "test":
        return labelled - tested, tested, "test"
    return labelled, labelled, "cross-validation"
