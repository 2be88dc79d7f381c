"""Small operations on XML that never lose what stands beside."""

from __future__ import annotations

import re
from typing import Any

from engine.deidentify.documents.document import as_text

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def storable(text: str) -> str:
    """Return a text as XML can hold it, with a stand-in for each character that it cannot."""
    return _NO_XML.sub("\ufffd", as_text(text))


def drop_element(element: Any) -> None:
    """Remove an element and all that is in it, but not the text behind it."""
    parent = element.getparent()
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)
