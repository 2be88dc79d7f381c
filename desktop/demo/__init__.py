"""The whole way from an empty folder to a model's mistakes, in the real window, by itself.

It presses the keys a person would press, takes pictures on the way, and writes a report. It needs
no screen, so a machine without one can show that the window works.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from desktop.app import build
from desktop.demo.driver import Driver
from desktop.demo.letters import work_through_letters
from desktop.demo.passages import work_through_passages
from desktop.demo.redaction import work_through_redaction

SIZE = (1280, 840)


def run(directory: Path, headless: bool = True) -> dict[str, Any]:
    """Work through the sample projects in `directory`; return the report and write it there.

    With `headless` False the window stays open at the end.

    Raises:
        KnownError: if a step took too long or the training failed.
    """
    directory.mkdir(parents=True, exist_ok=True)
    os.environ["GLOSSATOR_SAMPLE_DIR"] = str(directory)
    os.environ.setdefault("GLOSSATOR_CONFIG_DIR", str(directory / "settings"))
    desktop = build()
    try:
        desktop.theme.set_choice("light")
        desktop.window.resize(*SIZE)
        desktop.window.show()
        driver = Driver(desktop, directory)
        found = work_through_letters(driver)
        found |= work_through_passages(driver)
        found |= work_through_redaction(driver)
        report = {
            "steps": driver.steps,
            "pictures": driver.pictures,
            "methods": driver.methods,
            **found,
        }
        text = json.dumps(report, ensure_ascii=False, indent=2)
        (directory / "report.json").write_text(text + "\n", encoding="utf-8")
        if not headless:
            desktop.application.exec()
    finally:
        desktop.close()
    return report
