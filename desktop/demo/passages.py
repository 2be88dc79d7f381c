"""The sample of marked passages: its language is learned first, and passages from there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from desktop.demo.driver import Driver
from engine.api import CreateSampleProject

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


def work_through_passages(driver: Driver) -> dict[str, Any]:
    """Learn the language of the sample and its passages; returns nothing more for the report."""
    with driver.step("open the sample with marked passages"):
        driver.forget_jobs()
        driver.send(replace(PASSAGES, path=str(driver.directory / "sample passages.glossator")))
    with driver.step("learn the language"):
        driver.finish(driver.start("mlm", LANGUAGE, LANGUAGE_MODEL))
        driver.picture("language", dark=True)
    with driver.step("learn passages"):
        driver.finish(driver.start("ner", MARKING, base_model=LANGUAGE_MODEL))
        driver.picture("passages")
        driver.window.open_view("models")
        driver.settle(1.0)
        driver.picture("models-passages")
    return {}
