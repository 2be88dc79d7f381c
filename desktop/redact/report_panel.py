"""The report: how much is found, what risk is left, what was decided."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QScrollArea,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.redact.words import DONE, IDENTIFIERS, share
from desktop.widgets.line import hairline
from engine.api import RedactionDecision, RedactionReport, TaskInfo, number_text, tr, trc, trn

_COLUMNS = (
    (tr("Label"), ""),
    (
        trc("a narrow column", "Recall"),
        tr("Of the marked passages, the share that would have been replaced."),
    ),
    (
        trc("a narrow column", "Precision"),
        tr("Of what would have been replaced, the share that is marked."),
    ),
    ("n", tr("How many passages are marked.")),
)
_MEASURED = {
    "test": tr("Measured on the test texts"),
    "validation": tr("Measured on the validation texts"),
    "train": tr("Measured on the training texts"),
    "cross-validation": tr(
        "Measured on all marked texts, each read by a model that did not learn from it"
    ),
}
_DECISIONS = {"mask": tr("replaced"), "keep": tr("kept"), "withdrawn": tr("taken back")}
_LOG = 50
_ROW = 32


class ReportPanel(QScrollArea):
    """Two figures, a sentence, a table by label, and the log."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._task: TaskInfo | None = None
        self.setObjectName("redact.report")
        self.setAccessibleName(tr("Report on what is protected"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page = QWidget()
        page.setProperty("role", "page")
        self._direct, direct = _figure("direct", tr("Direct identifiers"))
        self._quasi, quasi = _figure("quasi", tr("Quasi identifiers"))
        figures = QHBoxLayout()
        figures.setSpacing(16)
        figures.addWidget(direct, 1)
        figures.addWidget(quasi, 1)
        self._risk = _words("redact.risk", "")
        self._basis = _words("redact.basis", "small")
        self._counts = _words("redact.counts", "small")
        self._table = _table()
        self._log = _words("redact.log", "small")
        self._log.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 12, 12, 16)
        column.setSpacing(8)
        column.addLayout(figures)
        column.addWidget(self._risk)
        column.addWidget(self._basis)
        column.addSpacing(4)
        column.addWidget(self._table)
        column.addWidget(self._counts)
        column.addSpacing(8)
        column.addWidget(hairline())
        column.addWidget(_caption(tr("Decisions")))
        column.addWidget(self._log)
        column.addStretch(1)
        self.setWidget(page)
        self.show_report(None)

    def set_task(self, task: TaskInfo | None) -> None:
        """Say whose labels the report is about."""
        self._task = task

    def show_report(self, report: RedactionReport | None) -> None:
        """Show a report, or that it is being made."""
        if report is None:
            self._risk.setText(tr("Comparing what is found with what is marked…"))
            for part in (self._basis, self._counts, self._log):
                part.setText("")
            self._show_figure(self._direct, None, 0)
            self._show_figure(self._quasi, None, 0)
            self._table.setRowCount(0)
            self._table.hide()
            return
        self._show_figure(self._direct, report.direct_recall, report.direct_entities)
        self._show_figure(self._quasi, report.quasi_recall, report.quasi_entities)
        self._risk.setText(report.words)
        self._basis.setText(_basis(report))
        self._basis.setVisible(bool(self._basis.text()))
        self._counts.setText(_counts(report))
        self._show_labels(report)
        self._log.setText(self._log_words(report.log))

    def _show_figure(
        self, labels: tuple[QLabel, QLabel], recall: float | None, entities: int
    ) -> None:
        figure, below = labels
        figure.setText(share(recall))
        if labels is self._direct:
            below.setText(tr("direct identifiers\nfound whole, n = {n:,}", n=entities))
        else:
            below.setText(tr("quasi identifiers\nfound whole, n = {n:,}", n=entities))
        figure.setAccessibleDescription(tr("{share} of {n:,}", share=share(recall), n=entities))

    def _show_labels(self, report: RedactionReport) -> None:
        labels = {label.id: label for label in self._task.labels} if self._task else {}
        rows = [row for row in report.per_label if row.label_id in labels]
        self._table.setRowCount(len(rows))
        for place, row in enumerate(rows):
            label = labels[row.label_id]
            first = QTableWidgetItem(label.name)
            first.setData(Qt.ItemDataRole.DecorationRole, QColor(label.color))
            first.setToolTip(f"{label.name}: {IDENTIFIERS[label.identifier][0]}")
            self._table.setItem(place, 0, first)
            cells = (share(row.recall), share(row.precision), number_text(row.mentions))
            for column, words in enumerate(cells, start=1):
                item = QTableWidgetItem(words)
                item.setTextAlignment(_alignment(column))
                self._table.setItem(place, column, item)
        self._table.setVisible(bool(rows))
        head = self._table.horizontalHeader().sizeHint().height()
        self._table.setFixedHeight(head + _ROW * len(rows) + 2)

    def _log_words(self, log: tuple[RedactionDecision, ...]) -> str:
        if not log:
            return tr("Nothing has been decided yet.")
        names = {label.id: label.name for label in self._task.labels} if self._task else {}
        lines = [_decision_words(each, names) for each in log[:_LOG]]
        if len(log) > _LOG:
            earlier = len(log) - _LOG
            lines.append(trn("and {n} earlier one", "and {n:,} earlier ones", earlier))
        return "\n".join(lines)


def _decision_words(each: RedactionDecision, names: Mapping[int, str]) -> str:
    """Return a line of the log: when, where, what, by whom and why."""
    what = _DECISIONS[each.decision]
    label = names.get(each.label_id, "") if each.label_id is not None else ""
    if label and each.decision == "mask":
        what = tr("replaced as {label}", label=label)
    if each.annotator:
        what = tr("{what} by {annotator}", what=what, annotator=each.annotator)
    if each.reason:
        what = f"{what} ({each.reason.rstrip('.')})"
    return tr(
        "{when}  text {number}, {start}–{end} {what}",
        when=each.at[:16].replace("T", " "),
        number=each.text_id,
        start=each.start,
        end=each.end,
        what=what,
    )


def _basis(report: RedactionReport) -> str:
    if not report.texts:
        return ""
    basis = tr(
        "{measured} ({texts}): an identifier counts only if every mention of it is found.",
        measured=_MEASURED[report.split],
        texts=trn("{n} text", "{n:,} texts", report.texts),
    )
    return f"{basis} {_mention_words(report)}".strip()


def _mention_words(report: RedactionReport) -> str:
    if report.mention_recall is None:
        return ""
    found = report.mention_recall * 100
    if report.precision is None:
        return trn(
            "Of {n} mention, {found:.0f} % are found.",
            "Of {n:,} mentions, {found:.0f} % are found.",
            report.mentions,
            found=found,
        )
    return trn(
        "Of {n} mention, {found:.0f} % are found; {right:.0f} % of what is replaced had to be.",
        "Of {n:,} mentions, {found:.0f} % are found; {right:.0f} % of what is replaced had to be.",
        report.mentions,
        found=found,
        right=report.precision * 100,
    )


def _counts(report: RedactionReport) -> str:
    done = [
        f"{DONE[operator]} {number_text(count)}"
        for operator, count in sorted(report.operators.items(), key=lambda each: -each[1])
    ]
    sentences = [
        tr("In the chosen texts: {counts}.", counts=", ".join(done)) if done else "",
        trn(
            "{n} doubt open, {decided:,} decided.",
            "{n:,} doubts open, {decided:,} decided.",
            report.open_doubts,
            decided=report.decided,
        ),
        trn("{n} text not looked at.", "{n:,} texts not looked at.", report.unread)
        if report.unread
        else "",
    ]
    return " ".join(filter(None, sentences))


def _figure(name: str, words: str) -> tuple[tuple[QLabel, QLabel], QWidget]:
    frame = QWidget()
    figure = QLabel(objectName=f"redact.figure.{name}", accessibleName=words)
    figure.setProperty("role", "figure")
    below = QLabel(objectName=f"redact.figure_words.{name}")
    below.setProperty("role", "small")
    column = QVBoxLayout(frame)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(figure)
    column.addWidget(below)
    return (figure, below), frame


def _words(name: str, role: str) -> QLabel:
    label = QLabel(objectName=name, wordWrap=True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if role:
        label.setProperty("role", role)
    return label


def _caption(words: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("role", "caption")
    return label


def _table() -> QTableWidget:
    table = QTableWidget(0, len(_COLUMNS), objectName="redact.by_label")
    table.setAccessibleName(tr("What is found, by label"))
    table.setFrameShape(QFrame.Shape.NoFrame)
    table.setShowGrid(False)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(_ROW)
    for column, (title, help_) in enumerate(_COLUMNS):
        head = QTableWidgetItem(title)
        head.setToolTip(help_)
        head.setTextAlignment(_alignment(column))
        table.setHorizontalHeaderItem(column, head)
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    header.setHighlightSections(False)
    header.setMinimumSectionSize(36)
    return table


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
