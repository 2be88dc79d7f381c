"""Word documents made with python-docx, and changed by hand where it cannot make something."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import docx
import pytest

from engine.deidentify.documents.document import Document, Edits

RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def read_parts(path: Path) -> dict[str, bytes]:
    """The bytes of every part of an archive, by name."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def save_parts(path: Path, parts: Mapping[str, bytes | str]) -> Path:
    """Write an archive of these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def edits_for(document: Document, secret: str, new: str = "[X]") -> list[Edits]:
    """Edits that replace a string wherever the document says it."""
    return [
        [(match.start(), match.end(), new) for match in re.finditer(re.escape(secret), text)]
        for text in document.texts
    ]


@pytest.fixture(scope="session")
def parts_of() -> Callable[[Path], dict[str, bytes]]:
    """Read the parts of an archive: see `read_parts`."""
    return read_parts


@pytest.fixture(scope="session")
def masked() -> Callable[..., list[Edits]]:
    """Find a string in all texts of a document: see `edits_for`."""
    return edits_for


@pytest.fixture
def make_word(tmp_path: Path) -> Callable[..., Path]:
    """Make a Word document whose body is a piece of XML, with further parts.

    ``make_word(body, parts={name: (type, kind, content)})``: each part hangs on the document by a
    relationship of this kind; without a type it has one already.
    """

    def make(
        body: str,
        name: str = "letter.docx",
        parts: Mapping[str, tuple[str, str, str | bytes]] | None = None,
        change: Callable[[dict[str, Any]], None] = lambda parts: None,
    ) -> Path:
        path = tmp_path / name
        docx.Document().save(str(path))
        found: dict[str, Any] = {**read_parts(path)}
        for part in ("word/styles.xml", "word/stylesWithEffects.xml"):
            # Hundreds of styles that no test needs would take up most of its time.
            found[part] = re.sub(rb"(?s)<w:style .*</w:style>|<w:lsdE.*?/>", b"", found[part])
        document = found["word/document.xml"].decode("utf-8")
        found["word/document.xml"] = re.sub(
            r"<w:body>", lambda _: f"<w:body>{body}", document, count=1
        ).encode("utf-8")
        for number, (part, (content_type, kind, content)) in enumerate((parts or {}).items()):
            found[part] = content
            _add(
                found,
                "[Content_Types].xml",
                f'<Override PartName="/{part}" ContentType="{content_type}"/></Types>',
            )
            target = part.removeprefix("word/") if part.startswith("word/") else f"/{part}"
            _add(
                found,
                "word/_rels/document.xml.rels",
                f'<Relationship Id="x{number}" Type="{RELS}/{kind}" Target="{target}"/>'
                "</Relationships>",
            )
        change(found)
        return save_parts(path, found)

    return make


def _add(parts: dict[str, Any], name: str, addition: str) -> None:
    text = parts[name].decode("utf-8")
    end = addition[addition.rindex("</") :]
    parts[name] = text.replace(end, addition).encode("utf-8")
