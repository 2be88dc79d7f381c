"""How many layers of the encoder may change: one slider from "only the head" to "all"."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from engine.api import tr


class LayerSlider(QWidget):
    """Positions from `least` to the encoder's depth (everything learns); 0 is only the head."""

    edited = Signal()

    def __init__(self, least: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least = least
        self._slider = QSlider(Qt.Orientation.Horizontal, self)
        self._slider.setObjectName("train.layers")
        self._slider.setAccessibleName(tr("How many layers may change"))
        self._slider.setPageStep(1)
        self._slider.setTickInterval(1)
        self._slider.setRange(least, 1)
        self._slider.setValue(1)
        self._slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self._slider.valueChanged.connect(self._describe)
        self._slider.valueChanged.connect(self.edited)
        self._words = QLabel(self)
        self._words.setObjectName("train.layers_words")
        self._words.setMinimumWidth(120)
        self._technical = QLabel(self)
        self._technical.setProperty("role", "technical")
        self._technical.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._slider, 1)
        row.addWidget(self._words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self._technical)
        self.set_layers(1)

    def add_button(self, button: QWidget) -> None:
        """Put a button under the slider that helps to choose."""
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def layers(self) -> int:
        """Return the encoder's depth."""
        return self._slider.maximum()

    def set_layers(self, layers: int) -> None:
        """Fit an encoder of this depth; all of it may change, unless only the head did."""
        only_head = self._slider.value() == 0
        self._slider.setRange(self._least, max(layers, 1))
        self._slider.setValue(0 if only_head else max(layers, 1))
        self._describe()

    def settings(self) -> dict[str, Any]:
        """Return `train` and `frozen_blocks` as the engine takes them."""
        changing, layers = self._slider.value(), self._slider.maximum()
        if changing == 0:
            return {"train": "head"}
        return {"frozen_blocks": layers - changing} if changing < layers else {}

    def set_settings(self, settings: dict[str, Any]) -> None:
        """Show what `settings` says."""
        if settings.get("train") == "head":
            self._slider.setValue(0)
        else:
            frozen = int(settings.get("frozen_blocks") or 0)
            self._slider.setValue(max(1, self._slider.maximum() - frozen))

    def _describe(self) -> None:
        changing, layers = self._slider.value(), self._slider.maximum()
        if changing == 0:
            self._words.setText(tr("only the head"))
            self._technical.setText(
                tr("{setting} · fastest; for a first impression", setting="train=head")
            )
        elif changing == layers:
            self._words.setText(tr("all {n}", n=layers) if layers > 1 else tr("all"))
            key = "frozen_blocks=0" if self._least else "train=all"
            self._technical.setText(
                tr("{setting} · most accurate where there are enough labels", setting=key)
            )
        else:
            self._words.setText(tr("the last {n} of {layers}", n=changing, layers=layers))
            key = f"frozen_blocks={layers - changing}"
            self._technical.setText(tr("{setting} · faster, a little less exact", setting=key))
