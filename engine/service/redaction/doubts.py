"""What somebody should look at before the texts are handed out, over all of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence

from engine.core.language import tr
from engine.deidentify.records import Found, Policy
from engine.deidentify.residual import NAME, NUMBER, UNSURE, Doubt, ResidualCheck
from engine.project.rows import TaskInfo, TextFilter
from engine.service.redaction.material import Finders, TextMaterial, material_by_filter
from engine.service.redaction.records import DoubtList, RedactionDoubt
from engine.service.redaction.redacting import policy_of

CONTEXT = 60
"""Characters of a text that are shown on either side of a passage."""


class Survey:
    """The texts that the filter keeps, with what is replaced in them, and the doubts about it."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        task: TaskInfo,
        filter: TextFilter,
        finders: Finders,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        """`check` is called again and again, and may raise, to stop."""
        texts = []
        for some in material_by_filter(connection, task, filter, finders):
            check()
            texts += some
        self._check = check
        self.texts = [text for text in texts if text.found_by != "nobody"]
        self.unread = len(texts) - len(self.texts)
        self.policy = policy_of(connection, task)
        self.decided = sum(len(text.decisions) for text in texts)
        self._label_ids = {label.name: label.id for label in task.labels}

    def doubts(self) -> list[RedactionDoubt]:
        """Return what nobody has decided about, the most risky first."""
        replaced = [replaced_in(text.found, self.policy) for text in self.texts]
        check = ResidualCheck([text.content for text in self.texts], replaced)
        found = []
        for place, text in enumerate(self.texts):
            self._check()
            open_ones = _open(text, check.doubts(place), self.policy)
            found += [self._told(text, doubt) for doubt in open_ones]
        return sorted(found, key=lambda doubt: (-doubt.risk, doubt.text_id, doubt.start))

    def _told(self, text: TextMaterial, doubt: Doubt) -> RedactionDoubt:
        before = text.content[max(0, doubt.start - CONTEXT) : doubt.start]
        after = text.content[doubt.end : doubt.end + CONTEXT]
        return RedactionDoubt(
            text_id=text.text_id,
            start=doubt.start,
            end=doubt.end,
            passage=_on_one_line(text.content[doubt.start : doubt.end]),
            before=_on_one_line(before),
            after=_on_one_line(after),
            label_id=self._label_ids.get(doubt.label_guess),
            reason=doubt.kind,
            words=_unsure_words(text, doubt) if doubt.kind == UNSURE else doubt.reason,
            risk=doubt.score,
            replaced=doubt.kind == UNSURE,
        )


def list_doubts(
    connection: sqlite3.Connection,
    task: TaskInfo,
    filter: TextFilter,
    finders: Finders,
    limit: int,
    check: Callable[[], None] = lambda: None,
) -> DoubtList:
    """Return the doubts about the texts that the filter keeps, at most `limit` of them.

    `check` is as for `Survey`.
    """
    survey = Survey(connection, task, filter, finders, check)
    doubts = survey.doubts()
    return DoubtList(
        doubts=tuple(doubts[:limit]),
        total=len(doubts),
        decided=survey.decided,
        texts=len(survey.texts),
        unread=survey.unread,
    )


def replaced_in(found: Sequence[Found], policy: Policy) -> list[Found]:
    """Return the passages that do not stand any more when the policy was applied."""
    return [each for each in found if policy.choice(each.label).operator != "keep"]


def _open(text: TextMaterial, doubts: Sequence[Doubt], policy: Policy) -> Iterator[Doubt]:
    """Yield the doubts that are left when decisions and marks have been heard.

    Where somebody marked a passage with a label that is kept, its capitals and digits were seen;
    that the same string is replaced elsewhere still contradicts.
    """
    decided = [(each.start, each.end) for each in text.decisions]
    kept = [
        (each.start, each.end)
        for each in text.found
        if each.source == "person" and policy.choice(each.label).operator == "keep"
    ]
    for doubt in doubts:
        seen = [*decided, *kept] if doubt.kind in (NAME, NUMBER) else decided
        if not any(start <= doubt.start and doubt.end <= end for start, end in seen):
            yield doubt


def _unsure_words(text: TextMaterial, doubt: Doubt) -> str:
    for found in text.found:
        if (found.start, found.end, found.label) == (doubt.start, doubt.end, doubt.label_guess):
            sure = found.confidence * 100
            if found.source == "model":
                return tr("The model was only {sure:.0f} % sure.", sure=sure)
            return tr("The rule was only {sure:.0f} % sure.", sure=sure)
    return doubt.reason


def _on_one_line(words: str) -> str:
    line = " ".join(words.split())
    opening = " " if words[:1].isspace() else ""
    closing = " " if words[-1:].isspace() and line else ""
    return f"{opening}{line}{closing}"
