"""What of a Word document nobody looked into, in words for the person who is to share it."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from lxml import etree

from engine.core.language import tr, trn
from engine.deidentify.documents.document import Edits
from engine.deidentify.documents.word.package import WordPackage

_SHORTEST = 4  # characters; shorter strings are found everywhere by chance
_EMBEDDED_SUFFIXES = (
    ".bin", ".doc", ".docx", ".eml", ".htm", ".html", ".mht", ".pdf", ".pptx", ".rtf", ".txt",
    ".xhtml", ".xls", ".xlsb", ".xlsm", ".xlsx",
)  # fmt: skip
_KINDS = ("picture", "embedded", "sound or film", "macro", "font", "other")


def describe_unseen(package: WordPackage, names: Iterable[str]) -> tuple[str, ...]:
    """Return a sentence for each kind of part among `names`, none of which is readable XML."""
    counts = Counter(_kind(name, package.content_type(name)) for name in names)
    return tuple(_unseen(kind, package.name, counts[kind]) for kind in _KINDS if counts[kind])


def replaced_strings(texts: Sequence[str], edits: Sequence[Edits]) -> frozenset[str]:
    """Return the strings that were replaced and are long enough to be looked for elsewhere."""
    return frozenset(
        text[start:end].strip()
        for text, changes in zip(texts, edits, strict=True)
        for start, end, new in changes
        if text[start:end] != new and len(text[start:end].strip()) >= _SHORTEST
    )


def describe_left(
    package: WordPackage, strings: Iterable[str], parts: Mapping[str, bytes]
) -> tuple[str, ...]:
    """Return a sentence for each part in which a replaced string is left where no text is.

    These are attributes that hold names for the program's own use, the names of parts, and the
    bytes of parts that could not be looked into.
    """
    wanted = sorted(strings, key=len, reverse=True)
    if not wanted:
        return ()
    pattern = re.compile("|".join(map(re.escape, wanted)))
    raw = re.compile(
        b"|".join(
            re.escape(string.encode(encoding))
            for string in wanted
            for encoding in ("utf-8", "utf-16-le")
        )
    )
    left = [
        name
        for name, data in parts.items()
        if pattern.search(name)
        or (_in_attributes(pattern, data) if package.is_xml(name) else raw.search(data))
    ]
    return tuple(
        tr(
            "A passage that was replaced in the texts is still found in {part}, in a place that is "
            "no text; have a look at it before you share the document.",
            part=name,
        )
        for name in left
    )


def _unseen(kind: str, name: str, n: int) -> str:
    """Return the sentence for the `n` parts of a kind that the document of this name has."""
    match kind:
        case "picture":
            return trn(
                "{name} has a picture, which was kept as before and not looked into.",
                "{name} has {n} pictures, which were kept as before and not looked into.",
                n,
                name=name,
            )
        case "embedded":
            return trn(
                "{name} has an embedded file, which was kept as before and not looked into.",
                "{name} has {n} embedded files, which were kept as before and not looked into.",
                n,
                name=name,
            )
        case "sound or film":
            return trn(
                "{name} has a sound or film, which was kept as before and not looked into.",
                "{name} has {n} sounds or films, which were kept as before and not looked into.",
                n,
                name=name,
            )
        case "macro":
            return trn(
                "{name} has a part with macros, which was kept as before and not looked into.",
                "{name} has {n} parts with macros, which were kept as before and not looked into.",
                n,
                name=name,
            )
        case "font":
            return trn(
                "{name} has an embedded font, which was kept as before and not looked into.",
                "{name} has {n} embedded fonts, which were kept as before and not looked into.",
                n,
                name=name,
            )
        case _:
            return trn(
                "{name} has a part of an unknown kind, which was kept as before and not looked "
                "into.",
                "{name} has {n} parts of unknown kinds, which were kept as before and not "
                "looked into.",
                n,
                name=name,
            )


def _in_attributes(pattern: re.Pattern[str], data: bytes) -> bool:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return any(
        pattern.search(value)
        for element in etree.fromstring(data, parser).iter(etree.Element)
        for value in element.attrib.values()
    )


def _kind(name: str, content_type: str) -> str:
    suffix = posixpath.splitext(name)[1].lower()
    if content_type.startswith(("image/", "application/inkml")) or suffix in (".wmf", ".emf"):
        return "picture"
    if content_type.startswith(("audio/", "video/")):
        return "sound or film"
    if "vbaProject" in content_type or "activeX" in name:
        return "macro"
    if suffix in _EMBEDDED_SUFFIXES or "/embeddings/" in name:
        return "embedded"
    if "font" in content_type or suffix == ".odttf":
        return "font"
    return "other"
