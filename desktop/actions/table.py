"""The one table of all commands, in the order in which menus list them."""

from __future__ import annotations

from desktop.actions import (
    inspect_actions,
    model_actions,
    redact_actions,
    search_actions,
    span_actions,
    view_actions,
    window_actions,
)
from desktop.actions.action import Action

ACTIONS: tuple[Action, ...] = (
    *window_actions.PROJECT,
    *window_actions.EDIT,
    *window_actions.GO,
    *view_actions.TEXTS,
    *search_actions.TEXTS,
    *span_actions.ANNOTATE,
    *view_actions.ANNOTATE,
    *search_actions.ANNOTATE,
    *model_actions.TRAIN,
    *inspect_actions.INSPECT,
    *model_actions.MODELS,
    *redact_actions.REDACT,
    *window_actions.HELP,
)

BY_ID = {action.id: action for action in ACTIONS}
