"""How many layers should I train? F1 and time of every choice; the slider goes where you say."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLabel,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.actions import BY_ID, ActionSet
from desktop.frame.status import remaining
from desktop.theme.theme import Theme
from desktop.train.sweep_chart import Row, SweepChart
from desktop.train.sweeps import HEAD
from desktop.widgets.buttons import ActionButton
from engine.api import JobProgressed, SweepInfo, number_text, tr, trc, trn

_ABOUT = tr(
    "The model is trained once for every number of layers that may change, with the other settings "
    "on the left as they stand. What frozen layers compute is read once for all. The scores are "
    "those on the held-back texts of the validation part; no model is kept, and the test part "
    "stays untouched."
)
_COLUMNS = (tr("May change"), "F1", tr("Seconds"))


class SweepPanel(QScrollArea):
    """The question above, the chart and a table below; `chosen` is a row that somebody wants."""

    chosen = Signal(object)
    """The value of frozen_blocks, or "head"."""

    def __init__(self, actions: ActionSet, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("train.sweep")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._sweep: SweepInfo | None = None
        self._values: list[float | str] = []
        self._choice = -1
        self._button = ActionButton(actions, "train.sweep", "primary")
        self._words = QLabel(self)
        self._words.setObjectName("train.sweep.words")
        self._words.setWordWrap(True)
        self._chart = SweepChart(theme, self)
        self._chart.chosen.connect(self._choose)
        self._table = QTableWidget(0, len(_COLUMNS), self)
        self._table.setObjectName("train.sweep.table")
        self._table.setAccessibleName(tr("F1 and time by the number of layers that may change"))
        for column, words in enumerate(_COLUMNS):
            header = QTableWidgetItem(words)
            header.setTextAlignment(_side(column))
            self._table.setHorizontalHeaderItem(column, header)
        self._table.verticalHeader().hide()
        self._table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.setTabKeyNavigation(False)
        self._table.setShowGrid(False)
        self._table.setFrameShape(QFrame.Shape.NoFrame)
        self._table.cellClicked.connect(lambda row, _column: self._choose(row))
        self._table.cellActivated.connect(lambda row, _column: self._choose(row))
        self._lay_out()
        self.show_sweep(None)

    def show_sweep(self, sweep: SweepInfo | None) -> None:
        """Show a sweep as far as it has come; None where there was none."""
        if sweep is None or self._sweep is None or sweep.job.id != self._sweep.job.id:
            self._choice = -1
        self._sweep = sweep
        self._values = [] if sweep is None else _in_the_order_of_the_slider(sweep)
        stopped = sweep is not None and sweep.job.resumable
        self._button.setText(tr("Go on with it") if stopped else BY_ID["train.sweep"].words)
        self._say(sweep)
        shown = sweep is not None and bool(sweep.points)
        self._chart.setVisible(shown)
        self._table.setVisible(shown)
        self._draw()

    def show_progress(self, event: JobProgressed) -> None:
        """Say how far a sweep that runs has come."""
        if event.phase == "sweep":
            words = tr(
                "{done} of {total} are tried. It goes on in the background.",
                done=event.done,
                total=event.total,
            )
            if event.seconds_left is not None:
                words = tr(
                    "{done} of {total} are tried, {time} left. It goes on in the background.",
                    done=event.done,
                    total=event.total,
                    time=remaining(event.seconds_left),
                )
        elif event.phase == "warm-up":
            words = tr(
                "Reading what frozen layers compute: {done:,} of {total:,} texts.",
                done=event.done,
                total=event.total,
            )
        else:
            return
        self._set_words(words, "muted")

    # --- inside ---------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        about = QLabel(_ABOUT, self)
        about.setProperty("role", "muted")
        about.setWordWrap(True)
        page = QWidget()
        page.setProperty("role", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(16)
        column.addWidget(about)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._words)
        column.addWidget(self._chart, 1)
        column.addWidget(self._table)
        column.addStretch(1)
        self.setWidget(page)

    def _say(self, sweep: SweepInfo | None) -> None:
        if sweep is None:
            self._set_words("", "muted")
            return
        job, known = sweep.job, len(sweep.points)
        total = len(sweep.values) * len(sweep.seeds)
        words = {
            "queued": tr("It waits for its turn."),
            "running": tr(
                "{done} of {total} are tried. It goes on in the background.",
                done=known,
                total=total,
            ),
            "paused": tr(
                "It was paused behind {done} of {total}; what is known stays.",
                done=known,
                total=total,
            ),
            "done": tr(
                "Tried with {base_model}. Choose a point: the slider goes there.",
                base_model=sweep.base_model,
            ),
            "cancelled": tr("It was cancelled behind {done} of {total}.", done=known, total=total),
        }.get(job.status, job.message)
        failed = job.status in ("failed", "interrupted")
        self._set_words(words, "danger" if failed else "muted")

    def _set_words(self, words: str, role: str) -> None:
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self._words.setProperty("role", role)
        self._words.style().polish(self._words)

    def _draw(self) -> None:
        sweep = self._sweep
        if sweep is None:
            return
        rows: list[Row | None] = []
        for value in self._values:
            mean = sweep.mean_at(value)
            rows.append(None if mean is None else (self._name(value), *mean))
        names = [self._name(value) for value in self._values]
        self._chart.show_rows([self._mark(value) for value in self._values], rows, self._choice)
        self._table.setRowCount(len(rows))
        for place, (name, row) in enumerate(zip(names, rows, strict=True)):
            score = "–" if row is None else number_text(row[1], ".3f")
            seconds = "–" if row is None else number_text(row[2], ".1f")
            for column, words in enumerate((name, score, seconds)):
                item = QTableWidgetItem(words)
                item.setTextAlignment(_side(column))
                self._table.setItem(place, column, item)
        height = self._table.horizontalHeader().sizeHint().height()
        height += sum(self._table.rowHeight(place) for place in range(len(rows)))
        self._table.setFixedHeight(height + 4)
        if self._choice >= 0:
            self._table.selectRow(self._choice)

    def _name(self, value: float | str) -> str:
        """Return what may change in the words of the slider."""
        if value == HEAD:
            return tr("only the head")
        assert self._sweep is not None
        layers = self._sweep.blocks
        changing = layers - int(value)
        if changing == layers:
            return tr("all {layers}", layers=layers)
        return trn("the last one", "the last {n}", changing)

    def _mark(self, value: float | str) -> str:
        """Return what stands below a point: there is room for little."""
        if value == HEAD:
            return trc("what may change", "head")
        assert self._sweep is not None
        return f"{self._sweep.blocks - int(value)}"

    def _choose(self, place: int) -> None:
        if not 0 <= place < len(self._values):
            return
        self._choice = place
        self._draw()
        self.chosen.emit(self._values[place])


def _in_the_order_of_the_slider(sweep: SweepInfo) -> list[float | str]:
    """Return what the slider can be set to, from the head to all layers.

    A sweep of the command line may also have trained the head in passes, above frozen layers.
    """
    frozen = sorted({int(value) for value in sweep.values if value != HEAD}, reverse=True)
    heads = [HEAD] if HEAD in sweep.values else []
    return [*heads, *(number for number in frozen if number < sweep.blocks)]


def _side(column: int) -> Qt.AlignmentFlag:
    """Return where the words of a column stand: numbers on the right."""
    side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
