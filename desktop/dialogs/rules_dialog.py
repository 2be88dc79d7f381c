"""Expressions and lists of a label: what its passages look like, tried while they are written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from desktop.bridge import sentence_of
from desktop.dialogs import file_choice
from desktop.theme.style import GRID
from desktop.widgets.form import FormDialog, caption
from desktop.widgets.view import Context
from engine.api import (
    ListRules,
    ReadEntries,
    Rule,
    RulesChanged,
    RuleTrial,
    SetRules,
    TaskInfo,
    TryRules,
    tr,
    trn,
)

TRY_AFTER = 400  # milliseconds after the last key
LINES = ";;".join((tr("Lines ({suffixes})", suffixes="*.txt *.csv"), file_choice.ALL))
KINDS = ("expression", "list")
ASKED_BY = "rules_dialog"


class RulesDialog(FormDialog):
    """Writes the rules of the task's labels; those of recognisers stay as they are."""

    def __init__(self, context: Context, parent: QWidget, label_id: int | None = None) -> None:
        super().__init__("rules_dialog", tr("Expressions and lists"), tr("Save"), parent, width=720)
        self._context = context
        project = context.bridge.project
        self._task: TaskInfo | None = None if project is None else project.task
        self._stored: tuple[Rule, ...] = ()
        self._drafts: dict[int, tuple[Rule, ...]] = {}
        self._shown: int | None = None
        self._waiting = 0
        self._refused_words = ""
        self.label = QComboBox(objectName="rules_dialog.label")
        self.label.setAccessibleName(tr("Label that the passages get"))
        self.expressions = _field("rules_dialog.expressions", tr(r"POL-\d{6}"))
        self.expressions.setProperty("role", "code")
        self.entries = _field("rules_dialog.entries", tr("Harbour Mutual\nSt Mary's Hospital"))
        self.found = QLabel(objectName="rules_dialog.found", wordWrap=True)
        self.found.setProperty("role", "muted")
        # As many lines as it ever has, so that nothing moves while somebody writes.
        self.found.setMinimumHeight(3 * self.found.fontMetrics().lineSpacing())
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.found.setSizePolicy(policy)
        self._from_file = QPushButton(
            tr("Add lines of a file…"), objectName="rules_dialog.file", autoDefault=False
        )
        self._from_file.setProperty("role", "quiet")
        self._from_file.clicked.connect(self._choose_file)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(TRY_AFTER)
        self._later.timeout.connect(self._try)
        self.finished.connect(self._later.stop)
        self._lay_out()
        for label in self._task.labels if self._task is not None else ():
            self.label.addItem(label.name, label.id)
        self.label.setCurrentIndex(max(0, self.label.findData(label_id)))
        self.label.activated.connect(self._change_label)
        self.agree.setDefault(False)
        self.agree.setAutoDefault(False)
        self.agree.clicked.connect(self._save)
        self._let_write(False)
        context.bridge.on(RulesChanged, self._rules_changed)
        self._ask(self._take)

    def rules(self) -> tuple[Rule, ...]:
        """What is written for the label that is shown; its recognisers are not among it."""
        if self._shown is None:
            return ()
        return tuple(
            dict.fromkeys(
                Rule(self._shown, kind, line.strip())
                for kind, field in zip(KINDS, self._fields(), strict=True)
                for line in field.toPlainText().splitlines()
                if line.strip()
            )
        )

    def add_lines(self, path: Path) -> None:
        """Add the lines of a text file to the list, those that are not in it yet."""
        query = ReadEntries(str(path))
        self._context.bridge.ask(query, self._add, "rules_dialog.entries", self._refused)

    # --- inside ---------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        above = QHBoxLayout()
        above.addWidget(caption(tr("Passages found so get the label"), self.label), 1)
        above.addWidget(self.label, 1)
        list_head = QHBoxLayout()
        list_head.addWidget(
            caption(
                tr("List"),
                self.entries,
                tr("One name or term on a line, looked for as it is written, as whole words."),
            ),
            1,
        )
        list_head.addWidget(self._from_file)
        body = self.body
        body.addLayout(above)
        body.addSpacing(GRID)
        body.addWidget(
            caption(
                tr("Expressions"),
                self.expressions,
                tr(
                    "One regular expression on a line. Where it has a group called “value”, that "
                    "is the passage; (?i) at its beginning takes capitals and small letters for "
                    "the same."
                ),
            )
        )
        body.addWidget(self.expressions, 2)
        body.addSpacing(GRID)
        body.addLayout(list_head)
        body.addWidget(self.entries, 3)
        body.addWidget(self.found)
        for field in self._fields():
            field.textChanged.connect(self._changed)

    def _ask(self, then: Callable[[tuple[Rule, ...]], None]) -> None:
        if self._task is not None:
            query = ListRules(self._task.id)
            self._context.bridge.ask(query, then, "rules_dialog.rules", self._refused)

    def _rules_changed(self, event: RulesChanged) -> None:
        """A recogniser may have been switched on or off behind the dialog: that has to stay so."""
        if event.asked_by != ASKED_BY and self._shown is not None:
            self._ask(self._take_again)

    def _take_again(self, rules: tuple[Rule, ...]) -> None:
        self._stored = rules

    def _fields(self) -> tuple[QPlainTextEdit, QPlainTextEdit]:
        return self.expressions, self.entries

    def _let_write(self, allowed: bool) -> None:
        for widget in (self.label, *self._fields(), self._from_file, self.agree):
            widget.setEnabled(allowed)

    def _take(self, rules: tuple[Rule, ...]) -> None:
        self._stored = rules
        self._let_write(self.label.count() > 0)
        self._show(self.label.currentData())
        self.expressions.setFocus()

    def _change_label(self) -> None:
        if self._shown is not None:
            self._drafts[self._shown] = self.rules()
        self._show(self.label.currentData())

    def _show(self, label_id: int | None) -> None:
        self._shown = label_id
        of_label = self._drafts.get(label_id or 0, self._written(label_id))
        for kind, field in zip(KINDS, self._fields(), strict=True):
            field.setPlainText("\n".join(rule.value for rule in of_label if rule.kind == kind))
        self._changed()

    def _written(self, label_id: int | None) -> tuple[Rule, ...]:
        """What is stored for a label, without its recognisers."""
        return tuple(r for r in self._stored if r.label_id == label_id and r.kind in KINDS)

    def _changed(self) -> None:
        self.say("")
        self._later.start()

    def _try(self) -> None:
        query = TryRules(self.rules())
        if not query.rules:
            self.found.setText(tr("Nothing is looked for yet."))
            return
        self._context.bridge.ask(query, self._take_trial, "rules_dialog.trial", self._faulty)

    def _take_trial(self, trial: RuleTrial) -> None:
        self.found.setText(_trial_words(trial))

    def _add(self, lines: tuple[str, ...]) -> None:
        had = (" ".join(line.split()) for line in self.entries.toPlainText().splitlines())
        together = dict.fromkeys(line for line in (*had, *lines) if line)
        self.entries.setPlainText("\n".join(together))

    def _faulty(self, error: Exception) -> None:
        self.found.setText(sentence_of(error)[0])

    def _choose_file(self) -> None:
        settings = self._context.settings
        file_choice.choose_file(self, settings, tr("Lines of a list"), LINES, self.add_lines)

    def _save(self) -> None:
        if self._shown is None:
            return
        self._drafts[self._shown] = self.rules()
        changed = {
            label_id: rules
            for label_id, rules in self._drafts.items()
            if rules != self._written(label_id)
        }
        if not changed:
            self.accept()
            return
        self._let_write(False)
        self._waiting, self._refused_words = len(changed), ""
        for label_id, rules in changed.items():
            others = (r for r in self._stored if r.label_id == label_id and r.kind not in KINDS)
            command = SetRules(label_id, (*others, *rules), asked_by=ASKED_BY)
            self._context.bridge.send(command, self._saved, self._not_saved)

    def _saved(self, rules: tuple[Rule, ...]) -> None:
        self._settle()

    def _not_saved(self, error: Exception) -> None:
        self._refused_words = sentence_of(error)[0]
        self._settle()

    def _settle(self) -> None:
        self._waiting -= 1
        if self._waiting:
            return
        if not self._refused_words:
            self.accept()
            return
        self._let_write(True)
        self.say(self._refused_words)

    def _refused(self, error: Exception) -> None:
        self.say(sentence_of(error)[0])


def _trial_words(trial: RuleTrial) -> str:
    if not trial.passages:
        return trn(
            "Finds nothing in the first text.",
            "Finds nothing in the first {n:,} texts.",
            trial.tried,
        )
    return trn(
        "Finds {passages} in {texts:,} of the first text: {examples}.",
        "Finds {passages} in {texts:,} of the first {n:,} texts: {examples}.",
        trial.tried,
        passages=trn("{n:,} passage", "{n:,} passages", trial.passages),
        texts=trial.texts,
        examples=", ".join(tr("“{words}”", words=example) for example in trial.examples),
    )


def _field(name: str, example: str) -> QPlainTextEdit:
    field = QPlainTextEdit(objectName=name, tabChangesFocus=True)
    field.setPlaceholderText(example)
    field.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
    field.setMinimumHeight(96)
    return field
