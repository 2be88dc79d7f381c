"""What reads a project's texts for a search by meaning: which encoder, and how exactly."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop.preferences import (
    search_encoder,
    search_quantised,
    set_search_encoder,
    set_search_quantised,
)
from desktop.widgets.view import Context
from engine.api import ProjectInfo, tr


class SearchEncoder(QObject):
    """The choice for the open project; binds the commands that change how exactly it reads."""

    changed = Signal()
    """Texts are to be listed anew."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._uuid = ""
        for id, quantised in (("texts.eight_bits", True), ("texts.full_precision", False)):
            read = partial(self._read, quantised)
            context.actions.bind(id, read, partial(self._can_read, quantised))

    def set_project(self, project: ProjectInfo | None) -> None:
        """Another project is open, or none."""
        self._uuid = "" if project is None else project.uuid

    @property
    def choice(self) -> tuple[str, bool]:
        """The name of the encoder, "" is the starter; and whether it reads in eight bits."""
        settings, uuid = self._context.settings, self._uuid
        return search_encoder(settings, uuid), search_quantised(settings, uuid)

    def back_to_starter(self) -> bool:
        """Have the starter read from now on; says whether another encoder did."""
        if not self.choice[0]:
            return False
        set_search_encoder(self._context.settings, self._uuid, "")
        return True

    def _can_read(self, quantised: bool) -> bool:
        return bool(self._uuid) and self.choice[1] != quantised

    def _read(self, quantised: bool) -> None:
        set_search_quantised(self._context.settings, self._uuid, quantised)
        if quantised:
            words = tr("Texts are read in eight bits from now on; what was read exactly is kept.")
        else:
            words = tr("Texts are read exactly from now on; what was read in eight bits is kept.")
        self._context.actions.refresh()
        self._context.strip.show_message(words)
        self.changed.emit()
