"""How well a few typed letters name something."""

from __future__ import annotations


def fuzzy_score(typed: str, words: str) -> int | None:
    """Return how well `typed` fits `words`, higher is better, or None if it does not.

    Each typed word must appear: at the start of a word best, inside one next, or as letters in
    order, which counts little. Case does not matter.
    """
    score = 0
    lowered = words.casefold()
    for part in typed.casefold().split():
        part_score = _part_score(part, lowered)
        if part_score is None:
            return None
        score += part_score
    return score - len(lowered) // 8


def _part_score(part: str, words: str) -> int | None:
    if words.startswith(part):
        return 120
    if f" {part}" in words:
        return 100
    if part in words:
        return 60
    at = -1
    for letter in part:
        at = words.find(letter, at + 1)
        if at < 0:
            return None
    return 10
