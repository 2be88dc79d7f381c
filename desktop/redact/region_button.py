"""A choice of countries, short on the button and by name in its menu."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QLocale, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

REGIONS = (
    "AE", "AR", "AT", "AU", "BE", "BR", "CA", "CH", "CL", "CN", "CO", "CZ", "DE", "DK", "EE", "EG",
    "ES", "FI", "FR", "GB", "GR", "HK", "HR", "HU", "ID", "IE", "IL", "IN", "IS", "IT", "JP", "KE",
    "KR", "LT", "LU", "LV", "MX", "MY", "NG", "NL", "NO", "NZ", "PE", "PH", "PK", "PL", "PT", "RO",
    "RS", "SA", "SE", "SG", "SI", "SK", "TH", "TR", "TW", "UA", "US", "VN", "ZA",
)  # fmt: skip
"""Countries, by ISO 3166, that the menu offers; what another program has set stands there too."""


class RegionButton(QToolButton):
    """Shows the codes of the chosen countries; one of them, or with `several` at least one."""

    chosen = Signal(tuple)
    """The codes, after a person has changed them."""

    def __init__(self, name: str, words: str, *, several: bool, parent: QWidget | None = None):
        super().__init__(parent)
        self._several = several
        self._actions: dict[str, QAction] = {}
        self._said = words
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._group = QActionGroup(self)
        self._group.setExclusive(not several)
        for code in sorted(REGIONS, key=_country):
            self._offer(code)
        self.setMenu(self._menu)

    def codes(self) -> tuple[str, ...]:
        """The codes of the chosen countries, by the names of these."""
        return tuple(code for code, action in self._actions.items() if action.isChecked())

    def show_codes(self, codes: Iterable[str]) -> None:
        """Show which countries are chosen."""
        shown = set(codes)
        for code in sorted(shown - self._actions.keys()):
            self._offer(code)
        for code, action in self._actions.items():
            action.setChecked(code in shown)
        self._say()

    def _offer(self, code: str) -> None:
        action = self._menu.addAction(f"{_country(code)} ({code})")
        action.setCheckable(True)
        action.triggered.connect(lambda: self._choose(action))
        self._group.addAction(action)
        self._actions[code] = action

    def _choose(self, action: QAction) -> None:
        if not self.codes():  # without any, no number without its country's code would be found
            action.setChecked(True)
        self._say()
        self.chosen.emit(self.codes())

    def _say(self) -> None:
        codes = self.codes()
        more = f" +{len(codes) - 3}" if len(codes) > 3 else ""
        self.setText(", ".join(codes[:3]) + more)
        names = ", ".join(_country(code) for code in codes)
        self.setToolTip(f"{self._said}: {names}." if names else f"{self._said}.")


def _country(code: str) -> str:
    territory = QLocale.codeToTerritory(code)
    return QLocale.territoryToString(territory) or code
