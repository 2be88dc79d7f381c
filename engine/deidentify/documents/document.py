"""What every kind of document can do, and the rules for what is written in one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from engine.core.errors import BugError, KnownError
from engine.core.language import tr

Edit = tuple[int, int, str]
"""The characters from start to end (code points, the end exclusive) give way to a new text."""

Edits = Sequence[Edit]
"""The edits of one text: ascending, and none of them shares a character with another."""

DAMAGED = "\ufffd"
"""Stands in a text for what no text can hold: a byte that means nothing, half a character."""

_SURROGATES = re.compile("[\ud800-\udfff]")


class Document(Protocol):
    """A file that was opened to have passages of it replaced.

    Attributes:
        path: the file; it is only ever read.
        texts: every text in which something may have to be replaced, in the file's order. An offset
            in one of them counts code points.
    """

    @property
    def path(self) -> Path: ...

    @property
    def texts(self) -> Sequence[str]: ...

    def write(
        self, target: Path, edits: Sequence[Edits], *, overwrite: bool = False
    ) -> tuple[str, ...]:
        """Write the file with the edits of each text to `target`, whole or not at all.

        Returns sentences that say what could not be looked into and is as it was, such as
        pictures.

        Args:
            target: the new file, never the document itself.
            edits: as many as there are texts.
            overwrite: whether a file that is there may be replaced.

        Raises:
            KnownError: if `target` is the document or exists, or cannot be written.
            BugError: if an edit lies outside its text, or two of them touch the same character.
        """
        ...


def check_target(source: Path, target: Path, *, overwrite: bool) -> None:
    """Refuse a target that would cost a file (KnownError)."""
    if target.is_dir():
        raise KnownError(tr("{path} is a folder; name a file in it.", path=target))
    if not target.exists():
        return
    if target.samefile(source):
        raise KnownError(
            tr("The result would take the place of {name}; choose another name.", name=source.name)
        )
    if not overwrite:
        raise KnownError(
            tr("{path} is already there; choose another name, or remove it first.", path=target)
        )


def check_edits(texts: Sequence[str], edits: Sequence[Edits]) -> None:
    """Refuse edits that do not fit the texts (BugError), which would spare some and hit others."""
    if len(edits) != len(texts):
        raise BugError(f"there are {len(texts)} texts and edits for {len(edits)}")
    for number, (text, changes) in enumerate(zip(texts, edits, strict=True)):
        free = 0
        for start, end, _ in changes:
            if not free <= start < end <= len(text):
                raise BugError(f"the edit {start}–{end} of text {number} does not fit")
            free = end


def edited(text: str, edits: Edits) -> str:
    """Return a text with its edits."""
    pieces = []
    at = 0
    for start, end, new in edits:
        pieces += [text[at:start], new]
        at = end
    return "".join([*pieces, text[at:]])


def on_one_line(edits: Edits) -> Edits:
    """Return the edits with no line end in a new text, for what must stay one line."""
    return [(start, end, " ".join(new.splitlines())) for start, end, new in edits]


def as_text(raw: str) -> str:
    """Return a string with `DAMAGED` for each lone surrogate in it, which no text can hold."""
    return _SURROGATES.sub(DAMAGED, raw)
