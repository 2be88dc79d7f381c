"""What to train: method, base model, how thoroughly; what it takes is said above the button."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from desktop.actions import ActionSet
from desktop.method_words import LANGUAGE, methods_for
from desktop.train.base_choice import BaseChoice
from desktop.train.few_labels_panel import few_labels_panel
from desktop.train.fine_tune_panel import fine_tune_panel
from desktop.train.language_panel import language_panel
from desktop.train.layer_slider import LayerSlider
from desktop.train.method_cards import MethodCards
from desktop.train.method_panel import MethodPanel
from desktop.train.passages_panel import passages_panel
from desktop.widgets.buttons import ActionButton
from desktop.widgets.form import caption
from desktop.widgets.line import hairline
from engine.api import BaseModel, ProjectInfo, Recommendation, TrainingEstimate, tr

PANELS = {
    "setfit": few_labels_panel,
    "fine-tune": fine_tune_panel,
    "ner": passages_panel,
    "mlm": language_panel,
}
WIDTH = 392  # pixels


class TrainForm(QWidget):
    """The left side of the view; `settings` is what the engine is asked for."""

    edited = Signal()
    """What `method`, `base_model` or `settings` return may have changed."""

    def __init__(self, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._panels: dict[str, MethodPanel] = {}
        self._encoder: BaseModel | None = None
        self._labelled = self._texts = 0
        self._chosen_by_person = False
        self._advice = QLabel(self)
        self._advice.setObjectName("train.advice")
        self._advice.setWordWrap(True)
        self._cards = MethodCards(self)
        self._base = BaseChoice(self)
        self._name = QLineEdit(self)
        self._name.setObjectName("train.name")
        self._name.setPlaceholderText(tr("a name is made if you give none"))
        self._name.setMaxLength(80)
        self._panel_place = QVBoxLayout()
        self._more_place = QVBoxLayout()
        self._more_shown = False
        self._estimate = QLabel(self)
        self._estimate.setObjectName("train.estimate")
        self._estimate.setWordWrap(True)
        self._build(actions)
        self._cards.chosen.connect(self._person_chose)
        self._base.chosen.connect(self._base_chosen)
        self.set_project(None)

    # --- what the view asks ---------------------------------------------------------------------

    def method(self) -> str:
        """The chosen method."""
        return self._cards.method()

    def base_model(self) -> str:
        """The name of the chosen base model, "" for the starter."""
        return self._base.name()

    def name(self) -> str:
        """The name for the model, "" if the engine shall make one."""
        return self._name.text().strip()

    def settings(self) -> dict[str, Any]:
        """The hyperparameters that are not left to the engine."""
        return self._panel().settings()

    def settings_of(self, method: str) -> dict[str, Any]:
        """The hyperparameters of another method, as they stand on its card."""
        return self._panel(method).settings()

    def layers(self) -> int:
        """How many layers of the encoder fine-tuning can keep as they are, one by one."""
        slider = self._panel("fine-tune").findChild(LayerSlider)
        assert isinstance(slider, LayerSlider)
        return slider.layers()

    # --- what the view tells --------------------------------------------------------------------

    def set_project(self, project: ProjectInfo | None) -> None:
        """Offer the methods that fit the task of a project."""
        self._chosen_by_person = False
        self._cards.set_methods(methods_for(project.task if project is not None else None))
        self._show_panel()

    def choose_method(self, method: str) -> None:
        """Choose a method, and keep to it whatever is recommended later."""
        self._cards.choose(method)
        self._person_chose()

    def set_settings(self, settings: dict[str, Any]) -> None:
        """Show the settings of an earlier run of the chosen method."""
        self._panel().set_settings(settings)

    def choose_base_model(self, name: str) -> None:
        """Start from the base model of this name, as soon as it is known."""
        self._base.choose(name)

    def forget_name(self) -> None:
        """Leave the name to the engine again: names are given once."""
        self._name.clear()

    def toggle_more(self) -> None:
        """Show or hide the settings that rarely need changing."""
        self._more_shown = not self._more_shown
        self._panel().more.setVisible(self._more_shown)

    def show_recommendation(self, recommendation: Recommendation, texts: int) -> None:
        """Say what the labels are enough for, and choose it unless a person chose already.

        `texts` is how many there are, labelled or not.
        """
        self._advice.setText(recommendation.words)
        self._cards.suggest(recommendation.method)
        self._labelled, self._texts = recommendation.labelled, texts
        for panel in self._panels.values():
            self._tell_texts(panel)
        if recommendation.method is not None and not self._chosen_by_person:
            self._cards.choose(recommendation.method)
            self._show_panel()

    def show_base_models(self, models: list[BaseModel]) -> None:
        """Offer the encoders of this machine and of the project."""
        self._base.show_models(models)

    def show_estimate(self, estimate: TrainingEstimate | None) -> None:
        """Say what the training would take; None while it is not known."""
        short = estimate is not None and estimate.memory > estimate.free_memory > 0
        self._say(estimate.words if estimate is not None else "", "warning" if short else "muted")

    def show_refusal(self, sentence: str) -> None:
        """Say why a training with these settings could not start."""
        self._say(sentence, "danger")

    # --- inside ---------------------------------------------------------------------------------

    def _build(self, actions: ActionSet) -> None:
        heading = QLabel(tr("Train a model"), self)
        heading.setProperty("role", "title")
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(24, 20, 20, 16)
        column.setSpacing(16)
        column.addWidget(heading)
        column.addWidget(self._advice)
        column.addWidget(self._cards)
        base = QVBoxLayout()
        base.setSpacing(4)
        base.addWidget(caption(tr("Start from"), self._base.box))
        base.addWidget(self._base)
        base.addWidget(
            ActionButton(actions, "base_model.add", "quiet"), 0, Qt.AlignmentFlag.AlignLeft
        )
        column.addLayout(base)
        column.addLayout(self._panel_place)
        name = QVBoxLayout()
        name.setSpacing(4)
        name.addWidget(caption(tr("Name of the model"), self._name))
        name.addWidget(self._name)
        column.addLayout(name)
        column.addWidget(
            ActionButton(actions, "train.settings", "quiet"), 0, Qt.AlignmentFlag.AlignLeft
        )
        column.addLayout(self._more_place)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setObjectName("train.form")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        foot = QVBoxLayout()
        foot.setContentsMargins(24, 12, 20, 16)
        foot.setSpacing(8)
        foot.addWidget(self._estimate)
        foot.addWidget(ActionButton(actions, "train.start", "primary", tr("Train")))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(area, 1)
        outer.addWidget(hairline())
        outer.addLayout(foot)
        self.setFixedWidth(WIDTH)

    def _panel(self, method: str = "") -> MethodPanel:
        """Return the panel of a method, "" the chosen one, made when it is first needed."""
        method = method or self.method()
        if method not in self._panels:
            panel = PANELS[method](self)
            panel.hide()
            if self._encoder is not None:
                panel.set_encoder(self._encoder)
            self._tell_texts(panel)
            slider = panel.findChild(LayerSlider)
            if method == "fine-tune" and isinstance(slider, LayerSlider):
                slider.add_button(ActionButton(self._actions, "train.sweep", "quiet"))
            panel.edited.connect(self.edited)
            panel.more.setVisible(False)
            self._panel_place.addWidget(panel)
            self._more_place.addWidget(panel.more)
            self._panels[method] = panel
        return self._panels[method]

    def _show_panel(self) -> None:
        shown = self._panel()
        for panel in self._panels.values():
            panel.setVisible(panel is shown)
            panel.more.setVisible(panel is shown and self._more_shown)
        self.edited.emit()

    def _tell_texts(self, panel: MethodPanel) -> None:
        panel.set_texts(self._texts if panel.method == LANGUAGE else self._labelled)

    def _person_chose(self) -> None:
        self._chosen_by_person = True
        self._show_panel()

    def _base_chosen(self, encoder: BaseModel) -> None:
        self._encoder = encoder
        for panel in self._panels.values():
            panel.set_encoder(encoder)
        self.edited.emit()

    def _say(self, words: str, role: str) -> None:
        self._estimate.setText(words)
        self._estimate.setVisible(bool(words))
        self._estimate.setProperty("role", role)
        self._estimate.style().polish(self._estimate)
