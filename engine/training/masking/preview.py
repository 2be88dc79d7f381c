"""Sentences to show what a language model has learned, where the user gives none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from engine.training.mlm_settings import MASK

SENTENCES = 2
SHORTEST_WORD = 4
"""Letters; shorter words are mostly the small change of a language."""
COMMON_SHARE = 0.1
"""A word that stands in more of the texts than this says little about them."""
LONGEST = 200
"""Characters of a sentence."""

_WORDS = re.compile(r"[^\W\d_]+")
_SENTENCES = re.compile(r"(?<=[.!?])\s+|\n+")


def default_sentences(held_out: Sequence[str], trained: Sequence[str]) -> list[str]:
    """Return sentences of the texts `held_out`, each with a word masked that `trained` is full of.

    The masked words differ. There may be fewer than two, or none, where the texts are too short.
    """
    frequency = _document_frequency(trained)
    most = max(2.0, COMMON_SHARE * len(trained))
    repeated = {word: count for word, count in frequency.items() if count >= 2}
    # In texts that are all alike no word is rarer than that.
    telling = {word: count for word, count in repeated.items() if count <= most} or repeated
    best: dict[str, tuple[int, str]] = {}
    for sentence in (one.strip() for text in held_out for one in _SENTENCES.split(text)):
        if len(sentence.split()) < 3 or len(sentence) > LONGEST or MASK in sentence:
            continue
        found = [match for match in _WORDS.finditer(sentence) if match[0].lower() in telling]
        if found:
            chosen = max(found, key=lambda match: telling[match[0].lower()])
            masked = sentence[: chosen.start()] + MASK + sentence[chosen.end() :]
            best.setdefault(chosen[0].lower(), (telling[chosen[0].lower()], masked))
    return [masked for _, masked in sorted(best.values(), key=lambda one: -one[0])[:SENTENCES]]


def _document_frequency(texts: Sequence[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for text in texts:
        words = {match[0].lower() for match in _WORDS.finditer(text)}
        counts.update(word for word in words if len(word) >= SHORTEST_WORD)
    return counts
