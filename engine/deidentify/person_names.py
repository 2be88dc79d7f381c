"""Aliases for people: every part of a name has one alias in the whole project.

“Jane Okafor”, “Ms Okafor”, “J. Okafor” and “Jane” so become one invented person without anybody
having to say that they are one, and relatives keep a common family name. Titles stay, initials
stay initials: which letter becomes which is one permutation for the project, and an invented name
begins with the letter that the real one's initial becomes. Whoever has many of the invented names
may therefore guess initials, and which people share a name; not the names.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

import regex

from engine.deidentify.alias_book import AliasBook, part_label
from engine.deidentify.keyed import Keyed, normalised
from engine.deidentify.lexicon import invented, words
from engine.deidentify.shapes import pour, same_shape, skeleton

PART = part_label("name")

_WORD = r"[\p{L}\p{M}]+(?:['’‐-][\p{L}\p{M}]+)*"
_TOKEN = regex.compile(rf"(?:\b(?:(?i:{'|'.join(sorted(words('particles')))})\s+)+)?{_WORD}")
_POSSESSIVE = regex.compile(r"(?<=[\p{L}\p{M}]{2})['’]s$")
_ONE_LETTER = regex.compile(r"\p{L}\p{M}*")
_PIECES = regex.compile(r"[^\s-]+")
# One of the names if it is free, then two or three of them with a hyphen.
_TRIES_OF_ONE, _TRIES_OF_TWO = 40, 160


@dataclass(frozen=True, slots=True)
class _Token:
    """A word of a name; `role` is "title", "initial", "given" or "family"."""

    start: int
    end: int
    word: str
    role: str

    @property
    def key(self) -> str:
        return normalised(self.word)


class PersonNames:
    """Gives out the aliases of names and remembers them in the book."""

    def __init__(self, keyed: Keyed, book: AliasBook) -> None:
        self._keyed = keyed
        self._book = book
        self._letters = _derangement(keyed)

    def learn(self, names: Iterable[str], words_of_text: frozenset[str]) -> list[str]:
        """Invent what these names need; the longest first, since they tell which part is which.

        No invented part is one of `words_of_text` (normalised). Returns the names without an
        alias, of which there are some only when the invented names have run out.
        """
        missing = []
        for name in sorted(set(names), key=lambda name: (-len(_tokens(name)), name)):
            for token in _tokens(name):
                if token.role in ("given", "family"):
                    alias = self._invent(token.word, token.role, words_of_text)
                    if alias is None:
                        missing.append(name)
        return missing

    def alias(self, name: str, same_person: Sequence[str] = ()) -> str | None:
        """The name with every part replaced; the parts must have been learnt.

        `same_person` are other names of the same person: a word that is in none of them stands
        for the part that it begins like. None for a string without a letter.
        """
        tokens = [token for token in _tokens(name) if token.role != "title"]
        if not tokens:
            return None
        others = self._parts_of(same_person)
        pieces, at = [], 0
        for token in tokens:
            pieces.append(self._between(name[at : token.start]))
            if token.role == "initial":
                letter = self.initial(token.word)
                new = letter.lower() if token.word.islower() else letter
            else:
                new = self._in_case(token.word, self._alias_of(token, others))
            pieces.append(new)
            at = token.end
        return "".join([*pieces, self._between(name[at:])])

    def initial(self, letter: str) -> str:
        """What an initial becomes: a capital letter from A to Z, never the same."""
        base = unicodedata.normalize("NFKD", letter)[:1].upper()
        if base in self._letters:
            return self._letters[base]
        return ascii_uppercase[self._keyed.number(26, "initial", normalised(letter))]

    def any_name(self, number: int, key: str) -> tuple[str, str]:
        """Some invented given and family name that belong to nobody, the number-th for the key."""
        numbers = self._keyed.numbers("any name", key, str(number))
        given, families = invented("given"), invented("families")
        return given[next(numbers) % len(given)], families[next(numbers) % len(families)]

    def _invent(self, word: str, role: str, words_of_text: frozenset[str]) -> str | None:
        key = normalised(word)
        letter = self.initial(_first_letter(word))
        names = invented("given" if role == "given" else "families")
        fitting = [name for name in names if name[0] == letter]
        numbers = self._keyed.numbers("name", key)

        def candidate(number: int) -> str:
            first = fitting[next(numbers) % len(fitting)]
            more = (number >= _TRIES_OF_ONE) + (number >= _TRIES_OF_TWO)
            return "-".join([first, *(names[next(numbers) % len(names)] for _ in range(more))])

        return self._book.invent(
            PART,
            key,
            word,
            candidate,
            refuse=lambda alias: bool(words_of_text.intersection(normalised(alias).split("-"))),
        )

    def _alias_of(self, token: _Token, others: dict[str, str]) -> str:
        key = token.key
        if others and key not in others:
            for start, role in ((1, "given"), (3, "family")):
                for other, its_role in others.items():
                    alike = other[:start] == key[:start] or key in _PIECES.findall(other)
                    known = self._book.alias(PART, other)
                    if its_role == role and alike and known is not None:
                        return known
        alias = self._book.alias(PART, key)
        return "" if alias is None else alias

    @staticmethod
    def _parts_of(names: Sequence[str]) -> dict[str, str]:
        """The parts of a person's fullest name, and their roles."""
        full = max((_tokens(name) for name in names), key=len, default=[])
        parts = {token.key: token.role for token in full if token.role in ("given", "family")}
        return parts if len(parts) > 1 else {}

    def _between(self, gap: str) -> str:
        """What stands between the words of a name; titles are kept, digits are not."""
        digits = "".join(character for character in gap if character.isnumeric())
        if not digits:
            return pour(skeleton(gap), gap)
        others = iter(same_shape(digits, self._keyed.numbers("digits in a name", digits)))
        return pour("".join(next(others) if c.isnumeric() else c for c in skeleton(gap)), gap)

    @staticmethod
    def _in_case(word: str, alias: str) -> str:
        if word.islower():
            return alias.lower()
        return alias.upper() if word.isupper() and len(word) > 1 else alias


def plain_letters(name: str) -> str:
    """The name in small ASCII letters, as it stands in an e-mail address."""
    spelled = name.lower()
    for letter, spelling in (("ß", "ss"), ("ø", "o"), ("ł", "l"), ("ı", "i"), ("æ", "ae")):
        spelled = spelled.replace(letter, spelling)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return "".join(character for character in plain if character.isalpha())


def _tokens(name: str) -> list[_Token]:
    """The words of a name in order; what is left of the first comma is the family's."""
    entries = []
    for found in _TOKEN.finditer(name):
        word = _POSSESSIVE.sub("", found[0])
        entries.append((found.start(), found.start() + len(word), word))
    kept = [
        entry
        for place, entry in enumerate(entries)
        if not (0 < place < len(entries) - 1 and entry[2] in words("joining"))
    ]
    # A title stands in front, or is the Jr behind; “Jane Ing” has none. No name is all title.
    titles = 0
    while titles < len(kept) - 1 and normalised(kept[titles][2]) in words("titles"):
        titles += 1
    behind = len(kept) - titles > 1 and normalised(kept[-1][2]) in words("titles_behind")
    named = kept[titles : len(kept) - behind]
    comma = name.find(",")
    tokens = []
    for entry in kept:
        start, end, word = entry
        if entry not in named:
            role = "title"
        elif _ONE_LETTER.fullmatch(word) and word.upper() != word.lower():
            role = "initial"
        elif named[0][1] <= comma < named[-1][0]:
            role = "family" if start < comma else "given"
        elif len(named) == 1:
            role = "family" if titles else "given"
        else:
            role = "family" if entry == named[-1] else "given"
        tokens.append(_Token(start, end, word, role))
    return tokens


def _first_letter(word: str) -> str:
    """The initial that a word would have; of “van der Berg” the B."""
    found = _ONE_LETTER.search(word.split()[-1])
    return "" if found is None else found[0]


def _derangement(keyed: Keyed) -> dict[str, str]:
    """A permutation of the alphabet in one cycle (Sattolo 1986), so that no letter stays."""
    letters = list(ascii_uppercase)
    numbers = keyed.numbers("initials")
    for last in range(len(letters) - 1, 0, -1):
        other = next(numbers) % last
        letters[last], letters[other] = letters[other], letters[last]
    return dict(zip(ascii_uppercase, letters, strict=True))
