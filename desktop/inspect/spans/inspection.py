"""What is being looked at of a model that marks passages, and what the engine says of it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from desktop.bridge import Bridge
from desktop.inspect.model_choice import ModelChoice
from desktop.models.kinds import PASSAGES
from engine.api import (
    CompareSpanModels,
    GetSpanConfusions,
    GetSpanEvaluation,
    ListSpanErrors,
    SpanComparison,
    SpanConfusions,
    SpanError,
    SpanEvaluation,
)

FLIPPED = ("won", "lost", "came", "went")
"""The lists of a comparison."""


@dataclass(frozen=True, slots=True)
class SpanScope:
    """Which errors are listed; the defaults list all.

    `flipped` is one of `FLIPPED`, and the other fields are as in the query ListSpanErrors.
    """

    kind: str | None = None
    label_id: int | None = None
    gold: int | None = None
    predicted: int | None = None
    surface: str | None = None
    flipped: str = ""


class SpanInspection(ModelChoice):
    """The state of the page of passages."""

    confusions_changed = Signal()

    kind = PASSAGES

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        self.scope = SpanScope()
        self.evaluation: SpanEvaluation | None = None
        self.confusions: SpanConfusions | None = None
        self.comparison: SpanComparison | None = None
        self.rows: list[SpanError] = []
        super().__init__(bridge, parent)

    def choose_scope(self, scope: SpanScope) -> None:
        """List other errors."""
        if scope != self.scope:
            self.scope = scope
            self._ask_rows()

    def reload(self) -> None:
        """Ask for scores, counts and errors again; first for what a person is looking at."""
        if self.project is None or self.model is None:
            return
        model_id, split, ask = self.model.id, self.split, self._bridge.ask
        self._ask_rows()
        ask(GetSpanEvaluation(model_id, split), self._take_evaluation, "inspect.span_evaluation")
        ask(GetSpanConfusions(model_id, split), self._take_confusions, "inspect.span_confusions")
        if self.against is not None:
            ask(
                CompareSpanModels(model_id, self.against.id, split),
                self._take_comparison,
                "inspect.span_comparison",
            )
        elif self.comparison is not None:
            self.comparison = None
            self.comparison_changed.emit()

    # --- inside ---------------------------------------------------------------------------------

    def _forget_answers(self) -> None:
        self.evaluation, self.confusions, self.comparison, self.rows = None, None, None, []

    def _forget_scope(self) -> None:
        self.scope = SpanScope()

    def _scope_compares(self) -> bool:
        return bool(self.scope.flipped)

    def _choose_again(self) -> None:
        # Nobody is to decide about what another model said.
        self.rows = []
        self.rows_changed.emit()
        super()._choose_again()

    def _take_evaluation(self, evaluation: SpanEvaluation) -> None:
        self.evaluation = evaluation
        self.evaluation_changed.emit()

    def _take_confusions(self, confusions: SpanConfusions) -> None:
        self.confusions = confusions
        self.confusions_changed.emit()

    def _take_comparison(self, comparison: SpanComparison) -> None:
        self.comparison = comparison
        self.comparison_changed.emit()
        if self._scope_compares():
            self._take_flipped()

    def _ask_rows(self) -> None:
        if self.model is None:
            return
        scope = self.scope
        if scope.flipped:
            self._take_flipped()
            return
        query = ListSpanErrors(
            self.model.id,
            self.split,
            kind=scope.kind,
            label_id=scope.label_id,
            gold=scope.gold,
            predicted=scope.predicted,
            surface=scope.surface,
        )
        self._bridge.ask(query, self._take_errors, "inspect.span_errors")

    def _take_errors(self, rows: list[SpanError]) -> None:
        # A list of a comparison may have been chosen since.
        if not self.scope.flipped:
            self._take_rows(rows)

    def _take_flipped(self) -> None:
        if self.comparison is not None:
            self._take_rows(list(getattr(self.comparison, self.scope.flipped)))

    def _take_rows(self, rows: list[SpanError]) -> None:
        self.rows = rows
        self.rows_changed.emit()
