"""Which model is looked at, against which, on which texts; what is asked about it differs.

Every question to the engine about the choice is asked here. After a correction everything is
asked again, since nothing of a score is stored.
"""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.bridge import Bridge
from desktop.models.kinds import kind_of
from engine.api import (
    LabelsChanged,
    ListModels,
    ModelInfo,
    ModelPublished,
    ModelsChanged,
    PredictionsChanged,
    ProjectInfo,
    TasksChanged,
)

CROSS_VALIDATION = "cross-validation"
AGAIN_MS = 120  # of quiet after a change before everything is asked again


class ModelChoice(QObject):
    """The choice, and when to ask again; each signal says which part of the answers is new."""

    models_changed = Signal()
    choice_changed = Signal()
    evaluation_changed = Signal()
    comparison_changed = Signal()
    rows_changed = Signal()

    kind: ClassVar[str]  # what the models give to a text, as in desktop.models.kinds

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.project: ProjectInfo | None = None
        self.models: list[ModelInfo] = []
        self.loaded = False  # whether `models` is what the project says
        self.model: ModelInfo | None = None
        self.against: ModelInfo | None = None
        self.split = "test"
        self.evaluation: Any = None
        self._wanted: dict[str, int] = {}
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self.reload)
        bridge.on(LabelsChanged, self._labels_changed)
        bridge.on(PredictionsChanged, self._predictions_changed)
        bridge.on(ModelPublished, self._models_changed)
        bridge.on(ModelsChanged, self._models_changed)
        bridge.on(TasksChanged, self._tasks_changed)

    def set_project(self, project: ProjectInfo | None) -> None:
        """Forget everything and look at another project."""
        self._again.stop()
        self.project = project
        self.models, self.model, self.against = [], None, None
        self.loaded = False
        self._forget_answers()
        self._forget_scope()
        self._wanted.clear()
        self.models_changed.emit()
        if project is not None:
            self._ask_models()

    def want(self, **target: int) -> None:
        """Choose a model by `model_id` or `job_id`, and one to compare by `against_id`."""
        self._wanted.update({key: value for key, value in target.items() if value is not None})
        self._ask_models()

    def choose_model(self, model_id: int) -> None:
        """Look at another model."""
        model = self._find(model_id)
        if model is None or (self.model is not None and model.id == self.model.id):
            return
        self.model = model
        if self.against is not None and self.against.id == model.id:
            self.against = None
        if self.split not in self.splits():
            self.split = self.splits()[0]
        if self.split == "test" and model.evaluation == CROSS_VALIDATION:
            self.split = CROSS_VALIDATION
        self._choose_again()

    def choose_against(self, model_id: int | None) -> None:
        """Compare with another model, or with none."""
        self.against = None if model_id is None else self._find(model_id)
        if self.against is None and self._scope_compares():
            self._forget_scope()
        self.choice_changed.emit()
        self.reload()

    def choose_split(self, split: str) -> None:
        """Look at another part of the texts."""
        if split != self.split and split in self.splits():
            self.split = split
            self._choose_again()

    def splits(self) -> tuple[str, ...]:
        """The parts that the model can be looked at on, the fairest first."""
        own = (
            (CROSS_VALIDATION,) if self.model and self.model.evaluation == CROSS_VALIDATION else ()
        )
        return (*own, "test", "validation", "train")

    def reload(self) -> None:
        """Ask for scores and rows again."""
        raise NotImplementedError

    # --- what differs ---------------------------------------------------------------------------

    def _forget_answers(self) -> None:
        """Forget what the engine has answered."""
        raise NotImplementedError

    def _forget_scope(self) -> None:
        """List everything again."""
        raise NotImplementedError

    def _scope_compares(self) -> bool:
        """Whether the rows listed are those of a comparison."""
        raise NotImplementedError

    # --- inside ---------------------------------------------------------------------------------

    def _ask_models(self) -> None:
        if self.project is not None:
            self._bridge.ask(ListModels(), self._take_models, f"inspect.models.{self.kind}")

    def _take_models(self, models: list[ModelInfo]) -> None:
        if self.project is None:
            return
        task_id = self.project.task.id
        self.models = [
            model for model in models if model.task_id == task_id and kind_of(model) == self.kind
        ]
        self.loaded = True
        before = self.model.id if self.model is not None else None
        self.model = self._find(before)
        self.against = self._find(self.against.id if self.against is not None else None)
        self.models_changed.emit()
        wanted = self._wanted.pop("model_id", None)
        job_id = self._wanted.pop("job_id", None)
        if wanted is None and job_id is not None:
            wanted = next((model.id for model in self.models if model.job_id == job_id), None)
        against = self._wanted.pop("against_id", None)
        if self._find(wanted) is None:
            wanted = before if self._find(before) else (self.models[-1].id if self.models else None)
        if wanted is None:
            self._forget_answers()
            self.choice_changed.emit()
        else:
            self.choose_model(wanted)
        if against is not None:
            self.choose_against(against)

    def _choose_again(self) -> None:
        self._forget_scope()
        self.evaluation = None
        self.choice_changed.emit()
        self.reload()

    def _find(self, model_id: int | None) -> ModelInfo | None:
        return next((model for model in self.models if model.id == model_id), None)

    def _labels_changed(self, event: LabelsChanged) -> None:
        if self.model is not None and event.task_id == self.model.task_id:
            self._again.start()

    def _predictions_changed(self, event: PredictionsChanged) -> None:
        if self.model is not None and event.split and event.model_id == self.model.id:
            self._again.start()

    def _models_changed(self, event: ModelPublished | ModelsChanged) -> None:
        self._ask_models()

    def _tasks_changed(self, event: TasksChanged) -> None:
        if self.project is not None:
            self.project = event.project
            self._again.start()
