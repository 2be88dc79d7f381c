"""Likely misses: what a person should look at before a redacted text leaves the house."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from engine.core.language import tr
from engine.deidentify.gazetteer import Gazetteer, words_of_edge
from engine.deidentify.keyed import normalised
from engine.deidentify.lexicon import words
from engine.deidentify.pseudonyms import is_titled, kind_of
from engine.deidentify.records import Found

SAME, PART, UNSURE, NAME, NUMBER = "same string", "part of a name", "unsure", "name", "number"
KINDS_OF_DOUBT = (SAME, PART, UNSURE, NAME, NUMBER)
LOW_CONFIDENCE = 0.7

_WORD = regex.compile(r"[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*")
_POSSESSIVE = regex.compile(r"['’]s$")
_JOINED = r"[\p{L}\p{N}]+(?:(?:[-/.]|,(?=\d{3}))[\p{L}\p{N}]+)*"
_SPACED = r"\p{Lu}{1,4} \d{2,}(?: \d{2,})*|\d{2,}(?: \d{2,})+"
_CODE = regex.compile(rf"(?<![\p{{L}}\p{{N}}])(?:{_SPACED}|{_JOINED})(?![\p{{L}}\p{{N}}])")
_MEASURE = regex.compile(r"\d{1,4}\p{Ll}+")
_LONG_NUMBER, _SHORTEST_CODE, _CODE_DIGITS = 5, 4, 2
_SHORTEST_PART = 3
_STARTS_SENTENCE = regex.compile(r"(?:^|[.!?:…\n\r]|[-*•–]\s)[\s\"'“”„‘’«»()\[\]]*$")
_LOOK_BACK = 24
_MONEY = regex.compile(r"(?:[£$€]|\bEUR|\bGBP|\bUSD)\s?$")
# One place in small letters speaks against three with a capital: it may be a slip.
_SMALL_WEIGHT = 3
# A capitalised word in this share of the texts is taken for one of the trade, not for a name.
_COMMON_SHARE, _FEWEST_TEXTS = 0.1, 20


@dataclass(frozen=True, slots=True)
class Doubt:
    """A range that may identify somebody and is not replaced, or is replaced on thin evidence.

    `kind` is one of KINDS_OF_DOUBT, `label_guess` the label it would have ("" for no idea), and
    `score` the risk from 0 to 1, which orders doubts but is no probability.
    """

    kind: str
    start: int
    end: int
    label_guess: str
    reason: str
    score: float


@dataclass(frozen=True, slots=True)
class _Known:
    """A passage that is replaced somewhere in the set."""

    string: str
    label: str


class ResidualCheck:
    """Looks through a set of texts for what their passages have missed.

    `found` holds, for each text, the passages that are to be replaced; leave out those that are
    kept. Strings that are replaced in one text are looked for in all of them, at word boundaries
    and whatever their case. What words are usual is learnt from the texts themselves: one that
    stands in small letters too, at least once in every four times, is no name; so a set of a few
    texts raises more doubts, and so does German, which capitalises its nouns.
    """

    def __init__(self, texts: Sequence[str], found: Sequence[Sequence[Found]]) -> None:
        self._texts = texts
        self._found = found
        self._small, self._inside, self._texts_with = _usage(texts, found)
        strings: dict[str, tuple[str, _Known]] = {}
        parts: dict[str, tuple[str, _Known]] = {}
        for text, passages in zip(texts, found, strict=True):
            for passage in passages:
                known = _Known(text[passage.start : passage.end], passage.label)
                start, end = words_of_edge(known.string)
                if start < end:
                    string = known.string[start:end]
                    strings.setdefault(normalised(string), (string, known))
                if kind_of(passage.label, {}) == "person":
                    for word in _WORD.findall(known.string):
                        parts.setdefault(normalised(word), (word, known))
        self._strings = Gazetteer(strings.values(), ignore_case=True)
        small = words("titles") | words("particles") | words("joining")
        of_names = [
            entry
            for word, entry in parts.items()
            if len(word) >= _SHORTEST_PART and word not in strings and word not in small
        ]
        self._parts = Gazetteer(of_names, ignore_case=True)

    def doubts(self, place: int) -> list[Doubt]:
        """The doubts about the text at this place of the set, the riskiest first.

        No two of them overlap, except that an unsure passage may hold what else is doubtful.
        """
        text, passages = self._texts[place], self._found[place]
        covered = bytearray(len(text))
        for passage in passages:
            covered[passage.start : passage.end] = b"\1" * (passage.end - passage.start)
        doubts = []
        searches = (self._same(text), self._name_parts(text), self._numbers(text))
        for doubt in (*searches[0], *searches[1], *searches[2], *self._names(text)):
            if not any(covered[doubt.start : doubt.end]):
                covered[doubt.start : doubt.end] = b"\1" * (doubt.end - doubt.start)
                doubts.append(doubt)
        doubts += _unsure(passages)
        return sorted(doubts, key=lambda doubt: (-doubt.score, doubt.start, doubt.end))

    def _same(self, text: str) -> Iterator[Doubt]:
        for start, end, known in self._strings.find(text):
            string = _short(known.string)
            reason, score = tr("“{string}” is replaced elsewhere.", string=string), 0.95
            if text[start:end] not in known.string:
                reason = tr("“{string}” is replaced elsewhere, in other letters.", string=string)
                score = 0.85
            if end - start < _SHORTEST_PART:
                score = 0.3
            elif text[start:end].islower() and self._is_usual(normalised(text[start:end])):
                # A word that a model took for a name once is no name wherever it stands.
                score = 0.2
            yield Doubt(SAME, start, end, known.label, reason, score)

    def _name_parts(self, text: str) -> Iterator[Doubt]:
        for start, end, known in self._parts.find(text):
            score = 0.9 if is_titled(text, start) else 0.8
            word = normalised(text[start:end])
            if self._is_usual(word):
                if not text[start].isupper() or _starts_sentence(text, start):
                    continue
                score = 0.6
            elif text[start].islower() and self._small[word]:
                score = 0.5
            reason = tr(
                "A part of “{string}”, which is replaced elsewhere.", string=_short(known.string)
            )
            yield Doubt(PART, start, end, known.label, reason, score)

    def _numbers(self, text: str) -> Iterator[Doubt]:
        for found in _CODE.finditer(text):
            code = found[0]
            digits = sum(character.isnumeric() for character in code)
            letters = any(character.isalpha() for character in code)
            if _MEASURE.fullmatch(code):
                continue
            if letters and digits >= _CODE_DIGITS and len(code) >= _SHORTEST_CODE:
                reason, score = tr("A code of letters and digits."), 0.65
            elif not letters and digits >= _LONG_NUMBER:
                reason, score = tr("A number of {digits} digits.", digits=digits), 0.7
                if _MONEY.search(text, max(0, found.start() - 5), found.start()):
                    reason, score = tr("A sum of money with many digits."), 0.2
            else:
                continue
            yield Doubt(NUMBER, found.start(), found.end(), "", reason, score)

    def _names(self, text: str) -> Iterator[Doubt]:
        run: list[tuple[int, int]] = []
        for start, end in (*self._unknown(text), (-1, -1)):
            if run and not (start >= 0 and _is_one_name(text, run[-1], start)):
                yield from self._run_of_names(text, run)
                run = []
            run.append((start, end))

    def _unknown(self, text: str) -> Iterator[tuple[int, int]]:
        """Capitalised words that are not usual."""
        for found in _WORD.finditer(text):
            word = _POSSESSIVE.sub("", found[0])
            usual = self._is_usual(normalised(word)) and not is_titled(text, found.start())
            if word[0].isupper() and not usual:
                yield found.start(), found.start() + len(word)

    def _run_of_names(self, text: str, run: list[tuple[int, int]]) -> Iterator[Doubt]:
        start, end = run[0][0], run[-1][1]
        titled = is_titled(text, start)
        first = normalised(text[start : run[0][1]])
        alone = _is_line(text, start, end)
        if len(run) == 1 and not (titled or alone or self._inside[first]):
            # Only ever seen where every word has a capital.
            return
        if titled:
            reason, score = tr("Stands after a title."), 0.75
        elif len(run) > 1:
            reason, score = (
                tr("Capitalised words that the texts hardly ever have in small letters."),
                0.6,
            )
        else:
            reason, score = (
                tr("A capitalised word that the texts hardly ever have in small letters."),
                0.5,
            )
        if alone and not titled:
            reason = tr("Capitalised words alone on a line, as a signature is.")
            score = 0.65
        if text[start:end].isupper():
            score -= 0.15
        yield Doubt(NAME, start, end, "PERSON" if titled else "", reason, score)

    def _is_usual(self, word: str) -> bool:
        """Whether a word is no name: in a list, often in small letters, or in many texts."""
        if word in words("capitalised") or word in words("titles"):
            return True
        if self._small[word] and self._small[word] * _SMALL_WEIGHT >= self._inside[word]:
            return True
        often = self._texts_with[word] > _COMMON_SHARE * len(self._texts)
        return often and len(self._texts) >= _FEWEST_TEXTS


def _usage(
    texts: Sequence[str], found: Sequence[Sequence[Found]]
) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """How often each word stands in small letters, capitalised inside a sentence; in how many
    texts.

    What was found does not count: a name in an address of e-mail is in small letters and no less
    a name.
    """
    small: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    texts_with: Counter[str] = Counter()
    for text, passages in zip(texts, found, strict=True):
        covered = bytearray(len(text))
        for passage in passages:
            covered[passage.start : passage.end] = b"\1" * (passage.end - passage.start)
        # In a text without capitals a name in small letters says nothing.
        has_capitals = any(character.isupper() for character in text)
        seen = set()
        for match in _WORD.finditer(text):
            word = normalised(_POSSESSIVE.sub("", match[0]))
            seen.add(word)
            if any(covered[match.start() : match.end()]):
                continue
            if match[0].islower():
                small[word] += has_capitals
            elif not _starts_sentence(text, match.start()):
                inside[word] += 1
        texts_with.update(seen)
    return small, inside, texts_with


def _starts_sentence(text: str, at: int) -> bool:
    return _STARTS_SENTENCE.search(text, max(0, at - _LOOK_BACK), at) is not None


def _is_one_name(text: str, word: tuple[int, int], start: int) -> bool:
    """Whether the word that begins at `start` goes on with the name that ends with this one."""
    between = text[word[1] : start]
    return between in (" ", "-") or (between == ". " and word[1] - word[0] == 1)


def _is_line(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - _LOOK_BACK) : start].rpartition("\n")[2]
    after = text[end : end + _LOOK_BACK].partition("\n")[0]
    return not before.strip(" -–—\t") and not after.strip(" .,\t\r") and "\n" in text


def _unsure(passages: Sequence[Found]) -> Iterator[Doubt]:
    for passage in passages:
        if passage.confidence < LOW_CONFIDENCE:
            reason = tr(
                "Found with a confidence of {confidence:.2f}.", confidence=passage.confidence
            )
            score = 0.4 * (1 - passage.confidence)
            yield Doubt(UNSURE, passage.start, passage.end, passage.label, reason, score)


def _short(string: str) -> str:
    line = " ".join(string.split())
    return line if len(line) <= 40 else f"{line[:39]}…"
