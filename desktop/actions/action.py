"""What is known of one command of the window."""

from __future__ import annotations

from dataclasses import dataclass

VIEWS = ("texts", "annotate", "train", "inspect", "models")

RESERVED_KEYS = ("A", "C", "F", "G", "K", "L", "Z", "Space", "/", "?")
"""Single keys that the program itself uses; labels do not get them."""


@dataclass(frozen=True, slots=True)
class Action:
    """One command.

    `view` "" is everywhere, else the one view in which the command can be used. `letters` are
    further keys that are pressed without a modifier, each with the view ("" for all) it works in.
    Keys without a modifier never fire while a text field has the focus. `menu` is the menu that
    lists it, `icon` a Material Design icon. `task` is the kind of task that it belongs to, "" if it
    belongs to all: in other projects it is hidden, and its keys are free.
    """

    id: str
    words: str
    help: str
    shortcut: str = ""
    icon: str = ""
    view: str = ""
    menu: str = ""
    letters: tuple[tuple[str, str], ...] = ()
    task: str = ""

    def keys(self, view: str) -> tuple[str, ...]:
        """The keys that run this command in `view`, the first one to be shown."""
        if self.view not in ("", view):
            return ()
        own = tuple(key for where, key in self.letters if where in ("", view))
        return own + ((self.shortcut,) if self.shortcut else ())

    def belongs_to(self, task: str) -> bool:
        """Whether there is such a command in a project whose task is of this kind."""
        return self.task in ("", task)
