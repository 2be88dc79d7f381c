"""The recognisers that come with Glossator: each finds one kind of identifier by its form.

A recogniser gives start, end and confidence; check digits, calendars and numbering plans decide
how confident it is.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType

import phonenumbers
import regex
from stdnum import iban, luhn
from stdnum.de import idnr
from stdnum.gb import nhs

from engine.deidentify.dates import date_pattern, parse_date

Hit = tuple[int, int, float]
"""Start and end in code points, and the confidence."""

CERTAIN, LIKELY, POSSIBLE = 0.99, 0.8, 0.6

_EMAIL = regex.compile(
    r"(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}](?:[\p{L}\p{N}._%+'-]{0,62}[\p{L}\p{N}_-])?"
    r"@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}\p{L}{2,24}(?![\p{L}\p{N}])"
)
_URL = regex.compile(
    r"(?i)(?<![\p{L}\p{N}@])(?:https?://|ftp://|www\.)[^\s<>\"“”„«»]{2,2000}(?<![.,;:!?)\]}'’])"
)
_IPV4 = regex.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)")
_IPV6 = regex.compile(r"(?i)(?<![\w:.])(?=[0-9a-f]{0,4}:)[0-9a-f:]{3,39}(?![\w:])")
_IBAN = regex.compile(r"(?i)(?<!\w)[a-z]{2}\d{2}(?:[ -]?[a-z0-9]){11,30}(?!\w)")
_IBAN_IN_FOURS = regex.compile(r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?(?!\w)")
_IBAN_COUNTRIES = frozenset(
    regex.findall("..", "ADATBEBGCHCYCZDEDKEEESFIFRGBGRHRHUIEISITLILTLULVMCMTNLNOPLPTROSESISKSM")
)
_CARD = regex.compile(r"(?<![\w.-])\d(?:[ -]?\d){11,18}(?!\w|[.-]\d)")
_NHS = regex.compile(r"(?<![\w.-])\d{3}([ -]?)\d{3}\1\d{4}(?!\w|[.-]\d)")
_IDNR = regex.compile(r"(?<![\w.-])\d{2}( ?)\d{3}\1\d{3}\1\d{3}(?!\w|[.-]\d)")
_CODE = regex.compile(
    r"(?<![\p{L}\p{N}/-])\p{Lu}{1,5}[-/ ]?(?P<digits>\d{2,}(?:[-/ ]?\d{2,}){0,5})(?![\p{L}\p{N}])"
)
_NAMED_CODE = regex.compile(
    r"(?i)\b(?:policy|claim|reference|ref|contract|account|customer|case|file|vertrags?|police|"
    r"policen|schaden|kunden|akten|konto)"
    r"[ -]?(?:number|no|nr|num|nummer|zeichen|id)?\b[.:#]?\s{0,2}(?:is |was |lautet |ist )?[:#]?\s?"
    r"(?P<code>[\p{L}\p{N}]{1,12}(?:[-/.][\p{L}\p{N}]{1,12}){0,5})"
)
_CODE_DIGITS, _NAMED_DIGITS = 6, 4
_PHONE_DIGITS = 9


def emails(text: str, regions: Sequence[str]) -> Iterator[Hit]:
    for found in _EMAIL.finditer(text):
        yield found.start(), found.end(), CERTAIN


def phones(text: str, regions: Sequence[str]) -> Iterator[Hit]:
    """Numbers of the regions, and of any country after a +.

    The library calls numbers invalid that no network has, among them those that are set aside for
    fiction (01632 960123), and would pass over numbers with a typing error; so everything is asked
    for that could be a number by its length, and what is not valid has to begin as one: with a +,
    a 0 or a bracket, and nine digits. Sums, dates and codes do not.
    """
    seen: set[tuple[int, int]] = set()
    for region in regions:
        matcher = phonenumbers.PhoneNumberMatcher(
            text, region, leniency=phonenumbers.Leniency.POSSIBLE, max_tries=len(text)
        )
        for match in matcher:
            spot = match.start, match.end
            if spot in seen or _within_code(text, *spot) or parse_date(match.raw_string):
                continue
            seen.add(spot)
            digits = sum(character.isdecimal() for character in match.raw_string)
            opened = match.raw_string[0] in "+0(＋"
            if phonenumbers.is_valid_number(match.number) and (opened or region in ("US", "CA")):
                yield *spot, CERTAIN
            elif opened and digits >= _PHONE_DIGITS:
                yield *spot, LIKELY


def ibans(text: str, regions: Sequence[str]) -> Iterator[Hit]:
    for found in _IBAN.finditer(text):
        # The expression may run on into the next word: the longest beginning that checks wins.
        ends = [at for at in range(found.end(), found.start() + 14, -1) if _ends_word(text, at)]
        for end in ends:
            if iban.is_valid(text[found.start() : end], check_country=False):
                yield found.start(), end, CERTAIN
                break
        else:
            mistyped = _IBAN_IN_FOURS.match(text, found.start())
            if mistyped and mistyped[0][:2] in _IBAN_COUNTRIES:
                yield mistyped.start(), mistyped.end(), POSSIBLE


def cards(text: str, regions: Sequence[str]) -> Iterator[Hit]:
    for found in _CARD.finditer(text):
        if luhn.is_valid(regex.sub(r"\D", "", found[0])):
            yield found.start(), found.end(), 0.95
        elif regex.fullmatch(r"\d{4}([ -])\d{4}\1\d{4}\1\d{4}", found[0]):
            yield found.start(), found.end(), POSSIBLE


def dates(text: str, regions: Sequence[str]) -> Iterator[Hit]:
    for found in date_pattern().finditer(text):
        written = parse_date(found[0])
        if written is None or not written.day:
            continue
        if written.year:
            yield found.start(), found.end(), CERTAIN
        else:
            # “5 may” may be a verb, and “1.2.” a numbered heading.
            named = found[0] != found[0].lower()
            yield found.start(), found.end(), LIKELY if named else POSSIBLE


def references(text: str, regions: Sequence[str]) -> Iterator[Hit]:
    """Capitals with six digits or more, and any code after a word such as “policy number”."""
    for found in _CODE.finditer(text):
        digits = sum(character.isdecimal() for character in found[0])
        if digits >= _CODE_DIGITS and parse_date(found["digits"]) is None:
            yield found.start(), found.end(), LIKELY
    for found in _NAMED_CODE.finditer(text):
        digits = sum(character.isdecimal() for character in found["code"])
        if digits >= _NAMED_DIGITS and parse_date(found["code"]) is None:
            yield found.start("code"), found.end("code"), LIKELY


def urls(text: str, regions: Sequence[str]) -> Iterator[Hit]:
    for found in _URL.finditer(text):
        yield found.start(), found.end(), CERTAIN


def ip_addresses(text: str, regions: Sequence[str]) -> Iterator[Hit]:
    for expression in (_IPV4, _IPV6):
        for found in expression.finditer(text):
            try:
                ipaddress.ip_address(found[0])
            except ValueError:
                continue
            yield found.start(), found.end(), LIKELY


def nhs_numbers(text: str, regions: Sequence[str]) -> Iterator[Hit]:
    """Numbers of British patients; one number in eleven passes the check by chance."""
    return _checked(_NHS, nhs, text)


def tax_numbers(text: str, regions: Sequence[str]) -> Iterator[Hit]:
    """The German Steuer-Identifikationsnummer."""
    return _checked(_IDNR, idnr, text)


RECOGNISERS: dict[str, Callable[[str, Sequence[str]], Iterator[Hit]]] = {
    "email": emails,
    "phone": phones,
    "iban": ibans,
    "card": cards,
    "date": dates,
    "reference": references,
    "nhs": nhs_numbers,
    "idnr": tax_numbers,
    "url": urls,
    "ip": ip_addresses,
}


def _checked(expression: regex.Pattern[str], number: ModuleType, text: str) -> Iterator[Hit]:
    for found in expression.finditer(text):
        if number.is_valid(found[0]):
            yield found.start(), found.end(), 0.95 if " " in found[0] else LIKELY


def _within_code(text: str, start: int, end: int) -> bool:
    """Whether the digits hang on a letter or a longer number, as in MV-9687-3017."""
    before = text[max(0, start - 2) : start]
    after = text[end : end + 1]
    return after.isalnum() or bool(regex.search(r"[\p{L}\p{N}][-/.]?$", before))


def _ends_word(text: str, at: int) -> bool:
    return text[at - 1].isalnum() and not text[at : at + 1].isalnum()
