"""Every command of the window in one table: its words, its key, its place, a sentence of help.

Menus, the command palette, buttons, tooltips, the sheet of keys and the help are all made from it.
"""

from __future__ import annotations

from desktop.actions.action import RESERVED_KEYS, VIEWS, Action
from desktop.actions.action_set import ActionSet
from desktop.actions.table import ACTIONS, BY_ID, MENUS

__all__ = ["ACTIONS", "BY_ID", "MENUS", "RESERVED_KEYS", "VIEWS", "Action", "ActionSet"]
