"""CoNLL: a token a line, its tag in the last column, a line without text between sentences.

Every sentence becomes a text, its tokens joined by single spaces, and its tags become passages. The
columns are separated by tabs, or by any number of spaces. Tags are IOB1 (CoNLL-2003 as it was
published), IOB2, IOBES or BILUO, or types without a prefix; the kinds of tag are read by one rule
(that of the conlleval script), and which of them a file is written in only decides what is told as
an irregularity.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.core.language import tr, trn
from engine.interchange.interpret import LONGEST_TEXT
from engine.interchange.raw_row import RawRow
from engine.interchange.text_stream import TextStream

_DOCUMENT = "-DOCSTART-"
_SLICE = 20_000  # lines between two pauses: some 20 ms
_PREFIXES = frozenset("BIOESLU")
_BEGINS, _ENDS = frozenset("BSU"), frozenset("ESLU")
_TOLD = 3  # lines of a sentence that are told of one by one


@dataclass(frozen=True, slots=True)
class ConllNotation:
    """How a CoNLL file is written, found by reading all of it.

    `scheme` is "IOB1", "IOB2", "IOBES" (which is BILUO with other letters) or "types".
    """

    tabs: bool
    columns: int
    scheme: str
    documents: int  # lines that begin a document


@dataclass(slots=True)
class _Sentence:
    """The tokens and tags of a sentence as it is read, with the lines they stand in.

    `length` goes on counting characters when the sentence is too long to be kept.
    """

    tokens: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    length: int = 0


def find_notation(path: Path, encoding: str) -> Generator[int, None, ConllNotation]:
    """Return how a CoNLL file is written; yields the bytes read now and then."""
    with TextStream(path, encoding, newline="\n") as stream:
        tabs = _has_tabs(stream)
    widths: Counter[int] = Counter()
    prefixes: Counter[str] = Counter()
    documents = begun_inside = begun_outside = bare_types = 0
    before = "O"
    with TextStream(path, encoding, newline="\n") as stream:
        for number, line in enumerate(stream):
            cells = _cells(line, tabs)
            if not cells:
                before = "O"
            elif cells[0] == _DOCUMENT:
                documents += 1
            elif not _is_comment(cells):
                widths[len(cells)] += 1
                tag = cells[-1] if len(cells) > 1 else "O"
                bare_types += not _is_tag(tag)
                prefix, kind = _parts(tag) if _is_tag(tag) else ("O", "")
                prefixes[prefix] += 1
                # A passage begins with B in IOB2, and with I in IOB1 unless its like goes before.
                if before == "O" or _parts(before)[1] != kind:
                    begun_inside += prefix == "I"
                    begun_outside += prefix == "B"
                before = tag
            if number % _SLICE == _SLICE - 1:
                yield stream.position
    scheme = "IOB1" if begun_inside > begun_outside else "IOB2"
    if bare_types > sum(prefixes.values()) - prefixes["O"]:
        scheme = "types"
    elif any(prefixes[prefix] for prefix in _ENDS):
        scheme = "IOBES"
    usual = [width for width, _ in widths.most_common() if width > 1]
    return ConllNotation(tabs, usual[0] if usual else 2, scheme, documents)


def is_conll(text: str) -> bool:
    """Return whether the beginning of a file looks like CoNLL: most lines end in a tag.

    There has to be a tag with a prefix, or an empty line between sentences, so that no list of
    words is taken for one.
    """
    lines = [line.rstrip("\r") for line in text.split("\n")[:2000]]
    tabs = _more_with_tabs(lines)
    rows = [cells for line in lines if (cells := _cells(line, tabs)) and not _is_comment(cells)]
    tagged = [
        cells[-1]
        for cells in rows
        if len(cells) > 1 and (_is_tag(cells[-1]) or cells[0] == _DOCUMENT)
    ]
    if not rows or len(tagged) < 0.75 * len(rows):
        return False
    return any(tag != "O" for tag in tagged) or any(not line.strip() for line in lines[:-1])


class ConllReader:
    """The sentences of a CoNLL file as rows; see `RowReader`.

    A line that cannot be read is told with its number, and the rest of its sentence is kept.
    """

    def __init__(self, path: Path, encoding: str, notation: ConllNotation) -> None:
        self._stream = TextStream(path, encoding, newline="\n")
        self._name = path.stem
        self._notation = notation
        self._documents = 0

    @property
    def position(self) -> int:
        """Bytes of the file read so far."""
        return self._stream.position

    def close(self) -> None:
        """Close the file."""
        self._stream.close()

    def __iter__(self) -> Iterator[RawRow]:
        """Yield a row for each sentence."""
        number = 0
        sentence = _Sentence()
        for line in self._stream:
            cells = _cells(line, self._notation.tabs)
            if cells and cells[0] != _DOCUMENT:
                if not _is_comment(cells):
                    self._add(sentence, cells)
                continue
            if sentence.tokens:
                number += 1
                yield self._row(number, sentence)
            sentence = _Sentence()
            self._documents += bool(cells)
        if sentence.tokens:
            yield self._row(number + 1, sentence)

    def _add(self, sentence: _Sentence, cells: list[str]) -> None:
        line, width = self._stream.line, self._notation.columns
        tag = cells[-1] if len(cells) > 1 else ""
        if not cells[0]:
            sentence.faults.append(tr("line {line} has no token and was left out", line=line))
            return
        if not tag or not (_is_tag(tag) or self._notation.scheme == "types"):
            sentence.faults.append(
                tr("line {line} has no tag and was read as outside of any passage", line=line)
            )
            tag = "O"
        elif len(cells) != width:
            sentence.faults.append(
                tr(
                    "line {line} has {columns} columns instead of {usual}",
                    line=line,
                    columns=len(cells),
                    usual=width,
                )
            )
        sentence.length += len(cells[0]) + 1
        if sentence.length <= LONGEST_TEXT + 1:
            sentence.tokens.append(cells[0])
            sentence.tags.append(tag)
            sentence.lines.append(line)

    def _row(self, number: int, sentence: _Sentence) -> RawRow:
        if sentence.length > LONGEST_TEXT + 1:
            return RawRow(
                number,
                problem=tr(
                    "the sentence that begins in line {line} is longer than {most:,} characters; "
                    "an empty line has to stand between sentences",
                    line=sentence.lines[0],
                    most=LONGEST_TEXT,
                ),
            )
        spans, faults = self._spans(sentence)
        faults = [*sentence.faults, *faults]
        if len(faults) > _TOLD:
            left = len(faults) - _TOLD
            more = trn("{n} more line likewise", "{n} more lines likewise", left)
            faults = [*faults[:_TOLD], more]
        fields: dict[str, Any] = {"text": " ".join(sentence.tokens), "spans": spans}
        if self._notation.documents > 1:
            # A file that is one document would be one group, and all of it in one split.
            fields["document"] = f"{self._name}, document {self._documents}"
        return RawRow(number, fields, repairs=tuple(faults))

    def _spans(self, sentence: _Sentence) -> tuple[list[dict[str, Any]], list[str]]:
        """Return the passages that the tags stand for, and what is irregular in them."""
        spans: list[dict[str, Any]] = []
        faults: list[str] = []
        open_kind = ""
        start = 0
        for token, tag, line in zip(sentence.tokens, sentence.tags, sentence.lines, strict=True):
            prefix, kind = _parts(tag)
            if prefix == "O":
                open_kind = ""
            else:
                goes_on = prefix not in _BEGINS and open_kind == kind
                if goes_on:
                    spans[-1]["end"] = start + len(token)
                else:
                    spans.append({"start": start, "end": start + len(token), "label": kind})
                    if prefix == "I" and self._notation.scheme in ("IOB2", "IOBES"):
                        faults.append(
                            tr(
                                "line {line} begins a passage, but has {tag} for B-{kind}",
                                line=line,
                                tag=tag,
                                kind=kind,
                            )
                        )
                open_kind = "" if prefix in _ENDS else kind
            start += len(token) + 1
        return spans, faults


def _cells(line: str, tabs: bool) -> list[str]:
    """Return the columns of a line; none for a line without text, which ends a sentence."""
    line = line.rstrip("\r\n").removeprefix("\ufeff")
    if not line.strip():
        return []
    cells = line.split("\t") if tabs else [cell for cell in line.split(" ") if cell]
    return [cell.strip(" ") for cell in cells]


def _is_comment(cells: list[str]) -> bool:
    """Return whether a line only tells something of the sentence, as "# id = 7" does."""
    begins = cells[0] == "#" or cells[0].startswith("# ")
    return begins and not _is_tag(cells[-1])


def _has_tabs(stream: TextStream) -> bool:
    lines = []
    for line in stream:
        lines.append(line)
        if len(lines) == 2000:
            break
    return _more_with_tabs(lines)


def _more_with_tabs(lines: list[str]) -> bool:
    full = [line for line in lines if line.strip()]
    return 2 * sum("\t" in line.strip("\r\n") for line in full) > len(full)


def _is_tag(cell: str) -> bool:
    prefix, dash, kind = cell.partition("-")
    return cell == "O" or (dash == "-" and prefix in _PREFIXES and prefix != "O" and kind != "")


def _parts(tag: str) -> tuple[str, str]:
    """Return prefix and type of a tag; "O" has no type, and a bare type the prefix I."""
    if tag == "O" or not tag:
        return "O", ""
    prefix, dash, kind = tag.partition("-")
    return (prefix, kind) if dash and prefix in _PREFIXES and kind else ("I", tag)
