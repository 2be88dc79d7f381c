"""What the window and its six views promise each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget

from desktop.actions import ActionSet
from desktop.bridge import Bridge
from desktop.theme.theme import Theme
from desktop.widgets.progress_item import Switch
from engine.api import ProjectInfo


class Strip(Protocol):
    """The line at the bottom of the window, as views see it."""

    def show_message(
        self,
        sentence: str,
        details: str = "",
        kind: str = "info",
        action: tuple[str, Callable[[], object]] | None = None,
    ) -> None:
        """Show one sentence: `kind` "info" goes away by itself, "error" stays until dismissed.

        `action` is the words of a button and what it does.
        """

    def show_progress(
        self,
        key: str,
        words: str,
        fraction: float | None,
        cancel: Callable[[], object] | None,
        switch: Switch | None = None,
    ) -> None:
        """Show long work; `fraction` 0 to 1, or None while unknown."""

    def end_progress(self, key: str) -> None:
        """Take long work away again."""


@dataclass(frozen=True, slots=True)
class Context:
    """What every view is given."""

    bridge: Bridge
    actions: ActionSet
    theme: Theme
    settings: QSettings
    strip: Strip
    navigate: Callable[..., None]
    """``navigate("annotate", text_id=7)`` shows a view and hands it the keywords."""


class View(QWidget):
    """One of the six views. A view is made when it is first shown and lives until the end."""

    name: ClassVar[str]  # as in `desktop.actions.VIEWS`
    title: ClassVar[str]

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.setObjectName(self.name)
        self.setAccessibleName(self.title)

    def set_project(self, project: ProjectInfo | None) -> None:
        """Another project was opened (or none is): forget everything of the former one.

        Called with the open project right after the view was made. Later changes of the same
        project come by `Bridge.project_changed`.
        """
        raise NotImplementedError

    def navigate(self, **target: Any) -> None:
        """Go to what the keywords name (each view says which it takes)."""

    def activated(self) -> None:
        """The view is shown now."""

    def deactivated(self) -> None:
        """Another view is shown now."""

    def place(self) -> str:
        """Return where commands find themselves: the view, or one of `desktop.actions.PLACES` in
        it. It changes with the project alone."""
        return self.name

    def wanted_model(self) -> str:
        """Return the name on the hub of the model that a person has before them, or ""."""
        return ""

    def focus_search(self) -> bool:
        """Put the cursor into the view's own search field; False if it has none."""
        return False

    def save_state(self) -> None:
        """Write splitters and columns to `context.settings`; called before the window closes."""

    def help_page(self) -> str:
        """Return the name of the view's help page in ``resources/help``, without ``.md``."""
        return self.name
