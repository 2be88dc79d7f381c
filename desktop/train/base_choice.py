"""Which encoder to start from: the machine's base models and the project's own."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLabel, QVBoxLayout, QWidget

from engine.api import BaseModel, tr, trn


class BaseChoice(QWidget):
    """A list of encoders, and below it what the chosen one is."""

    chosen = Signal(object)
    """Another encoder is chosen: BaseModel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._models: list[BaseModel] = []
        self._wanted = ""  # asked for before it was known
        self.box = QComboBox(self)
        self.box.setObjectName("train.base_model")
        self.box.setMinimumContentsLength(14)
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.box.currentIndexChanged.connect(self._changed)
        self._facts = QLabel(self)
        self._facts.setObjectName("train.base_facts")
        self._facts.setProperty("role", "technical")
        self._facts.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.box)
        column.addWidget(self._facts)

    def name(self) -> str:
        """The name of the chosen encoder, "" while none is known."""
        return str(self.box.currentData() or "")

    def choose(self, name: str) -> None:
        """Choose the encoder of this name, as soon as it is known."""
        place = self.box.findData(name)
        if place < 0:
            self._wanted = name
        else:
            self.box.setCurrentIndex(place)

    def show_models(self, models: list[BaseModel]) -> None:
        """Offer these encoders; one that is missing is left out."""
        before = self.name()
        wanted, self._wanted = self._wanted or before, ""
        self._models = [model for model in models if model.present]
        self.box.blockSignals(True)
        self.box.clear()
        for model in self._models:
            self.box.addItem(model.name, model.name)
        self.box.setCurrentIndex(max(self.box.findData(wanted), 0))
        self.box.blockSignals(False)
        if self.name() != before:
            self._changed()
        if wanted and wanted != self.name():
            self._wanted = wanted

    def _changed(self) -> None:
        model = next((model for model in self._models if model.name == self.name()), None)
        if model is None:
            return
        self._facts.setText(facts_of(model))
        self.chosen.emit(model)


def facts_of(model: BaseModel) -> str:
    """Return what an encoder is, in a line."""
    size = tr("{size:,.0f} MB", size=model.bytes / 1e6)
    if model.origin == "project":
        return tr(
            "{model} that learned the language of your texts · {size}",
            model=model.made_from,
            size=size,
        )
    layers = trn("1 layer", "{n} layers", model.layers)
    facts = (model.architecture, layers, size, model.languages)
    return " · ".join(fact for fact in facts if fact)
