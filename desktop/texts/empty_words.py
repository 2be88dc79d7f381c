"""Why a list of texts is empty, in words."""

from __future__ import annotations

from desktop.texts.listing import Listed
from engine.api import TextFilter, tr


def why_empty(listed: Listed, filter: TextFilter) -> tuple[str, str]:
    """Return a sentence for a list that holds no text, and what could be done about it, or ""."""
    if listed.wish.ranked and listed.read < listed.texts:
        return (
            tr("The texts are being read for their meaning."),
            tr("The nearest appear here as soon as the first are read."),
        )
    search = filter.search
    sentence = (
        tr("No text has the words “{search}”.", search=search)
        if search
        else tr("No text is like that.")
    )
    alone = filter == TextFilter(search=search)
    return sentence, "" if alone else tr("Fewer filters may find some.")
