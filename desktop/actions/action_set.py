"""The commands of one window, alive: bound to what they do, on or off, with their keys.

Views bind what they do; the window shows which view is open. A key without a modifier works only
in its own view and never while somebody is typing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from desktop.actions.action import PLACES, Action, lies_in
from desktop.actions.table import ACTIONS, BY_ID
from desktop.theme.theme import Theme


@dataclass(slots=True)
class _Bound:
    slot: Callable[[], object]
    enabled: Callable[[], bool] | None


class ActionSet(QObject):
    """The QActions of `window`, one for each row of the table."""

    refreshed = Signal()
    """After `refresh`: what was off may be on."""

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self._window = window
        self.theme = theme
        self._place = ""
        self._bound: dict[str, _Bound] = {}
        self._letters: dict[str, list[QShortcut]] = {}
        self._qactions = {action.id: self._make(action) for action in ACTIONS}
        theme.changed.connect(self._draw_icons)
        self._draw_icons()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_changed)
        self.set_view("")  # keys work on the start page, too

    def bind(
        self, id: str, slot: Callable[[], object], enabled: Callable[[], bool] | None = None
    ) -> None:
        """Say what the action does, and when it can be done (always, without `enabled`).

        Raises KeyError if the table has no such action. A second binding replaces the first.
        """
        self._bound[BY_ID[id].id] = _Bound(slot, enabled)
        self._refresh_one(BY_ID[id])

    def bind_keys(self, view: str, keys: Iterable[str], slot: Callable[[str], object]) -> None:
        """Call `slot(key)` when one of these keys is pressed in `view`: the keys of its labels.

        Replaces the keys that were bound for the view before; keys of the table win.
        """
        for shortcut in self._letters.pop(view, []):
            shortcut.setEnabled(False)
            shortcut.deleteLater()
        taken = {
            QKeySequence(key)
            for place in PLACES
            if lies_in(place, view)
            for action in ACTIONS
            for key in action.keys(place)
        }
        made = []
        for key in keys:
            if not key or QKeySequence(key) in taken:
                continue
            shortcut = QShortcut(QKeySequence(key), self._window)
            # A key held down must not label one text after the other, unread.
            shortcut.setAutoRepeat(False)
            shortcut.setEnabled(lies_in(self._place, view))
            shortcut.activated.connect(lambda key=key: slot(key))
            made.append(shortcut)
        self._letters[view] = made

    def qaction(self, id: str) -> QAction:
        """Return the QAction for menus and buttons (KeyError if there is none)."""
        return self._qactions[id]

    def trigger(self, id: str) -> bool:
        """Run the action if it can be done now, and say whether it was."""
        self._refresh_one(BY_ID[id])
        if not self._qactions[id].isEnabled():
            return False
        self._qactions[id].trigger()
        return True

    def tooltip(self, id: str) -> str:
        """Return the action's sentence of help with its key: what a button shows on hover."""
        key = self.key_words(id)
        return f"{BY_ID[id].help}  ({key})" if key else BY_ID[id].help

    def key_words(self, id: str, place: str = "") -> str:
        """Return the key that runs the action, as this system writes it.

        An action may have another key in `place`, by default the one that is shown.
        """
        action = BY_ID[id]
        place = place or self._place
        keys = action.keys(place if lies_in(place, action.view) else action.view)
        if not keys:
            return ""
        words = QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText)
        return words.replace("Return", "Enter")  # what the key is called on most keyboards

    def unbound(self) -> list[str]:
        """Return the ids of the actions that nobody has bound yet."""
        return [action.id for action in ACTIONS if action.id not in self._bound]

    def set_view(self, place: str) -> None:
        """Say which view is shown, or which place in it ("" for none): its keys work from now on,
        and no other's."""
        self._place = place
        for action in ACTIONS:
            taken = () if action.in_text else action.keys(place)
            self._qactions[action.id].setShortcuts([QKeySequence(key) for key in taken])
            self._qactions[action.id].setToolTip(self.tooltip(action.id))
            # What belongs to one kind of task would only be in the way in the menus of another.
            part = "." in action.view
            self._qactions[action.id].setVisible(not part or lies_in(place, action.view))
        for name, shortcuts in self._letters.items():
            for shortcut in shortcuts:
                shortcut.setEnabled(lies_in(place, name))
        self.refresh()

    def refresh(self) -> None:
        """Ask every action again whether it can be done."""
        for action in ACTIONS:
            self._refresh_one(action)
        self.refreshed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep keys without a modifier from what they would run while somebody is typing."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and isinstance(watched, QWidget)
            and _wants(watched, event)
        ):
            event.accept()
            return True
        return False

    def _focus_changed(self, before: QWidget | None, now: QWidget | None) -> None:
        # A filter on the application would see every event of the program, in Python.
        if before is not None:
            before.removeEventFilter(self)
        if now is not None:
            now.installEventFilter(self)

    def _make(self, action: Action) -> QAction:
        made = QAction(action.words, self._window)
        made.setObjectName(f"action.{action.id}")
        made.setStatusTip(action.help)
        made.setToolTip(self.tooltip(action.id))
        made.setEnabled(False)
        made.triggered.connect(lambda: self._run(action))
        self._window.addAction(made)
        return made

    def _run(self, action: Action) -> None:
        bound = self._bound[action.id]
        if bound.enabled is None or bound.enabled():
            bound.slot()

    def _refresh_one(self, action: Action) -> None:
        bound = self._bound.get(action.id)
        self._qactions[action.id].setEnabled(
            bound is not None
            and lies_in(self._place, action.view)
            and (bound.enabled is None or bound.enabled())
        )

    def _draw_icons(self) -> None:
        for action in ACTIONS:
            if action.icon:
                self._qactions[action.id].setIcon(self.theme.icon(action.icon))


_WITHOUT = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
_PRESSES = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


def _wants(widget: QWidget, event: QKeyEvent) -> bool:
    """Whether the widget that has the focus should get this key before any command does."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if modifiers not in _WITHOUT:
        return False
    if QApplication.activePopupWidget() is not None:
        return True
    if Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35:
        return False
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
        return not widget.isReadOnly()
    if isinstance(widget, QAbstractSpinBox):
        return True
    if isinstance(widget, QComboBox):
        return widget.isEditable() or event.key() in (*_PRESSES, Qt.Key.Key_Up, Qt.Key.Key_Down)
    return isinstance(widget, QAbstractButton) and event.key() in _PRESSES
