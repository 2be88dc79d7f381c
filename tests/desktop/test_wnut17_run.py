"""WNUT17 in the window: train, see what is confused, correct gold by keyboard, train again."""

from __future__ import annotations

import os
import warnings
from collections import defaultdict
from pathlib import Path

import pytest
from nervaluate import Evaluator
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabWidget

from desktop.app import build
from desktop.demo.driver import Driver
from desktop.inspect.spans.error_list import ErrorList
from desktop.inspect.spans.page import SpansPage
from engine.api import (
    CreateProject,
    GetSpanConfusions,
    GetSpanEvaluation,
    GetSpanText,
    ImportTexts,
    ListSpanErrors,
    ListTextIds,
    SpanEvaluation,
    TextFilter,
)

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("GLOSSATOR_TEST_DATA", ROOT.parent / "shared" / "data")) / "wnut17"
LABELS = ("corporation", "creative-work", "group", "location", "person", "product")
FILES = {"train": "train.conll", "validation": "dev.conll", "test": "test.conll"}
SETTINGS = {"epochs": int(os.environ.get("GLOSSATOR_EPOCHS", "3")), "seed": 42}
CORRECTED, MOST_LOOKED_AT = 20, 200

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(3600),
    pytest.mark.skipif(not DATA.is_dir(), reason=f"there is no {DATA}; set GLOSSATOR_TEST_DATA"),
]
Spans = list[dict[str, object]]


def both_sides(driver: Driver, model_id: int) -> tuple[list[Spans], list[Spans]]:
    """Gold and predicted passages of every test text, as nervaluate takes them: ends inclusive."""
    task = driver.project.task
    names = {label.id: label.name for label in task.labels}
    gold, predicted = [], []
    for text_id in driver.ask(ListTextIds(task.id, TextFilter(split="test", state="labelled"))):
        text = driver.ask(GetSpanText(model_id, text_id, "test"))
        gold.append([
            {"start": span.start, "end": span.end - 1, "label": names[span.label_id]}
            for span in text.detail.spans
        ])  # fmt: skip
        predicted.append([
            {"start": mark.start, "end": mark.end - 1, "label": names[mark.label_id]}
            for mark, _ in text.predicted
        ])  # fmt: skip
    return gold, predicted


def agrees_with_nervaluate(driver: Driver, score: SpanEvaluation) -> None:
    gold, predicted = both_sides(driver, score.model_id)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = Evaluator(gold, predicted, tags=list(LABELS), loader="dict").evaluate()
    strict = found["overall"]["strict"]
    exact = found["overall"]["exact"]
    assert strict.correct == score.correct
    assert exact.correct == score.correct + score.errors["type"]
    assert strict.possible == score.gold
    assert strict.actual == score.predicted


def adds_up(driver: Driver, model_id: int) -> SpanEvaluation:
    score: SpanEvaluation = driver.ask(GetSpanEvaluation(model_id, "test"))
    confusions = driver.ask(GetSpanConfusions(model_id, "test"))
    assert confusions.errors == score.errors
    by_kind: defaultdict[str, int] = defaultdict(int)
    for row in confusions.labels:
        for kind, count in row.counts.items():
            by_kind[kind] += count
    assert dict(by_kind) == score.errors
    listed = driver.ask(ListSpanErrors(model_id, "test", limit=100_000))
    assert len(listed) == sum(score.errors.values())
    agrees_with_nervaluate(driver, score)
    return score


def test_wnut17_in_the_window(tmp_path: Path, own_folders: None) -> None:
    folder = Path(os.environ.get("GLOSSATOR_PICTURES", tmp_path / "pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    desktop = build()
    try:
        desktop.theme.set_choice("light")
        desktop.window.resize(1280, 840)
        desktop.window.show()
        driver = Driver(desktop, folder)
        driver.send(CreateProject(str(tmp_path / "wnut.glossator"), LABELS, kind="spans"))
        for split, name in FILES.items():
            driver.send(ImportTexts(str(DATA / name), driver.project.task.id, split=split))
        first = driver.finish(driver.start("ner", SETTINGS))
        assert first.model_id is not None
        driver.window.open_view("inspect", model_id=first.model_id)
        driver.settle(3.0)
        before = adds_up(driver, first.model_id)

        confusions = driver.ask(GetSpanConfusions(first.model_id, "test"))
        most = confusions.strings[:10]
        assert len(most) == 10
        assert [one.count for one in most] == sorted((one.count for one in most), reverse=True)
        names = {label.id: label.name for label in driver.project.task.labels}
        for one in most:
            print(one.surface, names.get(one.gold), "->", names.get(one.predicted), one.count)
        page = driver.window.findChild(SpansPage)
        assert page is not None
        tabs = page.findChild(QTabWidget)
        assert tabs is not None
        tabs.setCurrentIndex(1)
        driver.settle(1.0)
        driver.picture("wnut17-strings", dark=True)

        errors = driver.window.findChild(ErrorList)
        assert errors is not None
        # What the model found is taken for gold, what it missed stays marked.
        corrected = 0
        for _ in range(MOST_LOOKED_AT):
            driver.wait(lambda: errors.current() is not None)
            found = errors.current().predicted is not None
            driver.press(Qt.Key.Key_Return if found else Qt.Key.Key_K)
            driver.settle(0.6)
            corrected += found
            if corrected == CORRECTED:
                break
        assert corrected == CORRECTED
        after = adds_up(driver, first.model_id)
        assert after.correct > before.correct, "what the model was right about is gold now"
        assert sum(before.errors.values()) - sum(after.errors.values()) >= CORRECTED // 2

        second = driver.finish(driver.start("ner", SETTINGS))
        assert second.model_id is not None
        adds_up(driver, second.model_id)
        driver.window.open_view("inspect", model_id=second.model_id, against_id=first.model_id)
        driver.settle(3.0)
        driver.picture("wnut17-compared", dark=True)
        print(before.f1, after.f1, second.result["metrics"]["test"]["f1"])
    finally:
        desktop.close()
