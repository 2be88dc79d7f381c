"""evaluate and compare for models that mark passages, on predictions that are there already."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.project.jobs import add_job
from engine.project.models import add_model
from engine.project.project import create_project
from engine.project.span_predictions import SpanPrediction, store_span_predictions
from engine.project.texts import ImportedRow, begin_import

PER, DATE = 1, 2
TEXTS = (
    ("Ms Okafor wrote on 3 March", ((3, 9, PER), (19, 26, DATE))),
    ("Mr Ferreira wrote in June", ((3, 11, PER),)),
)
FOUND = {
    "old": ([(0, 9, 0, 0.8), (19, 26, 1, 0.9)], [(3, 11, 1, 0.7)]),
    "new": ([(3, 9, 0, 0.9)], [(3, 11, 0, 0.9), (21, 25, 1, 0.6)]),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two marked test texts, and two models that have predicted them."""
    path = tmp_path / "p.glossator"
    with create_project(path, labels=["PER", "DATE"], kind="spans") as project:
        session = begin_import(project, "two.jsonl", 1)
        session.add(
            [
                ImportedRow(number, content, split="test", spans=spans)
                for number, (content, spans) in enumerate(TEXTS, 1)
            ]
        )
        session.finish()
        for name, said in FOUND.items():
            model = add_model(
                project,
                name=name,
                method="ner",
                task_id=1,
                base_model="tiny",
                job_id=add_job(project, kind="train", method="ner", name=name, spec={}),
                folder=project.models_folder / name,
                bytes=1,
                label_ids=(PER, DATE),
                metrics={},
                evaluation="test",
                settings={},
                snapshot_sha256="",
                snapshot_texts=0,
                seconds=1.0,
            )
            found = [SpanPrediction(text_id, spans) for text_id, spans in enumerate(said, 1)]
            store_span_predictions(project, model.id, found)
    return path


def test_evaluate_tells_the_more_forgiving_scores_too(glossator: Any, project: Path) -> None:
    metrics = glossator("evaluate", project, "--model", "old", "--json").data["metrics"]
    # One of three is found as marked, one with other borders, one with another label.
    assert metrics["f1"] == pytest.approx(1 / 3)
    assert metrics["partial_f1"] == pytest.approx(2.5 / 3)
    assert metrics["exact_f1"] == metrics["type_f1"] == pytest.approx(2 / 3)
    words = glossator("evaluate", project, "--model", "old").out
    assert "F1 0.667 for the boundaries alone, 0.833 with half a point for an overlap" in words
    assert "(partial), 0.667 for the label with any overlap (type)" in words


def test_compare_lists_passages_won_and_lost(glossator: Any, project: Path) -> None:
    found = glossator("compare", project, "new", "old", "--json").data
    assert (found["texts"], found["gold"]) == (2, 3)
    assert found["f1"] == pytest.approx([2 / 3, 1 / 3])
    assert found["totals"] == {"won": 2, "lost": 1, "came": 1, "went": 0}
    assert {row["passage"]: row["kind"] for row in found["won"]} == {
        "Okafor": "boundary",
        "Ferreira": "type",
    }
    assert found["lost"] == [
        {
            "id": 1,
            "passage": "3 March",
            "kind": "missing",
            "gold": {"start": 19, "end": 26, "label": "DATE"},
            "predicted": None,
            "confidence": None,
        }
    ]
    assert [row["passage"] for row in found["came"]] == ["June"]
    words = glossator("compare", project, "new", "old").out
    assert "new F1 0.667; old F1 0.333" in words
    assert "new wins 2 passages and loses 1; chance alone gives such a difference" in words
    assert "lost\t1\tDATE\t3 March\tnot found" in words
