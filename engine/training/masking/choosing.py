"""Which words of a batch the model has to guess, and what it sees in their place.

The recipe is BERT's (Devlin et al. 2019) with whole words: of the chosen words 80 % are masked,
10 % become random tokens and 10 % stay, decided for a word and not for its pieces.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.training.masking.words import NO_WORD

MASKED = 0.8
REPLACED = 0.1


@dataclass(frozen=True, slots=True)
class Alphabet:
    """The mask token of a tokenizer, and the tokens that a random one is drawn from (int32)."""

    mask_id: int
    ordinary: np.ndarray


@dataclass(frozen=True, slots=True)
class Masked:
    """A batch with words to guess.

    `ids` is what the model sees, shaped as the batch; `places` are the tokens to guess, int64
    (guesses,) into the flattened batch, ascending, and `answers` what stood there, int64
    (guesses,).
    """

    ids: np.ndarray
    places: np.ndarray
    answers: np.ndarray


def read_alphabet(tokenizer: Any, vocabulary: int) -> Alphabet:
    """Return the alphabet of a tokenizer with a mask token; the model knows `vocabulary` ids."""
    every = np.arange(min(len(tokenizer), vocabulary), dtype=np.int32)
    special = np.array(sorted(tokenizer.all_special_ids), np.int32)
    return Alphabet(int(tokenizer.mask_token_id), np.setdiff1d(every, special))


def choose_words(
    ids: np.ndarray,
    words: np.ndarray,
    probability: float,
    alphabet: Alphabet,
    random: np.random.Generator,
) -> Masked:
    """Return the batch `ids` with a share `probability` of its tokens to guess, in whole words.

    `words` is shaped as `ids` and numbers the word of each token; tokens with `NO_WORD` are never
    chosen. Words are drawn until the share is reached; whether the one that crosses it is taken is
    drawn too, so that every token has the same chance however long its word is. At least one word
    is chosen.
    """
    shape = ids.shape
    flat = words.ravel()
    candidates = np.flatnonzero(flat != NO_WORD)
    names, word_of = np.unique(flat[candidates], return_inverse=True)
    taken = _draw(np.bincount(word_of, minlength=len(names)), probability, random)
    fate = random.random(len(names))[word_of]
    chosen = taken[word_of]
    seen = ids.ravel().copy()
    seen[candidates[chosen & (fate < MASKED)]] = alphabet.mask_id
    replaced = candidates[chosen & (fate >= MASKED) & (fate < MASKED + REPLACED)]
    seen[replaced] = random.choice(alphabet.ordinary, len(replaced))
    places = candidates[chosen]
    return Masked(seen.reshape(shape), places, ids.ravel()[places].astype(np.int64))


def _draw(sizes: np.ndarray, probability: float, random: np.random.Generator) -> np.ndarray:
    """Return which words are chosen, bool (words,); `sizes` are their tokens."""
    taken = np.zeros(len(sizes), bool)
    if not len(sizes):
        return taken
    order = random.permutation(len(sizes))
    reached = np.cumsum(sizes[order])
    budget = probability * float(reached[-1])
    count = int(np.searchsorted(reached, budget, side="right"))
    if count < len(order):
        missing = budget - (float(reached[count - 1]) if count else 0.0)
        count += bool(random.random() * sizes[order[count]] < missing)
    taken[order[: max(1, count)]] = True
    return taken
