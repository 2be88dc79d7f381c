"""What counts as one word for a person who marks names, dates and numbers.

A word is a run of characters without space, less the punctuation around it: "03/04/2024",
"14.3.2024", "HM-1234-0042", "o.okafor@example.org", "half-timbered" and "3,50" are one press of a
key each, and "14 Mill Lane" is three. A run is cut where two words merely stand close together:

- at brackets, quotation marks, long dashes, ellipses and doubled hyphens;
- at a comma, colon or semicolon that does not stand between two digits ("12:30" stays whole);
- before a possessive ’s, which belongs to no name;
- between characters of scripts that are written without spaces (Chinese, Japanese kana, Thai, Lao,
  Khmer, Burmese), where each character counts as a word and Shift extends from one to the next.

A run of more than a thousand characters, such as an encoded picture, is cut as well. Addresses of
and of mail are not cut inside. "%", currency signs, a leading "#" or "+" and the last point
of "U.S." or "e.g." belong to their word, other punctuation does not.
"""

from __future__ import annotations

import re
from unicodedata import category

Range = tuple[int, int]

_SPACE = re.compile(r"[\s\u200b]")
_NO_SPACE = re.compile(r"[^\s\u200b]")
_CUT = re.compile(
    r"[()\[\]{}<>«»‹›“”„‟‘‚\"—―…|]+|--+|\.\.+|(?<!\d)[,;:]|[,;:](?!\d)"
    r"|[、。，．：；！？・「」『』【】〈〉《》（）]+"
)
_ALONE = (
    "\u2e80-\u2fd5\u3005-\u3007\u3041-\u3096\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff\u0e01-\u0e30\u0e32-\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2-\u0eb3"
    "\u0ec0-\u0ec6\u1000-\u102a\u1780-\u17b3"
)
_MARKS = "\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece"
_MARKS += "\u102b-\u103e\u17b4-\u17d3\ufe00-\ufe0f\U000e0100-\U000e01ef\u3099\u309a"
_BY_CHARACTER = re.compile(f"[{_ALONE}][{_MARKS}]*")
_ABBREVIATION = re.compile(r"(?:[^\W\d_]\.){2,}\Z")
_POSSESSIVE = re.compile(r"['’][sS]\Z")
_CELL, _NEAR = 1024, 256
_WITH_NEXT = frozenset("#+@§&")
_WITH_PREVIOUS = frozenset("%‰+°′″")


def word_at(content: str, position: int) -> Range | None:
    """Return the word that holds the character at `position` or ends there, if there is one."""
    found = None
    for start, end in _words_of_run(content, position):
        if start <= position < end:
            return start, end
        if end == position:
            found = start, end
    return found


def next_word(content: str, position: int) -> Range | None:
    """Return the first word that begins after `position`."""
    at = max(position, 0)
    while at < len(content):
        for start, end in _words_of_run(content, at):
            if start > position:
                return start, end
        found = _NO_SPACE.search(content, _run(content, at)[1])
        at = found.start() if found else len(content)
    return None


def previous_word(content: str, position: int) -> Range | None:
    """Return the last word that begins before `position`."""
    at = position
    while at >= 0:
        for start, end in reversed(_words_of_run(content, at)):
            if start < position:
                return start, end
        at = _end_of_text(content, _run(content, at)[0]) - 1
    return None


def next_word_end(content: str, position: int) -> int | None:
    """Return the first end of a word after `position`."""
    here = word_at(content, position)
    if here is not None and here[1] > position:
        return here[1]
    word = next_word(content, position)
    return None if word is None else word[1]


def previous_word_end(content: str, position: int) -> int | None:
    """Return the last end of a word before `position`."""
    at = position
    while (word := previous_word(content, at)) is not None:
        if word[1] < position:
            return word[1]
        at = word[0]
    return None


def _words_of_run(content: str, position: int) -> list[Range]:
    start, end = _run(content, position)
    run = content[start:end]
    if not run:
        return []
    is_address = "://" in run or "@" in run.strip("@")
    words = []
    for low, high in [(0, len(run))] if is_address else _parts(run):
        low, high = _strip(run, low, high)
        words += [(start + a, start + b) for a, b in _by_script(run, low, high)]
    return words


def _run(content: str, position: int) -> Range:
    start = position
    while start and not _is_space(content[start - 1]):
        if start % _CELL == 0 and _is_cut(content, start):
            break
        start -= 1
    end = position
    while True:
        border = (end // _CELL + 1) * _CELL
        found = _SPACE.search(content, end, border)
        if found:
            return start, found.start()
        if border >= len(content):
            return start, len(content)
        if _is_cut(content, border):
            return start, border
        end = border


def _is_cut(content: str, border: int) -> bool:
    """Whether there is no space anywhere near: nobody marks such a run as one word."""
    return _SPACE.search(content, max(0, border - _NEAR), border + _NEAR) is None


def _end_of_text(content: str, end: int) -> int:
    """Return where content[:end] ends without the space it ends in."""
    while end and _is_space(content[end - 1]):
        low = max(0, end - _CELL)
        end = low + len(content[low:end].rstrip().rstrip("\u200b"))
    return end


def _is_space(character: str) -> bool:
    return character.isspace() or character == "\u200b"


def _parts(run: str) -> list[Range]:
    parts, low = [], 0
    for cut in _CUT.finditer(run):
        parts.append((low, cut.start()))
        low = cut.end()
    parts.append((low, len(run)))
    return parts


def _strip(run: str, low: int, high: int) -> Range:
    """Return the part of a run without the punctuation around it; empty if nothing is left."""
    first, last = low, high
    while low < high and _is_around(run[low]):
        low += 1
    while low < high and _is_around(run[high - 1]):
        high -= 1
    if low == high:
        return low, low
    if low > first and run[low - 1] in _WITH_NEXT and run[low].isalnum():
        low -= 1
    if high < last and run[high] == "." and _ABBREVIATION.match(run, low, high + 1):
        high += 1
    while high < last and run[high] in _WITH_PREVIOUS:
        high += 1
    owner = _POSSESSIVE.search(run, low, high)
    if owner and owner.start() > low:
        high = owner.start()
    return low, high


def _is_around(character: str) -> bool:
    kind = category(character)
    if kind[0] == "P" or kind in ("Cc", "Cs"):
        return True
    return kind in ("Sm", "Sk", "Cf") and character < "\U00010000"


def _by_script(run: str, low: int, high: int) -> list[Range]:
    """Return a part as one word, or cut where a script without spaces makes words."""
    words, at = [], low
    for single in _BY_CHARACTER.finditer(run, low, high):
        if single.start() > at:
            words.append((at, single.start()))
        words.append(single.span())
        at = single.end()
    if at < high:
        words.append((at, high))
    return words
