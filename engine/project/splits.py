"""Which texts are for training, for validation, and for the test that nobody may prepare for."""

from __future__ import annotations

from engine.core.hashing import stable_fraction

TEST_SHARE = 0.20
VALIDATION_SHARE = 0.10


def draw_split(seed: str, key: str) -> str:
    """Return the split that a group of texts falls into.

    It depends on nothing but the project's seed and the group's key (its document, or its
    normalised content), so it is settled before anyone labels, and a text that is imported again
    falls where it fell before.
    """
    fraction = stable_fraction(seed, key)
    if fraction < TEST_SHARE:
        return "test"
    return "validation" if fraction < TEST_SHARE + VALIDATION_SHARE else "train"
