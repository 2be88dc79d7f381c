"""What identifies people in a Word document beside its texts, and is taken out unasked.

No model reads these places, nobody sees them on the page, and what stands in them says who wrote,
changed, reviewed or received the document.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from engine.deidentify.documents.word.names import WORD, local_name, split_name
from engine.deidentify.documents.word.xml_text import drop_element

# The last word of a relationship's type; the parts that such relationships lead to go as well.
DROPPED_RELATIONSHIPS = frozenset(
    {
        "thumbnail",
        "customXml",  # what stood in it and was bound to a place of the text stays there
        "origin",  # of digital signatures, which name the signer and would be broken
        "attachedTemplate",
        "mailMergeSource",
        "mailMergeHeaderSource",
        "recipientData",
        "printerSettings",
        "documenttasks",
        "classificationlabels",
        "transform",
    }
)
_DROPPED_ELEMENTS = frozenset(
    {
        "presenceInfo",
        "reactions",
        "attachedTemplate",
        "mailMerge",
        "docVars",
        "rsids",
        "docId",
        "smartTagPr",
        "customXmlPr",
        "dataBinding",
        "printerSettings",
        "saveThroughXslt",
        "fldData",
    }
)
_PROPERTIES = frozenset({"coreProperties", "Properties"})
_AUTHORS = frozenset({"author", "userName"})
# The time of a change, the day in a field for dates, and the editors that a passage is open to.
_DROPPED_ATTRIBUTES = frozenset({"date", "fullDate", "ed"})
# Also the time of a change, and a copy of a drawing that nothing but Word can read.
_DROPPED_ANYWHERE = frozenset({"dateUtc", "gfxdata"})


class Scrubber:
    """Takes the identifying places out of the parts of one document.

    Authors of comments and revisions become "Author 1", "Author 2" … by the order in which they
    are met, so that their number and who said what is still to be seen; dates of revisions and
    comments go. Properties of the document are emptied.
    """

    def __init__(self) -> None:
        self._authors: dict[str, int] = {}

    def scrub(self, root: Any) -> bool:
        """Scrub the part with this root, and return whether anything changed."""
        changed = False
        for hidden in list(root.iter(etree.Comment, etree.ProcessingInstruction)):
            if hidden.getparent() is not None:
                drop_element(hidden)
                changed = True
        if local_name(root.tag) in _PROPERTIES and len(root):
            root[:] = []
            root.text = None
            return True
        for element in list(root.iter(etree.Element)):
            local = local_name(element.tag)
            if local in _DROPPED_ELEMENTS or _is_dropped_relationship(element):
                if element is not root and element.getparent() is not None:
                    drop_element(element)
                    changed = True
            elif element.attrib:
                changed |= self._scrub_attributes(element)
        return changed

    def _scrub_attributes(self, element: Any) -> bool:
        names = list(element.attrib)
        author = next((name for name in names if local_name(name) in _AUTHORS), None)
        number = self._number(element.get(author)) if author else 0
        changed = False
        for name in names:
            namespace, local = split_name(name)
            if name == author:
                element.set(name, f"Author {number}")
            elif local == "initials":
                element.set(name, f"A{number}")
            elif local in _DROPPED_ANYWHERE or (local in _DROPPED_ATTRIBUTES and namespace in WORD):
                del element.attrib[name]
            else:
                continue
            changed = True
        return changed

    def _number(self, author: str) -> int:
        return self._authors.setdefault(author, len(self._authors) + 1)


def is_dropped(kind: str) -> bool:
    """Return whether a relationship of this kind, and the part it leads to, is taken out."""
    return kind in DROPPED_RELATIONSHIPS


def _is_dropped_relationship(element: Any) -> bool:
    return local_name(element.tag) == "Relationship" and is_dropped(
        element.get("Type", "").rpartition("/")[2]
    )
