"""What to train: method, base model, how much may change, how long; in words one understands."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.actions import ActionSet
from desktop.train.layer_slider import LayerSlider
from desktop.train.more_settings import MoreSettings
from desktop.widgets.buttons import ActionButton
from desktop.widgets.form import caption
from desktop.widgets.line import hairline
from desktop.widgets.number_field import NumberField
from engine.api import METHODS, BaseModel, Recommendation

METHOD_WORDS = {
    "fine-tune": (
        "Learn from your labels",
        "fine-tune",
        "The encoder and a new head learn together. Good from about a hundred labels on.",
    ),
}
"""For each method: its name for people, its technical name, and what it is for."""
WIDTH = 376  # pixels


class TrainForm(QWidget):
    """The left side of the view; `settings` is what the engine is asked for."""

    def __init__(self, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._models: list[BaseModel] = []
        self._wanted_base = ""  # chosen before the library was known
        self._advice = QLabel(self)
        self._advice.setObjectName("train.advice")
        self._advice.setWordWrap(True)
        self._methods = QButtonGroup(self)
        self._base = QComboBox(self)
        self._base.setObjectName("train.base_model")
        self._base.setMinimumContentsLength(14)
        self._base.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._base.currentIndexChanged.connect(self._base_chosen)
        self._base_facts = QLabel(self)
        self._base_facts.setObjectName("train.base_facts")
        self._base_facts.setProperty("role", "technical")
        self._base_facts.setWordWrap(True)
        self._layers = LayerSlider(self)
        self._epochs = NumberField(self)
        self._epochs.setObjectName("train.epochs")
        self._epochs.setRange(0, 100)
        self._epochs.setSpecialValueText("as many as it takes")
        self._name = QLineEdit(self)
        self._name.setObjectName("train.name")
        self._name.setPlaceholderText("a name is made if you give none")
        self._name.setMaxLength(80)
        self._more = MoreSettings(self)
        self._more.hide()
        self._why_not = QLabel(self)
        self._why_not.setObjectName("train.why_not")
        self._why_not.setProperty("role", "muted")
        self._why_not.setWordWrap(True)
        self._build(actions)

    # --- what the view asks ---------------------------------------------------------------------

    def method(self) -> str:
        """The chosen method."""
        return METHODS[self._methods.checkedId()]

    def base_model(self) -> str:
        """The name of the chosen base model, "" for the starter."""
        return str(self._base.currentData() or "")

    def name(self) -> str:
        """The name for the model, "" if the engine shall make one."""
        return self._name.text().strip()

    def settings(self) -> dict[str, Any]:
        """The hyperparameters that are not left to the engine."""
        settings = {**self._layers.settings(), **self._more.settings()}
        if self._epochs.value():
            settings["epochs"] = self._epochs.value()
        return settings

    def set_settings(self, settings: dict[str, Any]) -> None:
        """Show the settings of an earlier run."""
        self._layers.set_settings(settings)
        self._more.set_settings(settings)
        self._epochs.setValue(int(settings.get("epochs") or 0))

    def choose_base_model(self, name: str) -> None:
        """Start from the base model of this name, as soon as it is known."""
        place = self._base.findData(name)
        if place < 0:
            self._wanted_base = name
        else:
            self._base.setCurrentIndex(place)

    def forget_name(self) -> None:
        """Leave the name to the engine again: names are given once."""
        self._name.clear()

    def toggle_more(self) -> None:
        """Show or hide the settings that rarely need changing."""
        self._more.setVisible(self._more.isHidden())

    # --- what the view tells --------------------------------------------------------------------

    def show_recommendation(self, recommendation: Recommendation) -> None:
        """Say what the labels are enough for."""
        self._advice.setText(recommendation.words)
        self._why_not.setVisible(recommendation.method is None)
        self._why_not.setText("Training begins to make sense with two labels.")

    def show_base_models(self, models: list[BaseModel]) -> None:
        """Offer the encoders of this machine."""
        before = self._base.currentData()
        chosen, self._wanted_base = self._wanted_base or before, ""
        self._models = [model for model in models if model.present]
        self._base.blockSignals(True)
        self._base.clear()
        for model in self._models:
            self._base.addItem(model.name, model.name)
        self._base.setCurrentIndex(max(self._base.findData(chosen), 0))
        self._base.blockSignals(False)
        if self._base.currentData() != before:
            self._base_chosen()

    # --- building -------------------------------------------------------------------------------

    def _build(self, actions: ActionSet) -> None:
        heading = QLabel("Train a model", self)
        heading.setProperty("role", "title")
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(24, 20, 20, 16)
        column.setSpacing(16)
        column.addWidget(heading)
        column.addWidget(self._advice)
        column.addWidget(self._method_cards())
        column.addLayout(self._field("Start from", self._base, below=self._base_facts))
        column.addWidget(
            ActionButton(actions, "base_model.add", "quiet"), 0, Qt.AlignmentFlag.AlignLeft
        )
        column.addLayout(self._field("How many layers may change", self._layers))
        column.addLayout(
            self._field(
                "Passes over your texts",
                self._epochs,
                "The pass that does best on texts held back is the one that is kept. (epochs)",
            )
        )
        column.addLayout(self._field("Name of the model", self._name))
        column.addWidget(
            ActionButton(actions, "train.settings", "quiet"), 0, Qt.AlignmentFlag.AlignLeft
        )
        column.addWidget(self._more)
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
        foot.addWidget(self._why_not)
        foot.addWidget(ActionButton(actions, "train.start", "primary", "Train"))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(area, 1)
        outer.addWidget(hairline())
        outer.addLayout(foot)
        self.setFixedWidth(WIDTH)

    def _method_cards(self) -> QWidget:
        cards = QWidget(self)
        column = QVBoxLayout(cards)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for place, method in enumerate(METHODS):
            words, technical, purpose = METHOD_WORDS[method]
            card = QFrame(cards)
            card.setProperty("role", "card")
            choice = QRadioButton(words, card)
            choice.setObjectName(f"train.method.{method}")
            choice.setAccessibleDescription(purpose)
            choice.setChecked(place == 0)
            self._methods.addButton(choice, place)
            beside = QLabel(technical, card)
            beside.setProperty("role", "technical")
            below = QLabel(purpose, card)
            below.setProperty("role", "small")
            below.setWordWrap(True)
            row = QHBoxLayout()
            row.addWidget(choice)
            row.addStretch(1)
            row.addWidget(beside)
            inside = QVBoxLayout(card)
            inside.setContentsMargins(12, 10, 12, 10)
            inside.setSpacing(4)
            inside.addLayout(row)
            inside.addWidget(below)
            column.addWidget(card)
        return cards

    def _field(
        self, words: str, field: QWidget, note: str = "", below: QWidget | None = None
    ) -> QVBoxLayout:
        part = QVBoxLayout()
        part.setSpacing(4)
        part.addWidget(caption(words, field, note))
        part.addWidget(field)
        if below is not None:
            part.addWidget(below)
        return part

    def _base_chosen(self) -> None:
        model = next((m for m in self._models if m.name == self._base.currentData()), None)
        if model is None:
            return
        self._layers.set_layers(model.layers)
        size = f"{model.bytes / 1e6:,.0f} MB"
        facts = (model.architecture, f"{model.layers} layers", size, model.languages)
        self._base_facts.setText(" · ".join(fact for fact in facts if fact))
