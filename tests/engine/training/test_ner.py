"""Training on spans, from snapshot to published folder."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.core.errors import KnownError
from engine.inspection.span_scores import PAIRED_ERRORS, score_spans
from engine.jobs.reporting import Cancelled
from engine.registry.manifest import read_manifest, verify

LABELS = ("law", "medicine")


def spans_in(predictions: dict[str, list[Any]]) -> list[list[tuple[int, int, int]]]:
    return [
        [(one["start"], one["end"], one["label"]) for one in spans]
        for spans in predictions["spans"]
    ]


def test_a_run_learns_publishes_and_says_what_it_did(tagger: Any) -> None:
    finished = tagger.finished
    metrics = finished["metrics"]["test"]
    assert metrics["f1"] > 0.9
    assert metrics["texts"] == 60
    assert metrics["per_label"].keys() == set(LABELS)
    assert finished["metrics"]["validation"]["f1"] > 0.9
    assert finished["evaluation"] == "test"
    assert finished["settings"]["epochs"] == 4
    assert set(finished["seconds"]) == {"total", "load", "train", "evaluate"}
    points = [point for point in tagger.of("measured") if point["split"] == "validation"]
    assert [point["epoch"] for point in points] == [1.0, 2.0, 3.0, 4.0]
    assert all(point["metrics"].keys() == {"loss", "f1"} for point in points)
    lineage = verify(tagger.output)["lineage"]
    assert lineage["method"] == "ner"
    assert lineage["labels"] == list(LABELS)
    assert lineage["metrics"] == finished["metrics"]


def test_scores_are_those_of_whole_texts_and_whole_spans(
    tagger: Any, make_span_rows: Callable
) -> None:
    rows = make_span_rows(200, 30, 60)
    predictions = tagger.predictions()

    assert predictions["text_id"] == list(range(300, 390))
    assert predictions["split"] == ["validation"] * 30 + ["test"] * 60
    assert set(predictions["fold"]) == {-1}
    gold = [rows[text_id - 100].spans for text_id in predictions["text_id"]]
    found = spans_in(predictions)
    assert score_spans(gold[30:], found[30:], LABELS) == tagger.finished["metrics"]["test"]
    metrics = tagger.finished["metrics"]["test"]
    errors = metrics["errors"]
    paired = metrics["correct"] + sum(errors[kind] for kind in PAIRED_ERRORS)
    assert paired + errors["missing"] == sum(map(len, gold[30:]))
    assert paired + errors["spurious"] == sum(map(len, found[30:]))
    confidences = [one["confidence"] for spans in predictions["spans"] for one in spans]
    assert all(0 < confidence <= 1 for confidence in confidences)


def test_the_published_weights_are_those_of_the_whole_vocabulary(
    tagger: Any, tiny_encoder: Path
) -> None:
    from safetensors.torch import load_file

    table = "embeddings.word_embeddings.weight"
    before = load_file(tiny_encoder / "model.safetensors")[table]
    after = load_file(tagger.output / "model.safetensors")[f"bert.{table}"]

    assert after.shape == before.shape
    unseen = slice(-60, None)  # the pieces "##rare…" are in no text
    assert after[unseen].equal(before[unseen])
    assert not after[5:20].equal(before[5:20])


def test_the_best_pass_by_entity_f1_is_kept(train: Callable, make_span_rows: Callable) -> None:
    run = train(make_span_rows(40, 20, 50), method="ner", epochs=4, learning_rate=6e-2)

    points = [point for point in run.of("measured") if point["split"] == "validation"]
    best = max(point["metrics"]["f1"] for point in points)
    assert run.finished["metrics"]["validation"]["f1"] == best
    assert points[run.finished["best_epoch"] - 1]["metrics"]["f1"] == best


def test_the_same_spec_gives_the_same_weights_bit_for_bit(
    train: Callable, make_span_rows: Callable
) -> None:
    rows = make_span_rows(40, 12, 50)
    first, second = (train(rows, method="ner") for _ in range(2))

    weights = [(run.output / "model.safetensors").read_bytes() for run in (first, second)]
    assert weights[0] == weights[1]


@pytest.mark.slow
def test_few_test_texts_are_replaced_by_cross_validation(
    train: Callable, make_span_rows: Callable
) -> None:
    run = train(make_span_rows(60, 5, 10), method="ner", epochs=3, learning_rate=1e-2)

    metrics = run.finished["metrics"]["cross-validation"]
    predictions = run.predictions()
    assert run.finished["evaluation"] == "cross-validation"
    assert metrics["texts"] == 75
    assert set(predictions["fold"]) == {0, 1, 2, 3, 4}
    assert metrics["folds"].keys() == {"f1", "precision", "recall", "macro_f1"}
    assert predictions["text_id"] == list(range(100, 175))


def test_a_text_longer_than_the_encoder_reads_is_learned_and_scored_to_its_end(
    train: Callable, row: type
) -> None:
    """The tiny encoder reads 32 tokens; the only spans are behind that."""
    filling = "the of and was with on in from this that " * 3
    words = {"court": 0, "patient": 1}
    rows = []
    for number in range(130):
        text, spans = filling, []
        for word in random.Random(number).choices([*words, "old"], k=6):
            if word in words:
                spans.append((len(text), len(text) + len(word), words[word]))
            text += f"{word} very "
        rows.append(row(text, [], "train" if number < 80 else "test", spans=spans))
    run = train(rows, method="ner", epochs=6, learning_rate=1e-2)

    assert run.finished["metrics"]["test"]["recall"] == 1.0
    assert "in windows that overlap, so nothing of them is left out" in run.logs


def test_bad_material_is_told_and_survived(train: Callable, row: type) -> None:
    rows = [row("the court was old", [], spans=[(4, 9, 0)]) for _ in range(30)]
    rows += [row("", []), row(" \r\n ", []), row("no spans here", [])]
    rows += [row("the appeal", [], spans=[(4, 30, 0), (4, 4, 0), (-1, 2, 0), (4, 10, 7)])]
    rows += [row("the old judge was", [], spans=[(4, 13, 0), (8, 13, 0), (8, 17, 0)])]
    rows += [row("surgery", [], spans=[(0, 7, 1)])]
    rows += [row("the court", [], "test", spans=[(4, 9, 0)]) for _ in range(50)]
    rows += [row("", [], "test")]
    run = train(rows, labels=("law", "medicine", "finance"), method="ner", epochs=1)

    assert run.finished["metrics"]["test"]["texts"] == 51
    assert "4 of 88 passages are empty, reach beyond their text" in run.logs
    assert "2 of 84 passages lie inside of longer ones or overlap them" in run.logs
    assert 'The label "medicine" has a single passage to learn from' in run.logs
    assert 'The label "finance" has no passage to learn from' in run.logs
    assert run.predictions()["spans"][-1] == []


def test_one_label_alone_is_enough(train: Callable, row: type) -> None:
    rows = [row("the court was old", [], spans=[(4, 9, 0)]) for _ in range(20)]
    rows += [row("the court was old", [], "test", spans=[(4, 9, 0)]) for _ in range(50)]

    assert train(rows, labels=("law",), method="ner", epochs=6).finished["metrics"]


@pytest.mark.parametrize(
    ("text", "spans", "reason"),
    [
        ("the court", [], "mark some and train again"),
        ("   ", [(0, 2, 0)], "nothing to learn"),
    ],
)
def test_material_without_anything_to_learn_is_refused_in_a_sentence(
    text: str, spans: list[tuple[int, int, int]], reason: str, train: Callable, row: type
) -> None:
    rows = [row(text, [], spans=spans) for _ in range(20)]
    rows += [row("the court", [], "test", spans=[(4, 9, 0)]) for _ in range(50)]

    with pytest.raises(KnownError, match=reason):
        train(rows, method="ner")


def test_a_run_can_be_cancelled_and_leaves_nothing(
    train: Callable, make_span_rows: Callable, tmp_path: Path
) -> None:
    seen: list[str] = []

    with pytest.raises(Cancelled):
        train(
            make_span_rows(60, 10, 50),
            method="ner",
            cancelled=lambda: "measured" in seen,
            on_event=lambda event: seen.append(event.kind),
        )
    assert not list(tmp_path.glob("models/*"))


def test_roberta_learns_the_same(
    train: Callable, make_span_rows: Callable, tiny_roberta: Path
) -> None:
    run = train(
        make_span_rows(150, 12, 50),
        base_model=tiny_roberta,
        method="ner",
        epochs=4,
        learning_rate=1e-2,
    )

    assert run.finished["metrics"]["test"]["f1"] > 0.9
    assert read_manifest(run.output)["lineage"]["base_model"] == "tiny"


def test_settings_are_checked_before_anything_is_loaded() -> None:
    from engine.training.method_settings import parse_method_settings

    chosen = parse_method_settings("ner", {"epochs": "auto", "frozen_blocks": "2"}, seed=7)
    assert chosen.to_json()["frozen_blocks"] == 2
    assert chosen.seed == 7
    with pytest.raises(KnownError, match='no training setting "train" for this method'):
        parse_method_settings("ner", {"train": "head"})
    with pytest.raises(KnownError, match="max_length cannot be"):
        parse_method_settings("ner", {"max_length": 4})


def test_frozen_blocks_stay_as_they_were(
    train: Callable, make_span_rows: Callable, tiny_encoder: Path
) -> None:
    from safetensors.torch import load_file

    run = train(make_span_rows(40, 0, 50), method="ner", frozen_blocks=2)
    before = load_file(tiny_encoder / "model.safetensors")
    after = load_file(run.output / "model.safetensors")

    name = "encoder.layer.{}.output.dense.weight"
    assert after[f"bert.{name.format(1)}"].equal(before[name.format(1)])
    assert not after[f"bert.{name.format(2)}"].equal(before[name.format(2)])
    table = "embeddings.word_embeddings.weight"
    assert after[f"bert.{table}"].equal(before[table])
