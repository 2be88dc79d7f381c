"""Hashes that are the same on every machine and in every run."""

from __future__ import annotations

import hashlib
from pathlib import Path

_BLOCK = 1 << 20


def text_sha256(text: str) -> bytes:
    """Return the SHA-256 of a text's UTF-8 bytes (32 bytes).

    Lone surrogates, which UTF-8 has no bytes for, are hashed as their code point's three bytes.
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hex.

    Never of a project file: closing it here would drop the locks that SQLite holds on it.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def stable_fraction(*parts: str) -> float:
    """Return a number in [0, 1) that depends on nothing but the parts and their order."""
    text = "\x1f".join(parts)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    # 53 bits are what a float holds exactly; more would round up to 1.0 in rare cases.
    return (int.from_bytes(digest[:8], "big") >> 11) / (1 << 53)
