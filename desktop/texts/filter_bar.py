"""Above the table: search, the three filters, and how many texts they keep."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.actions import ActionSet
from desktop.texts.search_mode import MODES, SearchMode
from desktop.theme.theme import Theme
from desktop.widgets.buttons import ActionButton
from engine.api import TaskInfo, TextFilter, tr, trc, trn

TYPING_MS = 150  # of quiet before a search starts
EXCERPT = 32  # characters of the text that others are to be like

_STATES = (
    ("all", tr("Any state")),
    ("not labelled", tr("Not labelled")),
    ("labelled", tr("Labelled")),
    ("skipped", tr("Skipped")),
    ("flagged", tr("Flagged")),
    ("commented", tr("With a comment")),
    ("similar", tr("Similar to others")),
)
_SPLITS = (
    (None, tr("Any split")),
    ("train", trc("a part of the texts", "Train")),
    ("validation", trc("a part of the texts", "Validation")),
    ("test", trc("a part of the texts", "Test")),
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
        self._silent = False
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self.changed)
        self.search = QLineEdit(self)
        self.search.setObjectName("texts.search")
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(560)
        self.search.textChanged.connect(self._typed)
        self.search.installEventFilter(self)
        self._icon = self.search.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
        self.mode = SearchMode(actions, self)
        self.mode.changed.connect(self._mode_changed)
        self._similar_to: int | None = None
        self._like = QPushButton(self)
        self._like.setObjectName("texts.like")
        self._like.setCheckable(True)
        self._like.setProperty("role", "quiet")
        self._like.setToolTip(tr("Show all texts again"))
        self._like.setCursor(Qt.CursorShape.PointingHandCursor)
        self._like.setIconSize(QSize(16, 16))
        self._like.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the cross stands behind
        self._like.clicked.connect(lambda: self.show_similar(None))
        self._like.hide()
        self._state = self._combo("state", tr("Filter by state"))
        self._label = self._combo("label", tr("Filter by label"))
        self._split = self._combo("split", tr("Filter by split"))
        for value, words in _STATES:
            self._state.addItem(words, value)
        for split, words in _SPLITS:
            self._split.addItem(words, split)
        self._label.addItem(tr("Any label"), ())
        self._count = QLabel(self)
        self._count.setObjectName("texts.count")
        self._count.setProperty("role", "muted")
        self._clear = ActionButton(actions, "texts.clear_filter", "quiet", tr("Show all"))
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.search, 1)
        first.addWidget(self.mode)
        first.addWidget(self._like)
        first.addStretch(0)
        first.addSpacing(8)
        first.addWidget(ActionButton(actions, "texts.import", "", tr("Import…")))
        first.addWidget(ActionButton(actions, "texts.export", "quiet", tr("Export…")))
        second = QHBoxLayout()
        second.setSpacing(8)
        for part in (self._state, self._label, self._split, self._clear):
            second.addWidget(part)
        second.addStretch(1)
        second.addWidget(self._count)
        second.addWidget(ActionButton(actions, "texts.details", "quiet", tr("Details")))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 16, 12)
        column.setSpacing(8)
        column.addLayout(first)
        column.addLayout(second)
        theme.changed.connect(self._draw_icon)
        self._draw_icon()
        self._say_mode()

    @property
    def similar_to(self) -> int | None:
        """The text that those listed are to be like, None for no such wish."""
        return self._similar_to

    def show_similar(self, text_id: int | None, excerpt: str = "") -> None:
        """List what is like a text, beginning with these words; None: leave that again."""
        self._silently(self.search.clear)
        self._like_text(text_id, excerpt)
        self.changed.emit()

    def is_filtered(self) -> bool:
        """Whether any texts may be left out."""
        return self._similar_to is not None or self.text_filter() != TextFilter()

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

    def set_filter(self, wanted: TextFilter, mode: str | None = None) -> None:
        """Show a filter as if it had been picked, and say so once; `mode` None: search as now."""
        self._like_text(None)
        if mode is not None:
            self._silently(partial(self.mode.choose, mode))
            self._say_mode()
        self._silently(lambda: self._show(wanted))
        self.changed.emit()

    def set_task(self, task: TaskInfo | None) -> None:
        """Offer the labels of a task."""
        chosen = tuple(self._label.currentData() or ())

        def fill() -> None:
            self._label.clear()
            self._label.addItem(tr("Any label"), ())
            for label in task.labels if task is not None else ():
                self._label.addItem(_dot(QColor(label.color)), label.name, (label.id,))
            self._choose_labels(chosen)

        self._silently(fill)

    def set_count(self, kept: int | None, total: int, chosen: int, *, ranked: bool = False) -> None:
        """Say how many texts are listed (None while unknown), and how many are chosen.

        `ranked` texts are the nearest to what is looked for, not all that have something.
        """
        if kept is None:
            self._count.setText(tr("searching…") if ranked else "…")
            return
        if ranked:
            words = tr("{n:,} nearest", n=kept) if kept else ""
        elif kept == total:
            words = trn("1 text", "{n:,} texts", total)
        else:
            words = tr("{n:,} of {texts:,}", n=kept, texts=total)
        if chosen > 1:
            words = "  ·  ".join((tr("{n:,} chosen", n=chosen), words))
        self._count.setText(words)

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

    def _typed(self) -> None:
        if not self._silent:
            self._like_text(None)
            self._typing.start()

    def _mode_changed(self) -> None:
        self._say_mode()
        if self.search.text().strip():
            self.changed.emit()

    def _say_mode(self) -> None:
        words = MODES[self.mode.mode][2]
        self.search.setAccessibleName(words)
        self.search.setPlaceholderText(words)

    def _like_text(self, text_id: int | None, excerpt: str = "") -> None:
        self._similar_to = text_id
        short = excerpt if len(excerpt) <= EXCERPT else f"{excerpt[:EXCERPT].rstrip()}…"
        self._like.setText(tr("like “{text}”", text=short) if text_id is not None else "")
        self._like.setAccessibleName(tr("Like “{text}”; press to show all texts again", text=short))
        self._like.setChecked(True)
        self._like.setVisible(text_id is not None)
        self.mode.setVisible(text_id is None)

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
        # The search field is not blocked: its cross would stay when the words go.
        self._silent = True
        parts = (self.mode, self._state, self._label, self._split)
        for part in parts:
            part.blockSignals(True)
        change()
        for part in parts:
            part.blockSignals(False)
        self._silent = False
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
            self._label.addItem(tr("{n} labels", n=len(label_ids)), label_ids)
            self._label.setCurrentIndex(self._label.count() - 1)
        else:
            self._label.setCurrentIndex(0)

    def _draw_icon(self) -> None:
        self._icon.setIcon(self._theme.icon("magnify"))
        self._like.setIcon(self._theme.icon("close", "accent"))


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
