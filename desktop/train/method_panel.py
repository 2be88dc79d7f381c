"""The settings of one method: presets above, the main settings below, the rare ones on demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.train.layer_slider import LayerSlider
from desktop.train.preset_bar import PresetBar
from desktop.train.setting_fields import SettingField
from desktop.widgets.form import caption
from engine.api import PRESETS, BaseModel, preset_settings, tr


@dataclass(frozen=True, slots=True)
class Line:
    """A field with its caption, and a note that ends with the technical name in brackets."""

    key: str
    words: str
    field: SettingField
    note: str = ""


class MethodPanel(QWidget):
    """Two columns of fields, one for the form and one, `more`, that it shows when asked."""

    edited = Signal()

    def __init__(
        self,
        method: str,
        notes: dict[str, str],
        main: Sequence[Line],
        more: Sequence[Line],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.method = method
        self.setObjectName(f"train.panel.{method}")
        self._fields = [line.field for line in (*main, *more)]
        self._texts = 0
        self._quiet = False
        self._presets = PresetBar(method, notes, self)
        self._presets.chosen.connect(self._take_preset)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        part = QVBoxLayout()
        part.setSpacing(4)
        part.addWidget(caption(tr("How thoroughly"), self._presets))
        part.addWidget(self._presets)
        column.addLayout(part)
        self._add(main, column)
        self.more = QWidget(self)
        self.more.setObjectName(f"train.more.{method}")
        below = QVBoxLayout(self.more)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(12)
        self._add(more, below)
        self._show_preset()

    def settings(self) -> dict[str, Any]:
        """Return what differs from the engine's own choice."""
        settings: dict[str, Any] = {}
        for field in self._fields:
            settings |= field.settings()
        return settings

    def set_settings(self, settings: dict[str, Any]) -> None:
        """Show these settings, and the usual value where they say nothing."""
        self._quiet = True
        for field in self._fields:
            field.set_settings(settings)
        self._quiet = False
        self._edited()

    def set_encoder(self, encoder: BaseModel) -> None:
        """Fit the settings to the depth of an encoder."""
        for field in self._fields:
            if isinstance(field, LayerSlider):
                field.set_layers(encoder.blocks)

    def set_texts(self, texts: int) -> None:
        """Fit the presets to the number of texts that are learned from."""
        preset = self._preset()
        self._texts = texts
        if preset:
            self._take_preset(preset)

    # --- inside ---------------------------------------------------------------------------------

    def _add(self, lines: Sequence[Line], column: QVBoxLayout) -> None:
        for line in lines:
            field = line.field
            assert isinstance(field, QWidget)
            field.setObjectName(f"train.{self.method}.{line.key}")
            part = QVBoxLayout()
            part.setSpacing(4)
            part.addWidget(caption(line.words, field, line.note))
            part.addWidget(field)
            column.addLayout(part)
            field.edited.connect(self._edited)

    def _edited(self) -> None:
        if not self._quiet:
            self._show_preset()
            self.edited.emit()

    def _of(self, preset: str) -> dict[str, Any]:
        return preset_settings(self.method, preset, self._texts)

    def _governed(self) -> set[str]:
        return {key for preset in PRESETS for key in self._of(preset)}

    def _preset(self) -> str:
        """Return the preset whose settings these are, or ""."""
        governed = self._governed()
        own = {key: value for key, value in self.settings().items() if key in governed}
        return next((preset for preset in PRESETS if self._of(preset) == own), "")

    def _take_preset(self, preset: str) -> None:
        governed = self._governed()
        kept = {key: value for key, value in self.settings().items() if key not in governed}
        self.set_settings(kept | self._of(preset))

    def _show_preset(self) -> None:
        self._presets.show_preset(self._preset())
