"""The names of WordprocessingML and its neighbours, as far as text is concerned (ECMA-376)."""

from __future__ import annotations

from functools import lru_cache

WORD = frozenset(
    {
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",  # the strict variant
    }
)
DRAWING = frozenset(
    {
        "http://schemas.openxmlformats.org/drawingml/2006/main",
        "http://purl.oclc.org/ooxml/drawingml/main",
    }
)
MATH = frozenset(
    {
        "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "http://purl.oclc.org/ooxml/officeDocument/math",
    }
)
VML = frozenset({"urn:schemas-microsoft-com:vml", "urn:schemas-microsoft-com:office:office"})
SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@lru_cache(maxsize=4096)
def split_name(tag: str) -> tuple[str, str]:
    """Return the namespace and the local name of an element or attribute."""
    namespace, _, local = tag.rpartition("}")
    return namespace[1:], local


def local_name(tag: str) -> str:
    """Return the name of an element or attribute without its namespace."""
    return split_name(tag)[1]
