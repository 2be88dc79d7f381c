"""The scores of marked passages follow what is marked today."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.core.errors import KnownError
from engine.inspection.evaluate import get_evaluation
from engine.inspection.span_evaluation import get_span_evaluation
from engine.project.jobs import add_job
from engine.project.models import add_model
from engine.project.project import ProjectFile, create_project
from engine.project.span_predictions import SpanPrediction, store_span_predictions
from engine.project.spans import add_span, edit_span
from engine.project.tasks import add_label, remove_label
from engine.project.texts import ImportedRow, begin_import
from engine.project.training_rows import SpanEvaluation

PER, DATE = 1, 2
TEXT = "Ms Okafor wrote on 3 March from Leeds"
OKAFOR, MARCH = (3, 9), (19, 26)
# Of texts 1 to 4: right; other boundaries, other label; other label and spurious; missing.
GOLD = [[(*OKAFOR, PER)], [(*OKAFOR, PER), (*MARCH, DATE)], [(*OKAFOR, PER)], [(*MARCH, DATE)]]
SAID = [
    [(*OKAFOR, 0, 0.9)],
    [(0, 9, 0, 0.8), (*MARCH, 0, 0.6)],
    [(0, 9, 1, 0.5), (32, 37, 1, 0.4)],
    [],
]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[ProjectFile]:
    """Four marked test texts and one that nobody has looked at."""
    with create_project(tmp_path / "p.glossator", labels=["PER", "DATE"], kind="spans") as project:
        session = begin_import(project, "five.jsonl", 1)
        session.add(
            [
                ImportedRow(number, f"{TEXT} {number}", split="test", spans=tuple(spans))
                for number, spans in enumerate(GOLD, 1)
            ]
        )
        session.add([ImportedRow(9, "Nobody has looked at this", split="test")])
        session.finish()
        yield project


def a_model(project: ProjectFile, *, fold: int = -1) -> int:
    job_id = add_job(project, kind="train", method="ner", name="m", spec={})
    model = add_model(
        project,
        name="m",
        method="ner",
        task_id=1,
        base_model="tiny",
        job_id=job_id,
        folder=project.models_folder / f"m{job_id}",
        bytes=1,
        label_ids=(PER, DATE),
        metrics={},
        evaluation="test" if fold < 0 else "cross-validation",
        settings={},
        snapshot_sha256="",
        snapshot_texts=0,
        seconds=1.0,
    )
    found = [SpanPrediction(text_id, spans, fold) for text_id, spans in enumerate(SAID, 1)]
    assert store_span_predictions(project, model.id, [*found, SpanPrediction(99, [])]) == len(SAID)
    return model.id


def evaluation(project: ProjectFile, model_id: int, split: str = "test") -> SpanEvaluation:
    return get_span_evaluation(project.connection, project.models_folder, model_id, split)


def test_every_mistake_has_its_kind_and_they_add_up(project: ProjectFile) -> None:
    found = evaluation(project, a_model(project))
    assert (found.texts, found.missing) == (4, 0)
    assert (found.gold, found.predicted, found.correct) == (5, 5, 1)
    assert found.errors == {
        "boundary": 1, "type": 1, "boundary_and_type": 1, "missing": 1, "spurious": 1,
    }  # fmt: skip
    assert found.f1 == found.precision == found.recall == pytest.approx(1 / 5)
    assert [(row.label_id, row.support, row.predicted) for row in found.per_label] == [
        (PER, 3, 3), (DATE, 2, 2),
    ]  # fmt: skip
    assert found.note == ""


def test_scores_follow_what_is_marked_today(project: ProjectFile) -> None:
    model_id = a_model(project)
    edit_span(project, 1, 2, (*OKAFOR, PER), (0, 9, PER))
    assert evaluation(project, model_id).correct == 2
    add_span(project, 1, 5, (0, 6, PER))
    assert evaluation(project, model_id).missing == 1


def test_labels_that_came_or_went_since_the_training(project: ProjectFile) -> None:
    model_id = a_model(project)
    place, _ = add_label(project, 1, "PLACE")
    add_span(project, 1, 1, (32, 37, place.id))
    remove_label(project, PER)
    found = evaluation(project, model_id)
    assert found.label_ids == (DATE, place.id)
    assert (found.texts, found.gold, found.predicted) == (3, 3, 0)
    assert "1 of the model's labels were removed" in found.note


def test_out_of_fold_predictions_are_scored_apart(project: ProjectFile) -> None:
    model_id = a_model(project, fold=2)
    assert evaluation(project, model_id, "cross-validation").texts == 4
    assert (evaluation(project, model_id).texts, evaluation(project, model_id).missing) == (0, 4)


def test_passages_and_labels_of_texts_are_scored_by_different_questions(
    project: ProjectFile, tmp_path: Path
) -> None:
    model_id = a_model(project)
    with pytest.raises(KnownError, match="marks passages"):
        get_evaluation(project.connection, project.models_folder, model_id)
    with pytest.raises(KnownError, match="not a part of the texts"):
        evaluation(project, model_id, "holdout")
