"""A choice of countries, short on the button and by name in its menu."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QLocale, Signal
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
        self._codes = tuple(sorted(set(codes), key=_country))
        more = f" +{len(self._codes) - 3}" if len(self._codes) > 3 else ""
        self.setText(", ".join(self._codes[:3]) + more)
        names = ", ".join(map(_country, self._codes))
        self.setToolTip(f"{self._said}: {names}." if names else f"{self._said}.")

    def _fill(self) -> None:
        menu = self.menu()
        menu.clear()
        for code in sorted({*REGIONS, *self._codes}, key=_country):
            action = menu.addAction(f"{_country(code)} ({code})")
            action.setCheckable(True)
            action.setChecked(code in self._codes)
            action.triggered.connect(partial(self._choose, code))

    def _choose(self, code: str, *_: object) -> None:
        chosen = set(self._codes) ^ {code} if self._several else {code}
        if not chosen:  # without any, no number without its country's code would be found
            return
        self.show_codes(chosen)
        self.chosen.emit(self._codes)


def _country(code: str) -> str:
    territory = QLocale.codeToTerritory(code)
    return QLocale.territoryToString(territory) or code
