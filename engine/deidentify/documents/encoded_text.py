"""A text file whose bytes stay as they are wherever nothing is replaced."""

from __future__ import annotations

import codecs
from bisect import bisect_left
from pathlib import Path

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.deidentify.documents.document import DAMAGED, Edits, as_text
from engine.interchange.detect import DetectedFile
from engine.interchange.encoding import ERRORS

_MOST_DAMAGED = 0.1  # a larger share of damaged characters means that the encoding is not known
_MARKS = {
    "utf-8-sig": ((codecs.BOM_UTF8, "utf-8"),),
    "utf-16": ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")),
    "utf-32": ((codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be")),
}


class EncodedText:
    """The characters of a file, and the way back to its bytes.

    Attributes:
        text: without the byte order mark; a damaged byte is one character, `DAMAGED`.
        raw: the same, with a lone surrogate in such a place.

    Raises:
        KnownError: if the file cannot be read, or its encoding is unknown.
    """

    def __init__(self, detected: DetectedFile) -> None:
        self._name, self._encoding_name = detected.path.name, detected.encoding_name
        self._mark, self._body, self._codec = _split_mark(_read(detected.path), detected.encoding)
        self._errors = "surrogatepass" if self._codec.startswith("utf-16") else "surrogateescape"
        self._ends: list[int] | None = None
        self.raw = self._decode()
        self.text = as_text(self.raw)
        if self.text.count(DAMAGED) > _MOST_DAMAGED * len(self.text):
            raise KnownError(
                tr(
                    "{name} cannot be read: its encoding is unknown; save it as UTF-8.",
                    name=self._name,
                )
            )

    def patched(self, edits: Edits) -> tuple[bytes, tuple[str, ...]]:
        """Return the file's bytes with the edits, and a sentence if a new text was altered.

        That is when it has characters that the file's encoding has not; "*" stands for them.
        """
        pieces = [self._mark]
        at = lost = 0
        for start, end, new in edits:
            known, without = self._encode(new)
            pieces += [self._kept(at, start), known]
            lost += without
            at = end
        pieces.append(self._kept(at, len(self.raw)))
        if not lost:
            return b"".join(pieces), ()
        return b"".join(pieces), (
            tr(
                "The encoding of {name}, {encoding}, lacks characters of the new texts; “*” stands "
                "for them in {lost:,} of these.",
                name=self._name,
                encoding=self._encoding_name,
                lost=lost,
            ),
        )

    def _decode(self) -> str:
        try:
            text = self._body.decode(self._codec, self._errors)
            if text.encode(self._codec, self._errors) == self._body:
                return text
        except UnicodeError:
            pass
        # Several byte sequences of some encodings mean the same character, so the way back has to
        # be remembered.
        text, self._ends = _decode_byte_by_byte(self._body, self._codec)
        return text

    def _kept(self, start: int, end: int) -> bytes:
        if self._ends is None:
            return self.raw[start:end].encode(self._codec, self._errors)
        first = self._ends[start - 1] if start else 0
        if end == len(self._ends):
            return self._body[first:]
        # What is kept ends before the bytes that the next character has a part in.
        last = bisect_left(self._ends, self._ends[end])
        return self._body[first : self._ends[last - 1] if last else 0]

    def _encode(self, new: str) -> tuple[bytes, bool]:
        try:
            # What a cell keeps beside a new text may have damaged bytes of the file.
            return new.encode(self._codec, self._errors), False
        except UnicodeEncodeError:
            fitting = (character if self._has(character) else "*" for character in new)
            return "".join(fitting).encode(self._codec), True

    def _has(self, character: str) -> bool:
        try:
            character.encode(self._codec, self._errors)
        except UnicodeEncodeError:
            return False
        return True


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KnownError(
            tr("{path} cannot be read: {reason}.", path=path, reason=error.strerror)
        ) from None


def _split_mark(data: bytes, encoding: str) -> tuple[bytes, bytes, str]:
    for mark, codec in _MARKS.get(encoding, ()):
        if data.startswith(mark):
            return mark, data[len(mark) :], codec
    return b"", data, encoding


def _decode_byte_by_byte(data: bytes, codec: str) -> tuple[str, list[int]]:
    """Return the text, and for each of its characters the offset in bytes at which it ends.

    Characters that come out together share their end, so that cutting between them takes both.
    """
    decoder = codecs.getincrementaldecoder(codec)(ERRORS)
    characters: list[str] = []
    ends: list[int] = []
    for place in range(len(data) + 1):
        new = decoder.decode(data[place : place + 1], final=place == len(data))
        characters.append(new)
        ends += [min(place + 1, len(data))] * len(new)
    return "".join(characters), ends
