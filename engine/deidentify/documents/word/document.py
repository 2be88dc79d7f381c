"""A Word document as a document with texts."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lxml import etree

from engine.core.files import atomic_write
from engine.deidentify.documents.document import Edits, check_edits, check_target
from engine.deidentify.documents.word.names import local_name
from engine.deidentify.documents.word.package import CONTENT_TYPES, WordPackage
from engine.deidentify.documents.word.places import find_places
from engine.deidentify.documents.word.scrubbing import Scrubber, is_dropped
from engine.deidentify.documents.word.unseen import (
    describe_left,
    describe_unseen,
    replaced_strings,
)


class WordDocument:
    """A Word document (.docx and its like, ECMA-376); see `Document`.

    Its texts are the paragraphs of the body, headers, footers, notes, comments, text boxes, tables,
    charts, drawings and building blocks, and whatever else people write: instructions of fields,
    addresses of links, alternative texts, names of bookmarks, entries of forms. A paragraph is one
    text, into however many runs it is torn. One with revisions is two: what it says, and what it
    said before; deleted words are replaced as any others.

    Writing it also takes out, unasked, what identifies people and no model reads: the properties of
    the document, document variables, custom XML, the preview picture, digital signatures, settings
    of the printer, the template's address, the source of a mail merge and the list of editing
    sessions. The authors of comments and revisions become "Author 1", "Author 2" …, without dates.
    Parts to which nothing in the document leads are left out. What is not touched by any of this
    stays byte for byte.

    Raises:
        KnownError: if it is no Word document, encrypted, damaged, or made to do harm.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._package = WordPackage(path)
        self._kept = _reachable(self._package)
        self._counts: dict[str, int] = {}  # of each XML part's texts
        texts: list[str] = []
        for name in self._xml_parts():
            root = self._package.parse(name)
            Scrubber().scrub(root)
            found = [text for place in find_places(root) for text in place.texts]
            self._counts[name] = len(found)
            texts += found
        self.texts = tuple(texts)

    def write(
        self, target: Path, edits: Sequence[Edits], *, overwrite: bool = False
    ) -> tuple[str, ...]:
        """Write the document with its edits: see `Document.write`."""
        check_target(self.path, target, overwrite=overwrite)
        check_edits(self.texts, edits)
        changed: dict[str, bytes | None] = {
            name: None for name in self._package.names if name not in self._kept
        }
        scrubber = Scrubber()
        first = 0
        for name in self._xml_parts():
            last = first + self._counts[name]
            data = self._edited(name, edits[first:last], scrubber)
            if data is not None:
                changed[name] = data
            first = last
        listed = self._listed(scrubber)
        if listed is not None:
            changed[CONTENT_TYPES] = listed
        with atomic_write(target, "wb") as file:
            self._package.write(file, changed)
        return self._unseen(edits, changed)

    def _xml_parts(self) -> list[str]:
        return [
            name
            for name in self._package.names
            if name in self._kept and name != CONTENT_TYPES and self._package.is_xml(name)
        ]

    def _edited(self, name: str, edits: Sequence[Edits], scrubber: Scrubber) -> bytes | None:
        """Return a part with its edits, or None if nothing in it changes."""
        root = self._package.parse(name)
        changed = scrubber.scrub(root)
        at = 0
        for place in list(find_places(root)):
            mine = edits[at : at + len(place.texts)]
            at += len(place.texts)
            if any(mine):
                place.edit(mine)
                changed = True
        return _serialised(root) if changed else None

    def _listed(self, scrubber: Scrubber) -> bytes | None:
        """Return the list of content types without those that are left out, None if all stay."""
        root = self._package.parse(CONTENT_TYPES)
        changed = scrubber.scrub(root)
        kept = {f"/{name}".lower() for name in self._kept}
        gone = [
            element
            for element in root
            if local_name(element.tag) == "Override"
            and element.get("PartName", "").lower() not in kept
        ]
        for element in gone:
            root.remove(element)
        return _serialised(root) if gone or changed else None

    def _unseen(self, edits: Sequence[Edits], changed: dict[str, bytes | None]) -> tuple[str, ...]:
        opaque = [name for name in self._package.names
                  if name in self._kept and not self._package.is_xml(name)]  # fmt: skip
        strings = replaced_strings(self.texts, edits)
        parts = {}
        if strings:
            for name in self._package.names:
                data = changed[name] if name in changed else self._package.read(name)
                if data is not None:
                    parts[name] = data
        return (
            *describe_unseen(self._package, opaque),
            *describe_left(self._package, strings, parts),
        )


def _reachable(package: WordPackage) -> frozenset[str]:
    """Return the names of the parts that the document leads to, leaving out what is to go."""
    by_name = {name.lower(): name for name in package.names}
    kept = {CONTENT_TYPES}
    waiting = ["_rels/.rels"]
    while waiting:
        rels = waiting.pop()
        kept.add(rels)
        for one in package.relationships(rels):
            name = by_name.get(one.target.lower())
            if one.external or is_dropped(one.kind) or name is None or name in kept:
                continue
            kept.add(name)
            folder, base = posixpath.split(name)
            own = by_name.get(posixpath.join(folder, "_rels", f"{base}.rels").lower())
            if own is not None:
                waiting.append(own)
    return frozenset(kept)


def _serialised(root: Any) -> bytes:
    data: bytes = etree.tostring(
        root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True
    )
    return data
