"""What is being looked at of a model that labels whole texts, and what the engine says of it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject

from desktop.bridge import Bridge
from desktop.inspect.model_choice import CROSS_VALIDATION as CROSS_VALIDATION
from desktop.inspect.model_choice import ModelChoice
from desktop.models.kinds import LABELS
from engine.api import (
    CompareModels,
    Comparison,
    Evaluation,
    GetEvaluation,
    ListPredictedRows,
    PredictedRow,
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which predicted texts are listed.

    `kind` is "mistakes" (all), "cell" (of the matrix), "missed" (have the label `gold`, which was
    not found), "given" (got the label `predicted` wrongly), "won" or "lost" (of a comparison).
    """

    kind: str = "mistakes"
    gold: int | None = None
    predicted: int | None = None

    @property
    def errors_only(self) -> bool:
        """Whether texts that were predicted rightly are left out."""
        return not (self.kind == "cell" and self.gold == self.predicted)


class Inspection(ModelChoice):
    """The state of the page of labels."""

    kind = LABELS

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        self.scope = Scope()
        self.evaluation: Evaluation | None = None
        self.comparison: Comparison | None = None
        self.rows: list[PredictedRow] = []
        super().__init__(bridge, parent)

    def choose_scope(self, scope: Scope) -> None:
        """List other texts."""
        if scope != self.scope:
            self.scope = scope
            self._ask_rows()

    def reload(self) -> None:
        """Ask for scores and texts again."""
        if self.project is None or self.model is None:
            return
        self._bridge.ask(
            GetEvaluation(self.model.id, self.split), self._take_evaluation, "inspect.evaluation"
        )
        if self.against is not None:
            self._bridge.ask(
                CompareModels(self.model.id, self.against.id, self.split),
                self._take_comparison,
                "inspect.comparison",
            )
        elif self.comparison is not None:
            self.comparison = None
            self.comparison_changed.emit()
        self._ask_rows()

    # --- inside ---------------------------------------------------------------------------------

    def _forget_answers(self) -> None:
        self.evaluation, self.comparison, self.rows = None, None, []

    def _forget_scope(self) -> None:
        self.scope = Scope()

    def _scope_compares(self) -> bool:
        return self.scope.kind in ("won", "lost")

    def _take_evaluation(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.evaluation_changed.emit()

    def _take_comparison(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.comparison_changed.emit()
        if self._scope_compares():
            self._take_flipped()

    def _ask_rows(self) -> None:
        if self.model is None:
            return
        if self._scope_compares():
            self._take_flipped()
            return
        query = ListPredictedRows(
            self.model.id,
            self.split,
            gold=self.scope.gold,
            predicted=self.scope.predicted,
            errors_only=self.scope.errors_only,
        )
        self._bridge.ask(query, self._take_rows, "inspect.rows")

    def _take_flipped(self) -> None:
        if self.comparison is not None:
            flipped = self.comparison.won if self.scope.kind == "won" else self.comparison.lost
            self._take_rows(list(flipped))

    def _take_rows(self, rows: list[PredictedRow]) -> None:
        self.rows = rows
        self.rows_changed.emit()
