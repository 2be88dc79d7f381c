"""The passages of the sample are replaced: the model reads the rest, and what is in doubt is
decided by key."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop.demo.driver import Driver
from engine.api import ExportRedacted, ListDoubts, ListModels, RedactionSummary

DECIDED = 6


def work_through_redaction(driver: Driver) -> dict[str, Any]:
    """Review and export the sample with the model trained last; returns what came of it."""
    models = [model for model in driver.ask(ListModels()) if model.method == "ner"]
    model_id, task_id = models[-1].id, driver.project.task.id
    with driver.step("read what nobody has marked"):
        driver.window.open_view("redact")
        counted = _label(driver, "redact.reviewed")
        driver.wait(lambda: "reviewed" in counted.text() or "doubt" in counted.text())
        if driver.window.actions_.trigger("redact.read"):
            driver.wait(lambda: driver.ask(ListDoubts(task_id, model_id=model_id)).unread == 0)
            driver.settle(1.0)
    with driver.step("review what is in doubt"):
        for number in range(DECIDED):
            if not driver.window.actions_.qaction("redact.mask").isEnabled():
                break
            driver.press(Qt.Key.Key_K if number % 3 == 2 else Qt.Key.Key_Return)
            driver.settle(0.4)
        driver.picture("redact", dark=True)
        driver.press(Qt.Key.Key_Space)
        driver.picture("redact-result")
        driver.press(Qt.Key.Key_Space)
        driver.press(Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
        driver.settle(2.0)
        driver.picture("redact-report")
    with driver.step("export redacted texts"):
        out = driver.directory / "redacted.jsonl"
        summary: RedactionSummary = driver.send(
            ExportRedacted(str(out), task_id, model_id=model_id)
        )
    return {
        "redacted": {
            "texts": summary.texts,
            "replaced": summary.replaced,
            "left_out": summary.left_out,
            "reviewed": counted.text(),
        }
    }


def _label(driver: Driver, name: str) -> QLabel:
    label: QLabel | None = driver.window.findChild(QLabel, name)
    assert label is not None
    return label
