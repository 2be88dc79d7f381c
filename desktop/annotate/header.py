"""Above the text: which queue is open, how much is left, and how the labels are spread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from desktop.actions import ActionSet
from desktop.annotate.distribution_bar import DistributionBar
from desktop.theme.theme import Theme
from engine.api import Counts, TaskInfo, number_text, tr

STATES = (
    ("not labelled", tr("Not labelled")),
    ("skipped", tr("Skipped")),
    ("flagged", tr("Flagged")),
    ("labelled", tr("Labelled")),
    ("all", tr("All texts")),
)
ORDERS = (
    ("imported", tr("as imported")),
    ("random", tr("at random")),
    ("least certain", tr("most useful first")),
)
SPACE = 8  # pixels between two parts


class Header(QWidget):
    """The queue's two choices, its figures, and the buttons for flag and guideline."""

    queue_chosen = Signal(str, str)
    """State and order that the person has chosen, as the engine calls them."""

    def __init__(self, actions: ActionSet, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._theme = theme
        self._state = self._combo("queue_state", tr("Which texts"), STATES)
        self._order = self._combo("queue_order", tr("In which order"), ORDERS)
        self._order.setItemData(
            2,
            tr(
                "The texts first about which the model is least certain: "
                "a label there teaches most."
            ),
            Qt.ItemDataRole.ToolTipRole,
        )
        self._left = self._figure("left")
        self._progress = self._figure("progress")
        self._distribution = DistributionBar(theme, self)
        self._distribution.setMaximumWidth(280)
        self.flag = self._button("annotate.flag", tr("Flag"), "flag")
        self.guideline = self._button("annotate.guideline", tr("Guideline"), "guideline_toggle")
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(24, 12, 16, 12)
        row.setSpacing(SPACE)
        row.addWidget(self._state)
        row.addWidget(self._order)
        row.addSpacing(SPACE)
        row.addWidget(self._left)
        row.addStretch(1)
        row.addWidget(self._distribution, 2)
        row.addWidget(self._progress)
        row.addSpacing(SPACE)
        row.addWidget(self.flag)
        row.addWidget(self.guideline)
        self._parts: list[QWidget] = [self._state, self._order, self.flag, self.guideline]
        theme.changed.connect(self._draw_icons)
        self._draw_icons()

    def queue(self) -> tuple[str, str]:
        """State and order as they are chosen."""
        return str(self._state.currentData()), str(self._order.currentData())

    def add_part(self, part: QWidget) -> None:
        """Put something of a page's own before the buttons."""
        self._row.insertWidget(self._row.indexOf(self.flag), part)
        self._parts.append(part)

    def set_queue(self, state: str, order: str) -> None:
        """Show a choice without telling anybody."""
        for combo, value in ((self._state, state), (self._order, order)):
            combo.blockSignals(True)
            combo.setCurrentIndex(max(combo.findData(value), 0))
            combo.blockSignals(False)

    def set_counts(self, task: TaskInfo, counts: Counts) -> None:
        """Show how far the labelling is."""
        state = self._state.currentData()
        left = {
            "not labelled": counts.texts - counts.labelled - counts.skipped,
            "skipped": counts.skipped,
            "flagged": counts.flagged,
            "labelled": counts.labelled,
            "all": counts.texts,
        }[state]
        to_do = state == "not labelled"
        self._left.setText(tr("{n:,} left", n=max(left, 0)) if to_do else number_text(left))
        self._progress.setText(
            tr("{n:,} of {texts:,} labelled", n=counts.labelled, texts=counts.texts)
        )
        self._distribution.set_counts(task, counts)
        self.make_room()

    def set_flagged(self, flagged: bool) -> None:
        """Show whether the current text is flagged."""
        self.flag.setChecked(flagged)
        self._draw_icons()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.make_room()

    def make_room(self) -> None:
        """Leave out figures where the buttons would be cut without."""
        margins = self._row.contentsMargins()
        room = self.width() - margins.left() - margins.right() - 2 * SPACE
        room -= sum(part.sizeHint().width() + SPACE for part in self._parts if not part.isHidden())
        for figure, width in (
            (self._left, self._left.sizeHint().width()),
            (self._progress, self._progress.sizeHint().width()),
            (self._distribution, self._distribution.minimumWidth()),
        ):
            room -= width + SPACE
            figure.setVisible(room >= 0)

    # --- inside ---------------------------------------------------------------------------------

    def _combo(self, name: str, words: str, items: tuple[tuple[str, str], ...]) -> QComboBox:
        combo = QComboBox(self)
        combo.setObjectName(f"annotate.{name}")
        combo.setAccessibleName(words)
        combo.setToolTip(words)
        combo.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for value, shown in items:
            combo.addItem(shown, value)
        combo.currentIndexChanged.connect(lambda: self.queue_chosen.emit(*self.queue()))
        return combo

    def _figure(self, name: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(f"annotate.{name}")
        label.setProperty("role", "muted")
        return label

    def _button(self, action: str, words: str, name: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(f"annotate.{name}")
        button.setProperty("role", "quiet")
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(self._actions.tooltip(action))
        button.clicked.connect(lambda: self._actions.trigger(action))
        return button

    def _draw_icons(self) -> None:
        flagged = self.flag.isChecked()
        self.flag.setIcon(
            self._theme.icon(
                "flag" if flagged else "flag-outline", "warning" if flagged else "text_muted"
            )
        )
        self.guideline.setIcon(self._theme.icon("book-open-variant"))
