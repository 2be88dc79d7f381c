"""What Annotate shows when there is no text to label, and why."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.annotate.inline_form import InlineForm
from desktop.widgets.buttons import ActionButton
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.view import Context
from engine.api import Counts, TaskInfo, tr, trn

FORM_WIDTH = 560  # pixels

_NOTHING = {
    "skipped": (
        tr("No text is skipped."),
        tr("Space leaves a text for later; it would be here then."),
    ),
    "flagged": (
        tr("No text is flagged."),
        tr("F marks a text for a second look; it would be here then."),
    ),
    "labelled": (
        tr("No text is labelled yet."),
        tr("Press the key of a label, and the text is labelled."),
    ),
}


class EmptyPage(QWidget):
    """One sentence, and the buttons that lead on."""

    state_wanted = Signal(str)
    """The person wants the queue of these texts."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("annotate.empty")
        self._words = EmptyState(context.theme, "text-box-plus-outline", "", parent=self)
        self._import = self._add(ActionButton(context.actions, "texts.import", "primary"))
        self._train = self._add(
            ActionButton(context.actions, "go.train", "primary", tr("Train a model from them"))
        )
        self._skipped = self._add(self._button(tr("Look at the skipped texts"), "skipped"))
        self._rest = self._add(
            self._button(tr("Back to the texts without a label"), "not labelled")
        )
        self._label = self._add(ActionButton(context.actions, "annotate.add_label", "primary"))
        self.label_form = InlineForm(
            "first_label", tr("New label"), tr("Its name, as short as it can be")
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 0, 24, 24)
        column.addWidget(self._words, 1)
        self.label_form.setMaximumWidth(FORM_WIDTH)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.label_form, 4)
        row.addStretch(1)
        column.addLayout(row)

    def show_no_project(self) -> None:
        """Say that no project is open."""
        self._say(
            "tag-outline", tr("No project is open."), tr("Open one, and its texts appear here.")
        )

    def show_no_labels(self, task: TaskInfo) -> None:
        """Say that the task has no labels."""
        self._say(
            "tag-plus-outline",
            tr("This task has no labels yet."),
            tr("Name the kinds of passage that you want to mark.")
            if task.kind == "spans"
            else tr("Name the kinds of text that you want to tell apart."),
            self._label,
        )

    def show_end(self, state: str, counts: Counts | None) -> None:
        """Say that the queue of `state` has nothing (more), and what to do next."""
        if counts is None:
            self._say("tag-outline", tr("Looking for texts …"), "")
        elif not counts.texts:
            self._say(
                "tray-arrow-down",
                tr("There are no texts in this project yet."),
                tr("Import a CSV or JSONL file, or drop one anywhere on this window."),
                self._import,
            )
        elif state == "not labelled":
            details = tr(
                "{labelled:,} of {texts:,} texts are labelled.",
                labelled=counts.labelled,
                texts=counts.texts,
            )
            if counts.skipped:
                skipped = trn("{n:,} is skipped.", "{n:,} are skipped.", counts.skipped)
                details = f"{details} {skipped}"
            self._say(
                "check-circle-outline",
                tr("That was the last text. Well done."),
                details,
                self._train,
                *((self._skipped,) if counts.skipped else ()),
            )
        else:
            some = {
                "skipped": counts.skipped,
                "flagged": counts.flagged,
                "labelled": counts.labelled,
            }.get(state, counts.texts)
            sentence, details = _NOTHING.get(state, (tr("That was the last text."), ""))
            if some:
                sentence, details = tr("You have seen all of them."), ""
            self._say("check-circle-outline", sentence, details, self._rest)

    # --- inside ---------------------------------------------------------------------------------

    def _add(self, button: QPushButton) -> QPushButton:
        self._words.add_button(button)
        return button

    def _button(self, words: str, state: str) -> QPushButton:
        button = QPushButton(words)
        button.setObjectName(f"annotate.show_{state.replace(' ', '_')}")
        button.clicked.connect(lambda: self.state_wanted.emit(state))
        return button

    def _say(self, icon: str, sentence: str, details: str, *buttons: QPushButton) -> None:
        self._words.set_icon(icon)
        self._words.set_words(sentence, details)
        for button in (self._import, self._train, self._skipped, self._rest, self._label):
            button.setVisible(button in buttons)
