"""Every command of the window in one table: its words, its key, its place, a sentence of help.

Menus, the command palette, buttons, tooltips, the sheet of keys and the help are all made from it.
"""

from __future__ import annotations

from desktop.actions.action import MENUS, PLACES, RESERVED_KEYS, VIEWS, Action, lies_in
from desktop.actions.action_set import ActionSet
from desktop.actions.table import ACTIONS, BY_ID

__all__ = [
    "ACTIONS",
    "BY_ID",
    "MENUS",
    "PLACES",
    "RESERVED_KEYS",
    "VIEWS",
    "Action",
    "ActionSet",
    "lies_in",
]
