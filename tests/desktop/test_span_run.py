"""A whole day with passages, by keyboard alone: mark, undo, come back, train, mend, redact."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop.app import build
from desktop.demo.driver import Driver
from desktop.demo.typist import Passage, Typist
from desktop.inspect.spans.error_list import ErrorList
from engine.api import (
    CreateSampleProject,
    GetSpanEvaluation,
    GetText,
    ListModels,
    ListRedactionDecisions,
    ListSpanErrors,
    ListTextIds,
    ModelInfo,
    OpenProject,
    TextFilter,
)
from resources import sample

Key, Modifier = Qt.Key, Qt.KeyboardModifier
LETTERS = sample.generate(90)
GOLD: dict[str, list[Passage]] = {
    letter.content: [(span.start, span.end, span.label) for span in letter.spans]
    for letter in LETTERS
}
MARKED, UNDONE, REDONE, MENDED = 30, 10, 5, 5

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3000)]


@contextmanager
def window(folder: Path) -> Iterator[Driver]:
    """A window at its usual size, which writes its pictures to `folder`."""
    desktop = build()
    try:
        desktop.theme.set_choice("light")
        desktop.window.resize(1280, 840)
        desktop.window.show()
        yield Driver(desktop, folder)
    finally:
        desktop.close()


def on_disk(driver: Driver) -> dict[int, list[Passage]]:
    """What is marked in each labelled text."""
    task = driver.project.task
    found = {}
    for text_id in driver.ask(ListTextIds(task.id, TextFilter(state="labelled"))):
        detail = driver.ask(GetText(task.id, text_id))
        found[text_id] = [
            (span.start, span.end, task.label(span.label_id).name) for span in detail.spans
        ]
    return found


def keys(driver: Driver, key: Qt.Key, modifier: Modifier, times: int = 1) -> None:
    for _ in range(times):
        driver.press(key, modifier)
        driver.settle(0.15)


def train(driver: Driver) -> ModelInfo:
    """Start a training as it stands in Train, and wait for its model."""
    before = len(driver.ask(ListModels()))
    keys(driver, Key.Key_3, Modifier.ControlModifier)
    driver.settle(1.0)
    keys(driver, Key.Key_Return, Modifier.ControlModifier)
    driver.wait(lambda: len(driver.ask(ListModels())) > before, 1800)
    driver.settle(1.0)
    models: list[ModelInfo] = driver.ask(ListModels())
    return models[-1]


def errors_add_up(driver: Driver, model: ModelInfo) -> None:
    score = driver.ask(GetSpanEvaluation(model.id, model.evaluation))
    listed = driver.ask(ListSpanErrors(model.id, model.evaluation, limit=100_000))
    assert len(listed) == sum(score.errors.values())
    paired = score.correct + sum(score.errors[k] for k in ("boundary", "type", "boundary_and_type"))
    assert score.gold == paired + score.errors["missing"]
    assert score.predicted == paired + score.errors["spurious"]


def until_changed(driver: Driver, ask: Callable[[], Any], before: Any) -> Any:
    found: list[Any] = []

    def changed() -> bool:
        found[:] = [ask()]
        return bool(found[0] != before)

    driver.wait(changed)
    return found[0]


def test_a_day_with_passages(tmp_path: Path, own_folders: None) -> None:
    folder = Path(os.environ.get("GLOSSATOR_PICTURES", tmp_path / "pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    path = tmp_path / "letters.glossator"
    with window(folder) as driver:
        driver.send(CreateSampleProject(str(path), labelled=0, texts=len(LETTERS), kind="spans"))
        keys(driver, Key.Key_2, Modifier.ControlModifier)
        driver.settle(2.0)
        typist = Typist(driver)
        for number in range(MARKED):
            typist.mark_text(GOLD[typist.canvas.content()])
            if number == MARKED // 2:
                driver.picture("run-annotate", dark=True)
        driver.wait(lambda: len(on_disk(driver)) == MARKED)
        print(f"{typist.pressed} keys for {typist.passages} passages")
        everything = on_disk(driver)
        contents = {letter: driver.ask(GetText(1, letter)).content for letter in everything}
        assert everything == {letter: GOLD[contents[letter]] for letter in everything}

        keys(driver, Key.Key_Z, Modifier.NoModifier, UNDONE)
        undone = until_changed(driver, lambda: on_disk(driver), everything)
        assert sum(map(len, undone.values())) < sum(map(len, everything.values()))
        keys(driver, Key.Key_Z, Modifier.ControlModifier | Modifier.ShiftModifier, REDONE)
        driver.settle(0.5)
        as_left = on_disk(driver)
        assert as_left != undone

    with window(folder) as driver:
        driver.send(OpenProject(str(path)))
        assert on_disk(driver) == as_left, "everything is as it was left"
        keys(driver, Key.Key_2, Modifier.ControlModifier)
        driver.settle(1.0)
        keys(driver, Key.Key_Z, Modifier.ControlModifier | Modifier.ShiftModifier, UNDONE - REDONE)
        driver.wait(lambda: on_disk(driver) == everything)

        first = train(driver)
        assert first.method == "ner"
        keys(driver, Key.Key_4, Modifier.ControlModifier)
        driver.settle(2.0)
        driver.picture("run-inspect", dark=True)
        errors_add_up(driver, first)

        # The model is asked five times; what it says is taken, as somebody does who was wrong.
        errors = driver.window.findChild(ErrorList)
        assert errors is not None
        before = on_disk(driver)
        for number in range(MENDED):
            driver.wait(lambda: errors.current() is not None)
            driver.press(Key.Key_Return)
            before = until_changed(driver, lambda: on_disk(driver), before)
            driver.settle(0.5)
            assert number < MENDED
        errors_add_up(driver, first)
        second = train(driver)
        assert second.id != first.id

        keys(driver, Key.Key_6, Modifier.ControlModifier)
        driver.settle(2.0)
        driver.window.actions_.trigger("redact.read")
        review = driver.window.findChild(QLabel, "redact.reviewed")
        assert review is not None
        driver.wait(lambda: review.isVisible() and "reviewed" in review.text(), 600)
        driver.settle(5.0)
        driver.picture("run-redact", dark=True)
        for _ in range(3):
            driver.press(Key.Key_Return)
            driver.settle(0.5)
        driver.press(Key.Key_K)
        driver.settle(0.5)
        assert len(driver.ask(ListRedactionDecisions())) == 4
        keys(driver, Key.Key_R, Modifier.ControlModifier)
        driver.settle(1.0)
        driver.picture("run-report", dark=True)
        keys(driver, Key.Key_E, Modifier.ControlModifier | Modifier.ShiftModifier)
        driver.settle(1.0)
        driver.press(Key.Key_Return)
        driver.wait(lambda: bool(list(path.parent.glob("*redacted*.jsonl"))))
    (out,) = path.parent.glob("*redacted*.jsonl")
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert rows
    marked = {contents[letter]: spans for letter, spans in everything.items()}
    names = {content[s:e] for content, spans in marked.items() for s, e, n in spans if n == "EMAIL"}
    exported = "\n".join(row["text"] for row in rows)
    assert not [name for name in names if name in exported], "an address can still be read"
