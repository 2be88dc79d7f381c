"""A file of plain text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from engine.core.files import atomic_write
from engine.deidentify.documents.document import Edits, check_edits, check_target
from engine.deidentify.documents.encoded_text import EncodedText
from engine.interchange.detect import DetectedFile

LONGEST_TEXT = 1_000_000
"""Characters; a longer file is cut where a paragraph, a line or a word ends."""


class PlainTextDocument:
    """A file of plain text; see `Document`. It is one text, unless it is very long.

    The encoding, its mark and the ends of lines stay, byte for byte.

    Raises:
        KnownError: if the file cannot be read, or its encoding is unknown.
    """

    def __init__(self, detected: DetectedFile) -> None:
        self.path = detected.path
        self._source = EncodedText(detected)
        self._cuts = _cuts(self._source.text)
        self.texts = tuple(self._source.text[start:end] for start, end in pairwise(self._cuts))

    def write(
        self, target: Path, edits: Sequence[Edits], *, overwrite: bool = False
    ) -> tuple[str, ...]:
        """Write the file with its edits: see `Document.write`."""
        check_target(self.path, target, overwrite=overwrite)
        check_edits(self.texts, edits)
        moved = [
            (cut + start, cut + end, new)
            for cut, changes in zip(self._cuts, edits, strict=False)
            for start, end, new in changes
        ]
        data, sentences = self._source.patched(moved)
        with atomic_write(target, "wb") as file:
            file.write(data)
        return sentences


def _cuts(text: str) -> list[int]:
    cuts = [0]
    while len(text) - cuts[-1] > LONGEST_TEXT:
        start, limit = cuts[-1], cuts[-1] + LONGEST_TEXT
        ends = (text.rfind(end, start, limit) + len(end) for end in ("\n\n", "\n", "\r", " "))
        # An end that is not found, or stands at the very beginning, would cut nothing off.
        cuts.append(next((cut for cut in ends if cut > start + len("\n\n")), limit))
    return [*cuts, len(text)] if text else [0, 0]
