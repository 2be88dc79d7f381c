"""The texts of a paragraph, whose words may be torn into any number of runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from engine.deidentify.documents.document import Edits
from engine.deidentify.documents.word.names import DRAWING, MATH, SPACE, WORD, split_name
from engine.deidentify.documents.word.xml_text import drop_element, storable

_TEXTS = frozenset({"t", "delText", "instrText", "delInstrText"})
_INSTRUCTIONS = frozenset({"instrText", "delInstrText"})
_SIGNS = {
    "tab": "\t",
    "ptab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "\u2011",
    "softHyphen": "\u00ad",
    "sym": "\ufffc",
}
_GONE = frozenset({"del", "moveFrom"})
_COME = frozenset({"ins", "moveTo"})
_ASIDE = frozenset({"rt", "Fallback"})  # a gloss over characters; what older programs show instead


@dataclass(frozen=True, slots=True)
class Piece:
    """An element of a paragraph that stands for characters.

    `stream` names what it is read with; a revision keeps what was there before (`gone`) beside what
    has taken its place (`come`).
    """

    element: Any
    text: str
    stream: str
    gone: bool
    come: bool


class Paragraph:
    """A paragraph of a document, a text box, a drawing or a chart.

    Attributes:
        texts: what it says; and where it was revised, what it said before as a text of its own.
            Each field's instruction and each gloss is a text of its own, too.
    """

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self._streams = [
            stream
            for stream in _streams(pieces)
            if "".join(pieces[place].text for place in stream).strip()
        ]
        self.texts = [
            storable("".join(pieces[place].text for place in stream)) for stream in self._streams
        ]

    def edit(self, edits: Sequence[Edits]) -> None:
        """Change the elements by the edits of each text.

        A new text goes into the first run that an edit touches, in that run's own formatting. What
        two texts share, as that before and that after a revision do, is replaced once.
        """
        kept = [[True] * len(piece.text) for piece in self._pieces]
        new: dict[int, dict[int, str]] = {}
        for stream, changes in zip(self._streams, edits, strict=True):
            for start, end, text in changes:
                touched = list(self._touched(stream, start, end))
                if all(kept[place][at] for place, at in touched):
                    place, at = next(
                        (spot for spot in touched if _is_text(self._pieces[spot[0]])), touched[0]
                    )
                    new.setdefault(place, {})[at] = storable(text)
                for place, at in touched:
                    kept[place][at] = False
        for place, piece in enumerate(self._pieces):
            if not all(kept[place]):
                _rewrite(piece, kept[place], new.get(place, {}))

    def _touched(self, stream: list[int], start: int, end: int) -> Iterator[tuple[int, int]]:
        before = 0
        for place in stream:
            length = len(self._pieces[place].text)
            for at in range(max(start - before, 0), min(end - before, length)):
                yield place, at
            before += length


def find_paragraphs(root: Any) -> Iterator[tuple[Any, Paragraph]]:
    """Yield each paragraph below an element that says something, with its element."""
    pieces: dict[Any, list[Piece]] = {}
    instruction: dict[Any, int] = {}
    for element in root.iter(etree.Element):
        namespace, local = split_name(element.tag)
        if namespace not in WORD and namespace not in DRAWING and namespace not in MATH:
            continue
        if local == "fldChar":
            paragraph = _surroundings(element)[0]
            instruction[paragraph] = instruction.get(paragraph, 0) + 1
            continue
        text = (element.text or "") if local in _TEXTS else _SIGNS.get(local, "")
        if not text or (local in _SIGNS and not _stands_in_run(element)):
            continue
        paragraph, around = _surroundings(element)
        if paragraph is None:
            continue
        if local in _INSTRUCTIONS:
            stream = f"instruction {instruction.get(paragraph, 0)}"
        else:
            stream = next((name for name in around if name in _ASIDE), "")
        gone = bool(_GONE & around) or local.startswith("del")
        piece = Piece(element, text, stream, gone, bool(_COME & around))
        pieces.setdefault(paragraph, []).append(piece)
    for element, found in pieces.items():
        paragraph = Paragraph(found)
        if paragraph.texts:
            yield element, paragraph


def is_paragraph_text(element: Any) -> bool:
    """Return whether an element's text is read as a part of its paragraph."""
    namespace, local = split_name(element.tag)
    return (
        local in _TEXTS
        and (namespace in WORD or namespace in DRAWING or namespace in MATH)
        and _surroundings(element)[0] is not None
    )


def _surroundings(element: Any) -> tuple[Any, frozenset[str]]:
    """Return the paragraph that an element is in, or None, and the names on the way up to it."""
    names: set[str] = set()
    for ancestor in element.iterancestors():
        namespace, local = split_name(ancestor.tag)
        if local == "p" and (namespace in WORD or namespace in DRAWING):
            return ancestor, frozenset(names)
        names.add(local)
    return None, frozenset(names)


def _stands_in_run(element: Any) -> bool:
    # A tab may also be a tab stop of the paragraph's formatting.
    namespace, local = split_name(element.tag)
    parent = split_name(element.getparent().tag)[1]
    return parent == "r" if namespace in WORD else (local == "br" and parent == "p")


def _streams(pieces: Sequence[Piece]) -> Iterator[list[int]]:
    names = dict.fromkeys(piece.stream for piece in pieces)
    for name in sorted(names):  # the paragraph itself, "", goes first
        places = [place for place, piece in enumerate(pieces) if piece.stream == name]
        today = [place for place in places if not pieces[place].gone]
        before = [place for place in places if pieces[place].gone or not pieces[place].come]
        yield today
        if before != today:
            yield before


def _is_text(piece: Piece) -> bool:
    return split_name(piece.element.tag)[1] in _TEXTS


def _rewrite(piece: Piece, kept: list[bool], new: dict[int, str]) -> None:
    characters = []
    for at, character in enumerate(piece.text):
        characters.append(new.get(at, ""))
        if kept[at]:
            characters.append(character)
    text = "".join(characters)
    element = piece.element
    if not _is_text(piece):
        if text:
            _put_text_instead(element, text, gone=piece.gone)
        else:
            drop_element(element)
        return
    if not text and split_name(element.tag)[0] in WORD:
        drop_element(element)
        return
    element.text = text
    if text != text.strip() and split_name(element.tag)[0] not in DRAWING:
        element.set(SPACE, "preserve")


def _put_text_instead(element: Any, text: str, *, gone: bool) -> None:
    """Put a text in the place of a tab or a line break."""
    namespace = split_name(element.tag)[0]
    if namespace in DRAWING:
        run = etree.Element(f"{{{namespace}}}r")
        etree.SubElement(run, f"{{{namespace}}}t").text = text
        replacement = run
    else:
        replacement = etree.Element(f"{{{namespace}}}{'delText' if gone else 't'}")
        replacement.text = text
        replacement.set(SPACE, "preserve")
    replacement.tail = element.tail
    element.getparent().replace(element, replacement)
