"""Scores follow today's labels, and every number leads to its texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from engine.core.errors import KnownError
from engine.inspection.evaluate import compare_models, get_evaluation, list_predicted_rows
from engine.project.annotations import clear_labels, set_flagged, set_labels
from engine.project.jobs import add_job
from engine.project.models import add_model
from engine.project.predictions import Prediction, store_predictions
from engine.project.project import ProjectFile, create_project
from engine.project.tasks import add_label, remove_label
from engine.project.texts import ImportedRow, begin_import

GOLD = (1, 1, 1, 2, 2, 3)  # of texts 1 to 6, all in the test part
SAID = {  # text -> probabilities of labels 1, 2, 3
    1: (0.9, 0.05, 0.05),
    2: (0.2, 0.7, 0.1),
    3: (0.6, 0.3, 0.1),
    4: (0.1, 0.8, 0.1),
    5: (0.95, 0.05, 0.0),
}


@pytest.fixture
def project(tmp_path: Path) -> Iterator[ProjectFile]:
    with filled(tmp_path / "single.glossator", [(label,) for label in GOLD]) as project:
        yield project


def filled(
    path: Path, gold: Sequence[tuple[int, ...]], *, multi_label: bool = False, split: str = "test"
) -> ProjectFile:
    project = create_project(path, labels=["a", "b", "c"], multi_label=multi_label)
    session = begin_import(project, "texts.csv", 1)
    session.add(
        [
            ImportedRow(number, f"text {number:b}\nline two", split=split, label_ids=labels)
            for number, labels in enumerate(gold, start=1)
        ]
    )
    session.finish()
    return project


def a_model(
    project: ProjectFile, said: dict[int, Sequence[float]], *, evaluation: str = "test"
) -> int:
    job_id = add_job(project, kind="train", method="fine-tune", name="m", spec={})
    model = add_model(
        project,
        name="m",
        method="fine-tune",
        task_id=1,
        base_model="tiny",
        job_id=job_id,
        folder=project.models_folder / f"m{job_id}",
        bytes=1,
        label_ids=(1, 2, 3),
        metrics={},
        evaluation=evaluation,
        settings={},
        snapshot_sha256="",
        snapshot_texts=0,
        seconds=1.0,
    )
    fold = -1 if evaluation == "test" else 0
    store_predictions(
        project, model.id, [Prediction(text_id, row, fold) for text_id, row in said.items()]
    )
    return model.id


def test_an_evaluation(project: ProjectFile) -> None:
    found = get_evaluation(project.connection, project.models_folder, a_model(project, SAID))
    assert found.label_ids == (1, 2, 3)
    assert (found.texts, found.missing) == (5, 1)
    assert found.confusion == ((2, 1, 0), (1, 1, 0), (0, 0, 0))
    assert found.accuracy == pytest.approx(3 / 5)
    assert found.macro_f1 == found.f1 == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert found.f1_low < found.macro_f1 < found.f1_high
    assert [(row.support, row.predicted) for row in found.per_label] == [(3, 3), (2, 2), (0, 0)]
    assert found.note == ""
    assert sum(texts for _, _, texts in found.calibration) == 5


def test_a_corrected_label_changes_the_next_answer(project: ProjectFile) -> None:
    model_id = a_model(project, SAID)
    set_labels(project, 1, [2], [2])
    assert get_evaluation(project.connection, project.models_folder, model_id).accuracy == 0.8
    clear_labels(project, 1, [5])
    found = get_evaluation(project.connection, project.models_folder, model_id)
    assert (found.accuracy, found.texts) == (1.0, 4)


def test_errors_come_with_the_surest_first(project: ProjectFile) -> None:
    model_id = a_model(project, SAID)
    set_flagged(project, 1, [2])
    rows = list_predicted_rows(project.connection, project.models_folder, model_id)
    assert [row.text_id for row in rows] == [5, 2]
    assert rows[0].confidence == pytest.approx(0.95)
    assert (rows[0].gold, rows[0].predicted) == ((2,), (1,))
    assert rows[1].flagged
    assert rows[1].excerpt == "text 10 line two"
    assert rows[1].probabilities == pytest.approx((0.2, 0.7, 0.1))


def test_a_cell_of_the_confusion_matrix_leads_to_its_texts(project: ProjectFile) -> None:
    model_id = a_model(project, SAID)

    def cell(gold: int | None, predicted: int | None) -> list[int]:
        rows = list_predicted_rows(
            project.connection,
            project.models_folder,
            model_id,
            gold=gold,
            predicted=predicted,
            errors_only=False,
        )
        return [row.text_id for row in rows]

    assert cell(1, 1) == [1, 3]
    assert cell(1, 2) == [2]
    assert cell(None, 1) == [5, 1, 3]
    assert cell(3, None) == []


def test_models_are_compared_on_the_texts_that_both_have_predicted(project: ProjectFile) -> None:
    first = a_model(project, SAID)
    second = a_model(project, {1: (0, 1, 0), 2: (1, 0, 0), 3: (1, 0, 0), 4: (0, 0, 1)})
    found = compare_models(project.connection, project.models_folder, first, second)
    assert found.texts == 4
    assert (found.accuracy, found.against_accuracy) == (0.75, 0.5)
    assert {row.text_id for row in found.won} == {1, 4}
    assert [(row.text_id, row.gold, row.predicted) for row in found.lost] == [(2, (1,), (2,))]
    assert found.p_value == 1.0


def test_a_label_that_was_removed_is_no_answer_any_more(project: ProjectFile) -> None:
    model_id = a_model(project, SAID)
    remove_label(project, 2)
    add_label(project, 1, "d")
    found = get_evaluation(project.connection, project.models_folder, model_id)
    assert found.label_ids == (1, 3, 4)
    assert found.texts == 3
    assert found.accuracy == 1.0
    assert "removed from the task" in found.note


def test_a_label_that_came_later_is_gold_and_never_predicted(project: ProjectFile) -> None:
    model_id = a_model(project, SAID)
    add_label(project, 1, "d")
    set_labels(project, 1, [1], [4])
    found = get_evaluation(project.connection, project.models_folder, model_id)
    assert found.confusion[3] == (1, 0, 0, 0)


def test_out_of_fold_predictions_are_a_split_of_their_own(project: ProjectFile) -> None:
    model_id = a_model(project, SAID, evaluation="cross-validation")
    found = get_evaluation(project.connection, project.models_folder, model_id, "cross-validation")
    assert (found.texts, found.missing) == (5, 1)
    assert "cross-validation" in found.note
    none = get_evaluation(project.connection, project.models_folder, model_id)
    assert (none.texts, none.missing, none.macro_f1) == (0, 6, 0.0)
    assert "flatter" in none.note


def test_training_texts_flatter_and_the_answer_says_so(tmp_path: Path) -> None:
    with filled(tmp_path / "train.glossator", [(1,), (2,)], split="train") as project:
        model_id = a_model(project, SAID)
        found = get_evaluation(project.connection, project.models_folder, model_id, "train")
        assert found.texts == 2
        assert "has learned from these texts" in found.note


def test_multi_label_tasks(tmp_path: Path) -> None:
    with filled(tmp_path / "multi.glossator", [(1, 2), (), (3,)], multi_label=True) as project:
        model_id = a_model(project, {1: (0.9, 0.4, 0.1), 2: (0.2, 0.1, 0.3), 3: (0.1, 0.8, 0.9)})
        found = get_evaluation(project.connection, project.models_folder, model_id)
        assert found.confusion == ()
        assert found.accuracy == pytest.approx(1 / 3)
        assert [row.f1 for row in found.per_label] == [1.0, 0.0, 1.0]
        rows = list_predicted_rows(project.connection, project.models_folder, model_id)
        assert [(row.text_id, row.gold, row.predicted) for row in rows] == [
            (3, (3,), (2, 3)),
            (1, (1, 2), (1,)),
        ]
        assert [row.confidence for row in rows] == pytest.approx([0.8, 0.6])


def test_what_is_not_there_is_a_sentence(project: ProjectFile) -> None:
    model_id = a_model(project, SAID)
    with pytest.raises(KnownError, match="model is not in this project"):
        get_evaluation(project.connection, project.models_folder, 99)
    with pytest.raises(KnownError, match="not a part of the texts"):
        get_evaluation(project.connection, project.models_folder, model_id, "dev")
    with pytest.raises(KnownError, match="label is not in this task"):
        list_predicted_rows(project.connection, project.models_folder, model_id, gold=99)
