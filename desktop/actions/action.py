"""What is known of one command of the window."""

from __future__ import annotations

from dataclasses import dataclass

from engine.api import tr

VIEWS = ("texts", "annotate", "train", "inspect", "models", "redact")

PLACES = (
    *VIEWS,
    "annotate.documents",
    "annotate.spans",
    "inspect.documents",
    "inspect.spans",
)
"""Where a command can be used: a view, or a view while it shows one kind of task."""

RESERVED_KEYS = ("A", "C", "F", "G", "K", "L", "Z", "Space", "/", "?", ".", ",", "=")
"""Single keys that the program itself uses; labels do not get them."""

MENUS = {
    "Project": tr("Project"),
    "Edit": tr("Edit"),
    "View": tr("View"),
    "Texts": tr("Texts"),
    "Annotate": tr("Annotate"),
    "Train": tr("Train"),
    "Inspect": tr("Inspect"),
    "Models": tr("Models"),
    "Redact": tr("Redact"),
    "Help": tr("Help"),
}
"""The menus and their titles, in the order of the menu bar."""


@dataclass(frozen=True, slots=True)
class Action:
    """One command.

    `view` "" is everywhere, else the one place in which the command can be used; a place
    "annotate.spans" lies within the view "annotate". `letters` are further keys that are pressed
    without a modifier, each with the place ("" for all) it works in. Keys without a modifier never
    fire while a text field has the focus. `menu` is the one of `MENUS` that lists it, `icon` a
    Material Design icon. With `in_text` the keys are named but not taken: the text that has the
    focus acts on them itself, and everywhere else they mean what they always mean.
    """

    id: str
    words: str
    help: str
    shortcut: str = ""
    icon: str = ""
    view: str = ""
    menu: str = ""
    letters: tuple[tuple[str, str], ...] = ()
    in_text: bool = False

    def keys(self, place: str) -> tuple[str, ...]:
        """The keys that run this command in `place`, the first one to be shown."""
        if not lies_in(place, self.view):
            return ()
        own = tuple(key for where, key in self.letters if lies_in(place, where))
        return own + ((self.shortcut,) if self.shortcut else ())


def lies_in(place: str, area: str) -> bool:
    """Return whether a place is in a view or is that place; every place is in ""."""
    return area in ("", place) or place.startswith(f"{area}.")
