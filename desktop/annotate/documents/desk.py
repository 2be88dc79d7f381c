"""Whole texts get labels: one key and the next text is there."""

from __future__ import annotations

from PySide6.QtCore import QObject

from desktop.annotate.desk import Desk
from desktop.annotate.documents.page import PLACE, DocumentPage
from desktop.annotate.labelling import Labelling
from desktop.annotate.queue import LabelQueue
from desktop.widgets.view import Context
from engine.api import TextDetail


class DocumentDesk(Desk):
    """Labels texts with `Labelling`."""

    place = PLACE

    def __init__(
        self, context: Context, queue: LabelQueue, labelling: Labelling, parent: QObject
    ) -> None:
        super().__init__(context, queue, labelling, parent)
        self.page = DocumentPage(context.actions, context.theme)

    def bind(self) -> None:
        actions = self.context.actions
        actions.bind("annotate.accept", self.labelling.accept, self.has_text)
        actions.bind("annotate.clear", self.labelling.clear, self.has_text)
        for id in ("annotate.accept", "annotate.clear"):
            # A key held down must not run through texts that nobody has read.
            actions.qaction(id).setAutoRepeat(False)

    def press(self, label_id: int) -> None:
        self.labelling.press(label_id)

    def wants_suggestion(self, detail: TextDetail) -> bool:
        return detail.suggestion is None and not detail.row.labelled
