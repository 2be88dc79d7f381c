"""A choice of countries, short on the button and by name in its menu."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from desktop.redact.countries import COUNTRIES, by_name, country_name


class RegionButton(QToolButton):
    """Shows the codes of the chosen countries; one of them, or with `several` at least one."""

    chosen = Signal(tuple)
    """The codes, after a person has changed them."""

    def __init__(self, name: str, words: str, *, several: bool, parent: QWidget | None = None):
        super().__init__(parent)
        self._several = several
        self._said = words
        self._codes: tuple[str, ...] = ()
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        # There is a button for each label, and hardly any of the menus is ever opened.
        menu.aboutToShow.connect(self._fill)
        self.setMenu(menu)

    def codes(self) -> tuple[str, ...]:
        """The codes of the chosen countries, by the names of these."""
        return self._codes

    def show_codes(self, codes: Iterable[str]) -> None:
        """Show which countries are chosen."""
        self._codes = tuple(by_name(set(codes)))
        more = f" +{len(self._codes) - 3}" if len(self._codes) > 3 else ""
        self.setText(", ".join(self._codes[:3]) + more)
        names = ", ".join(map(country_name, self._codes))
        self.setToolTip(f"{self._said}: {names}." if names else f"{self._said}.")

    def _fill(self) -> None:
        menu = self.menu()
        menu.clear()
        for code in by_name({*COUNTRIES, *self._codes}):
            action = menu.addAction(f"{country_name(code)} ({code})")
            action.setCheckable(True)
            action.setChecked(code in self._codes)
            action.triggered.connect(partial(self._choose, code))

    def _choose(self, code: str, *_: object) -> None:
        chosen = set(self._codes) ^ {code} if self._several else {code}
        if not chosen:  # without any, no number without its country's code would be found
            return
        self.show_codes(chosen)
        self.chosen.emit(self._codes)
