"""Replaces the passages of a text, so that nothing of them is left and nothing else moves."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import regex

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.deidentify.alias_book import AliasBook
from engine.deidentify.keyed import Keyed
from engine.deidentify.operators import check_policy, hashed, mask, redact
from engine.deidentify.pseudonyms import Alias, Mention, Pseudonyms, is_titled, kind_of
from engine.deidentify.records import (
    OPERATORS,
    Found,
    OperatorChoice,
    Policy,
    Redacted,
    Replacement,
)

_GRAPHEME = regex.compile(r"\X")


@dataclass(frozen=True, slots=True)
class _Range:
    """A range that is replaced as a whole, and the passage that decides how."""

    start: int
    end: int
    found: Found
    choice: OperatorChoice
    alone: bool = True


class Redactor:
    """Applies a policy to the texts of one project.

    `secret` is the project's own, at least 16 bytes, and makes hashes, aliases and the shift of
    dates; `aliases` remembers what was called what and grows with every text. Raises KnownError for
    a policy that asks for what does not exist, ValueError for a secret that is too short.
    """

    def __init__(self, policy: Policy, secret: bytes, aliases: AliasBook) -> None:
        check_policy(policy)
        self._policy = policy
        self._keyed = Keyed(secret)
        self._pseudonyms = Pseudonyms(self._keyed, aliases)

    def expect(self, text: str, found: Sequence[Found]) -> None:
        """Tell of a text that will be redacted, so that no alias is a string that is real in it.

        A set of texts is told of first and redacted then; otherwise an alias may turn out to be
        the name of somebody in a later text. Raises KnownError as `redact` does.
        """
        _check(text, found)
        _, mentions, settings = self._mentions(text, self._ranges(text, found))
        self._pseudonyms.expect(mentions, settings)

    def redact(self, text: str, found: Sequence[Found], *, person_key: str = "") -> Redacted:
        """Replace each passage by what the policy says for its label.

        A passage grows to whole graphemes, so that a combining mark behind it goes with its
        letter. Passages that overlap become one range, from the first one's start to the last
        one's end; the most protective operator among them decides (redact, mask, hash,
        pseudonymise), then the longest passage. Passages that only touch stay two. What a kept
        passage shares with any other goes with the other; the rest of it is kept.

        Dates that are pseudonymised move by one number of days for each `person_key`, so give the
        texts of one person or case the same. Entity ids count within this one text; names that
        are spelled alike have the same alias everywhere without one.

        Raises KnownError for passages outside the text, reversed or empty, and replaces nothing.
        """
        _check(text, found)
        ranges = self._ranges(text, found)
        aliases = self._aliases(text, ranges, person_key)
        pieces: list[str] = []
        replacements = []
        at = length = 0
        for place, spot in enumerate(ranges):
            operator, new, note = self._replaced(text, spot, aliases.get(place))
            pieces += [text[at : spot.start], new]
            length += spot.start - at
            replacements.append(
                Replacement(
                    start=spot.start,
                    end=spot.end,
                    new=new,
                    label=spot.found.label,
                    operator=operator,
                    confidence=spot.found.confidence,
                    source=spot.found.source,
                    new_start=length,
                    new_end=length + len(new),
                    note=note,
                )
            )
            length += len(new)
            at = spot.end
        pieces.append(text[at:])
        return Redacted("".join(pieces), tuple(replacements))

    def _ranges(self, text: str, found: Sequence[Found]) -> list[_Range]:
        boundaries = _boundaries(text)
        whole = []
        for passage in found:
            start, end = passage.start, passage.end
            if boundaries is not None:
                start = boundaries[bisect_right(boundaries, start) - 1]
                end = boundaries[bisect_left(boundaries, end)]
            whole.append(_Range(start, end, passage, self._policy.choice(passage.label)))
        replaced = [spot for spot in whole if spot.choice.operator != "keep"]
        merged = [_merged(group) for group in _overlapping(replaced)]
        kept = [spot for spot in whole if spot.choice.operator == "keep"]
        ends = [spot.end for spot in merged]
        left = [piece for group in _overlapping(kept) for piece in _left_of(group, merged, ends)]
        return sorted([*merged, *left], key=lambda spot: spot.start)

    def _aliases(self, text: str, ranges: list[_Range], person_key: str) -> dict[int, Alias]:
        places, mentions, settings = self._mentions(text, ranges)
        aliases = self._pseudonyms.aliases(text, mentions, settings, person_key)
        return dict(zip(places, aliases, strict=True))

    @staticmethod
    def _mentions(
        text: str, ranges: list[_Range]
    ) -> tuple[list[int], list[Mention], list[Mapping[str, Any]]]:
        """The ranges that get an alias: their places in the list, and what there is to know."""
        places = [
            place for place, spot in enumerate(ranges) if spot.choice.operator == "pseudonymise"
        ]
        mentions = []
        for spot in (ranges[place] for place in places):
            kind = kind_of(spot.found.label, spot.choice.settings)
            titled = kind == "person" and is_titled(text, spot.start)
            string = text[spot.start : spot.end]
            mentions.append(Mention(string, spot.found.label, kind, spot.found.entity, titled))
        return places, mentions, [ranges[place].choice.settings for place in places]

    def _replaced(self, text: str, spot: _Range, alias: Alias | None) -> tuple[str, str, str]:
        """The operator that was used, the new string, and the note."""
        string, label = text[spot.start : spot.end], spot.found.label
        operator, settings = spot.choice.operator, spot.choice.settings
        if operator == "keep":
            return operator, string, ""
        if operator == "mask":
            # What one passage may show at its end may be just what another hides.
            shown = settings if spot.alone else {**settings, "keep_last": 0}
            return operator, mask(string, shown), ""
        if operator == "hash":
            return operator, hashed(string, label, self._keyed, settings), ""
        if alias is not None and alias.text is not None:
            return operator, alias.text, alias.note
        if alias is not None:
            return "redact", redact(label, {}), alias.note
        return operator, redact(label, settings), ""


def _check(text: str, found: Sequence[Found]) -> None:
    wrong = []
    for passage in found:
        start, end = passage.start, passage.end
        place = {"label": passage.label, "start": start, "end": end}
        if start == end:
            wrong.append(tr("{label} {start}–{end} is empty", **place))
        elif start > end:
            wrong.append(tr("{label} {start}–{end} ends before it starts", **place))
        elif start < 0 or end > len(text):
            wrong.append(tr("{label} {start}–{end} lies outside", **place))
    faults, more = "; ".join(wrong[:3]), len(wrong) - 3
    if more > 0:
        raise KnownError(
            tr(
                "Passages do not fit a text of {length} characters: {faults} and {more} more. "
                "Nothing was replaced. Correct them or find them again in this text.",
                length=len(text),
                faults=faults,
                more=more,
            )
        )
    if wrong:
        raise KnownError(
            tr(
                "Passages do not fit a text of {length} characters: {faults}. Nothing was "
                "replaced. Correct them or find them again in this text.",
                length=len(text),
                faults=faults,
            )
        )


def _boundaries(text: str) -> list[int] | None:
    """Where graphemes begin, and the end of the text; None where every character is one."""
    if text.isascii() and "\r\n" not in text:
        return None
    return [0, *(match.end() for match in _GRAPHEME.finditer(text))]


def _overlapping(ranges: list[_Range]) -> Iterator[list[_Range]]:
    """Groups of ranges that hang together by shared characters, in the order of the text."""
    group: list[_Range] = []
    end = 0
    for spot in sorted(ranges, key=lambda spot: (spot.start, spot.end)):
        if group and spot.start >= end:
            yield group
            group = []
        end = max(end, spot.end) if group else spot.end
        group.append(spot)
    if group:
        yield group


def _merged(group: list[_Range]) -> _Range:
    chosen = min(
        group,
        key=lambda spot: (
            OPERATORS.index(spot.choice.operator),
            spot.start - spot.end,
            -spot.found.confidence,
            spot.start,
        ),
    )
    return _Range(
        start=min(spot.start for spot in group),
        end=max(spot.end for spot in group),
        found=chosen.found,
        choice=chosen.choice,
        alone=len({(spot.start, spot.end, spot.found.label) for spot in group}) == 1,
    )


def _left_of(group: list[_Range], replaced: list[_Range], ends: list[int]) -> Iterator[_Range]:
    """The pieces of overlapping kept passages that no other passage covers."""
    chosen = max(group, key=lambda spot: spot.end - spot.start)
    at, end = min(spot.start for spot in group), max(spot.end for spot in group)
    for place in range(bisect_right(ends, at), len(replaced)):
        spot = replaced[place]
        if spot.start >= end:
            break
        if at < spot.start:
            yield _Range(at, spot.start, chosen.found, chosen.choice)
        at = max(at, spot.end)
    if at < end:
        yield _Range(at, end, chosen.found, chosen.choice)
