"""Fields for single settings: each gives and takes its own keys of a settings dictionary.

What is left as the engine would choose it is not given at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from desktop.widgets.number_field import NumberField
from engine.api import number_text


class SettingField(Protocol):
    """A widget for one setting, or for a few that belong together."""

    @property
    def edited(self) -> SignalInstance:
        """Emitted when what `settings` returns may have changed."""
        ...

    def settings(self) -> dict[str, Any]:
        """Return what differs from the engine's own choice."""
        ...

    def set_settings(self, settings: dict[str, Any]) -> None:
        """Show what `settings` says, and the usual value where it says nothing."""
        ...


class NumberSetting(NumberField):
    """A whole number; `usual` is the engine's own choice, and `zero` are words in place of 0."""

    edited = Signal()

    def __init__(
        self,
        key: str,
        least: int,
        most: int,
        usual: int,
        zero: str = "",
        step: int = 1,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._key, self._usual = key, usual
        self.setRange(least, most)
        self.setSingleStep(step)
        self.setGroupSeparatorShown(False)
        self.setSpecialValueText(zero)
        self.setValue(usual)
        self.valueChanged.connect(self.edited)

    def settings(self) -> dict[str, Any]:
        return {} if self.value() == self._usual else {self._key: self.value()}

    def set_settings(self, settings: dict[str, Any]) -> None:
        found = settings.get(self._key)
        self.setValue(self._usual if found in (None, "auto") else int(found))


class DecimalSetting(QLineEdit):
    """A number such as 5e-5, written as people write it; the engine says what is wrong with it."""

    edited = Signal()

    def __init__(self, key: str, usual: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setPlaceholderText(usual)
        self.textChanged.connect(self.edited)

    def settings(self) -> dict[str, Any]:
        words = self.text().strip().replace(",", ".")
        if not words:
            return {}
        try:
            return {self._key: float(words)}
        except ValueError:
            return {self._key: words}

    def set_settings(self, settings: dict[str, Any]) -> None:
        found = settings.get(self._key)
        self.setText("" if found is None else number_text(float(found), "g"))


class ChoiceSetting(QComboBox):
    """One of a few values; the first is the engine's own choice."""

    edited = Signal()

    def __init__(
        self, key: str, choices: Sequence[tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._key = key
        for value, words in choices:
            self.addItem(words, value)
        self.currentIndexChanged.connect(self.edited)

    def settings(self) -> dict[str, Any]:
        return {self._key: self.currentData()} if self.currentIndex() > 0 else {}

    def set_settings(self, settings: dict[str, Any]) -> None:
        self.setCurrentIndex(max(0, self.findData(settings.get(self._key))))


class SwitchSetting(QCheckBox):
    """Yes or no."""

    edited = Signal()

    def __init__(self, key: str, words: str, usual: bool, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self._key, self._usual = key, usual
        self.setChecked(usual)
        self.toggled.connect(self.edited)

    def settings(self) -> dict[str, Any]:
        return {} if self.isChecked() == self._usual else {self._key: self.isChecked()}

    def set_settings(self, settings: dict[str, Any]) -> None:
        self.setChecked(bool(settings.get(self._key, self._usual)))


class LinesSetting(QPlainTextEdit):
    """A few lines of text, the way a person wrote them."""

    edited = Signal()

    def __init__(self, key: str, example: str, height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setPlaceholderText(example)
        self.setTabChangesFocus(True)
        self.setFixedHeight(height)
        self.textChanged.connect(self.edited)

    def settings(self) -> dict[str, Any]:
        words = self.toPlainText().strip()
        return {self._key: words} if words else {}

    def set_settings(self, settings: dict[str, Any]) -> None:
        self.setPlainText(str(settings.get(self._key) or ""))
