"""Chooses the phrases of one text: what is said, what is only mentioned, and in which order."""

from __future__ import annotations

from random import Random

from resources.sample.facts import NONE, Facts
from resources.sample.phrase_book import PhraseBook
from resources.sample.schema import CLAIM_STATUS, COMPLAINT, LABELS, NEW_CLAIM
from resources.sample.slots import COUNSEL, NOTE, Slots
from resources.sample.template import Draft, render, slot_names

_SAY_ONCE = frozenset(
    {"event", "detail", "proof", "amount", "topic", "moot", "weeks", "years", "minutes"}
    | {"address", "old_address", "phone", "email", "policy", "relative", "other"}
    | {"incident_date", "reported_date", "visit_date", "contact_date", "future_date"}
)
_SAY_TWICE = frozenset({"thing", "loss", "handler"})


class Writer:
    """Phrases for one text, none of which repeats what an earlier one has said."""

    def __init__(
        self, facts: Facts, intent: str, voice: str, register: str, book: PhraseBook, rng: Random
    ) -> None:
        self.slots = Slots(facts, voice, book, rng)
        self._situation = facts.situation
        self._intent = intent
        self._voice = voice
        self._register = register
        self._book = book
        self._rng = rng
        self._said: dict[str, int] = {}
        self._used: set[str] = set()

    def body(self, size: str) -> list[list[Draft]]:
        """Paragraphs of sentences for a "short", "medium" or "long" text."""
        rng = self._rng
        # What matters is chosen first, so that a digression never takes the words it needs.
        core = [self._core()]
        adrift = self._needs_the_facts()
        if rng.random() < {"short": 0.1, "medium": 0.35, "long": 0.6}[size]:
            core += self.say(_file(self._intent), "support")
        wanted = {"short": (0.2, 0.0), "medium": (0.45, 0.15), "long": (0.6, 0.25)}[size]
        asides = self._asides(sum(rng.random() < chance for chance in wanted))
        background: list[Draft] = []
        if adrift or rng.random() < {"short": 0.35}.get(size, 0.85):
            background += self.say("common", "recount")
        if background and rng.random() < {"short": 0.2, "medium": 0.5, "long": 0.75}[size]:
            background += self.say("common", "history")
        opening: list[Draft] = []
        if rng.random() < {"short": 0.35, "medium": 0.55, "long": 0.8}[size]:
            opening += self.say("common", "identification")
        if size != "short" and rng.random() < 0.3:
            opening += self.say("common", "relation")
        if rng.random() < 0.25:
            opening += self.say("common", f"filler_{self._register}")
        ending: list[Draft] = []
        if rng.random() < {"short": 0.05, "medium": 0.25, "long": 0.5}[size]:
            ending += self.say("common", "enclosure")
        if rng.random() < {"short": 0.1, "medium": 0.25, "long": 0.4}[size]:
            ending += self.say("common", "contact")
        order = rng.choice(("facts first", "facts first", "point first", "aside last"))
        if adrift or self._voice == COUNSEL or order == "facts first":
            return [opening, background, asides[:1] + core, asides[1:] + ending]
        if order == "point first":
            return [opening + core, background + asides[:1], asides[1:] + ending]
        return [opening + background, core + asides[:1], asides[1:] + ending]

    def note(self, size: str) -> list[Draft]:
        """The sentences of a call note."""
        rng = self._rng
        core = [self._core()]
        adrift = self._needs_the_facts()
        asides = self._asides(int(rng.random() < {"short": 0.15}.get(size, 0.4)))
        opening = self.say("common", "opening") if rng.random() < 0.85 else []
        background: list[Draft] = []
        if adrift or size != "short" or rng.random() < 0.5:
            background += self.say("common", "recount")
        if background and size != "short" and rng.random() < 0.5:
            background += self.say("common", "history")
        if size == "long" or rng.random() < 0.2:
            opening += self.say("common", "filler")
        ending = self.say("common", "closing") if rng.random() < 0.6 else []
        middle = [asides, background, core]
        if not adrift:
            rng.shuffle(middle)
        return [sentence for part in (opening, *middle, ending) for sentence in part]

    def say(self, file: str, move: str) -> list[Draft]:
        """One phrase for the move, or none where all that could be said has been said."""
        return self._write(self._book.phrases(file, self._voice, move, self._situation))

    def _core(self) -> Draft:
        file = _file(self._intent)
        sentences = self._book.phrases(file, self._voice, "core", self._situation)
        if self._rng.random() < 0.4:
            sentences = self._framed("frame_assert", self._intent) or sentences
        return (self._write(sentences) or self._write(sentences, repeat=True))[0]

    def _needs_the_facts(self) -> bool:
        """Whether the sentences so far speak of "it" without having said what it is."""
        on_a_loss = self._intent in (NEW_CLAIM, CLAIM_STATUS, COMPLAINT)
        named = self._said.keys() & {"event", "thing", "loss"}
        return on_a_loss and self._situation != NONE and not named

    def _asides(self, count: int) -> list[Draft]:
        """Sentences that sound like other intents and are not what the writer wants."""
        others = [label for label in LABELS if label != self._intent]
        self._rng.shuffle(others)
        asides: list[Draft] = []
        for label in others:
            if len(asides) >= count:
                break
            if label == COMPLAINT and self._register == "angry":
                continue
            asides += self._say_in_passing(label)
        return asides

    def _say_in_passing(self, label: str) -> list[Draft]:
        move = self._rng.choice(("aside", "aside", "deny", "deny", "frame_deny"))
        passing = self.say(_file(label), move) if move != "frame_deny" else []
        return passing or self._write(self._framed("frame_deny", label))

    def _framed(self, frame_move: str, intent: str) -> list[str]:
        frames = self._book.phrases("common", self._voice, frame_move, self._situation)
        wishes = self._book.phrases(_file(intent), self._voice, "wish", self._situation)
        if frame_move == "frame_deny":
            # Nobody names the day on which they will not cancel.
            wishes = [wish for wish in wishes if "_date}" not in wish]
        return [frame.replace("{wish}", wish) for frame in frames for wish in wishes]

    def _write(self, templates: list[str], *, repeat: bool = False) -> list[Draft]:
        shuffled = self._rng.sample(templates, len(templates))
        for template in shuffled:
            if self.slots.can_fill(template) and (repeat or self._is_new(template)):
                break
        else:
            return []
        self._used.add(template)
        for name in slot_names(template):
            self._said[name] = self._said.get(name, 0) + 1
        return [render(template, self.slots.fill, self._rng)]

    def _is_new(self, template: str) -> bool:
        if template in self._used:
            return False
        names = slot_names(template)
        return not any(
            self._said.get(name, 0) >= limit
            for group, limit in ((_SAY_ONCE, 1), (_SAY_TWICE, 2))
            for name in names & group
        )


def _file(intent: str) -> str:
    return intent.replace(" ", "_")


def voice_of(channel: str, register: str) -> str:
    """Whose words a text is in: a call note is the insurer's, a lawyer speaks for a client."""
    if channel == "call note":
        return NOTE
    return COUNSEL if register == "counsel" else "customer"
