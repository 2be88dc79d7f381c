"""Countries by the names that the window has for them.

Qt knows a country's name in English and in its own language alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCollator, QLocale

from engine.api import chosen_language, tr

COUNTRIES = {
    "AE": tr("United Arab Emirates"),
    "AR": tr("Argentina"),
    "AT": tr("Austria"),
    "AU": tr("Australia"),
    "BE": tr("Belgium"),
    "BR": tr("Brazil"),
    "CA": tr("Canada"),
    "CH": tr("Switzerland"),
    "CL": tr("Chile"),
    "CN": tr("China"),
    "CO": tr("Colombia"),
    "CZ": tr("Czechia"),
    "DE": tr("Germany"),
    "DK": tr("Denmark"),
    "EE": tr("Estonia"),
    "EG": tr("Egypt"),
    "ES": tr("Spain"),
    "FI": tr("Finland"),
    "FR": tr("France"),
    "GB": tr("United Kingdom"),
    "GR": tr("Greece"),
    "HK": tr("Hong Kong SAR China"),
    "HR": tr("Croatia"),
    "HU": tr("Hungary"),
    "ID": tr("Indonesia"),
    "IE": tr("Ireland"),
    "IL": tr("Israel"),
    "IN": tr("India"),
    "IS": tr("Iceland"),
    "IT": tr("Italy"),
    "JP": tr("Japan"),
    "KE": tr("Kenya"),
    "KR": tr("South Korea"),
    "LT": tr("Lithuania"),
    "LU": tr("Luxembourg"),
    "LV": tr("Latvia"),
    "MX": tr("Mexico"),
    "MY": tr("Malaysia"),
    "NG": tr("Nigeria"),
    "NL": tr("Netherlands"),
    "NO": tr("Norway"),
    "NZ": tr("New Zealand"),
    "PE": tr("Peru"),
    "PH": tr("Philippines"),
    "PK": tr("Pakistan"),
    "PL": tr("Poland"),
    "PT": tr("Portugal"),
    "RO": tr("Romania"),
    "RS": tr("Serbia"),
    "SA": tr("Saudi Arabia"),
    "SE": tr("Sweden"),
    "SG": tr("Singapore"),
    "SI": tr("Slovenia"),
    "SK": tr("Slovakia"),
    "TH": tr("Thailand"),
    "TR": tr("Türkiye"),
    "TW": tr("Taiwan"),
    "UA": tr("Ukraine"),
    "US": tr("United States"),
    "VN": tr("Vietnam"),
    "ZA": tr("South Africa"),
}
"""By ISO 3166: those that are offered for telephone numbers."""


def country_name(code: str) -> str:
    """Return the name of a country; one that is not offered has its English name, or its code."""
    if code in COUNTRIES:
        return COUNTRIES[code]
    return QLocale.territoryToString(QLocale.codeToTerritory(code)) or code


def by_name(codes: Iterable[str]) -> list[str]:
    """Return the codes in the order of their names, as the language sorts them."""
    collator = QCollator(QLocale(chosen_language()))
    return sorted(codes, key=lambda code: collator.sortKey(country_name(code)))
