"""What differs from one kind of task to another: the page, what its keys do, what is suggested."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QObject

from desktop.annotate.labelling import Labelling
from desktop.annotate.page import TextPage
from desktop.annotate.queue import LabelQueue
from desktop.widgets.view import Context
from engine.api import LabelsChanged, PredictionsChanged, ProjectInfo, TaskInfo, TextDetail


class Desk(QObject):
    """One way to work on the queue's texts; the view has the desk that its task asks for.

    `place` is where its commands find themselves (`desktop.actions.PLACES`).
    """

    place: ClassVar[str]
    page: TextPage

    def __init__(
        self, context: Context, queue: LabelQueue, labelling: Labelling, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.context = context
        self.queue = queue
        self.labelling = labelling

    def bind(self) -> None:
        """Bind the commands that only this kind of task has."""

    def has_text(self) -> bool:
        """Whether there is a text to work on."""
        return self.queue.current is not None

    def set_task(self, task: TaskInfo, project: ProjectInfo) -> None:
        """Work for this task, or for the same one after it was changed."""
        self.page.set_task(task, suggestions=project.suggestion_model_id is not None)

    def press(self, label_id: int) -> None:
        """The key of a label was pressed."""

    def show_text(self, task: TaskInfo, detail: TextDetail) -> None:
        """Show a text, or the same one after it was changed."""
        self.page.show_text(task, detail)

    def wants_suggestion(self, detail: TextDetail) -> bool:
        """Whether the model is to be asked about a text that is shown now or soon."""
        return False

    def labels_changed(self, event: LabelsChanged, *, own: bool) -> None:
        """Texts were changed in the project file; `own`: by what was pressed in this view."""

    def predictions_changed(self, event: PredictionsChanged) -> None:
        """The model has something new to say of some texts, or of all if none is named."""

    def forget(self) -> None:
        """Forget the texts of a project that was closed, or what a former model said of them."""

    def save_state(self) -> None:
        """Write what was chosen to the settings."""
