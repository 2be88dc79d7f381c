"""A SetFit run from snapshot to published folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.core.errors import KnownError
from engine.jobs.reporting import Cancelled
from engine.registry.manifest import verify


@pytest.fixture
def setfit(train: Callable) -> Callable[..., Any]:
    """Train a tiny model by SetFit, in this process: ``setfit(rows, steps=20)``."""
    return partial(train, method="setfit", steps=20)


def few(make_rows: Callable, shots: int, test: int = 60, **more: Any) -> list[Any]:
    """Rows with `shots` training texts of each of two labels."""
    return make_rows(2 * shots, 0, test, **more)


def test_a_run_learns_publishes_and_says_what_it_did(few_shot: Any) -> None:
    run = few_shot
    finished = run.finished
    assert finished["metrics"]["test"]["f1"] > 0.9
    assert finished["metrics"]["validation"]["texts"] == 12
    assert finished["evaluation"] == "test"
    assert set(finished["seconds"]) == {"total", "load", "train", "evaluate"}
    assert finished["settings"]["batch_size"] == 32
    assert finished["settings"]["mode"] == "fast"
    assert run.events[0].kind == "started"
    points = [point for point in run.of("measured") if point["split"] == "train"]
    assert points[-1]["metrics"]["loss"] < points[0]["metrics"]["loss"] / 2
    (point,) = [point for point in run.of("measured") if point["split"] == "validation"]
    assert set(point["metrics"]) == {"loss", "macro_f1", "accuracy"}
    lineage = verify(run.output)["lineage"]
    assert lineage["method"] == "setfit"
    assert lineage["labels"] == ["law", "medicine"]
    assert lineage["texts"] == {"train": 32, "validation": 12, "test": 60}
    for event in run.events:
        json.loads(event.to_json())
    last = {data["phase"]: data for data in run.of("progress")}
    assert set(last) == {"load", "train", "evaluate", "publish"}
    assert all(data["done"] == data["total"] for data in last.values())


def test_the_encoder_loads_in_sentence_transformers_and_the_head_beside_it_here(
    few_shot: Any, make_rows: Callable
) -> None:
    from sentence_transformers import SentenceTransformer

    from engine.inference.classify import Classifier
    from engine.inference.setfit_head import load_head

    run = few_shot
    texts = [row.text for row in make_rows(32, 12, 60)[32:]]

    plain = SentenceTransformer(str(run.output), device="cpu")
    head, labels = load_head(run.output)
    found = Classifier(run.output, "cpu").classify(texts)

    assert labels == ("law", "medicine")
    assert found == pytest.approx(np.array(run.predictions()["probabilities"]), abs=1e-5)
    assert head.probabilities(plain.encode(texts)) == pytest.approx(found, abs=1e-5)
    names = {path.suffix for path in run.output.rglob("*") if path.is_file()}
    assert names == {".json", ".safetensors"}


def test_predictions_belong_to_their_rows_although_batches_are_sorted_by_length(
    few_shot: Any, make_rows: Callable
) -> None:
    rows = make_rows(32, 12, 60)
    columns = few_shot.predictions()

    assert columns["text_id"] == list(range(132, 204))
    assert columns["split"] == ["validation"] * 12 + ["test"] * 60
    gold = np.array([rows[text_id - 100].labels[0] for text_id in columns["text_id"]])
    assert (np.argmax(columns["probabilities"], axis=1) == gold).mean() > 0.85


def test_pair_by_pair_learns_as_well(setfit: Callable, make_rows: Callable) -> None:
    run = setfit(few(make_rows, 16), mode="exact", head="linear", pairs=5, steps=0)

    assert run.finished["settings"]["steps"] == 20  # 2 kinds x 5 pairs x 32 texts, 16 a step
    assert run.finished["settings"]["batch_size"] == 16
    assert run.finished["metrics"]["test"]["f1"] > 0.85


def test_the_same_spec_gives_the_same_weights_bit_for_bit(
    setfit: Callable, make_rows: Callable
) -> None:
    rows = few(make_rows, 8)
    first, second, other = (setfit(rows, steps=3, seed=seed) for seed in (1, 1, 2))

    for name in ("model.safetensors", "head.safetensors"):
        same = (first.output / name).read_bytes()
        assert (second.output / name).read_bytes() == same
        assert (other.output / name).read_bytes() != same


def test_training_stops_when_the_pairs_are_learned(setfit: Callable, make_rows: Callable) -> None:
    run = setfit(few(make_rows, 16), steps=400)

    assert "The pairs are learned after" in run.logs
    points = [point["step"] for point in run.of("measured") if point["split"] == "train"]
    assert points[-1] < 300


def test_few_shots_are_drawn_from_the_training_part(setfit: Callable, make_rows: Callable) -> None:
    run = setfit(make_rows(60, 0, 60), shots=8, steps=4)
    assert verify(run.output)["lineage"]["texts"]["train"] == 16

    asked = setfit(make_rows(60, 0, 60), shots=40, steps=4)
    assert 'Fewer than the 40 texts asked for are labelled "law", "medicine"' in asked.logs
    assert verify(asked.output)["lineage"]["texts"]["train"] == 60


def test_without_a_test_part_cross_validation_scores_and_calibrates(
    setfit: Callable, make_rows: Callable
) -> None:
    run = setfit(make_rows(40), steps=5)

    assert run.finished["evaluation"] == "cross-validation"
    assert run.finished["metrics"]["cross-validation"]["texts"] == 40
    columns = run.predictions()
    assert set(columns["fold"]) == {0, 1, 2, 3, 4}
    assert verify(run.output)["lineage"]["texts"]["train"] == 40
    assert verify(run.output)["lineage"]["temperature"] != 1.0


def test_a_text_may_have_several_labels(setfit: Callable, make_rows: Callable, row: type) -> None:
    from engine.inference.classify import Classifier

    words = ["court ruling judge", "patient nurse clinic", "invoice audit ledger"]
    sets = [[0], [1], [2], [0, 1], [1, 2], []]
    rows = [
        row(" ".join([*(words[at] for at in labels), "the old of was"][: 4 - n % 2]), labels, split)
        for split, count in (("train", 48), ("test", 60))
        for n in range(count)
        for labels in [sets[n % len(sets)]]
    ]
    names = ("law", "medicine", "finance", "unused")
    run = setfit(rows, labels=names, multi_label=True)
    assert run.finished["metrics"]["test"]["micro_f1"] > 0.8
    found = Classifier(run.output, "cpu").classify(["court ruling judge", "nurse clinic"])
    assert found.shape == (2, 4)
    assert found[:, 3].max() < 0.1
    assert found[0, 0] > 0.5 > found[0, 2]


@pytest.mark.parametrize("mode", ["fast", "exact"])
def test_a_label_with_a_single_text_is_learned_from_and_named(
    mode: str, setfit: Callable, make_rows: Callable, row: type
) -> None:
    rows = [*few(make_rows, 30), row("invoice ledger audit", [2])]
    labels = ("law", "medicine", "finance", "unused")
    run = setfit(rows, labels=labels, steps=6, mode=mode)

    assert 'The label "finance" has a single text' in run.logs
    probabilities = np.array(run.predictions()["probabilities"])
    assert probabilities.sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert probabilities[:, 3].max() < 1e-6, "a label without any text is never expected"


def test_a_rare_label_is_not_drowned(setfit: Callable, make_rows: Callable) -> None:
    rows = [one for one in make_rows(200, 0, 60) if one.split == "test" or one.labels == [0]]
    rows += make_rows(24, seed=5)
    run = setfit(rows)
    assert run.finished["metrics"]["test"]["per_label"]["medicine"]["recall"] > 0.7


def test_texts_that_are_all_alike_are_refused(
    setfit: Callable, make_rows: Callable, tmp_path: Path
) -> None:
    rows = [one for one in make_rows(40, 0, 120) if one.labels == [0]]
    with pytest.raises(KnownError, match="at least two labels"):
        setfit(rows)
    assert not (tmp_path / "models").exists()


def test_empty_and_endless_texts_are_texts(
    setfit: Callable, make_rows: Callable, row: type
) -> None:
    rows = [*few(make_rows, 8), row("", [0]), row("court " * 170_000, [1]), row("", [1], "test")]
    run = setfit(rows, steps=4)

    assert "1 of 79 texts are longer than 32 tokens" in run.logs
    assert np.isfinite(run.predictions()["probabilities"]).all()


@pytest.mark.parametrize("phase", ["train", "cross-validate"])
def test_cancelling_ends_the_run_and_publishes_nothing(
    phase: str, setfit: Callable, make_rows: Callable, tmp_path: Path
) -> None:
    seen: list[str] = []

    def note(event: Any) -> None:
        if event.kind == "progress":
            seen.append(event.data["phase"])

    test = 0 if phase == "cross-validate" else 60
    with pytest.raises(Cancelled):
        setfit(few(make_rows, 16, test), cancelled=lambda: phase in seen, on_event=note)
    assert not (tmp_path / "models").exists()


def test_a_setting_that_there_is_not_is_named(setfit: Callable, make_rows: Callable) -> None:
    with pytest.raises(KnownError, match='no training setting "frozen_blocks"'):
        setfit(few(make_rows, 8), frozen_blocks=2)
    with pytest.raises(KnownError, match="mode cannot be"):
        setfit(few(make_rows, 8), mode="slow")


@pytest.mark.parametrize("several", [False, pytest.param(True, marks=pytest.mark.slow)])
@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
def test_an_exported_folder_is_loaded_by_setfit_and_predicts_the_same(
    several: bool, setfit: Callable, make_rows: Callable, tmp_path: Path
) -> None:
    from setfit import SetFitModel

    from engine.inference.classify import Classifier
    from engine.inference.setfit_export import export_setfit

    labels = ("law", "medicine", "finance")
    rows = make_rows(36, 0, 60, topics=3)
    run = setfit(rows, labels=labels, multi_label=several, steps=5)
    target = tmp_path / "taken"
    export_setfit(run.output, target)

    texts = [row.text for row in rows[36:]]
    plain = SetFitModel.from_pretrained(str(target), device="cpu")
    ours = Classifier(run.output, "cpu").classify(texts)
    assert plain.predict_proba(texts, as_numpy=True) == pytest.approx(ours, abs=1e-5)
    if several:
        assert (plain.predict(texts, as_numpy=True) == (ours >= 0.5)).all()
    else:
        assert plain.predict(texts) == [labels[at] for at in ours.argmax(axis=1)]
    assert verify(run.output), "the model in the registry is as it was"
    with pytest.raises(KnownError, match="exists already"):
        export_setfit(run.output, target)


def test_only_a_model_of_setfit_becomes_a_setfit_folder(
    train: Callable, make_rows: Callable, tmp_path: Path
) -> None:
    from engine.inference.setfit_export import export_setfit

    run = train(make_rows(20, 0, 50), epochs=1)
    with pytest.raises(KnownError, match="trained with SetFit"):
        export_setfit(run.output, tmp_path / "taken")
    assert not (tmp_path / "taken").exists()
