"""All labels of the task, as buttons that say their keys and what the model suggests."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.theme.theme import Theme
from desktop.widgets.flow_layout import FlowLayout
from desktop.widgets.label_button import HEIGHT, LabelButton
from engine.api import LabelInfo, Suggestion, TaskInfo, tr

MANY = 18  # from so many labels on, a field narrows them by typing
GAP = 8  # pixels between labels
ROWS = 2  # rows of labels that are always shown before they scroll


class LabelBar(QWidget):
    """Shows which labels the text has; says which one was pressed and changes nothing itself.

    `view` names the view it stands in, and so its parts.
    """

    chosen = Signal(int)
    """A label was pressed or picked by name: its id."""
    left = Signal()
    """The person is done with the filter field; the text wants the keyboard back."""

    def __init__(self, theme: Theme, view: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = view
        self._buttons: dict[int, LabelButton] = {}
        self._room = 0
        self._filter = QLineEdit(self)
        self._filter.setObjectName(f"{view}.label_filter")
        self._filter.setAccessibleName(tr("Find a label by its name"))
        self._filter.setFixedWidth(280)
        self._filter.setClearButtonEnabled(True)
        self._filter.textChanged.connect(self._narrow)
        self._filter.returnPressed.connect(self._choose_first)
        self._filter.installEventFilter(self)
        self._none = QLabel(tr("No label has this in its name."), self)
        self._none.setProperty("role", "muted")
        self._none.hide()
        self._area = QScrollArea(self)
        self._area.setObjectName(f"{view}.label_area")
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._page = QWidget()
        self._flow = FlowLayout(self._page, gap=GAP)
        self._flow.setContentsMargins(0, 0, 0, 0)
        self._area.setWidget(self._page)
        self._area.viewport().setAutoFillBackground(False)
        self._page.setAutoFillBackground(False)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._filter)
        row.addWidget(self._none)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self._area)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_task(self, task: TaskInfo, *, with_bars: bool) -> None:
        """Show the labels of a task; `with_bars` keeps room for probabilities."""
        wanted = {label.id: label for label in task.labels}
        for label_id in self._buttons.keys() - wanted.keys():
            button = self._buttons.pop(label_id)
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        for label in task.labels:
            button_ = self._buttons.get(label.id)
            if button_ is None:
                button_ = self._make(label)
            elif button_.label != label:
                button_.set_label(label)
            button_.set_with_bar(with_bars)
        self._filter.setVisible(len(wanted) >= MANY)
        self._filter.setPlaceholderText(tr("Find one of {n} labels …", n=len(wanted)))
        self._narrow(self._filter.text())

    def show_text(self, label_ids: tuple[int, ...], suggestion: Suggestion | None) -> None:
        """Tick the labels of a text and show the probabilities of the others."""
        found: dict[int, float] = {}
        if suggestion is not None:
            found = dict(zip(suggestion.label_ids, suggestion.probabilities, strict=True))
        best = max(found, key=lambda label_id: found[label_id]) if found else None
        for label_id, button in self._buttons.items():
            button.setChecked(label_id in label_ids)
            button.set_probability(found.get(label_id), best=label_id == best)
        first = best if best is not None else next(iter(label_ids), None)
        if first in self._buttons and self._area.verticalScrollBar().maximum():
            self._area.ensureWidgetVisible(self._buttons[first])

    def show_counts(self, counts: Mapping[int, int]) -> None:
        """Show how many passages of a text have each label, in place of ticks."""
        for label_id, button in self._buttons.items():
            button.set_count(counts.get(label_id, 0))

    def set_room(self, pixels: int) -> None:
        """Say how high the labels may be before they scroll."""
        self._room = pixels
        self._fit()

    def flash(self, label_id: int) -> None:
        """Let a label light up for a moment."""
        if label_id in self._buttons:
            self._buttons[label_id].flash()

    def start_filter(self) -> None:
        """Put the keyboard into the field that narrows the labels, if there is one."""
        if not self._filter.isHidden():
            self._filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._filter.selectAll()

    def button(self, label_id: int) -> LabelButton:
        """The button of a label (KeyError if the task has none such)."""
        return self._buttons[label_id]

    # --- Qt -------------------------------------------------------------------------------------

    def resizeEvent(self, event: QEvent) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self._filter
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Escape
        ):
            self._filter.clear()
            self.left.emit()
            return True
        return super().eventFilter(watched, event)

    # --- inside ---------------------------------------------------------------------------------

    def _make(self, label: LabelInfo) -> LabelButton:
        button = LabelButton(label, self._theme, self._view, self._page)
        button.clicked.connect(lambda: self.chosen.emit(button.label.id))
        self._buttons[label.id] = button
        self._flow.addWidget(button)
        return button

    def _narrow(self, words: str) -> None:
        parts = words.casefold().split()
        shown = 0
        for button in self._buttons.values():
            keep = all(part in button.label.name.casefold() for part in parts)
            button.setVisible(keep)
            shown += keep
        self._none.setVisible(bool(self._buttons) and not shown)
        self._fit()

    def _choose_first(self) -> None:
        for button in self._buttons.values():
            if not button.isHidden():
                self._filter.clear()
                self.left.emit()
                self.chosen.emit(button.label.id)
                return

    def _fit(self) -> None:
        """Give the labels the height they need, as far as there is room."""
        # The area is as wide as the bar, but Qt tells it so only after this.
        wanted = self._flow.heightForWidth(max(self.width(), 100))
        most = max(self._room, ROWS * (HEIGHT + GAP) + HEIGHT // 2)
        self._area.setFixedHeight(max(HEIGHT, min(wanted, most)))
