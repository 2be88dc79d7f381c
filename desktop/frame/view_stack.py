"""The six views, each made when it is first shown."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.widgets.view import Context, View
from engine.api import ProjectInfo

CLASSES = {
    "texts": "TextsView",
    "annotate": "AnnotateView",
    "train": "TrainView",
    "inspect": "InspectView",
    "models": "ModelsView",
    "redact": "RedactView",
}


class ViewStack(QStackedWidget):
    """Shows one view at a time and tells each when it comes and goes."""

    shown = Signal(object)
    """The View that is shown now."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("views")
        self._views: dict[str, View] = {}
        self._context: Context | None = None

    def use(self, context: Context) -> None:
        """Give the stack what every view needs; call it once, before any view is shown."""
        self._context = context

    @property
    def current(self) -> View | None:
        """The view that is shown."""
        widget = self.currentWidget()
        return widget if isinstance(widget, View) else None

    def view(self, name: str) -> View:
        """Return a view, making it if need be (KeyError if there is none called so)."""
        if name not in self._views:
            assert self._context is not None
            module = import_module(f"desktop.{name}.view")
            view: View = getattr(module, CLASSES[name])(self._context)
            self._views[name] = view
            self.addWidget(view)
            view.set_project(self._context.bridge.project)
        return self._views[name]

    def show_view(self, name: str, **target: Any) -> None:
        """Show a view and hand it where to go."""
        before, view = self.current, self.view(name)
        if before is not view and before is not None:
            before.deactivated()
        self.setCurrentWidget(view)
        self.shown.emit(view)
        if target:
            view.navigate(**target)
        if before is not view or not target:
            view.activated()

    def set_project(self, project: ProjectInfo | None) -> None:
        """Tell every view that another project is open, or none."""
        for view in self._views.values():
            view.set_project(project)

    def save_state(self) -> None:
        """Have every view remember how it stood."""
        for view in self._views.values():
            view.save_state()
