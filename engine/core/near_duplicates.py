"""Near-duplicates among many texts, by MinHash and locality-sensitive hashing.

A text is normalised (case folded, each digit a 0, punctuation dropped) and cut into shingles of
three words. Two texts are near-duplicates if the sets of their shingles overlap by at least 0.8
(Jaccard). Comparing all pairs is out of the question, so each text gets a fingerprint of 64-bit
keys; texts that share a key are candidates, and candidates are compared exactly.

The method is from Broder, "On the resemblance and containment of documents" (1997), and Indyk and
Motwani, "Approximate nearest neighbors" (1998). With 12 bands of 5 rows a pair at Jaccard 0.8 is
found with probability 0.99, a pair at 0.5 becomes a candidate with probability 0.32.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zlib
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Keys = NDArray[np.uint64]
    Pairs = NDArray[np.int64]

SIMILAR = 0.8
BANDS = 12
KEYS = BANDS + 1
"""Keys of a fingerprint: the hash of the normalised text, then one for each band; 0 is no key."""

_ROWS = 5
_SHINGLE = 3
_DIGITS = re.compile(r"\d")
# Scripts that put no space between words give a word a character.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
_WORDS = re.compile(f"[{_UNSPACED}]|[^\\W_{_UNSPACED}]+")
# What is neither a letter nor a digit parts words, as below.
_ASCII = {n: "0" if chr(n).isdigit() else " " for n in range(128) if not chr(n).isalpha()}


def words_of(text: str) -> list[str]:
    """Return the words of the normalised text."""
    if text.isascii():  # the same as below, ten times as fast
        return text.translate(_ASCII).lower().split()
    return _WORDS.findall(_DIGITS.sub("0", unicodedata.normalize("NFKC", text).casefold()))


def fingerprints(texts: Sequence[str]) -> Keys:
    """Return the keys of each text, an array of shape (texts, KEYS).

    A text of fewer than three words has only the first key: it is compared by equality.
    """
    import numpy as np

    split = [words_of(text) for text in texts]
    keys = np.zeros((len(texts), KEYS), dtype=np.uint64)
    keys[:, 0] = [_hash(" ".join(words)) for words in split]
    counts = np.array([len(words) for words in split])
    long = np.flatnonzero(counts >= _SHINGLE)
    if not len(long):
        return keys
    values, starts = _shingles([split[index] for index in long.tolist()], counts[long])
    minima = np.empty((len(long), BANDS * _ROWS), dtype=np.uint64)
    for number, factor in enumerate(_factors(BANDS * _ROWS)):
        # Multiply-shift hashing: the high half of the product of 64 bits with an odd number.
        hashed = (values * factor) >> np.uint64(32)
        minima[:, number] = np.minimum.reduceat(hashed, starts)
    bands = minima.reshape(len(long), BANDS, _ROWS)
    mixed = np.tile(np.arange(1, BANDS + 1, dtype=np.uint64), (len(long), 1))
    for row in range(_ROWS):
        mixed = _mix(mixed + bands[:, :, row])
    keys[long, 1:] = np.maximum(mixed, np.uint64(1))
    return keys


def similar(left: str, right: str) -> bool:
    """Return whether two texts are near-duplicates, by comparing them exactly."""
    words = words_of(left), words_of(right)
    if min(map(len, words)) < _SHINGLE:
        return words[0] == words[1]
    first, second = (set(zip(*(w[n:] for n in range(_SHINGLE)), strict=False)) for w in words)
    return len(first & second) >= SIMILAR * len(first | second)


class SortedKeys:
    """One of the keys of many texts, sorted, so that texts which share it stand together.

    `column` is a column of `fingerprints`. Pairs are arrays of shape (pairs, 2).
    """

    def __init__(self, column: Keys) -> None:
        import numpy as np

        self._order = np.argsort(column, kind="stable")
        self._keys = column[self._order]

    def pairs_within(self) -> Pairs:
        """Return pairs of texts (positions in the column) that share the key, smaller one first.

        Of many texts with the same key each is paired with the first and with the one before it,
        not with all others, so that a thousand copies of a text make two thousand pairs.
        """
        import numpy as np

        order, keys = self._order, self._keys
        same = np.flatnonzero((keys[1:] == keys[:-1]) & (keys[1:] != 0)) + 1
        run_starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
        first = run_starts[np.searchsorted(run_starts, same, side="right") - 1]
        return np.concatenate(
            (
                np.column_stack((order[first], order[same])),
                np.column_stack((order[same - 1], order[same])),
            )
        )

    def pairs_with(self, others: Keys) -> Pairs:
        """Return pairs (position in the column, position in `others`) that share the key.

        Of many texts in the column with the same key only the first is paired (`pairs_within`
        pairs it with the rest), and of many in `others` only the first and the last.
        """
        import numpy as np

        places = np.minimum(np.searchsorted(self._keys, others), len(self._keys) - 1)
        found = np.flatnonzero((self._keys[places] == others) & (others != 0))
        rows = self._order[places[found]]
        pairs = []
        for way in (slice(None), slice(None, None, -1)):
            unique, where = np.unique(rows[way], return_index=True)
            pairs.append(np.column_stack((unique, found[way][where])))
        return np.concatenate(pairs)


def unique_pairs(pairs: Sequence[Pairs]) -> list[list[int]]:
    """Return all pairs, each once, in order."""
    import numpy as np

    together = np.concatenate(pairs)
    codes = np.unique(together[:, 0] * (1 << 32) + together[:, 1])
    return np.column_stack((codes >> 32, codes & 0xFFFFFFFF)).tolist()


class Groups:
    """Disjoint sets of the numbers from 0, joined pair by pair (union-find)."""

    def __init__(self, size: int) -> None:
        self._parents = list(range(size))

    def of(self, number: int) -> int:
        """Return the smallest number of the set that `number` is in."""
        parents = self._parents
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    def join(self, left: int, right: int) -> None:
        """Make the sets of two numbers one."""
        left, right = self.of(left), self.of(right)
        self._parents[max(left, right)] = min(left, right)


def group_texts(texts: Sequence[str]) -> list[int]:
    """Return for each text the index of the first text of its group of near-duplicates."""
    groups = Groups(len(texts))
    columns = [SortedKeys(column) for column in fingerprints(texts).T]
    for left, right in unique_pairs([column.pairs_within() for column in columns]):
        if groups.of(left) != groups.of(right) and similar(texts[left], texts[right]):
            groups.join(left, right)
    return [groups.of(index) for index in range(len(texts))]


def _hash(text: str) -> int:
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") or 1


def _shingles(split: Sequence[Sequence[str]], counts: NDArray[np.int64]) -> tuple[Keys, Any]:
    """Return the hashes of all runs of three words in all texts, and where each text's begin."""
    import numpy as np

    # A short hash of a word is enough: what collides becomes a candidate and is then compared.
    words = chain.from_iterable(split)
    codes = np.fromiter(map(zlib.crc32, map(str.encode, words)), dtype=np.uint64)
    mixed = _mix(codes[:-2])
    mixed = _mix(mixed + codes[1:-1])
    mixed = _mix(mixed + codes[2:])
    ends = np.cumsum(counts)
    # The last two words of a text begin no shingle; in the flat array they would run into the next.
    inside = np.ones(len(codes), dtype=bool)
    inside[ends - 1] = False
    inside[ends - 2] = False
    starts = np.concatenate(([0], np.cumsum(counts - (_SHINGLE - 1))[:-1]))
    return mixed[inside[: len(mixed)]], starts


def _mix(values: Keys) -> Keys:
    """Return the values scrambled, each bit depending on all (the finaliser of splitmix64)."""
    import numpy as np

    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _factors(count: int) -> Keys:
    """Return odd numbers of 64 random-looking bits, the same on every machine."""
    import numpy as np

    numbers = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return _mix(numbers) | np.uint64(1)
