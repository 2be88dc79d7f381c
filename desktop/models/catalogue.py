"""The trained models of the project, the base models of this machine, and which one is chosen.

The view shows this and asks for changes of it; every question to the engine is asked here.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop.bridge import Bridge, sentence_of
from desktop.models.kinds import LANGUAGE, kind_of
from desktop.models.lineage import Branch, lineage, model_key, path_to
from engine.api import (
    BaseModel,
    BaseModelsChanged,
    FilledMask,
    FillMask,
    KnownBaseModel,
    ListBaseModels,
    ListJobEvents,
    ListKnownModels,
    ListModels,
    ModelInfo,
    ModelPublished,
    ModelsChanged,
    ProjectInfo,
    StoredJobEvent,
)


class Catalogue(QObject):
    """The state of the view."""

    branches_changed = Signal()
    """Models came, went, or changed; `chosen_changed` follows."""
    chosen_changed = Signal()
    """Another model is chosen, or something about the chosen one is new."""

    known_changed = Signal()
    """The models that can be brought are known, or which of them are here has changed."""

    guesses_changed = Signal(object, object)
    """What the chosen language model puts into gaps: sentences before and after training."""

    answered = Signal(object)
    """What the chosen language model puts into the gaps of a sentence that was asked."""
    refused = Signal(str)
    """Why it does not."""

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.project: ProjectInfo | None = None
        self.models: list[ModelInfo] = []
        self.base_models: list[BaseModel] = []
        self.loaded = False  # whether `models` is what the project says
        self.known: list[KnownBaseModel] = []
        self._aside = False
        self.branches: tuple[Branch, ...] = ()
        self._key = ""
        self._wanted = ""
        bridge.on(ModelPublished, self._models_changed)
        bridge.on(ModelsChanged, self._models_changed)
        bridge.on(BaseModelsChanged, self._base_models_changed)
        bridge.project_changed.connect(self._project_changed)

    def set_project(self, project: ProjectInfo | None) -> None:
        """Forget everything and show another project."""
        self.project = project
        self.models, self.branches = [], ()
        self.loaded = False
        self._key = self._wanted = ""
        self.branches_changed.emit()
        self.chosen_changed.emit()
        self.reload()

    def reload(self) -> None:
        """Ask for all models again: folders come and go without telling anybody."""
        if self.project is not None:
            self._bridge.ask(ListBaseModels(), self._take_base_models, "models.base_models")
            self._bridge.ask(ListModels(), self._take_models, "models.models")
            if not self.known:
                self._bridge.ask(ListKnownModels(), self._take_known, "models.known")

    def set_aside(self, aside: bool) -> None:
        """Have no model chosen while the person looks at models that can be brought."""
        if aside != self._aside:
            self._aside = aside
            self.chosen_changed.emit()

    @property
    def here(self) -> list[str]:
        """The names of the base models of this machine."""
        return [base.name for base in self.base_models if base.present]

    @property
    def chosen(self) -> Branch | None:
        """The chosen branch."""
        if self._aside:
            return None
        found = path_to(self.branches, self._key)
        return found[-1] if found else None

    @property
    def model(self) -> ModelInfo | None:
        """The chosen model, if it is a trained one."""
        return self.chosen.model if self.chosen else None

    @property
    def ancestry(self) -> list[str]:
        """The names from the base model down to the chosen one."""
        return [branch.name for branch in path_to(self.branches, self._key)]

    @property
    def starter(self) -> str:
        """The name of the base model that came with the program."""
        return next((base.name for base in self.base_models if base.origin == "starter"), "")

    def suggests(self, model: ModelInfo) -> bool:
        """Whether a model is the one that suggests labels."""
        return self.project is not None and self.project.suggestion_model_id == model.id

    def ask_guesses(self) -> None:
        """Ask for the guessed words of the chosen model, if it is one that guesses."""
        model = self.model
        if model is None or kind_of(model) != LANGUAGE:
            self.guesses_changed.emit([], [])
        else:
            self._bridge.ask(ListJobEvents(model.job_id), self._take_events, "models.guesses")

    def guess(self, sentence: str) -> None:
        """Ask the chosen language model what it puts into the gaps of a sentence."""
        model = self.model
        if model is not None:
            self._bridge.send(
                FillMask(model.id, (sentence,)),
                partial(self._take_answer, model.id),
                partial(self._take_refusal, model.id),
            )

    def _take_answer(self, model_id: int, found: list[FilledMask]) -> None:
        if self.model is not None and self.model.id == model_id:
            self.answered.emit([one.to_json() for one in found])

    def _take_refusal(self, model_id: int, error: Exception) -> None:
        if self.model is not None and self.model.id == model_id:
            self.refused.emit(sentence_of(error)[0])

    def choose(self, key: str) -> None:
        """Choose another branch by its key."""
        if key != self._key and path_to(self.branches, key):
            self._key = key
            self.chosen_changed.emit()

    def want(self, key: str) -> None:
        """Choose a branch as soon as it is there."""
        self._wanted = key
        if path_to(self.branches, key):
            self._wanted = ""
            self.choose(key)

    # --- answers --------------------------------------------------------------------------------

    def _take_models(self, models: list[ModelInfo]) -> None:
        self.models = models
        self.loaded = True
        self._grow()

    def _take_base_models(self, base_models: list[BaseModel]) -> None:
        self.base_models = base_models
        self._grow()
        self.known_changed.emit()

    def _take_known(self, known: list[KnownBaseModel]) -> None:
        self.known = known
        self.known_changed.emit()

    def _take_events(self, events: list[StoredJobEvent]) -> None:
        if self.model is None or kind_of(self.model) != LANGUAGE:
            return
        found = {event.data["when"]: event.data for event in events if event.kind == "preview"}
        before, after = (found.get(when, {}).get("sentences", []) for when in ("before", "after"))
        self.guesses_changed.emit(before, after)

    def _grow(self) -> None:
        if not self.loaded:
            return
        before = [branch.key for root in self.branches for branch in root.walk()]
        self.branches = lineage(self.models, self.base_models)
        if self._wanted and path_to(self.branches, self._wanted):
            self._key, self._wanted = self._wanted, ""
        elif not path_to(self.branches, self._key):
            self._key = self._neighbour(before)
        self.branches_changed.emit()
        self.chosen_changed.emit()

    def _neighbour(self, before: list[str]) -> str:
        """Return the key of the model that stood nearest to the one that is gone."""
        keys = [model_key(model.id) for model in self.models]
        if not keys:
            return ""
        if self._key not in before:
            return keys[-1]
        place = before.index(self._key)
        nearest = [*before[place:], *reversed(before[:place])]
        return next((key for key in nearest if key in keys), keys[-1])

    # --- events ---------------------------------------------------------------------------------

    def _models_changed(self, event: ModelPublished | ModelsChanged) -> None:
        if self.project is not None:
            self._bridge.ask(ListModels(), self._take_models, "models.models")

    def _base_models_changed(self, event: BaseModelsChanged) -> None:
        self._bridge.ask(ListBaseModels(), self._take_base_models, "models.base_models")

    def _project_changed(self, project: ProjectInfo | None) -> None:
        before = self.project
        if project is None or before is None or project.uuid != before.uuid:
            return
        self.project = project
        same = project.tasks == before.tasks
        if not same or project.suggestion_model_id != before.suggestion_model_id:
            self.branches_changed.emit()
            self.chosen_changed.emit()
