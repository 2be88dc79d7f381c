"""The keys that decide: about the passage in doubt, or about what is selected in the text."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject

from desktop.redact.redaction import Redaction
from desktop.redact.review_panel import ReviewPanel
from desktop.redact.text_pane import TextPane
from desktop.widgets.view import Context
from engine.api import LabelInfo, RedactionDoubt, TaskInfo, tr

MASK_KEY, NEXT_KEY, PREVIOUS_KEY = "M", "N", "P"
"""Beside the keys of the table, as long as no label has them."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a decision is about, and the label it would be replaced as."""

    start: int
    end: int
    label_id: int | None
    reason: str = ""


class Deciding(QObject):
    """Binds the keys of the review and carries them out; after a decision the next doubt comes."""

    def __init__(
        self,
        context: Context,
        redaction: Redaction,
        pane: TextPane,
        review: ReviewPanel,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._actions = context.actions
        self._redaction = redaction
        self._pane = pane
        self._review = review
        self._doubt: RedactionDoubt | None = None
        self._told: Target | None = None
        bind = context.actions.bind
        bind("redact.mask", self.mask, self._can_mask)
        bind("redact.keep", self.keep, self._can_decide)
        bind("redact.withdraw", self._withdraw, redaction.can_withdraw)
        bind("redact.next", lambda: review.list.step(1), self._has_doubts)
        bind("redact.previous", lambda: review.list.step(-1), self._has_doubts)
        review.list.current_changed.connect(self._show_doubt)
        review.list.clicked.connect(lambda _: review.list.show_again())
        pane.selection_changed.connect(self._tell_target)
        redaction.decided.connect(context.actions.refresh)
        redaction.preview_changed.connect(self._tell_target)

    def set_task(self, task: TaskInfo | None) -> None:
        """Bind the keys of this task's labels: each replaces the passage as its own."""
        labels = task.labels if task is not None else ()
        keys = {label.key.upper(): label.id for label in labels if label.key}
        self._keys: dict[str, int] = keys
        spare = [key for key in (MASK_KEY, NEXT_KEY, PREVIOUS_KEY) if key not in keys]
        self._actions.bind_keys("redact", [*keys, *spare] if labels else (), self._press)
        self._tell_target()

    def mask(self, label_id: int | None = None) -> None:
        """Replace what is meant, as this label or as the one it seems to have."""
        target = self._target()
        chosen = label_id if label_id is not None else (target.label_id if target else None)
        if target is not None and chosen is not None:
            self._redaction.decide(target.start, target.end, "mask", chosen, target.reason)

    def keep(self) -> None:
        """Let what is meant stand as it is."""
        target = self._target()
        if target is not None:
            self._redaction.decide(target.start, target.end, "keep", None, target.reason)

    def _press(self, key: str) -> None:
        label_id = self._keys.get(key.upper())
        if label_id is not None:
            if self._can_decide():
                self.mask(label_id)
        elif key == MASK_KEY:
            self._actions.trigger("redact.mask")
        else:
            self._actions.trigger("redact.next" if key == NEXT_KEY else "redact.previous")

    def _withdraw(self) -> None:
        text_id = self._redaction.withdraw()
        if text_id is not None:
            self._redaction.show_text(text_id)

    # --- what is meant --------------------------------------------------------------------------

    def _target(self) -> Target | None:
        """Return what a decision would be about now, None if there is nothing."""
        preview = self._redaction.preview
        if preview is None:
            return None
        chosen = self._pane.chosen()
        here = [each for each in (self._doubt,) if each and each.text_id == preview.text_id]
        if chosen is None:
            return next((self._about(doubt, doubt.start, doubt.end) for doubt in here), None)
        start, end = chosen
        for doubt in here:
            if start < doubt.end and doubt.start < end:
                return self._about(doubt, start, end)
        label_id = self._pane.label_at(start, end)
        return Target(start, end, label_id if label_id is not None else self._first_label())

    def _about(self, doubt: RedactionDoubt, start: int, end: int) -> Target:
        label_id = doubt.label_id if doubt.label_id is not None else self._first_label()
        return Target(start, end, label_id, doubt.words)

    def _first_label(self) -> int | None:
        """Return the first label that says by itself who somebody is, else the first of all."""
        task = self._redaction.task
        labels: tuple[LabelInfo, ...] = task.labels if task is not None else ()
        direct = [label for label in labels if label.identifier == "direct"]
        return next((label.id for label in (*direct, *labels)), None)

    def _can_decide(self) -> bool:
        return self._target() is not None

    def _can_mask(self) -> bool:
        target = self._target()
        return target is not None and target.label_id is not None

    def _has_doubts(self) -> bool:
        doubts = self._redaction.doubts
        return doubts is not None and bool(doubts.doubts)

    # --- showing --------------------------------------------------------------------------------

    def _show_doubt(self, doubt: RedactionDoubt | None) -> None:
        self._doubt = doubt
        if doubt is not None:
            self._redaction.show_text(doubt.text_id)
            self._pane.point_at(doubt.text_id, doubt.start, doubt.end)
        self._tell_target()

    def _tell_target(self) -> None:
        target, task = self._target(), self._redaction.task
        if target == self._told and target is not None:
            return
        self._told = target
        words = ""
        if target is not None and task is not None:
            label = next((each for each in task.labels if each.id == target.label_id), None)
            if label is not None:
                words = _as_label_words(label, alone=len(task.labels) == 1)
        self._review.as_label.setText(words)
        self._review.as_label.setVisible(bool(words))
        self._actions.refresh()


def _as_label_words(label: LabelInfo, *, alone: bool) -> str:
    if alone:
        return tr("Replaced as {label}.", label=label.name)
    return tr("Replaced as {label}, another label by its key.", label=label.name)
