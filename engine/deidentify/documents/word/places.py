"""Every place of an XML part in which somebody can have written something."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Protocol
from urllib.parse import quote, unquote

from lxml import etree

from engine.deidentify.documents.document import Edits, edited
from engine.deidentify.documents.word.names import VML, WORD, local_name, split_name
from engine.deidentify.documents.word.paragraphs import find_paragraphs, is_paragraph_text
from engine.deidentify.documents.word.xml_text import storable

# Element to the attributes that hold what somebody wrote; all others hold numbers and keywords.
_WRITTEN = {
    "docPr": ("name", "descr", "title"),
    "cNvPr": ("name", "descr", "title"),
    "hlinkClick": ("tooltip",),
    "hlinkHover": ("tooltip",),
    "fldSimple": ("instr",),
    "hyperlink": ("tooltip", "anchor", "docLocation"),
    "bookmarkStart": ("name",),
    "alias": ("val",),
    "tag": ("val",),
    "listItem": ("displayText", "value"),
    "sectionTitle": ("val",),
    "helpText": ("val",),
    "statusText": ("val",),
    "listEntry": ("val",),
    "default": ("val",),
    "tblCaption": ("val",),
    "tblDescription": ("val",),
    "lvlText": ("val",),
    "description": ("val",),
    "caption": ("name",),
    "control": ("name",),
    "property": ("name", "value"),
    "name": ("val",),
}
_VML_WRITTEN = ("alt", "title", "href", "string")
# A name is somebody's own in these; those of styles and fonts are not, or say what they look like.
_NAMED = frozenset({"docPartPr", "category", "ffData"})
_DEFAULTED = frozenset({"textInput"})
_WORD = re.compile(r"[^\W\d_]{2}")
# Word numbers its own bookmarks; a pattern for numbers would find something in each of them.
_OWN_BOOKMARK = re.compile(r"_[A-Za-z]+\d*$")
_MEASURES = frozenset(
    {"posOffset", "align", "pctWidth", "pctHeight", "pctPosHOffset", "pctPosVOffset", "formatCode"}
)
_NUMBERS = frozenset({"numCache", "numLit"})
_CLIENT_DATA = "urn:schemas-microsoft-com:office:excel"
_ADDRESS = "/:?#@!$&'()*+,;=~-._"


class Place(Protocol):
    """Some texts of a part, and the way to change them."""

    @property
    def texts(self) -> Sequence[str]: ...

    def edit(self, edits: Sequence[Edits]) -> None:
        """Change the part by the edits of each text."""
        ...


class AttributePlace:
    """A text in an attribute."""

    def __init__(self, element: Any, attribute: str) -> None:
        self._element, self._attribute = element, attribute
        self.texts = [storable(element.get(attribute))]

    def edit(self, edits: Sequence[Edits]) -> None:
        """Change the attribute."""
        self._element.set(self._attribute, storable(edited(self.texts[0], edits[0])))


class AddressPlace:
    """The address that a hyperlink, or anything else outside the document, is found at.

    It is read without its percent signs, so that a name in it is a name; and written with them.
    """

    def __init__(self, relationship: Any) -> None:
        self._relationship = relationship
        self.texts = [storable(unquote(relationship.get("Target", "")))]

    def edit(self, edits: Sequence[Edits]) -> None:
        """Change the address."""
        self._relationship.set("Target", quote(edited(self.texts[0], edits[0]), safe=_ADDRESS))


class BareText:
    """A text in or behind an element that belongs to no paragraph."""

    def __init__(self, element: Any, *, behind: bool) -> None:
        self._element, self._behind = element, behind
        self.texts = [element.tail if behind else element.text]

    def edit(self, edits: Sequence[Edits]) -> None:
        """Change the text."""
        text = storable(edited(self.texts[0], edits[0]))
        if self._behind:
            self._element.tail = text
        else:
            self._element.text = text


def find_places(root: Any) -> Iterator[Place]:
    """Yield every place below the root of a part, in the part's order.

    Beside paragraphs these are the attributes that hold text, the addresses outside the document,
    and whatever else stands between tags, unless it is a measure or a number of a chart.
    """
    paragraphs = dict(find_paragraphs(root))
    for element in root.iter(etree.Element):
        if element in paragraphs:
            yield paragraphs[element]
        for attribute in list(_written_attributes(element)):
            if _says_something(element.get(attribute)):
                yield AttributePlace(element, attribute)
        if local_name(element.tag) == "Relationship" and element.get("TargetMode") == "External":
            yield AddressPlace(element)
        if _says_something(element.text) and not _is_known(element):
            yield BareText(element, behind=False)
        if _says_something(element.tail):
            yield BareText(element, behind=True)


def _written_attributes(element: Any) -> Iterator[str]:
    namespace, local = split_name(element.tag)
    if namespace in VML:
        names: Sequence[str] = _VML_WRITTEN
    elif local in _WRITTEN and _is_somebodys(element, namespace, local):
        names = _WRITTEN[local]
    else:
        return
    for attribute in element.attrib:
        if local_name(attribute) in names and not (
            local == "bookmarkStart" and _OWN_BOOKMARK.match(element.get(attribute))
        ):
            yield attribute


def _is_somebodys(element: Any, namespace: str, local: str) -> bool:
    if local == "lvlText":  # of a numbered list, such as "%1."
        return any(_WORD.search(value) for value in element.attrib.values())
    if local not in ("name", "default"):
        return True
    parent = element.getparent()
    if namespace not in WORD or parent is None:
        return False
    kind = local_name(parent.tag)
    if local == "default":
        return kind in _DEFAULTED
    return kind in _NAMED


def _says_something(text: str | None) -> bool:
    return bool(text and text.strip())


def _is_known(element: Any) -> bool:
    """Return whether an element's own text is read elsewhere, or nobody wrote it."""
    namespace, local = split_name(element.tag)
    if local in _MEASURES or namespace == _CLIENT_DATA or is_paragraph_text(element):
        return True
    return any(local_name(ancestor.tag) in _NUMBERS for ancestor in element.iterancestors())
