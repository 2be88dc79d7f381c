"""Where in a text something is likely to be marked, told by its look alone.

A name, a number, a date, an address: passages of capitalised words and of figures, each with its
borders, so that a person who marks them need neither walk to them nor say where they end. It is a
guess that costs one key where it is wrong. Nothing here knows the labels of the task.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_POSTCODE = 5  # characters of one half of it
WINDOW = 2_000  # characters that are looked through at a time on the way back
_OPENING = "([{<\"'“„‘«»›‹¿¡#"
_CLOSING = ".,;:!?)]}>\"'”’»«›‹…"
_CURRENCIES = "£$€¥₹"
_TITLE_WORDS = """
mr mrs ms miss mx dr prof sir madam dame lord lady herr frau hr fr mme mlle sr sra sig
"""
_MONTH_WORDS = """
january february march april may june july august september october november december
jan feb mar apr jun jul aug sep sept oct nov dec januar februar märz mai juni juli oktober dezember
janvier février mars avril juin juillet août septembre octobre novembre décembre
"""
# Words that are capital at the beginning of a sentence, in a greeting or in English as such.
_COMMON_WORDS = """
i i'm i've i'd i'll a an the this that these those it its he she we you they my your his her our
their and but or nor so yet if when while as since after before because although though then there
here what who why how where which in on at by for from of to with without about into over under not
no yes please thank thanks dear hello hi hey good best kind yours sincerely cheers faithfully
regards greetings subject re fwd fw cc ps encl attn tel fax ref do does did is are was were am be
been has have had can could may might must shall should will would let all any both each every few
many more most much some such other another same only just also even still
der die das ein eine ich wir sie er es und oder aber sehr liebe lieber guten mit freundlichen
le la les un une je nous vous il elle et ou mais bonjour cher chère madame monsieur
"""
_TITLES = frozenset(_TITLE_WORDS.split())
_MONTHS = frozenset(_MONTH_WORDS.split())
_COMMON = frozenset(_COMMON_WORDS.split())

_SPACE = re.compile(r"\s")
_TOKEN = re.compile(r"\S+")
_DATE = re.compile(r"\d{1,4}([./-])\d{1,2}(?:\1\d{2,4})?")
_HOUSE = re.compile(r"\d{1,4}(?:[a-zA-Z]|st|nd|rd|th)?")
_FIGURES = re.compile(r"\+?\(?\d{2,8}\)?")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_PAIRS = {
    ("name", "name"),
    ("name", "initial"),
    ("name", "house"),
    ("house", "name"),
    ("house", "month"),
    ("month", "house"),
    ("short", "house"),
    ("short", "figures"),
}
_LINE_ENDS = ("\n", "\r", "\u2028", "\u2029")


@dataclass(frozen=True, slots=True)
class _Word:
    """A word without the signs around it; offsets are code points, the end exclusive."""

    start: int
    end: int
    text: str
    kind: str  # "name", "short" (a few capitals), "month", "house", "figures", "date", "code", …
    begins: bool  # a sentence or a line
    ends: str  # the signs behind it


def next_candidate(content: str, position: int) -> tuple[int, int] | None:
    """Return the first likely passage that begins at `position` or behind it, or None."""
    start = _line_start(content, position)
    return next((found for found in _candidates(content, start) if found[0] >= position), None)


def previous_candidate(content: str, position: int) -> tuple[int, int] | None:
    """Return the last likely passage that begins before `position`, or None."""
    upper = position
    while upper > 0:
        lower = _line_start(content, max(0, upper - WINDOW))
        found = None
        for candidate in _candidates(content, lower, upper):
            found = candidate
        if found is not None:
            return found
        upper = lower
    return None


def _line_start(content: str, position: int) -> int:
    """Return the beginning of the line, or of a word no further back than a window."""
    lowest = max(0, position - WINDOW)
    line = content.rfind("\n", lowest, position) + 1
    if line or not lowest:
        return line
    space = _SPACE.search(content, lowest, position)
    return space.end() if space else lowest


def _candidates(content: str, start: int, stop: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield the likely passages that begin between `start` and `stop`."""
    run: list[_Word] = []
    for word in _words(content, start):
        if run and not _joins(content, run, word):
            yield from _of_run(content, run)
            run = []
        if stop is not None and not run and word.start >= stop:
            return
        if run or word.kind:
            run.append(word)
    yield from _of_run(content, run)


def _words(content: str, start: int) -> Iterator[_Word]:
    begins = True
    place = start
    for match in _TOKEN.finditer(content, start):
        if any(sign in _LINE_ENDS for sign in content[place : match.start()]):
            begins = True
        place = match.end()
        token = match.group()
        core = token.lstrip(_OPENING + "/")
        left = match.start() + len(token) - len(core)
        core = core.rstrip(_CLOSING + "/")
        ends = content[left + len(core) : match.end()]
        if not core:
            begins = begins or ends[-1:] in (".", "!", "?")
            continue
        slash = core.find("/")
        if slash > 0 and "@" not in core and not any(sign.isdigit() for sign in core):
            core = core[:slash]
            ends = "/"
        yield _Word(left, left + len(core), core, _kind(core, ends), begins, ends)
        begins = ends[-1:] in (".", "!", "?", ":") and not _is_initial(core)


def _kind(core: str, ends: str) -> str:
    """Return what a word looks like, or "" for one that nobody would mark by its look."""
    if _is_initial(core):
        return "initial" if ends.startswith(".") else ""
    lower = core.lower().removesuffix("’s").removesuffix("'s")
    if "@" in core or "://" in core or lower.startswith("www."):
        return "code"
    if core[0] in _CURRENCIES or core[-1] in _CURRENCIES:
        return "amount" if any(sign.isdigit() for sign in core) else ""
    if any(sign.isdigit() for sign in core):
        if _DATE.fullmatch(core):
            return "date"
        if _HOUSE.fullmatch(core):
            return "house"
        return "figures" if _FIGURES.fullmatch(core) else "code"
    if not core[0].isupper():
        return ""
    if lower in _MONTHS:
        return "month"
    if lower in _TITLES or lower in _COMMON:
        return ""
    if core.isupper() and len(core) <= 3:
        return "short"
    return "name"


def _is_initial(core: str) -> bool:
    return len(core) == 1 and core.isupper()


def _joins(content: str, run: list[_Word], word: _Word) -> bool:
    """Return whether a word goes on with the passage before it."""
    last = run[-1]
    gap = content[last.end : word.start]
    if any(sign in _LINE_ENDS for sign in gap):
        return False
    kinds = [one.kind for one in run]
    signs = gap.strip()
    if signs == ".":
        numeral = kinds == ["house"] and word.kind == "month"
        return numeral or (last.kind == "initial" and word.kind in ("name", "initial"))
    address = "house" in kinds and "name" in kinds and "month" not in kinds
    if signs == ",":
        if "month" in kinds:
            return bool(_YEAR.fullmatch(word.text)) and last.kind in ("house", "month")
        return address and word.kind in ("name", "figures", "house", "code")
    if signs not in ("", "’", "'"):
        return False
    if "month" in kinds:
        figures = word.kind == "house" and len(kinds) < 3
        return figures and (last.kind == "month" or bool(_YEAR.fullmatch(word.text)))
    if address and word.kind in ("short", "house", "figures", "code"):
        return len(word.text) <= LONGEST_POSTCODE
    if address and (last.kind, word.kind) == ("figures", "name"):
        return True
    if last.kind in ("house", "figures") and word.kind in ("house", "figures"):
        return min(len(last.text), len(word.text)) > 1 and len(last.text) + len(word.text) > 4
    return (last.kind, word.kind) in _PAIRS


def _of_run(content: str, run: list[_Word]) -> Iterator[tuple[int, int]]:
    """Return what of a run of words is likely to be marked, if anything."""
    if not run:
        return
    first, last = run[0], run[-1]
    if len(run) == 1 and not _alone(content, first):
        return
    yield first.start, last.end


def _alone(content: str, word: _Word) -> bool:
    """Return whether a word that stands alone is worth a stop."""
    if word.kind == "name":
        return not word.begins or _is_line(content, word)
    if word.kind == "house":
        return bool(_YEAR.fullmatch(word.text))
    return word.kind not in ("short", "month", "initial")


def _is_line(content: str, word: _Word) -> bool:
    """Return whether the line ends behind a word that begins one or a sentence: a signature."""
    return word.start > 0 and content[word.end : word.end + 1] in ("", *_LINE_ENDS)
