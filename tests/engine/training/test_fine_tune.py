"""A fine-tuning run from snapshot to published folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.core.errors import KnownError
from engine.jobs.reporting import Cancelled
from engine.registry.manifest import read_manifest, verify

WEIGHTS = "model.safetensors"


def test_a_run_learns_publishes_and_says_what_it_did(train: Callable, make_rows: Callable) -> None:
    run = train(make_rows(200, 40, 60), epochs=4)

    finished = run.finished
    assert finished["metrics"]["test"]["f1"] > 0.9
    assert finished["metrics"]["validation"]["texts"] == 40
    assert finished["evaluation"] == "test"
    assert finished["settings"]["epochs"] == 4
    assert set(finished["seconds"]) == {"total", "load", "train", "evaluate"}
    assert run.events[0].kind == "started"
    points = [point for point in run.of("measured") if point["split"] == "validation"]
    assert [point["epoch"] for point in points] == [1.0, 2.0, 3.0, 4.0]
    lineage = verify(run.output)["lineage"]
    assert lineage["base_model"] == "tiny"
    assert lineage["labels"] == ["law", "medicine"]
    assert lineage["metrics"] == finished["metrics"]
    assert [one.name for one in run.output.parent.iterdir()] == [run.output.name]


def test_the_published_folder_works_in_a_plain_pipeline(
    train: Callable, make_rows: Callable
) -> None:
    from transformers import pipeline

    rows = make_rows(120, 20, 60)
    run = train(rows)
    columns = run.predictions()
    ours = dict(zip(columns["text_id"], columns["probabilities"], strict=True))

    plain = pipeline("text-classification", str(run.output), device="cpu", top_k=None)
    for text_id, probabilities in ours.items():
        found = {one["label"]: one["score"] for one in plain([rows[text_id - 100].text])[0]}
        assert found["law"] == pytest.approx(probabilities[0], abs=1e-5)
        assert found["medicine"] == pytest.approx(probabilities[1], abs=1e-5)


def test_predictions_belong_to_their_rows_although_batches_are_sorted_by_length(
    train: Callable, make_rows: Callable
) -> None:
    rows = make_rows(200, 30, 60)
    run = train(rows, epochs=4)
    columns = run.predictions()

    assert columns["text_id"] == list(range(300, 390))
    assert columns["split"] == ["validation"] * 30 + ["test"] * 60
    assert set(columns["fold"]) == {-1}
    predicted = np.argmax(columns["probabilities"], axis=1)
    gold = np.array([rows[text_id - 100].labels[0] for text_id in columns["text_id"]])
    assert (predicted == gold)[30:].mean() == run.finished["metrics"]["test"]["accuracy"] > 0.9


def test_the_same_spec_gives_the_same_weights_bit_for_bit(
    train: Callable, make_rows: Callable
) -> None:
    rows = make_rows(80, 12, 50)
    first, second, other = train(rows), train(rows), train(rows, seed=7)

    same = (first.output / WEIGHTS).read_bytes()
    assert (second.output / WEIGHTS).read_bytes() == same
    assert (other.output / WEIGHTS).read_bytes() != same


def test_the_best_pass_is_kept(train: Callable, make_rows: Callable) -> None:
    run = train(make_rows(60, 20, 50), epochs=5, learning_rate=3e-2)

    points = [point for point in run.of("measured") if point["split"] == "validation"]
    best = max(point["metrics"]["macro_f1"] for point in points)
    assert run.finished["metrics"]["validation"]["macro_f1"] == best
    kept = points[run.finished["best_epoch"] - 1]["metrics"]
    assert kept["macro_f1"] == best


def test_a_checkpoint_in_half_precision_trains_in_full_precision(
    train: Callable, make_rows: Callable, tiny_encoder: Path, tmp_path: Path
) -> None:
    import torch
    from safetensors.torch import load_file
    from transformers import AutoModel, AutoTokenizer

    folder = tmp_path / "half"
    AutoModel.from_pretrained(str(tiny_encoder), dtype=torch.bfloat16).save_pretrained(str(folder))
    AutoTokenizer.from_pretrained(str(tiny_encoder)).save_pretrained(str(folder))

    run = train(make_rows(40, 10, 50), base_model=folder, epochs=1, learning_rate=1e-5)

    weights = load_file(run.output / WEIGHTS)
    assert {tensor.dtype for tensor in weights.values()} == {torch.float32}
    trained = weights["bert.encoder.layer.3.output.dense.weight"]
    assert not torch.equal(trained, trained.bfloat16().float()), "small updates were rounded away"


@pytest.mark.parametrize("family", ["tiny_encoder", "tiny_roberta"])
def test_training_only_the_head_leaves_the_encoder_alone(
    family: str, train: Callable, make_rows: Callable, request: pytest.FixtureRequest
) -> None:
    base = request.getfixturevalue(family)
    run = train(make_rows(150, 20, 60), train="head", base_model=base)

    changed, same = _compare_weights(base, run.output)
    assert not changed
    assert same
    losses = [one["metrics"]["loss"] for one in run.of("measured") if one["split"] == "train"]
    assert losses[-1] <= losses[0]


def test_a_converged_head_is_the_minimum_of_the_same_model(
    train: Callable, make_rows: Callable
) -> None:
    from sklearn.linear_model import LogisticRegression
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    rows = make_rows(150, 20, 60)
    run = train(rows, train="head")
    model = AutoModelForSequenceClassification.from_pretrained(str(run.output))
    tokenizer = AutoTokenizer.from_pretrained(str(run.output))
    pooled = np.stack(
        [
            model.bert(**tokenizer(row.text, return_tensors="pt")).pooler_output[0].detach().numpy()
            for row in rows
        ]
    )
    gold = np.array([row.labels[0] for row in rows])
    # Two outputs with the same penalty are one logit with half of it.
    reference = LogisticRegression(C=0.5, tol=1e-8, max_iter=5000).fit(pooled[:150], gold[:150])

    ours = np.array(run.predictions()["probabilities"])[:, 1]
    assert ours == pytest.approx(reference.predict_proba(pooled[150:])[:, 1], abs=0.02)


def test_frozen_blocks_stay_bit_identical_and_the_rest_moves(
    train: Callable, make_rows: Callable, tiny_encoder: Path
) -> None:
    run = train(make_rows(60, 10, 50), frozen_blocks=2)

    changed, same = _compare_weights(tiny_encoder, run.output)
    assert {name.split(".")[2] for name in same if "layer" in name} == {"0", "1"}
    assert {name.split(".")[2] for name in changed if "layer" in name} == {"2", "3"}
    assert any(name.startswith("embeddings") for name in same)
    assert not any(name.startswith("embeddings") for name in changed)
    assert run.finished["settings"]["frozen_embeddings"] is True


def test_settings_without_the_expected_effect_are_explained(
    train: Callable, make_rows: Callable, tiny_encoder: Path
) -> None:
    run = train(
        make_rows(60, 10, 50), frozen_blocks=1, frozen_embeddings=False, precision="bf16", epochs=1
    )

    assert "The precision bf16 needs a GPU; this run computes in fp32" in run.logs
    assert "gradients travel through all blocks" in run.logs
    changed, _ = _compare_weights(tiny_encoder, run.output)
    assert "embeddings.word_embeddings.weight" in changed


def test_more_frozen_blocks_than_there_are_is_refused(train: Callable, make_rows: Callable) -> None:
    with pytest.raises(KnownError, match=r"has 4 blocks .* choose a number from 0 to 4"):
        train(make_rows(60, 10, 50), frozen_blocks=5)


def test_several_labels_a_text(train: Callable, row: type, make_rows: Callable) -> None:
    from transformers import AutoConfig

    single = make_rows(180, 20, 60, topics=2)
    rows = [
        row(f"{one.text} {other.text}", sorted({*one.labels, *other.labels}), one.split)
        for one, other in zip(single, single[1:] + single[:1], strict=True)
        if one.split == other.split
    ]
    rows += [row(one.text, one.labels, one.split) for one in single]
    rows += [row("the old and new day", [], "train")] * 5

    run = train(rows, multi_label=True, epochs=4)

    test = run.finished["metrics"]["test"]
    assert test["micro_f1"] > 0.8
    assert "confusion" not in test
    assert AutoConfig.from_pretrained(run.output).problem_type == "multi_label_classification"
    sums = np.sum(run.predictions()["probabilities"], axis=1)
    assert sums.max() > 1.2, "each label has a probability of its own"


def test_few_test_labels_are_scored_by_cross_validation(
    train: Callable, make_rows: Callable
) -> None:
    rows = make_rows(90, 10, 20)
    for number, one in enumerate(rows):
        one.group = number // 2
    run = train(rows, epochs=3)

    assert run.finished["evaluation"] == "cross-validation"
    scores = run.finished["metrics"]["cross-validation"]
    assert scores["texts"] == 120
    assert set(scores["folds"]["macro_f1"]) == {"mean", "spread"}
    columns = run.predictions()
    assert sorted(columns["text_id"]) == list(range(100, 220))
    assert set(columns["fold"]) == {0, 1, 2, 3, 4}
    folds = dict(zip(columns["text_id"], columns["fold"], strict=True))
    assert all(folds[text_id] == folds[text_id + 1] for text_id in range(100, 220, 2))
    assert "cross-validation" in run.logs
    assert read_manifest(run.output)["lineage"]["texts"]["train"] == 120


def test_texts_that_are_not_labelled_take_no_part(
    train: Callable, make_rows: Callable, row: type
) -> None:
    rows = make_rows(60, 10, 50)
    run = train([*rows, *[row("court", [], labelled=False) for _ in range(30)]])

    assert read_manifest(run.output)["lineage"]["texts"]["train"] == 60


def test_one_label_only_is_refused(train: Callable, make_rows: Callable) -> None:
    rows = [one for one in make_rows(60, 10, 120) if one.labels == [0]]

    with pytest.raises(KnownError, match="Training needs texts of at least two labels"):
        train(rows)


def test_no_training_texts_are_refused(train: Callable, make_rows: Callable) -> None:
    with pytest.raises(KnownError, match="Training needs labelled texts"):
        train(make_rows(0, 0, 60))


def test_a_label_with_a_single_text_is_trained_and_named(
    train: Callable, make_rows: Callable, row: type
) -> None:
    rows = [*make_rows(60, 10, 60), row("invoice ledger audit", [2])]
    run = train(rows, labels=("law", "medicine", "finance"), epochs=1)

    assert 'The label "finance" has a single text' in run.logs
    assert "Rare labels count more" in run.logs


def test_long_texts_are_cut_and_counted(train: Callable, make_rows: Callable, row: type) -> None:
    rows = [*make_rows(60, 10, 60), row("court " * 40, [0]), row("clinic " * 31, [1])]
    run = train(rows, epochs=1)

    assert "2 of 132 texts are longer than 32 tokens" in run.logs


def test_a_loss_that_is_no_number_stops_the_run_and_publishes_nothing(
    train: Callable, make_rows: Callable, tiny_encoder: Path, tmp_path: Path
) -> None:
    import torch
    from transformers import AutoModel, AutoTokenizer

    model = AutoModel.from_pretrained(str(tiny_encoder))
    with torch.no_grad():
        model.encoder.layer[0].output.dense.weight.fill_(float("nan"))
    model.save_pretrained(str(tmp_path / "broken"))
    AutoTokenizer.from_pretrained(str(tiny_encoder)).save_pretrained(str(tmp_path / "broken"))

    with pytest.raises(KnownError, match="the loss is no longer a number"):
        train(make_rows(60, 10, 60), base_model=tmp_path / "broken")
    assert not (tmp_path / "models").exists()


@pytest.mark.parametrize("phase", ["load", "train", "evaluate"])
def test_cancelling_ends_the_run_and_publishes_nothing(
    phase: str, train: Callable, make_rows: Callable, tmp_path: Path
) -> None:
    seen: list[str] = []

    def note(event: Any) -> None:
        if event.kind == "progress":
            seen.append(event.data["phase"])

    with pytest.raises(Cancelled):
        train(make_rows(100, 70, 60), cancelled=lambda: phase in seen, on_event=note)
    assert not (tmp_path / "models").exists()


def test_a_place_that_is_taken_is_refused_before_training(
    train: Callable, make_rows: Callable, tmp_path: Path
) -> None:
    (tmp_path / "models" / "model-1").mkdir(parents=True)

    with pytest.raises(KnownError, match="There is already a model"):
        train(make_rows(60, 10, 60))


def test_events_are_plain_json_and_progress_ends_at_its_total(
    train: Callable, make_rows: Callable
) -> None:
    run = train(make_rows(60, 10, 60))

    for event in run.events:
        json.loads(event.to_json())
    last = {data["phase"]: data for data in run.of("progress")}
    assert set(last) == {"load", "train", "evaluate", "publish"}
    assert all(data["done"] == data["total"] for data in last.values())


def _compare_weights(base: Path, published: Path) -> tuple[set[str], set[str]]:
    """Return the names of the encoder's tensors that changed, and of those that did not."""
    import torch
    from safetensors.torch import load_file

    before = load_file(base / WEIGHTS)
    after = load_file(published / WEIGHTS)
    after = {name.split(".", 1)[1]: tensor for name, tensor in after.items()}
    same = {name for name, tensor in before.items() if torch.equal(tensor, after[name])}
    return set(before) - same, same
