"""The same person, number or place is called the same in a whole project, and nobody real is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import iban, luhn

from engine.core.errors import KnownError
from engine.deidentify.alias_book import AliasBook, AliasRow
from engine.deidentify.apply import Redactor
from engine.deidentify.keyed import normalised
from engine.deidentify.records import Found, OperatorChoice, Policy

SECRET = b"a secret of the project"
POLICY = Policy({}, OperatorChoice("pseudonymise"))


class Project:
    """One book of aliases, and passages that fill their whole text or are parts of it."""

    def __init__(self, secret: bytes = SECRET, rows: Sequence[AliasRow] = ()) -> None:
        self.book = AliasBook(rows)
        self.redactor = Redactor(POLICY, secret, self.book)

    def alias(self, string: str, label: str = "PERSON", person_key: str = "") -> str:
        found = [Found(0, len(string), label)]
        return self.redactor.redact(string, found, person_key=person_key).text

    def in_text(self, text: str, *mentions: tuple[str, str, str]) -> list[str]:
        """The aliases of mentions (string, label, entity), each found after the one before."""
        found, at = [], 0
        for string, label, entity in mentions:
            at = text.index(string, at)
            found.append(Found(at, at + len(string), label, entity=entity))
            at += len(string)
        return [entry.new for entry in self.redactor.redact(text, found).replacements]


def test_one_person_has_one_alias_in_whatever_form_the_name_is_written() -> None:
    full, formal, initial, first, sorted_, loud, owner = Project().in_text(
        "Jane Okafor. Ms Okafor; J. Okafor, Jane - Okafor, Jane / JANE OKAFOR + Jane Okafor’s",
        *(
            (name, "PERSON", "person-1")
            for name in (
                "Jane Okafor",
                "Ms Okafor",
                "J. Okafor",
                "Jane",
                "Okafor, Jane",
                "JANE OKAFOR",
                "Jane Okafor’s",
            )
        ),
    )
    given_name, family = full.split()
    assert {given_name, family}.isdisjoint({"Jane", "Okafor"})
    assert formal == f"Ms {family}"
    assert initial == f"{given_name[0]}. {family}"
    assert first == given_name
    assert sorted_ == f"{family}, {given_name}"
    assert loud == full.upper()
    assert owner == f"{full}’s"


def test_a_person_keeps_the_alias_in_the_next_text_and_the_next_session() -> None:
    project = Project()
    full = project.alias("Jane Okafor")
    assert project.alias("Okafor") == full.split()[1]
    later = Project(rows=project.book.rows())
    assert later.alias("Jane Okafor") == full
    assert later.alias("J. Okafor") == f"{full[0]}. {full.split()[1]}"


def test_other_names_of_an_entity_are_taken_for_the_part_that_they_begin_like() -> None:
    full, pet, typo, tail = Project().in_text(
        "Jane van der Berg, called Janey, Mrs van der Borg, Mr Berg",
        ("Jane van der Berg", "PERSON", "person-1"),
        ("Janey", "PERSON", "person-1"),
        ("van der Borg", "PERSON", "person-1"),
        ("Berg", "PERSON", "person-1"),
    )
    given_name, family = full.split()
    assert (pet, typo, tail) == (given_name, family, family)


def test_a_word_that_could_be_a_title_is_one_only_where_titles_stand() -> None:
    project = Project()
    assert re.fullmatch(
        r"Dr\. med\. [A-Z][a-z]+ [A-Z][a-z-]+", project.alias("Dr. med. Jane Hollis")
    )
    assert re.fullmatch(r"[A-Z][a-z]+ [A-Z][a-z-]+ Jr\.", project.alias("Jane Hollis Jr."))
    for name in ("Jane Ing", "Or Hollis", "Jane Or", "Miss", "Jane Or Hollis"):
        assert set(project.alias(name).split()).isdisjoint(name.split())
    assert re.fullmatch(r"\S+ and \S+ \S+", project.alias("Jane and Peter Hollis"))


@pytest.mark.parametrize(
    ("label", "string", "form"),
    [
        ("Patient number", "A-1234", r"[A-Z]-\d{4}"),
        ("PHONE_NUMBER", "020 8123 4567", r"020 7946 0\d{3}"),
        ("Email address", "a@b.de", r"\S+@example\.org"),
        ("IP address", "10.1.2.24", r"\d\d\.\d\.\d\.\d\d"),
        ("date of birth", "3 March 1950", r"\d+ [A-Z][a-z]+ 19\d\d"),
        ("Name of patient", "Jane", r"[A-Z][a-z]+"),
        ("SOMETHING", "Aa-1", r"[A-Z][a-z]-\d"),
    ],
)
def test_the_name_of_a_label_tells_what_it_holds(label: str, string: str, form: str) -> None:
    alias = Project().alias(string, label)
    assert re.fullmatch(form, alias)
    assert alias != string


def test_two_people_of_one_family_keep_a_family_name_and_two_given_ones() -> None:
    project = Project()
    jane, peter = project.alias("Jane Okafor"), project.alias("Peter Okafor")
    assert jane.split()[1] == peter.split()[1]
    assert jane.split()[0] != peter.split()[0]


def test_a_title_before_a_passage_tells_a_family_name() -> None:
    project = Project()
    (family,) = project.in_text("Dear Mrs Okafor,", ("Okafor", "PERSON", ""))
    (full,) = project.in_text("from Jane Okafor", ("Jane Okafor", "PERSON", ""))
    assert full.split()[1] == family


def test_an_alias_is_nobody_of_the_text_and_nobody_of_the_book() -> None:
    jane = Project().alias("Jane Okafor")
    given_name, family = jane.split()
    (elsewhere,) = Project().in_text(
        f"Jane Okafor met {given_name}, and Mr {family} too.", ("Jane Okafor", "PERSON", "")
    )
    assert set(elsewhere.split()).isdisjoint({given_name, family})
    project = Project()
    project.book.avoid([family])
    assert project.alias("Jane Okafor").split()[1] != family


def test_an_alias_is_nobody_of_a_text_that_was_told_of() -> None:
    strings = [("PERSON", "Jane Okafor"), ("PHONE", "020 8123 4567"), ("POLICY", "MV-1234")]
    taken = {label: Project().alias(string, label) for label, string in strings}
    for label, string in strings:
        project = Project()
        real = taken[label].replace("-", "/").upper()
        project.redactor.expect(f"It is {real}.", [Found(6, 6 + len(real), label)])
        assert set(project.alias(string, label).split()).isdisjoint(taken[label].split()[-1:])


def test_other_secrets_give_other_aliases() -> None:
    strings = ("Jane Okafor", "Peter Hollis", "Siân Kovač")
    ours, theirs = Project(), Project(b"another project's secret")
    assert [ours.alias(string) for string in strings] != [theirs.alias(s) for s in strings]
    again = Project()
    assert [ours.alias(string) for string in strings] == [again.alias(s) for s in strings]


NAMES = st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=2, max_size=8)
FULL_NAMES = st.tuples(NAMES, NAMES).map(" ".join)
CODES = st.text(st.sampled_from("ABCxyz0123456789-/ "), min_size=6, max_size=14).filter(
    lambda code: sum(map(str.isalnum, code)) > 4
)
PLACES = st.sampled_from(["12 Okafor Road", "3b Hill St.", "Marktstraße 4", "7 Old Ropewalk"])
STRINGS = {
    "PERSON": FULL_NAMES,
    "CODE": CODES,
    "PHONE": st.from_regex(
        r"(07700 900|01632 960|020 7946 0|\+49 30 23125 )[0-9]{3}", fullmatch=True
    ),
    "EMAIL": st.from_regex(r"[a-z]{3,8}(\.[a-z]{2,8})?[0-9]{0,2}@[a-z]{2,5}\.com", fullmatch=True),
    "ADDRESS": st.tuples(PLACES, st.from_regex(r"QX[0-9]{2} [0-9][A-Z]{2}", fullmatch=True)).map(
        ", ".join
    ),
}


@pytest.mark.parametrize("label", sorted(STRINGS))
@settings(max_examples=40)
@given(data=st.data())
def test_different_strings_of_a_label_have_different_aliases_and_keep_them(
    label: str, data: st.DataObject
) -> None:
    def identity(string: str) -> str:
        """What makes two codes one: their letters and digits."""
        if label in ("CODE", "PHONE"):
            return "".join(filter(str.isalnum, string.lower()))
        return normalised(string)

    strings = data.draw(st.lists(STRINGS[label], min_size=1, max_size=12, unique_by=identity))
    project = Project()
    aliases = [project.alias(string, label) for string in strings]
    assert aliases == [project.alias(string, label) for string in strings]
    assert len({identity(alias) for alias in aliases}) == len(strings)
    for place, alias in enumerate(aliases):
        assert identity(alias) not in map(identity, strings[: place + 1])
    rows = project.book.rows()
    later = Project(rows=rows)
    assert aliases == [later.alias(string, label) for string in strings]
    assert later.book.rows() == rows


def shape(string: str) -> str:
    return re.sub(r"[a-z]", "a", re.sub(r"[A-Z]", "A", re.sub(r"\d", "0", string)))


@pytest.mark.parametrize(
    ("label", "string"),
    [
        ("POLICY", "MV-9687-3017"),
        ("POLICY", "tr 6954 5832"),
        ("POSTCODE", "QX12 4ab"),
        ("IBAN", "GB82 WEST 1234 5698 7654 32"),
        ("CARD", "4111-1111-1111-1111"),
        ("PHONE", "01632 960123"),
        ("PHONE", "+44 (0)20 7946-0018"),
        ("PHONE", "999"),
    ],
)
def test_numbers_keep_their_shape(label: str, string: str) -> None:
    alias = Project().alias(string, label)
    assert alias != string
    assert shape(alias) == shape(string)


def test_a_number_is_the_same_number_however_it_is_grouped() -> None:
    project = Project()
    alias = project.alias("MV-9687-3017", "POLICY")
    assert project.alias("mv96873017", "POLICY") == alias.replace("-", "").lower()


@pytest.mark.parametrize(
    "number",
    [
        "GB82 WEST 1234 5698 7654 32",
        "DE89370400440532013000",
        "FR14 2004 1010 0505 0001 3M02 606",
        "BE68 5390 0754 7034",
    ],
)
def test_an_iban_becomes_an_iban_of_the_same_country(number: str) -> None:
    alias = Project().alias(number, "ACCOUNT")
    assert alias[:2] == number[:2]
    assert iban.is_valid(alias, check_country=False)
    assert not set(range(4, len(number))) & {
        at for at in range(len(number)) if alias[at] == number[at] != " "
    } or number.startswith("FR")


def test_a_card_number_becomes_one_that_passes_the_check() -> None:
    assert luhn.is_valid(Project().alias("4111 1111 1111 1111", "CARD").replace(" ", ""))


@pytest.mark.parametrize(
    ("number", "range_"),
    [
        ("07911 123456", r"07700 900\d{3}"),
        ("020 8123 4567", r"020 7946 0\d{3}"),
        ("+44 7911 123456", r"\+44 7700 900\d{3}"),
        ("030 901820 55", r"0\d\d \d{6} \d\d"),
        ("+49 30 90182055", r"\+49 \d\d \d{8}"),
        ("+1 212 736 5000", r"\+1 \d{3} 555 01\d{2}"),
    ],
)
def test_a_telephone_number_comes_from_a_range_where_nobody_answers(
    number: str, range_: str
) -> None:
    assert re.fullmatch(range_, Project().alias(number, "PHONE"))


def test_the_national_and_the_international_form_of_a_number_stay_one() -> None:
    project = Project()
    national = project.alias("020 8123 4567", "PHONE")
    assert project.alias("+44 20 8123 4567", "PHONE") == f"+44 {national[1:]}"


def test_when_a_range_is_used_up_numbers_keep_their_shape_and_stay_apart() -> None:
    project = Project()
    aliases = {project.alias(f"07{number:09d}", "PHONE") for number in range(10**8, 10**8 + 1050)}
    assert len(aliases) == 1050


def test_an_e_mail_address_follows_its_owner() -> None:
    person, dotted, short, stranger = Project().in_text(
        "Jane Okafor, jane.okafor@gmail.com, jokafor45@firm.co.uk, info@firm.co.uk",
        ("Jane Okafor", "PERSON", "person-1"),
        ("jane.okafor@gmail.com", "EMAIL", ""),
        ("jokafor45@firm.co.uk", "EMAIL", ""),
        ("info@firm.co.uk", "EMAIL", ""),
    )
    given_name, family = (re.sub("[^a-z]", "", part) for part in person.lower().split())
    assert dotted == f"{given_name}.{family}@example.org"
    assert re.fullmatch(rf"{given_name[0]}{family}\.\d\d@example\.org", short)
    assert stranger.endswith("@example.org")
    assert family not in stranger


def test_an_address_gets_a_street_and_a_town_that_do_not_exist() -> None:
    project = Project()
    alias = project.alias("Flat 3, 119 Tannery Lane, Fenwold QX12 4AB", "ADDRESS")
    found = re.fullmatch(r"Flat \d, \d{3} (.+) Lane, (\w+) [A-Z]{2}\d\d \d[A-Z]{2}", alias)
    assert found is not None
    assert found[1] != "Tannery"
    assert project.alias("Tannery Lane", "ADDRESS") == f"{found[1]} Lane"
    assert project.alias("Fenwold", "ADDRESS") == found[2]
    german = project.alias("Hauptstraße 12, 10115 Berlin", "ADDRESS")
    assert re.fullmatch(r"\w+straße \d\d, \d{5} \w+", german)


def test_dates_of_one_person_move_together_and_those_of_another_differently() -> None:
    project = Project()

    def moved(string: str, person: str) -> date:
        day, month, year = map(int, project.alias(string, "DATE", person).split("/"))
        return date(year, month, day)

    first, last = moved("01/02/2024", "file-1"), moved("31/12/2024", "file-1")
    assert (last - first).days == (date(2024, 12, 31) - date(2024, 2, 1)).days
    shifts = {(moved("01/02/2024", f"file-{n}") - date(2024, 2, 1)).days for n in range(40)}
    assert len(shifts) > 30
    assert all(30 <= abs(days) <= 364 for days in shifts)


def test_what_cannot_have_an_alias_is_redacted_and_says_why() -> None:
    redactor = Project().redactor
    for string, label, reason in (
        ("next week", "DATE", "Not read as a date"),
        ("🙂 - 🙂", "PERSON", "Without a letter or digit"),
        ("...", "POLICY", "Without a letter or digit"),
    ):
        (entry,) = redactor.redact(string, [Found(0, len(string), label)]).replacements
        assert (entry.new, entry.operator) == (f"[{label}]", "redact")
        assert entry.note.startswith(reason)


def test_when_no_alias_is_left_the_passage_is_redacted() -> None:
    project = Project()
    aliases = [project.alias(str(digit), "AGE") for digit in range(10)]
    given_out = [alias for alias in aliases if alias != "[AGE]"]
    assert len(set(given_out)) == len(given_out)
    assert "[AGE]" in aliases


def test_thousands_of_people_have_names_of_their_own() -> None:
    project = Project()
    names = [f"{chr(65 + n % 26)}a{n:b} Ok{n:b}".translate({48: "i", 49: "o"}) for n in range(1200)]
    assert len({project.alias(name) for name in names}) == len(names)


def test_a_table_that_contradicts_itself_is_refused() -> None:
    row = AliasRow("part: name", "jane", "Jane", "Umber")
    with pytest.raises(KnownError, match="contradicts another row"):
        AliasBook([row, row._replace(alias="Robin")])
    with pytest.raises(KnownError, match="contradicts another row"):
        AliasBook([row, row._replace(key="john", original="John")])


def test_the_table_tells_people_what_was_called_what() -> None:
    project = Project()
    alias = project.alias("Jane Okafor")
    assert AliasRow("PERSON", "jane okafor", "Jane Okafor", alias) in project.book.rows()
