"""Choices that depend on the project's secret and on nothing else."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Iterator
from itertools import count

SHORTEST_SECRET = 16
"""Bytes; a shorter secret could be found by trying."""


class Keyed:
    """Numbers drawn with a secret: the same for the same parts, unforeseeable without it.

    HMAC-SHA-256 (RFC 2104) over the parts, each with its length before it so that no two lists of
    parts run into one. Raises ValueError if the secret has fewer than SHORTEST_SECRET bytes.
    """

    def __init__(self, secret: bytes) -> None:
        if len(secret) < SHORTEST_SECRET:
            raise ValueError(f"a secret needs at least {SHORTEST_SECRET} bytes")
        self._secret = secret

    def digest(self, *parts: str) -> bytes:
        """32 bytes that stand for these parts."""
        message = hmac.new(self._secret, digestmod=hashlib.sha256)
        for part in parts:
            data = part.encode("utf-8", "surrogatepass")
            message.update(len(data).to_bytes(8, "big") + data)
        return message.digest()

    def numbers(self, *parts: str) -> Iterator[int]:
        """Numbers of 32 bits without end; what is left after dividing by a small one is even."""
        for block in count():
            digest = self.digest(*parts, str(block))
            for at in range(0, len(digest), 4):
                yield int.from_bytes(digest[at : at + 4], "big")

    def number(self, below: int, *parts: str) -> int:
        """One number from 0 to `below`, exclusive."""
        return int.from_bytes(self.digest(*parts), "big") % below


def normalised(string: str) -> str:
    """The string by which passages are compared: NFKC, case folded, one space between words."""
    folded = unicodedata.normalize("NFKC", string).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())
