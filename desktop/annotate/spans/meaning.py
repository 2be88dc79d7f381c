"""Saying who or what a marked passage means, in a form below the text."""

from __future__ import annotations

from PySide6.QtCore import QObject

from desktop.annotate.inline_form import InlineForm
from desktop.annotate.spans.marking import Marking, Span


class Meaning(QObject):
    """Asks for the meaning of one passage at a time and keeps what is answered."""

    def __init__(self, form: InlineForm, marking: Marking, parent: QObject) -> None:
        super().__init__(parent)
        self._form = form
        self._marking = marking
        self._asked: Span | None = None
        form.saved.connect(self._keep)

    def ask(self, span: Span) -> None:
        """Open the form with what the passage means, offering what others of its label mean."""
        self._asked = span
        meant = {(one.start, one.end, one.label_id): one.entity for one in self._marking.spans()}
        self._form.offer(self._marking.meanings(span))
        self._form.open_form(meant.get(span, ""))

    def _keep(self, words: str) -> None:
        if self._asked is not None:
            self._marking.mean(self._asked, words)
