"""The command palette (Ctrl+K): every command, label and recent project by a few letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QIcon, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.theme.style import GRID
from desktop.theme.theme import Theme
from desktop.widgets.fuzzy import fuzzy_score
from desktop.widgets.overlay import Overlay
from engine.api import tr

WIDTH = 620
ROW = 40
SHOWN = 9  # rows before the list scrolls


@dataclass(frozen=True, slots=True)
class Entry:
    """Something the palette can do."""

    words: str
    help: str
    run: Callable[[], object]
    icon: str = "chevron-right"
    key: str = ""
    color: str = ""  # a label's, shown in place of the icon


class Palette(Overlay):
    """A field and a list over the window.

    `entries` gives what there is now; `search` makes entries that look for the typed words in the
    texts, none while no project is open.
    """

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        entries: Callable[[], Iterable[Entry]],
        search: Callable[[str], Iterable[Entry]],
    ) -> None:
        super().__init__(theme, parent, WIDTH, top=True)
        self.setObjectName("palette")
        self.setAccessibleName(tr("All commands"))
        self._entries = entries
        self._search = search
        self._searching = False
        self._known: list[Entry] = []
        self.field = QLineEdit(objectName="palette.field", accessibleName=tr("Command or words"))
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        self.list = QListWidget(objectName="palette.list", accessibleName=tr("Commands found"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setItemDelegate(_Rows(theme, self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setStyleSheet("QListWidget { background: transparent; }")
        self.list.itemClicked.connect(self._run_item)
        self.body.setContentsMargins(GRID, GRID, GRID, GRID)
        self.body.addWidget(self.field)
        self.body.addWidget(self.list)

    def open_over(self) -> None:
        """Show all commands."""
        self._open(searching=False)

    def open_search(self) -> None:
        """Show the field for words to look for in the texts."""
        self._open(searching=True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.field
            and event.type() is QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
        ):
            step = {
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_PageDown: SHOWN,
                Qt.Key.Key_PageUp: -SHOWN,
            }.get(Qt.Key(event.key()))
            if step is not None:
                row = min(max(0, self.list.currentRow() + step), self.list.count() - 1)
                self.list.setCurrentRow(row)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run_item(self.list.currentItem())
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close_over()
                return True
        return super().eventFilter(watched, event)

    def _open(self, searching: bool) -> None:
        self._searching = searching
        self._known = list(self._entries())
        self.field.setPlaceholderText(
            tr("Words in the texts")
            if searching
            else tr("Type a command, a label, or words in the texts")
        )
        self.field.clear()
        self._fill("")
        super().open_over()
        self.field.setFocus()

    def _fill(self, typed: str) -> None:
        self.list.clear()
        found = []
        if not self._searching:
            for entry in self._known:
                score = fuzzy_score(typed, entry.words)
                if score is not None:
                    found.append((score, entry))
            if typed.strip():
                found.sort(key=lambda pair: -pair[0])
        entries = [entry for _, entry in found]
        words = typed.strip()
        if words:
            entries.extend(self._search(words))
        for entry in entries:
            item = QListWidgetItem(entry.words)
            item.setData(Qt.ItemDataRole.UserRole, entry)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, entry.help)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.setVisible(bool(entries))
        self.list.setFixedHeight(min(len(entries), SHOWN) * ROW + 4)
        self.fit()

    def _run_item(self, item: QListWidgetItem | None) -> None:
        self.close_over()
        if item is not None:
            item.data(Qt.ItemDataRole.UserRole).run()


class _Rows(QStyledItemDelegate):
    """A row: icon or colour, words, a sentence of help, the key."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(100, ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        entry: Entry = index.data(Qt.ItemDataRole.UserRole)
        rect: QRect = option.rect.adjusted(2, 1, -2, -1)
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(self._theme.token("selection"))
            painter.drawRoundedRect(rect, 6, 6)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(self._theme.token("hover"))
            painter.drawRoundedRect(rect, 6, 6)
        self._paint_mark(painter, rect, entry)
        metrics = QFontMetrics(self._theme.interface_font())
        painter.setFont(self._theme.interface_font())
        left, right = rect.left() + 40, rect.right() - 12
        if entry.key:
            width = metrics.horizontalAdvance(entry.key)
            painter.setPen(self._theme.token("text_muted"))
            painter.drawText(
                QRect(right - width, rect.top(), width + 2, rect.height()),
                Qt.AlignmentFlag.AlignVCenter,
                entry.key,
            )
            right -= width + 16
        painter.setPen(self._theme.token("text"))
        words = metrics.elidedText(entry.words, Qt.TextElideMode.ElideRight, right - left)
        painter.drawText(
            QRect(left, rect.top(), right - left, rect.height()),
            Qt.AlignmentFlag.AlignVCenter,
            words,
        )
        left += metrics.horizontalAdvance(words) + 12
        if right - left > 80:
            painter.setPen(self._theme.token("text_muted"))
            small = self._theme.interface_font(12)
            painter.setFont(small)
            painter.drawText(
                QRect(left, rect.top(), right - left, rect.height()),
                Qt.AlignmentFlag.AlignVCenter,
                QFontMetrics(small).elidedText(
                    entry.help, Qt.TextElideMode.ElideRight, right - left
                ),
            )
        painter.restore()

    def _paint_mark(self, painter: QPainter, rect: QRect, entry: Entry) -> None:
        if entry.color:
            painter.setBrush(QColor(entry.color))
            painter.drawEllipse(rect.left() + 15, rect.center().y() - 4, 10, 10)
            return
        icon: QIcon = self._theme.icon(entry.icon)
        icon.paint(painter, QRect(rect.left() + 11, rect.center().y() - 8, 18, 18))
