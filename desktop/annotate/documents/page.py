"""The page of a text that gets labels as a whole."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.actions import ActionSet
from desktop.annotate.labelling import suggested
from desktop.annotate.page import TextPage
from desktop.theme.theme import Theme
from desktop.widgets.reading_pane import ReadingPane
from engine.api import Suggestion, TaskInfo, TextDetail, tr

PLACE = "annotate.documents"


class DocumentPage(TextPage):
    """Shows a text to be read, and which labels it has or could have."""

    def __init__(self, actions: ActionSet, theme: Theme, parent: QWidget | None = None) -> None:
        pane = ReadingPane(theme)
        pane.setAccessibleName(tr("The text to label"))
        super().__init__(actions, theme, pane, parent=parent)

    def show_text(self, task: TaskInfo, detail: TextDetail) -> bool:
        other = super().show_text(task, detail)
        suggestion = None if detail.row.labelled else detail.suggestion
        self.labels.show_text(detail.row.label_ids, suggestion)
        self.show_hints(PLACE, self._hint(task, detail, suggestion))
        return other

    def _hint(self, task: TaskInfo, detail: TextDetail, suggestion: Suggestion | None) -> list[str]:
        hints = []
        enter = self.actions_.key_words("annotate.accept", PLACE)
        if task.multi_label and (detail.row.labelled or suggestion is None):
            hints.append(tr("Keys give and take labels"))
            hints.append(
                tr("{key} goes on", key=enter)
                if detail.row.labelled
                else tr("{key}: none of them", key=enter)
            )
        elif suggestion is not None:
            names = [task.label(label_id).name for label_id in suggested(task, suggestion)]
            labels = ", ".join(tr("“{words}”", words=name) for name in names)
            hints.append(
                tr("{key} accepts {labels}", key=enter, labels=labels)
                if labels
                else tr("{key} accepts that none applies", key=enter)
            )
        return hints
