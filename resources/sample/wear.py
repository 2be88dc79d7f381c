"""What haste does to a text: spelling mistakes, lower case, emoji. Mentions stay as they are."""

from __future__ import annotations

import re
from random import Random

from resources.sample.template import Draft, Piece

_MISSPELLINGS = {
    "received": "recieved",
    "definitely": "definately",
    "separate": "seperate",
    "address": "adress",
    "until": "untill",
    "which": "wich",
    "their": "thier",
    "happened": "happend",
    "believe": "beleive",
    "insurance": "insurence",
    "cancelled": "canceled",
    "photographs": "photografs",
    "because": "becuase",
    "through": "trough",
    "policy": "polcy",
    "please": "pleas",
    "would": "woud",
    "already": "allready",
    "somebody": "sombody",
    "written": "writen",
    "neighbour": "nieghbour",
    "tomorrow": "tommorow",
    "company": "compny",
    "payment": "payement",
    "decision": "descision",
    "waiting": "wating",
    "really": "realy",
    "apology": "appology",
    "another": "annother",
    "before": "befor",
    "perhaps": "prehaps",
    "holiday": "hollyday",
    "surely": "surley",
    "friend": "freind",
    "colleague": "collegue",
    "telephone": "telefone",
    "enclose": "inclose",
}
_EMOJI = ("🙏", "😡", "🤷", "😅", "🙄", "😩", "🤞🏽", "☔", "👩‍💻")
_WORD = re.compile(r"[a-z]+")
_SENTENCE_END = re.compile(r"(?<=[a-z][.!?])(?=\s)")


def roughen(draft: Draft, rng: Random, *, emoji: bool) -> Draft:
    """The same draft as somebody in a hurry would have sent it; often unchanged."""
    if rng.random() < 0.35:
        draft = _misspell(draft, rng, words=rng.randint(1, 3))
    if rng.random() < 0.08:
        draft = [piece if piece.label else Piece(piece.text.lower()) for piece in draft]
    if emoji and rng.random() < 0.16:
        draft = _add_emoji(draft, rng)
    return draft


def _misspell(draft: Draft, rng: Random, *, words: int) -> Draft:
    """Spell up to so many words as people often do, each word the same way wherever it stands."""
    known = sorted(
        {
            word
            for piece in draft
            if piece.label is None
            for word in _WORD.findall(piece.text)
            if word in _MISSPELLINGS
        }
    )
    wrong = set(rng.sample(known, min(words, len(known))))

    def spell(match: re.Match[str]) -> str:
        word = match.group()
        return _MISSPELLINGS[word] if word in wrong else word

    return [piece if piece.label else Piece(_WORD.sub(spell, piece.text)) for piece in draft]


def _add_emoji(draft: Draft, rng: Random) -> Draft:
    places = [
        (index, match.start())
        for index, piece in enumerate(draft)
        if piece.label is None
        for match in _SENTENCE_END.finditer(piece.text)
    ]
    if not places:
        return draft
    index, position = rng.choice(places)
    text = draft[index].text
    worn = Piece(f"{text[:position]} {rng.choice(_EMOJI)}{text[position:]}")
    return [*draft[:index], worn, *draft[index + 1 :]]
