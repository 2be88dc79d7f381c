"""Dates move by days and stay written as they were."""

from __future__ import annotations

from calendar import month_name
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.deidentify.dates import NO_DAY, NO_YEAR, date_pattern, parse_date

MONTHS = list(month_name)[1:]
GERMAN = ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September"]
GERMAN += ["Oktober", "November", "Dezember"]


def ordinal(day: int) -> str:
    suffix = "th" if day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{suffix}"


FORMATS = {
    "day month year": lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year}",
    "ordinal": lambda d: f"{ordinal(d.day)} of {MONTHS[d.month - 1]} {d.year}",
    "month day": lambda d: f"{MONTHS[d.month - 1]} {d.day}, {d.year}",
    "slashes": lambda d: f"{d.day:02d}/{d.month:02d}/{d.year}",
    "dots": lambda d: f"{d.day:02d}.{d.month:02d}.{d.year}",
    "iso": lambda d: d.isoformat(),
    "short year": lambda d: f"{d.day:02d}/{d.month:02d}/{d.year % 100:02d}",
    "German": lambda d: f"{d.day}. {GERMAN[d.month - 1]} {d.year}",
    "capitals": lambda d: f"{d.day} {MONTHS[d.month - 1].upper()} {d.year}",
    "weekday": lambda d: f"{d:%A}, {d.day} {MONTHS[d.month - 1]} {d.year}",
}
DAYS = st.dates(date(1970, 1, 1), date(2067, 1, 1))
SHIFTS = st.integers(-364, 364)


@given(DAYS, SHIFTS, st.sampled_from(sorted(FORMATS)))
def test_a_date_moves_by_exactly_so_many_days_in_its_own_format(
    day: date, days: int, form: str
) -> None:
    written = parse_date(FORMATS[form](day))
    assert written is not None
    assert written.shifted(days) == FORMATS[form](day + timedelta(days=days))
    assert written.note == ""


@pytest.mark.parametrize(
    ("string", "moved"),
    [
        ("14/12/2024", "24/12/2024"),
        ("4.3.2024", "14.3.2024"),
        ("04.03.24", "14.03.24"),
        ("3 Sept. 2024", "13 Sept. 2024"),
        ("25 sep 2024", "5 oct 2024"),
        ("03-Mar-24", "13-Mar-24"),
        ("3 Mar '24", "13 Mar '24"),
        ("Do, 14.03.2024", "So, 24.03.2024"),
        ("the 3rd of March 2024", "the 13th of March 2024"),
        ("28 February 2024", "9 March 2024"),
        ("28 February 2023", "10 March 2023"),
        ("03/14/2024", "03/24/2024"),
        ("2024/3/4", "2024/3/14"),
        ("1. April 2024", "11. April 2024"),
        ("25. April 2024", "5. Mai 2024"),
        ("1 Jänner 2024", "11 Jänner 2024"),
    ],
)
def test_formats_of_ten_days_later(string: str, moved: str) -> None:
    written = parse_date(string)
    assert written is not None
    assert written.shifted(10) == moved


def test_which_number_is_the_month_can_be_said() -> None:
    day_first, month_first = parse_date("03/04/2024"), parse_date("03/04/2024", month_first=True)
    assert day_first is not None
    assert month_first is not None
    assert (day_first.month, month_first.month) == (4, 3)
    assert month_first.shifted(30) == "04/03/2024"


@given(st.integers(1, 365), st.integers(30, 364), st.booleans())
def test_without_a_year_a_date_moves_in_a_year_of_365_days(
    day_of_year: int, days: int, back: bool
) -> None:
    day = date(2023, 1, 1) + timedelta(days=day_of_year - 1)
    string = f"{day.day} {MONTHS[day.month - 1]}"
    written = parse_date(string)
    assert written is not None
    assert written.note == NO_YEAR
    moved = written.shifted(-days if back else days)
    assert moved not in (string, "29 February")
    there = parse_date(moved or "")
    assert there is not None
    assert there.shifted(days if back else -days) == string


def test_what_is_missing_is_said() -> None:
    leap, month = parse_date("29 February"), parse_date("March 2024")
    assert leap is not None
    assert month is not None
    assert leap.shifted(1) == "1 March"
    assert month.note == NO_DAY
    assert month.shifted(30) == "April 2024"


@pytest.mark.parametrize(
    "string",
    ["", "soon", "31/04/2024", "29/02/2023", "32 March", "0 May", "1.1.0000", "99/99/9999", "2024"],
)
def test_what_is_no_date_is_not_read(string: str) -> None:
    assert parse_date(string) is None


def test_a_date_does_not_leave_the_calendar() -> None:
    written = parse_date("31/12/9999")
    assert written is not None
    assert written.shifted(1) is None


@given(st.text(max_size=40))
def test_any_string_can_be_asked_about(string: str) -> None:
    written = parse_date(string)
    assert written is None or written.shifted(0) is not None


def test_dates_are_found_in_a_text_without_the_full_stop_behind_them() -> None:
    text = "On 3 March. Then 14/03/2024, 5.4.24 and Sept. 5, 2023. Not 1.2.3.4 or 12/2024/5678."
    found = [match[0] for match in date_pattern().finditer(text)]
    assert found == ["3 March", "14/03/2024", "5.4.24", "Sept. 5, 2023"]
