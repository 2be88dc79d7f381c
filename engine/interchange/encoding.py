"""Which characters the bytes of a text file stand for.

UTF-8 is taken wherever it fits, since nothing else looks like it by chance. A file that is UTF-8
but for a few damaged places stays UTF-8, and the damage is repaired row by row and reported. Only
then are older encodings considered: Windows-1252 first, because short Western texts are its most
common case and statistical guessers take them for something exotic, then charset-normalizer's
guess among the encodings that office programs write.
"""

from __future__ import annotations

import codecs
from collections.abc import Generator
from pathlib import Path

BLOCK = 1 << 20  # bytes read at a time: about a millisecond of work
_SAMPLE = 1 << 17  # bytes of telling lines that the guesser looks at

# A lone surrogate cannot come out of a correct decoding, so it marks the place of a broken byte.
BROKEN = "\udc80"
ERRORS = "glossator.broken"

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with UTF-16's mark, so it goes first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OFFICE_ENCODINGS = [
    "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp874",
    "mac_roman", "koi8_r", "cp932", "gb18030", "big5", "cp949", "euc_jp", "euc_kr",
]  # fmt: skip
_WESTERN = frozenset(
    "äöüÄÖÜßàâæçéèêëîïôœùûÿÀÂÆÇÉÈÊËÎÏÔŒÙÛáíóúñÁÍÓÚÑåøÅØãõÃÕìòÌÒ"
    "\u00a0‘’‚“”„–—…€£¥§°«»‹›¿¡·•™©®½¼¾²´ºª×±µ†"
)


def _mark_broken(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError):
        return BROKEN, error.end
    raise error


codecs.register_error(ERRORS, _mark_broken)


def find_encoding(path: Path) -> Generator[int, None, str]:
    """Return the name of a text file's encoding, reading all of it.

    Yields the number of bytes read after each block, so that a caller with other things to do
    can do them in between.
    """
    with path.open("rb") as file:
        encoding = utf_by_byte_order(file.read(4096))
        if encoding:
            return encoding
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")(ERRORS)
        broken = beyond_ascii = 0
        telling = bytearray()
        while block := file.read(BLOCK):
            if block.isascii() and not decoder.getstate()[0]:
                yield file.tell()
                continue
            text = decoder.decode(block)
            broken += text.count(BROKEN)
            beyond_ascii += len(block) - len(text)
            if len(telling) < _SAMPLE:
                lines = (line for line in block.splitlines(True) if not line.isascii())
                telling += b"".join(lines)[:_SAMPLE]
            yield file.tell()
        broken += decoder.decode(b"", final=True).count(BROKEN)
    if not broken or beyond_ascii > 4 * broken:
        return "utf-8"
    return _guess(bytes(telling))


def utf_by_byte_order(head: bytes) -> str:
    """Return the Unicode encoding that a file's first bytes announce, or ""."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding
    head = head[:4096]
    # Without a mark, UTF-16 of mostly Latin text has a NUL in every other byte.
    pairs = len(head) // 2
    if pairs >= 4:
        even, odd = head[0::2].count(0), head[1::2].count(0)
        if odd > 0.4 * pairs and even < 0.05 * pairs:
            return "utf-16-le"
        if even > 0.4 * pairs and odd < 0.05 * pairs:
            return "utf-16-be"
    return ""


def _guess(sample: bytes) -> str:
    if _looks_western(sample):
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=_OFFICE_ENCODINGS).best()
    return best.encoding if best is not None else "cp1252"


def _looks_western(sample: bytes) -> bool:
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    beyond = [character for character in text if not character.isascii()]
    letters = sum(character.isalpha() for character in text)
    letters_beyond = sum(character.isalpha() for character in beyond)
    return all(character in _WESTERN for character in beyond) and 3 * letters_beyond <= letters
