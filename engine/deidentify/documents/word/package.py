"""The archive of a Word document: its parts, what each is, and how they hang together."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote

from lxml import etree

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.deidentify.documents.word.names import WORD

CONTENT_TYPES = "[Content_Types].xml"
MOST_PARTS = 10_000
LARGEST_FILE = 1 << 30  # bytes of the archive
LARGEST_CONTENT = 2 << 30  # bytes of all parts, unpacked
LARGEST_XML = 200 << 20  # bytes of an XML part, unpacked
MOST_SWOLLEN = 300  # times its packed size; prose comes to 5, tables of the same words to 60

_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_XML_TYPE = re.compile(
    r"(application|text)/(?!xhtml|inkml)[^;]*\bxml$|.*vmlDrawing$", re.IGNORECASE
)
_UNSAFE_NAME = re.compile(r"^[/\\]|\\|^[A-Za-z]:|(^|/)\.\.(/|$)|\x00")


@dataclass(frozen=True, slots=True)
class Relationship:
    """That a part uses another; `target` is the other's name, or an address if it is `external`.

    `kind` is the last word of the relationship's type: "hyperlink", "image".
    """

    kind: str
    target: str
    external: bool


class WordPackage:
    """The parts of a Word document by name, as the file had them when it was opened.

    Raises:
        KnownError: if it cannot be read, is no Word document, is encrypted or damaged, unpacks to
            more than a document can have, or has parts with names that lead out of it.
    """

    def __init__(self, path: Path) -> None:
        self.name = path.name
        data = _read(path)
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            raise KnownError(_why_no_archive(path.name, data)) from None
        self.names = self._checked_names()
        self._check_kind()

    def read(self, name: str) -> bytes:
        """Return the bytes of a part.

        Raises:
            KnownError: if they are damaged.
        """
        try:
            return self._archive.read(name)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError):
            raise KnownError(
                tr("{name} is damaged: its part {part} cannot be read.", name=self.name, part=name)
            ) from None

    def parse(self, name: str) -> Any:
        """Return the root element of an XML part, without comments and processing instructions.

        Raises:
            KnownError: if it is damaged, or declares entities, which no Word document does.
        """
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
        )
        try:
            root = etree.fromstring(self.read(name), parser)
        except etree.XMLSyntaxError as error:
            raise KnownError(
                tr(
                    "{name} is damaged: its part {part} is not valid XML.",
                    name=self.name,
                    part=name,
                ),
                details=str(error),
            ) from None
        if root.getroottree().docinfo.internalDTD is not None:
            raise KnownError(
                tr(
                    "{name} was refused: its part {part} declares a document type, as no Word "
                    "document does and some malicious files do.",
                    name=self.name,
                    part=name,
                )
            )
        return root

    def is_xml(self, name: str) -> bool:
        """Return whether a part is XML whose texts can be looked into."""
        return name in self._xml_names

    def content_type(self, name: str) -> str:
        """Return the content type of a part, "" if it has none."""
        by_part, by_suffix = self._content_types
        found = by_part.get(f"/{name}".lower())
        return found or by_suffix.get(posixpath.splitext(name)[1].lstrip(".").lower(), "")

    def relationships(self, name: str) -> Iterator[Relationship]:
        """Yield the relationships that a ``.rels`` part declares."""
        folder = posixpath.dirname(posixpath.dirname(name))
        for element in self.parse(name).iterfind("{*}Relationship"):
            yield read_relationship(element, folder)

    def write(self, file: IO[bytes], parts: Mapping[str, bytes | None]) -> None:
        """Write the archive anew; `parts` has what changed, None for a part that is left out.

        Dates of the parts and comments of the archive are not carried over.
        """
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in self.names:
                data = parts[name] if name in parts else self.read(name)
                if data is not None:
                    info = zipfile.ZipInfo(name)  # of the year 1980, as Word itself writes it
                    info.compress_type = zipfile.ZIP_DEFLATED
                    archive.writestr(info, data)

    @cached_property
    def _xml_names(self) -> frozenset[str]:
        # A document that is embedded as a whole may have the type of its own main part.
        return frozenset(
            name
            for name in self.names
            if name.endswith((".rels", CONTENT_TYPES))
            or (_XML_TYPE.match(self.content_type(name)) and not self._is_archive(name))
        )

    @cached_property
    def _content_types(self) -> tuple[dict[str, str], dict[str, str]]:
        root = self.parse(CONTENT_TYPES)
        by_part, by_suffix = {}, {}
        for element in root.iterfind("{*}Override"):
            by_part[element.get("PartName", "").lower()] = element.get("ContentType", "")
        for element in root.iterfind("{*}Default"):
            by_suffix[element.get("Extension", "").lower()] = element.get("ContentType", "")
        return by_part, by_suffix

    def _is_archive(self, name: str) -> bool:
        try:
            with self._archive.open(name) as part:
                return part.read(2) == b"PK"
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError):
            return False  # reading it tells what is wrong with it

    def _checked_names(self) -> tuple[str, ...]:
        entries = [entry for entry in self._archive.infolist() if not entry.is_dir()]
        if any(entry.flag_bits & 1 for entry in entries):
            raise KnownError(
                tr("{name} is encrypted; save it without a password first.", name=self.name)
            )
        if len(entries) > MOST_PARTS or sum(e.file_size for e in entries) > LARGEST_CONTENT:
            raise KnownError(
                tr("{name} was refused: it unpacks to more than any document has.", name=self.name)
            )
        if any(_UNSAFE_NAME.search(entry.filename) for entry in entries):
            raise KnownError(
                tr(
                    "{name} was refused: the name of a part leads out of the document.",
                    name=self.name,
                )
            )
        names = tuple(entry.filename for entry in entries)
        if len({name.lower() for name in names}) < len(names):
            raise KnownError(
                tr("{name} was refused: two of its parts have the same name.", name=self.name)
            )
        return names

    def _check_kind(self) -> None:
        if CONTENT_TYPES not in self.names or "_rels/.rels" not in self.names:
            raise KnownError(
                tr("{name} is not a Word document but another zip archive.", name=self.name)
            )
        for name in self.names:
            entry = self._archive.getinfo(name)
            swollen = entry.file_size > max(10 << 20, MOST_SWOLLEN * entry.compress_size)
            if self.is_xml(name) and (entry.file_size > LARGEST_XML or swollen):
                raise KnownError(
                    tr(
                        "{name} was refused: its part {part} is too large.",
                        name=self.name,
                        part=name,
                    )
                )
        roots = self.relationships("_rels/.rels")
        main = [one.target for one in roots if one.kind == "officeDocument"]
        if len(main) != 1 or main[0] not in self.names:
            raise KnownError(tr("{name} is not a Word document: it has no text.", name=self.name))
        if etree.QName(self.parse(main[0])).namespace not in WORD:
            raise KnownError(
                tr("{name} is not a Word document but of another Office program.", name=self.name)
            )


def read_relationship(element: Any, folder: str) -> Relationship:
    """Return what a Relationship element of a part in `folder` says."""
    external = element.get("TargetMode") == "External"
    target = element.get("Target", "")
    if not external:
        target = posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
    return Relationship(element.get("Type", "").rpartition("/")[2], target, external)


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise KnownError(tr("{name} is larger than a Word document can be.", name=path.name))
        return path.read_bytes()
    except OSError as error:
        raise KnownError(
            tr("{path} cannot be read: {reason}.", path=path, reason=error.strerror)
        ) from None


def _why_no_archive(name: str, data: bytes) -> str:
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            return tr(
                "{name} is encrypted; open it in Word and save it without a password first.",
                name=name,
            )
        return tr(
            "{name} is in Word's old format; open it in Word and save it as .docx first.", name=name
        )
    if data.startswith(b"PK"):
        return tr(
            "{name} is damaged: it begins like a Word document, but its parts cannot be found.",
            name=name,
        )
    return tr("{name} is not a Word document, in spite of its name.", name=name)
