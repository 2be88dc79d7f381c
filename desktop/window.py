"""The main window: rail, header, the view, the strip; and what belongs to all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QEvent, QSettings, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.actions import ACTIONS, MENUS, VIEWS, ActionSet
from desktop.bridge import Bridge
from desktop.dialogs.close_dialog import CloseDialog
from desktop.frame.header import Header
from desktop.frame.help import HelpPanel
from desktop.frame.rail import Rail
from desktop.frame.start import StartPage
from desktop.frame.status import Status
from desktop.frame.view_stack import ViewStack
from desktop.preferences import remember_project
from desktop.shell_commands import ShellCommands
from desktop.theme.theme import Theme
from desktop.widgets.line import hairline
from desktop.widgets.strip import StatusStrip
from desktop.widgets.view import Context, View
from engine.api import ProjectInfo

SIZE = (1180, 780)
SMALLEST = (820, 560)


class MainWindow(QMainWindow):
    """One window on one project."""

    def __init__(self, bridge: Bridge, theme: Theme, settings: QSettings) -> None:
        super().__init__()
        self.bridge = bridge
        self.theme = theme
        self.settings = settings
        self._uuid = ""
        self._gives_up_jobs = False
        self._alt_alone = False
        self.setObjectName("window")
        self.setWindowTitle("Glossator")
        self.setMinimumSize(*SMALLEST)
        self.setAcceptDrops(True)
        self.actions_ = ActionSet(self, theme)
        self.strip = StatusStrip(theme)
        self.views = ViewStack(self)
        self.context = Context(bridge, self.actions_, theme, settings, self.strip, self.open_view)
        self.views.use(self.context)
        self.status = Status(bridge, self.strip, self)
        self.menu = self._make_menus()
        self.rail = Rail(theme, self.actions_, self.menu, self)
        self.header = Header(theme, self.actions_, self)
        self.help = HelpPanel(theme, self)
        self.start = StartPage(theme, self.actions_, settings, self)
        self._arrange()
        self.commands = ShellCommands(self)

        self.rail.chosen.connect(self.open_view)
        self.views.shown.connect(self._view_shown)
        self.start.open_project.connect(self.commands.open_project)
        bridge.project_changed.connect(self._project_changed)
        self._restore()
        self._show_around_views(False)
        self._project_changed(bridge.project)

    # --- what views and commands use ----------------------------------------------------------

    def open_view(self, name: str, **target: Any) -> None:
        """Show a view ("texts", "annotate", …); the keywords say where in it to go."""
        if self.bridge.project is not None:
            self.views.show_view(name, **target)

    @property
    def view(self) -> View | None:
        """The view that is shown, None on the start page."""
        return self.views.current if self.bridge.project is not None else None

    # --- making -------------------------------------------------------------------------------

    def _arrange(self) -> None:
        self._pages = QStackedWidget()
        self._pages.addWidget(self.start)
        self._pages.addWidget(self.views)
        self._split = QSplitter(Qt.Orientation.Horizontal, objectName="window.split")
        self._split.setHandleWidth(1)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self._pages)
        self._split.addWidget(self.help)
        self._split.setStretchFactor(0, 1)
        line_below = hairline()
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(line_below)
        column.addWidget(self._split, 1)
        work = QWidget()
        line = QHBoxLayout(work)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.rail)
        line.addWidget(right, 1)
        middle = QWidget()
        outer = QVBoxLayout(middle)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(work, 1)
        outer.addWidget(self.strip)
        self.setCentralWidget(middle)
        self._around_views = (self.rail, self.header, line_below)

    def _make_menus(self) -> QMenu:
        """Fill the menu bar, and return the same menus as one for the rail."""
        whole = QMenu(self)
        for name, title in MENUS.items():
            menu = self.menuBar().addMenu(f"&{title}")
            for action in ACTIONS:
                if action.menu == name:
                    menu.addAction(self.actions_.qaction(action.id))
            whole.addMenu(menu)
        self.menuBar().setVisible(self.menuBar().isNativeMenuBar())
        return whole

    # --- events -------------------------------------------------------------------------------

    def _project_changed(self, project: ProjectInfo | None) -> None:
        uuid = project.uuid if project else ""
        if uuid != self._uuid:
            self._uuid = uuid
            self.views.set_project(project)
            self._pages.setCurrentIndex(1 if project else 0)
            self._show_around_views(project is not None)
            if project is None:
                self.setWindowTitle("Glossator")
                self.start.refresh()
                self.help.hide()
                self.actions_.set_view("")
            else:
                remember_project(self.settings, Path(project.path))
                self.open_view(self._first_view(project))
        if project is not None:
            self.setWindowTitle(f"{project.name} – Glossator")
            self.header.show_undo(project.undo, project.redo)
            view = self.view
            self.header.show_place(project.name, project.path, view.title if view else "")
        self.actions_.refresh()

    def _show_around_views(self, shown: bool) -> None:
        """Show what only makes sense with a project: the places and the header."""
        for widget in self._around_views:
            widget.setVisible(shown)

    def _first_view(self, project: ProjectInfo) -> str:
        """Return the view one left this project with; a project without texts begins at Texts."""
        last = str(self.settings.value(f"view/{project.uuid}", "annotate"))
        return last if project.texts and last in VIEWS else "texts"

    def _view_shown(self, view: View) -> None:
        self.rail.show_view(view.name)
        self.actions_.set_view(view.place())
        project = self.bridge.project
        if project is not None:
            self.header.show_place(project.name, project.path, view.title)
            self.settings.setValue(f"view/{project.uuid}", view.name)
        if self.help.isVisible():
            self.help.show_page(view.help_page())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes the help."""
        if event.key() == Qt.Key.Key_Escape and self.help.isVisible():
            self.help.hide()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """A tap on Alt shows the menu bar, another hides it."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Alt:
            if event.type() is QEvent.Type.KeyPress:
                self._alt_alone = True
            elif event.type() is QEvent.Type.KeyRelease and self._alt_alone:
                self._alt_alone = False
                self.menuBar().setVisible(self.menuBar().isHidden())
        elif event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            self._alt_alone = False
        return super().event(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped(event)
        if path is not None:
            event.acceptProposedAction()
            self.commands.take_file(path)

    def close_now(self) -> None:
        """Close the window even if a job is running; the job is stopped."""
        self._gives_up_jobs = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        job = self.status.running
        if job is not None and not self._gives_up_jobs:
            event.ignore()
            dialog = CloseDialog(job, self)
            dialog.agreed.connect(self.close_now)
            dialog.open()
            return
        self.views.save_state()
        self.settings.setValue("window/geometry", self.saveGeometry())
        self.settings.setValue("window/split", self._split.saveState())
        self.settings.sync()
        super().closeEvent(event)

    def _restore(self) -> None:
        geometry = self.settings.value("window/geometry")
        if not (isinstance(geometry, QByteArray) and self.restoreGeometry(geometry)):
            self.resize(*SIZE)
        split = self.settings.value("window/split")
        if isinstance(split, QByteArray):
            self._split.restoreState(split)


def _dropped(event: QDropEvent) -> Path | None:
    urls = [url for url in event.mimeData().urls() if url.isLocalFile()]
    return Path(urls[0].toLocalFile()) if len(urls) == 1 else None
