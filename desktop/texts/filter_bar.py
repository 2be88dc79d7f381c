"""Above the table: search, the three filters, and how many texts they keep."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop.actions import ActionSet
from desktop.theme.theme import Theme
from desktop.widgets.buttons import ActionButton
from engine.api import TaskInfo, TextFilter

TYPING_MS = 150  # of quiet before a search starts

_STATES = (
    ("all", "Any state"),
    ("not labelled", "Not labelled"),
    ("labelled", "Labelled"),
    ("skipped", "Skipped"),
    ("flagged", "Flagged"),
    ("commented", "With a comment"),
    ("similar", "Similar to others"),
)
_SPLITS = (
    (None, "Any split"),
    ("train", "Train"),
    ("validation", "Validation"),
    ("test", "Test"),
)


class FilterBar(QWidget):
    """Turns what the person picks into a TextFilter."""

    changed = Signal()
    """Another filter applies: read `text_filter`."""
    left = Signal()
    """The person is done typing; the table wants the keyboard."""

    def __init__(self, actions: ActionSet, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self.changed)
        self.search = QLineEdit(self)
        self.search.setObjectName("texts.search")
        self.search.setAccessibleName("Search the words of all texts")
        self.search.setPlaceholderText("Search the words of all texts")
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(560)
        self.search.textChanged.connect(lambda: self._typing.start())
        self.search.installEventFilter(self)
        self._icon = self.search.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
        self._state = self._combo("state", "Filter by state")
        self._label = self._combo("label", "Filter by label")
        self._split = self._combo("split", "Filter by split")
        for value, words in _STATES:
            self._state.addItem(words, value)
        for split, words in _SPLITS:
            self._split.addItem(words, split)
        self._label.addItem("Any label", ())
        self._count = QLabel(self)
        self._count.setObjectName("texts.count")
        self._count.setProperty("role", "muted")
        self._clear = ActionButton(actions, "texts.clear_filter", "quiet", "Show all")
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.search, 1)
        first.addStretch(0)
        first.addSpacing(8)
        first.addWidget(ActionButton(actions, "texts.import", "", "Import…"))
        first.addWidget(ActionButton(actions, "texts.export", "quiet", "Export…"))
        second = QHBoxLayout()
        second.setSpacing(8)
        for part in (self._state, self._label, self._split, self._clear):
            second.addWidget(part)
        second.addStretch(1)
        second.addWidget(self._count)
        second.addWidget(ActionButton(actions, "texts.details", "quiet", "Details"))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 16, 12)
        column.setSpacing(8)
        column.addLayout(first)
        column.addLayout(second)
        theme.changed.connect(self._draw_icon)
        self._draw_icon()

    def text_filter(self) -> TextFilter:
        """What the person has picked."""
        state = self._state.currentData()
        return TextFilter(
            state="all" if state == "similar" else state,
            label_ids=tuple(self._label.currentData() or ()),
            split=self._split.currentData(),
            search=self.search.text().strip(),
            duplicates_only=state == "similar",
        )

    def set_filter(self, wanted: TextFilter) -> None:
        """Show a filter as if it had been picked, and say so once."""
        self._silently(lambda: self._show(wanted))
        self.changed.emit()

    def set_task(self, task: TaskInfo | None) -> None:
        """Offer the labels of a task."""
        chosen = tuple(self._label.currentData() or ())

        def fill() -> None:
            self._label.clear()
            self._label.addItem("Any label", ())
            for label in task.labels if task is not None else ():
                self._label.addItem(_dot(QColor(label.color)), label.name, (label.id,))
            self._choose_labels(chosen)

        self._silently(fill)

    def set_count(self, kept: int | None, total: int, chosen: int) -> None:
        """Say how many texts the filter keeps (None while unknown), and how many are chosen."""
        if kept is None:
            self._count.setText("…")
            return
        words = f"{total:,} texts" if kept == total else f"{kept:,} of {total:,}"
        self._count.setText(f"{chosen:,} chosen  ·  {words}" if chosen > 1 else words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.search
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
        ):
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
            leave = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down, Qt.Key.Key_Escape)
            if event.key() in leave:
                self.left.emit()
                return True
        return super().eventFilter(watched, event)

    # --- inside ---------------------------------------------------------------------------------

    def _combo(self, name: str, words: str) -> QComboBox:
        combo = QComboBox(self)
        combo.setObjectName(f"texts.filter_{name}")
        combo.setAccessibleName(words)
        combo.setToolTip(words)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(13)
        combo.currentIndexChanged.connect(lambda: self.changed.emit())
        return combo

    def _silently(self, change: Callable[[], None]) -> None:
        parts = (self.search, self._state, self._label, self._split)
        for part in parts:
            part.blockSignals(True)
        change()
        for part in parts:
            part.blockSignals(False)
        self._typing.stop()

    def _show(self, wanted: TextFilter) -> None:
        state = "similar" if wanted.duplicates_only else wanted.state
        self._state.setCurrentIndex(max(self._state.findData(state), 0))
        self._split.setCurrentIndex(max(self._split.findData(wanted.split), 0))
        self._choose_labels(wanted.label_ids)
        self.search.setText(wanted.search)

    def _choose_labels(self, label_ids: tuple[int, ...]) -> None:
        for number in range(self._label.count()):
            if tuple(self._label.itemData(number) or ()) == label_ids:
                self._label.setCurrentIndex(number)
                return
        if len(label_ids) > 1:
            self._label.addItem(f"{len(label_ids)} labels", label_ids)
            self._label.setCurrentIndex(self._label.count() - 1)
        else:
            self._label.setCurrentIndex(0)

    def _draw_icon(self) -> None:
        self._icon.setIcon(self._theme.icon("magnify"))


def _dot(color: QColor) -> QIcon:
    picture = QPixmap(24, 24)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawEllipse(4, 4, 16, 16)
    painter.end()
    return QIcon(picture)
