"""What an import did, row by row where something was wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.theme.style import GRID
from desktop.widgets.form import FormDialog
from engine.api import ImportReport, number_text, tr, trn

KINDS = {"repaired": tr("repaired"), "refused": tr("refused")}
"""What can have happened to a row with a problem, in words."""


class ImportReportDialog(FormDialog):
    """Shows an ImportReport; it can be opened more than once."""

    def __init__(self, report: ImportReport, parent: QWidget) -> None:
        super().__init__("import_report", tr("What was imported"), tr("Close"), parent, width=640)
        self.finished.disconnect()
        self._report = report
        self.refuse.hide()
        self.agree.clicked.connect(self.accept)
        figures = QHBoxLayout()
        figures.setSpacing(4 * GRID)
        for number, words in (
            (report.imported, tr("imported")),
            (report.labelled, tr("with labels")),
            (report.repaired, KINDS["repaired"]),
            (report.refused, KINDS["refused"]),
            (report.duplicates, tr("were there already")),
        ):
            figures.addLayout(_figure(number, words))
        figures.addStretch(1)
        self.body.addLayout(figures)
        for sentence in self._remarks():
            remark = QLabel(sentence, wordWrap=True)
            remark.setProperty("role", "muted")
            self.body.addWidget(remark)
        if report.problems:
            self.body.addWidget(self._problems(), 1)

    @property
    def summary(self) -> str:
        """The import in one sentence, for the strip."""
        report = self._report
        parts = [trn("{n:,} text imported", "{n:,} texts imported", report.imported)]
        if report.duplicates:
            parts.append(tr("{n:,} were there already", n=report.duplicates))
        if report.refused:
            parts.append(trn("{n:,} row refused", "{n:,} rows refused", report.refused))
        if report.repaired:
            parts.append(tr("{n:,} repaired", n=report.repaired))
        return ", ".join(parts) + "."

    def _remarks(self) -> list[str]:
        report = self._report
        remarks = []
        if report.labels_added:
            remarks.append(tr("Labels added: {names}.", names=", ".join(report.labels_added)))
        if report.near_duplicates:
            remarks.append(
                tr(
                    "{n:,} texts are nearly the same as others; "
                    "each group stays together when a part is kept back for testing.",
                    n=report.near_duplicates,
                )
            )
        if report.split_leaks:
            remarks.append(
                trn(
                    "1 text has a near-duplicate in another part of the file's own split; "
                    "a score on such a text flatters a model.",
                    "{n:,} texts have a near-duplicate in another part of the file's "
                    "own split; scores on such texts flatter a model.",
                    report.split_leaks,
                )
            )
        return remarks

    def _problems(self) -> QTableWidget:
        report = self._report
        table = QTableWidget(len(report.problems), 3, objectName="import_report.problems")
        table.setAccessibleName(tr("Rows that were repaired or refused"))
        table.setHorizontalHeaderLabels([tr("Row"), tr("What"), tr("Reason")])
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setMinimumHeight(220)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        for number, problem in enumerate(report.problems):
            cells = (number_text(problem.row), KINDS[problem.kind], problem.reason)
            for column, words in enumerate(cells):
                table.setItem(number, column, QTableWidgetItem(words))
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        return table


def _figure(number: int, words: str) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(0)
    figure = QLabel(number_text(number))
    figure.setProperty("role", "figure")
    below = QLabel(words)
    below.setProperty("role", "small")
    column.addWidget(figure)
    column.addWidget(below)
    return column
