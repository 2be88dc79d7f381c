"""The demo works the real window from an empty folder to a model's mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.demo import run


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_demo_labels_trains_and_inspects(tmp_path: Path, qtbot: QtBot) -> None:
    report = run(tmp_path / "demo")
    assert json.loads((tmp_path / "demo" / "report.json").read_text()) == report
    names = {"texts.png", "annotate.png", "train.png", "inspect.png", "models.png", "redact.png"}
    assert names <= set(report["pictures"])
    for name in report["pictures"]:
        assert (tmp_path / "demo" / name).stat().st_size > 10_000
    assert report["texts"] == 2000
    assert report["metrics"]["accuracy"] > 0.3
    methods = {found["method"]: found["metrics"] for found in report["methods"]}
    assert list(methods) == ["fine-tune", "setfit", "mlm", "ner"]
    assert methods["setfit"]["macro_f1"] > 0.3
    assert methods["mlm"]["perplexity"] < methods["mlm"]["perplexity_before"]
    assert report["redacted"]["texts"] == 400
    assert report["redacted"]["left_out"] == 0
    assert report["redacted"]["replaced"] > 1000
    assert set(methods["ner"]["errors"]) >= {"boundary", "missing", "spurious"}
