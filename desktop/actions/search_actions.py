"""The commands that find texts by what they mean, under the menus of their views."""

from __future__ import annotations

from desktop.actions.action import Action
from engine.api import tr

TEXTS = (
    Action(
        "texts.similar",
        tr("Find similar texts"),
        tr("List the texts that mean nearly the same as the chosen one, the nearest first."),
        "Ctrl+Shift+S",
        "text-search",
        view="texts",
        menu="Texts",
    ),
    Action(
        "texts.by_words",
        tr("Search by words"),
        tr("Find the texts in which every word of the search occurs."),
        icon="format-letter-case",
        view="texts",
        menu="Texts",
    ),
    Action(
        "texts.by_meaning",
        tr("Search by meaning"),
        tr("Find the texts that mean what the search says, in whatever words."),
        icon="lightbulb-outline",
        view="texts",
        menu="Texts",
    ),
    Action(
        "texts.by_both",
        tr("Search by words and meaning"),
        tr("Find texts by their meaning, those first that have the words of the search too."),
        icon="set-center",
        view="texts",
        menu="Texts",
    ),
    Action(
        "texts.eight_bits",
        tr("Read meanings faster"),
        tr("Have texts read in eight bits: two thirds of the time, and a little less exact."),
        icon="speedometer",
        view="texts",
        menu="Texts",
    ),
    Action(
        "texts.full_precision",
        tr("Read meanings exactly"),
        tr("Have texts read in full precision again, as a search by meaning does at first."),
        icon="speedometer-slow",
        view="texts",
        menu="Texts",
    ),
)

ANNOTATE = (
    Action(
        "annotate.similar",
        tr("Find texts like this one"),
        tr("List in Texts those that mean nearly the same as this text, the nearest first."),
        "Ctrl+Shift+S",
        "text-search",
        view="annotate",
        menu="Annotate",
    ),
)
