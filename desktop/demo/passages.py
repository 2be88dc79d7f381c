"""The sample of marked passages: some more are marked, its language is learned, then passages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt

from desktop.demo.driver import Driver
from desktop.demo.typist import Typist
from engine.api import CreateSampleProject
from resources import sample

# A smaller project, in which so many texts are marked that the test part has enough of them for
# scores of its own.
PASSAGES = CreateSampleProject("", texts=400, labelled=350, kind="spans")
LANGUAGE: dict[str, Any] = {
    "epochs": 1,
    "preview": "The [MASK] in the kitchen leaks.\nI want to cancel my [MASK].",
    "seed": 42,
}
MARKING: dict[str, Any] = {
    "epochs": 3,
    "batch_size": 8,
    "learning_rate": 4e-4,
    "frozen_blocks": 2,
    "max_length": 128,
    "seed": 42,
}
LANGUAGE_MODEL = "language of the letters"
MARKED = 5


def work_through_passages(driver: Driver) -> dict[str, Any]:
    """Mark, learn, and look at the mistakes; return what the report says of it."""
    with driver.step("open the sample with marked passages"):
        driver.forget_jobs()
        driver.send(replace(PASSAGES, path=str(driver.directory / "sample passages.glossator")))
    with driver.step("mark passages"):
        typist = _mark(driver)
    with driver.step("learn the language"):
        driver.finish(driver.start("mlm", LANGUAGE, LANGUAGE_MODEL))
        driver.picture("language", dark=True)
    with driver.step("learn passages"):
        job = driver.finish(driver.start("ner", MARKING, base_model=LANGUAGE_MODEL))
        driver.picture("passages")
        driver.window.open_view("models")
        driver.settle(1.0)
        driver.picture("models-passages")
    with driver.step("inspect passages"):
        driver.window.open_view("inspect", model_id=job.model_id)
        driver.settle(2.0)
        driver.picture("inspect-passages", dark=True)
    return {"passages": {"marked_here": typist.passages, "keys": typist.pressed}}


def _mark(driver: Driver) -> Typist:
    """Mark the passages of some letters by keyboard, as somebody who knows them all."""
    known = {
        letter.content: [(span.start, span.end, span.label) for span in letter.spans]
        for letter in sample.generate(PASSAGES.texts)
    }
    driver.window.open_view("annotate")
    driver.settle(2.0)
    typist = Typist(driver)
    for _ in range(MARKED):
        typist.mark_text(known[typist.canvas.content()])
        driver.settle(0.5)
    driver.press(Qt.Key.Key_PageUp, Qt.KeyboardModifier.AltModifier)  # back to a text with marks
    driver.settle(0.5)
    driver.picture("annotate-passages", dark=True)
    return typist
