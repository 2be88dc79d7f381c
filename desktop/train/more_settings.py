"""The settings that rarely need changing, each with a sentence."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from desktop.widgets.form import caption
from desktop.widgets.number_field import NumberField

AUTO = "automatic"
_CLASS_WEIGHTS = (
    ("auto", "When one label is rare"),
    ("on", "Always"),
    ("off", "Never"),
)


class MoreSettings(QWidget):
    """Fields for what the engine otherwise decides itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("train.more")
        self._rate = QLineEdit(self)
        self._rate.setPlaceholderText("8e-5")
        self._batch = self._number("batch_size", 1, 512, 16)
        self._length = self._number("max_length", 0, 8192, 0, AUTO)
        self._length.setSingleStep(32)
        self._seed = self._number("seed", 0, 2**31 - 1, 42)
        self._threads = self._number("threads", 0, 512, 0, "all cores")
        self._weights = QComboBox(self)
        for value, words in _CLASS_WEIGHTS:
            self._weights.addItem(words, value)
        self._rate.setObjectName("train.learning_rate")
        self._weights.setObjectName("train.class_weights")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for field, words, note in (
            (
                self._rate,
                "Learning rate",
                "How large a step the model takes. Smaller is slower and steadier.",
            ),
            (self._batch, "Texts a step", "Smaller needs less memory. (batch_size)"),
            (
                self._length,
                "Tokens read of a text",
                "The rest of a longer text is not read; a token is about ¾ of a word. (max_length)",
            ),
            (
                self._weights,
                "Count rare labels more",
                "So that a label with few texts is not drowned by the others. (class_weights)",
            ),
            (self._seed, "Seed", "The same seed and settings give the same model again."),
            (self._threads, "Processor cores", "Fewer leave the machine freer. (threads)"),
        ):
            part = QVBoxLayout()
            part.setSpacing(4)
            part.addWidget(caption(words, field, note))
            part.addWidget(field)
            column.addLayout(part)

    def settings(self) -> dict[str, Any]:
        """Return what differs from the engine's own choice."""
        settings: dict[str, Any] = {"seed": self._seed.value()}
        if self._rate.text().strip():
            settings["learning_rate"] = self._rate.text().strip().replace(",", ".")
        if self._batch.value() != 16:
            settings["batch_size"] = self._batch.value()
        if self._length.value():
            settings["max_length"] = self._length.value()
        if self._threads.value():
            settings["threads"] = self._threads.value()
        if self._weights.currentData() != "auto":
            settings["class_weights"] = self._weights.currentData()
        return settings

    def set_settings(self, settings: dict[str, Any]) -> None:
        """Show what `settings` says, and the usual value where it says nothing."""
        rate = settings.get("learning_rate")
        self._rate.setText("" if rate is None else f"{float(rate):g}")
        self._batch.setValue(int(settings.get("batch_size") or 16))
        self._length.setValue(int(settings.get("max_length") or 0))
        self._seed.setValue(int(settings.get("seed", 42)))
        self._threads.setValue(int(settings.get("threads") or 0))
        place = self._weights.findData(settings.get("class_weights", "auto"))
        self._weights.setCurrentIndex(max(place, 0))

    def _number(self, name: str, least: int, most: int, value: int, zero: str = "") -> NumberField:
        box = NumberField(self)
        box.setObjectName(f"train.{name}")
        box.setRange(least, most)
        box.setValue(value)
        box.setSpecialValueText(zero)
        box.setGroupSeparatorShown(False)
        return box
