"""Dates as people write them, read and written again some days later in the same format.

English and German month names; day before month unless it cannot be, or `month_first` is set.
"""

from __future__ import annotations

import re
from calendar import isleap
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from engine.core.language import mark, tr

NO_YEAR = mark("The year is not given: moved as in a year of 365 days.")
NO_DAY = mark("The day is not given: moved as if it were the 15th.")

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "en short": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "en four": "Jan Feb Mar Apr May June July Aug Sept Oct Nov Dec",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "de short": "Jan Feb Mrz Apr Mai Jun Jul Aug Sep Okt Nov Dez",
    "at": "Jänner Feber März April Mai Juni Juli August September Oktober November Dezember",
}
_WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "en short": "Mon Tue Wed Thu Fri Sat Sun",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "de short": "Mo Di Mi Do Fr Sa So",
}
_ASSUMED_YEAR = 2023
_PIVOT = 69


def _names(tables: dict[str, str]) -> str:
    names = {name for table in tables.values() for name in table.split()}
    return "|".join(sorted(names, key=lambda name: (-len(name), name)))


_WEEKDAY = rf"(?:(?P<weekday>{_names(_WEEKDAYS)})\b(?:\.?,\s*|\.?\s+)(?:the\s+|den\s+)?)?"
# The point of “Sept.” belongs to the date if the date goes on; else it may end the sentence.
_MONTH = rf"(?P<month>{_names(_MONTHS)})\b(?:\.(?=,?\s*['’]?\d))?"
_ORDINAL = r"(?P<ordinal>st|nd|rd|th)"
_FORMS = (
    # 3 March · 3rd of March 2024 · 3. März 2024 · 03-Mar-24
    rf"{_WEEKDAY}(?:the\s+)?(?P<day>\d{{1,2}})(?:{_ORDINAL}\b|\.)?(?:\s+of\s+|\s*[-/]\s*|\s*)"
    rf"{_MONTH}(?:(?:\s*,\s*|\s+|\s*[-/]\s*)(?P<year>\d{{4}}|['’]\d{{2}}|(?<=[-/])\d{{2}})\b)?",
    # March 3 · March 3rd, 2024
    rf"{_WEEKDAY}{_MONTH}\s+(?:the\s+)?(?P<day>\d{{1,2}})(?:{_ORDINAL})?\b"
    r"(?:(?:\s*,\s*|\s+)(?P<year>\d{4})\b)?",
    # 2024-03-14
    rf"{_WEEKDAY}(?P<year>\d{{4}})(?P<mark>[-/.])(?P<number>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})",
    # 14/03/2024 · 14.3.24 · 14. 3. 2024
    rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?P<mark>[-/.])\s?(?P<number>\d{{1,2}})(?P=mark)\s?"
    r"(?P<year>\d{4}|\d{2})",
    # 14.3. as Germans write it
    rf"{_WEEKDAY}(?P<day>\d{{1,2}})\.\s?(?P<number>\d{{1,2}})\.(?!\d)",
    # March 2024
    rf"{_MONTH},?\s+(?P<year>\d{{4}})",
)


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date and where in the string its parts stand; `year` and `day` are 0 if not given."""

    string: str
    year: int
    month: int
    day: int
    parts: dict[str, tuple[int, int]]

    @property
    def note(self) -> str:
        """What was assumed to move it; empty for a date with a day and a year."""
        if not self.day:
            return tr(NO_DAY)
        return "" if self.year else tr(NO_YEAR)

    def shifted(self, days: int) -> str | None:
        """The date so many days later, in the same format; None beyond the years 1 to 9999.

        Without a year, 29 February counts as the 28th, so that the answer is never 29 February.
        """
        if not self.year:
            day = min(self.day, 28) if self.month == 2 else self.day
            start = date(_ASSUMED_YEAR, 1, 1)
            place = (date(_ASSUMED_YEAR, self.month, day) - start).days
            moved = start + timedelta(days=(place + days) % 365)
        else:
            try:
                moved = date(self.year, self.month, self.day or 15) + timedelta(days=days)
            except OverflowError:
                return None
        return self._written(moved, days)

    def _written(self, moved: date, days: int) -> str:
        replaced = dict.fromkeys(self.parts, "")
        for name in self.parts:
            old = self._part(name)
            if name == "year":
                digits = old.lstrip("'’")
                short = len(digits) == 2
                new = f"{moved.year % 100:02d}" if short else f"{moved.year:04d}"
                replaced[name] = old[: len(old) - len(digits)] + new
            elif name == "month":
                table = _table_of(_MONTHS, old, german_first=self._is_german())
                replaced[name] = _in_case_of(old, table[moved.month - 1])
            elif name == "weekday":
                table = _table_of(_WEEKDAYS, old, german_first=self._is_german())
                weekdays = [weekday.casefold() for weekday in table]
                # Moved like the date, so that no year is needed and a wrong weekday stays wrong.
                now = (weekdays.index(old.casefold()) + days) % 7
                replaced[name] = _in_case_of(old, table[now])
            elif name == "ordinal":
                replaced[name] = _in_case_of(old, _ordinal_suffix(moved.day), titled=False)
            else:
                number = moved.day if name == "day" else moved.month
                replaced[name] = f"{number:02d}" if self._is_padded() else str(number)
        return self._with(replaced)

    def _with(self, replaced: dict[str, str]) -> str:
        pieces, at = [], 0
        for name, (start, end) in sorted(self.parts.items(), key=lambda item: item[1]):
            pieces += [self.string[at:start], replaced[name]]
            at = end
        return "".join([*pieces, self.string[at:]])

    def _part(self, name: str) -> str:
        start, end = self.parts[name]
        return self.string[start:end]

    def _is_padded(self) -> bool:
        numbers = [self._part(name) for name in ("day", "number") if name in self.parts]
        if any(number.startswith("0") for number in numbers):
            return True
        return "number" in self.parts and all(len(number) == 2 for number in numbers)

    def _is_german(self) -> bool:
        """A point after the day, which English does not write before the name of a month."""
        if "day" not in self.parts or "month" not in self.parts:
            return False
        return self.string[self.parts["day"][1] :].startswith(".")


def parse_date(string: str, *, month_first: bool = False) -> WrittenDate | None:
    """Read a string that is a date and nothing else; None if it is none."""
    for form in _forms():
        found = form.match(string)
        if found is not None and string[found.end() :] in ("", "."):
            return _read(string, found, month_first)
    return None


@cache
def date_pattern() -> re.Pattern[str]:
    """Matches what may be a date inside a text; `parse_date` tells whether it is one."""
    bare = [re.sub(r"\(\?P<(?!mark>)\w+>", "(?:", form) for form in _FORMS]
    numbered = [
        form.replace("(?P<mark>", f"(?P<mark{place}>").replace("(?P=mark)", f"(?P=mark{place})")
        for place, form in enumerate(bare)
    ]
    return re.compile(rf"(?<![\w./])(?:{'|'.join(numbered)})(?!\w|[./]\d)", re.IGNORECASE)


@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(form, re.IGNORECASE) for form in _FORMS)


def _read(string: str, found: re.Match[str], month_first: bool) -> WrittenDate | None:
    parts = {
        name: found.span(name)
        for name, value in found.groupdict().items()
        if value is not None and name != "mark"
    }
    year = _year(found["year"]) if "year" in parts else 0
    day = int(found["day"]) if "day" in parts else 0
    if "month" in parts:
        month = _month_number(found["month"])
    else:
        month = int(found["number"])
        # With the year first the month follows, whatever the habit.
        year_first = "year" in parts and parts["year"] < parts["day"]
        if not year_first and day <= 12 and (month_first or month > 12):
            day, month = month, day
            parts["day"], parts["number"] = parts["number"], parts["day"]
    if not 1 <= month <= 12 or (year and not 1 <= year <= 9999):
        return None
    if "day" in parts and not 1 <= day <= _days_of(month, year):
        return None
    return WrittenDate(string, year, month, day, parts)


def _year(written: str) -> int:
    digits = written.lstrip("'’")
    number = int(digits)
    if len(digits) == 2:
        return number + (1900 if number >= _PIVOT else 2000)
    # The year 0 does not exist; -1 is refused where the date is checked.
    return number or -1


def _days_of(month: int, year: int) -> int:
    if month == 2:
        return 29 if not year or isleap(year) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _month_number(name: str) -> int:
    for table in _MONTHS.values():
        names = [month.casefold() for month in table.split()]
        if name.casefold() in names:
            return names.index(name.casefold()) + 1
    raise ValueError(f"{name} is no month")


def _table_of(tables: dict[str, str], name: str, *, german_first: bool) -> list[str]:
    order = sorted(tables, key=lambda key: key.startswith("en") is german_first)
    for key in order:
        names = tables[key].split()
        if name.casefold() in (other.casefold() for other in names):
            return names
    raise ValueError(f"{name} is in no table")


def _in_case_of(old: str, new: str, *, titled: bool = True) -> str:
    if old.isupper():
        return new.upper()
    return new.lower() if old.islower() or not titled else new


def _ordinal_suffix(day: int) -> str:
    if 10 < day < 14:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
