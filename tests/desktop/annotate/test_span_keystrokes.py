"""How many keys it takes to mark what is in the sample's letters, with nothing but the keyboard."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from desktop.annotate.span_canvas import Mark
from engine.api import GetText
from resources import sample

Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
KEY_OF = {name: Key(Key.Key_1 + number) for number, name in enumerate(sample.SPAN_LABELS)}
LETTERS = sample.generate(2000)[:30]
ENTITIES = sum(len(letter.spans) for letter in LETTERS)
MOST_FROM_RAW_TEXT = 2.5
MOST_WITH_SUGGESTIONS = 1.1

Suggested = tuple[int, int, str, float]
Annotate = Callable[[Path], Any]
MakeProject = Callable[..., Path]


class Typist:
    """Knows what is to be marked, looks at the screen, and counts the keys that are pressed."""

    def __init__(self, annotator: Any) -> None:
        self.annotator = annotator
        self.canvas = annotator.canvas
        self.pressed = 0

    def press(self, key: Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        self.pressed += 1
        self.annotator.press(key, modifier)

    def here(self) -> tuple[int, int]:
        """The passage one is at: of the current mark, the selection, or the caret."""
        mark = self.canvas.current()
        if mark is not None:
            return mark.start, mark.end
        caret = self.canvas.caret()
        return self.canvas.selection() or (caret, caret)

    def mark(self, start: int, end: int, label: str) -> None:
        """Mark a passage by going on to it, or else by choosing it word by word."""
        while self.here()[0] < self.here()[1] <= start:
            before = self.here()
            self.press(Key.Key_Period)
            if self.here()[0] <= before[0]:
                break
        if self.here() != (start, end):
            self.choose(start, end)
        assert self.here() == (start, end), self.canvas.content()[start:end]
        self.press(KEY_OF[label])

    def choose(self, start: int, end: int) -> None:
        """Select a passage by the arrows."""
        by = NONE
        while self.canvas.caret() != start:
            before = self.canvas.caret()
            ahead = before < start
            self.press(Key.Key_Right if ahead else Key.Key_Left, by)
            if (self.canvas.caret() < start) is not ahead and self.canvas.caret() != start:
                by = CONTROL  # the word before is passed: by characters now
        while self.here()[1] < end:
            self.press(Key.Key_Right, SHIFT)
        while self.here()[1] > end:
            self.press(Key.Key_Left, SHIFT | CONTROL)


def passages(letter: sample.SampleText) -> list[tuple[int, int, str]]:
    return [(span.start, span.end, span.label) for span in letter.spans]


def stored(annotator: Any) -> list[list[tuple[int, int, str]]]:
    """What is marked in each letter, as it is on disk."""
    task = annotator.project.task
    details = [annotator.ask(GetText(task.id, number + 1)) for number in range(len(LETTERS))]
    return [
        [(span.start, span.end, task.label(span.label_id).name) for span in detail.spans]
        for detail in details
    ]


def almost_right(letter: sample.SampleText, chance: random.Random) -> list[Suggested]:
    """What a model of 93 % or so suggests: some passages missing, cut short, or misnamed."""
    found: list[Suggested] = []
    for start, end, label in passages(letter):
        kind = chance.random()
        sure = chance.choice((0.99, 0.99, 0.98, 0.98, 0.97, 0.95, 0.92, 0.8))
        if kind < 0.02:
            continue
        if kind < 0.04 and " " in letter.content[start:end]:
            end, sure = start + letter.content[start:end].index(" "), 0.7
        elif kind < 0.06:
            label, sure = chance.choice(sample.SPAN_LABELS), 0.6
        found.append((start, end, label, sure))
    return found


def test_raw_letters_take_at_most_two_and_a_half_keys_a_passage(
    annotate: Annotate, make_span_project: MakeProject
) -> None:
    contents = [letter.content for letter in LETTERS]
    annotator = annotate(make_span_project(contents, labels=sample.SPAN_LABELS))
    typist = Typist(annotator)
    for letter in LETTERS:
        annotator.until(lambda letter=letter: annotator.text() == letter.content)
        for passage in passages(letter):
            typist.mark(*passage)
        typist.press(Key.Key_Return)
    annotator.until(lambda: annotator.labelled() == len(LETTERS))
    assert stored(annotator) == [passages(letter) for letter in LETTERS]
    assert ENTITIES >= 100
    print(f"{typist.pressed} keys for {ENTITIES} passages: {typist.pressed / ENTITIES:.2f}")
    assert typist.pressed <= MOST_FROM_RAW_TEXT * ENTITIES


def correct(typist: Typist, wanted: Sequence[tuple[int, int, str]]) -> None:
    """Accept what is suggested rightly, name or leave out the rest, and mark what is missing."""
    annotator = typist.annotator

    def named(mark: Mark) -> tuple[int, int, str]:
        return mark.start, mark.end, annotator.said(mark)[1]

    likely = [m for m in typist.canvas.marks() if (m.confidence or 0) >= 0.9]
    if len(likely) > 1 and all(named(mark) in wanted for mark in likely):
        typist.press(Key.Key_Return, CONTROL)
    while (mark := typist.canvas.current()) is not None and mark.kind == "suggestion":
        right = [label for start, end, label in wanted if (start, end) == (mark.start, mark.end)]
        if named(mark) in wanted:
            typist.press(Key.Key_Return)
        elif right:
            typist.press(KEY_OF[right[0]])
        else:
            typist.press(Key.Key_Backspace)
    marked = [named(mark) for mark in typist.canvas.marks()]
    for passage in wanted:
        if passage not in marked:
            typist.choose(*passage[:2])
            typist.press(KEY_OF[passage[2]])


def test_suggested_letters_take_little_more_than_one_key_a_passage(
    annotate: Annotate, make_span_project: MakeProject, with_span_model: MakeProject
) -> None:
    contents = [letter.content for letter in LETTERS]
    chance = random.Random(5)
    suggested = [almost_right(letter, chance) for letter in LETTERS]
    path = make_span_project(contents, labels=sample.SPAN_LABELS)
    annotator = annotate(with_span_model(path, suggested))
    typist = Typist(annotator)
    for letter, found in zip(LETTERS, suggested, strict=True):
        annotator.until(lambda letter=letter: annotator.text() == letter.content)
        annotator.until(lambda found=found: len(annotator.marked("suggestion")) == len(found))
        correct(typist, passages(letter))
        typist.press(Key.Key_Return)
    annotator.until(lambda: annotator.labelled() == len(LETTERS))
    assert stored(annotator) == [passages(letter) for letter in LETTERS]
    print(f"{typist.pressed} keys for {ENTITIES} passages: {typist.pressed / ENTITIES:.2f}")
    assert typist.pressed <= MOST_WITH_SUGGESTIONS * ENTITIES
