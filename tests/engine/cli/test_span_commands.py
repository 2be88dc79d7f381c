"""A project of marked passages, worked through from the shell."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# Loading torch takes a worker long on a machine that is busy.
pytestmark = pytest.mark.timeout(400)

LABELS = ("LAW", "MED")


@pytest.fixture
def marked(tmp_path: Path, glossator: Any) -> Path:
    """A project with the label PER and two texts, one of them marked."""
    path = tmp_path / "letters.glossator"
    made = glossator("new", path, "--task", "spans", "--labels", "PER", "--json")
    assert (made.code, made.data["task"], made.data["labels"]) == (0, "spans", ["PER"])
    file = tmp_path / "letters.jsonl"
    rows = [
        {"text": "Ms Okafor 😀 wrote", "spans": [[3, 9, "PER"], [16, 99, "PER"]]},
        {"text": "b"},
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    report = glossator("import", path, file, "--json").data
    assert (report["read"], report["imported"], report["repaired"], report["labelled"]) == (
        2,
        2,
        1,
        1,
    )
    assert report["problems"] == [
        {
            "row": 1,
            "kind": "repaired",
            "reason": "the passage 16–99 “PER” was left out because it lies outside the text, "
            "which has 17 characters",
        }
    ]
    return path


def test_what_was_imported_can_be_exported(glossator: Any, marked: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert glossator("export", marked, out).code == 0
    first, second = (json.loads(line) for line in out.read_text("utf-8").splitlines())
    assert first["spans"] == [{"start": 3, "end": 9, "label": "PER"}]
    assert (second["spans"], second["labelled"]) == ([], False)
    assert "label" not in first
    found = glossator("search", marked, "Okafor", "--json").data["texts"]
    assert found[0]["labels"] == ["PER"]
    assert glossator("check", marked, "--json").data["whole"] is True


def test_conll_is_imported_by_name_content_or_option(
    glossator: Any, marked: Path, tmp_path: Path
) -> None:
    content = "Ada\tI-PER\n\nUlm\tI-LOC\nis\tO\nhere\n"
    for number, (name, options) in enumerate(
        [("a.conll", ()), ("b.txt", ()), ("c.data", ("--format", "conll"))]
    ):
        file = tmp_path / name
        file.write_text(content, encoding="utf-8")
        if number == 0:
            stopped = glossator("import", marked, file, *options)
            assert stopped.code == 1
            assert "has a label that the task “letters” has not: “LOC” (1)" in stopped.err
        report = glossator("import", marked, file, *options, "--add-labels", "--json").data
        assert (report["imported"], report["labelled"], report["repaired"]) == (2, 2, 1)
        assert report["problems"][0]["reason"].startswith("line 5 has no tag")


def test_labels_of_whole_texts_do_not_fit(glossator: Any, tmp_path: Path) -> None:
    path = tmp_path / "x.glossator"
    refused = glossator("new", path, "--task", "spans", "--multi-label", "--labels", "a")
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert not path.exists()


@pytest.fixture
def learned(
    tmp_path: Path, glossator: Any, tiny_encoder: Path, make_span_rows: Callable[..., list[Any]]
) -> Path:
    """A project whose passages a tiny model has learned."""
    path, file = tmp_path / "topics.glossator", tmp_path / "topics.jsonl"
    assert glossator("new", path, "--task", "spans", "--labels", ",".join(LABELS)).code == 0
    with file.open("w", encoding="utf-8") as out:
        for row in make_span_rows(80, 20, 60):
            spans = [[start, end, LABELS[label]] for start, end, label in row.spans]
            out.write(json.dumps({"text": row.text, "spans": spans, "split": row.split}) + "\n")
    report = glossator("import", path, file, "--json").data
    assert report["imported"] == report["labelled"] == 160
    return path


def train(glossator: Any, project: Path, base: Path) -> Any:
    return glossator(
        "train", project, "--method", "ner", "--base-model", base, "--name", "first",
        "--set", "epochs=3", "--set", "learning_rate=1e-2", "--json",
    )  # fmt: skip


@pytest.mark.slow
def test_from_passages_to_predictions(
    glossator: Any, learned: Path, tiny_encoder: Path, tmp_path: Path
) -> None:
    trained = train(glossator, learned, tiny_encoder)
    assert trained.code == 0, trained.err
    assert trained.data["method"] == "ner"

    scored = glossator("evaluate", learned, "--model", "first", "--split", "test", "--json")
    assert scored.code == 0, scored.err
    metrics = scored.data["metrics"]
    assert {"f1", "precision", "recall", "per_label", "errors"} <= metrics.keys()
    for name in ("f1", "precision", "recall", "errors", "correct"):
        assert metrics[name] == pytest.approx(trained.data["metrics"][name])
    errors = metrics["errors"]
    assert set(errors) == {"boundary", "type", "boundary_and_type", "missing", "spurious"}
    both = metrics["correct"] + errors["boundary"] + errors["type"] + errors["boundary_and_type"]
    assert both + errors["missing"] == metrics["gold"]
    assert both + errors["spurious"] == metrics["predicted"]
    assert metrics["f1"] > 0.5
    assert set(metrics["per_label"]) == set(LABELS)
    file, folder = tmp_path / "new.conll", tmp_path / "exported"
    file.write_text("the\tO\ncourt\tB-LAW\nruling\tI-LAW\n\npatient\tO\n", encoding="utf-8")
    out = tmp_path / "out.jsonl"
    assert glossator("models", learned, "export", "first", folder).code == 0
    assert glossator("predict", file, "--model", folder, "--out", out).code == 0
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [row["text"] for row in rows] == ["the court ruling", "patient"]
    assert rows[0]["spans (file)"] == [{"start": 4, "end": 16, "label": "LAW"}]
    for row in rows:
        for span in row["spans"]:
            assert row["text"][span["start"] : span["end"]] == span["text"]
            assert span["label"] in LABELS
            assert 0 < span["confidence"] <= 1

    listed = glossator("models", learned, "list")
    assert f"F1 {trained.data['metrics']['f1']:.3f}" in listed.out
    scored = glossator("evaluate", learned, "--model", "first")
    assert f"{metrics['partial_f1']:.3f} with half a point for an overlap (partial)" in scored.out
    assert f"{metrics['type_f1']:.3f} for the label with any overlap (type)" in scored.out
    alike = glossator("compare", learned, "first", "first", "--json").data
    assert alike["f1"] == pytest.approx([metrics["f1"]] * 2)
    assert (alike["won"], alike["lost"], alike["came"], alike["went"]) == ([], [], [], [])
    assert glossator("check", learned, "--json").data["whole"] is True


@pytest.mark.slow
def test_what_is_missing_is_predicted_within_the_project(
    glossator: Any, learned: Path, tiny_encoder: Path, tmp_path: Path
) -> None:
    assert train(glossator, learned, tiny_encoder).code == 0
    scored = glossator("evaluate", learned, "--model", "first", "--split", "train", "--json")
    assert (scored.code, scored.data["texts"]) == (0, 80)
    assert "flatter" in scored.data["note"]
    file, folder = tmp_path / "new.csv", tmp_path / "exported"
    file.write_text("id,text\n1,court ruling\n2,\n3,patient dosage\n", encoding="utf-8")
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    assert glossator("models", learned, "export", "first", folder).code == 0
    assert glossator("predict", file, "--model", folder, "--out", one).code == 0
    inside = glossator("predict", file, "--project", learned, "--model", "first", "--out", two)
    assert inside.code == 0, inside.err
    assert one.read_bytes() == two.read_bytes()


def test_methods_for_labels_of_whole_texts_are_refused(
    glossator: Any, marked: Path, tiny_encoder: Path
) -> None:
    refused = glossator("train", marked, "--method", "fine-tune", "--base-model", tiny_encoder)
    assert (refused.code, refused.err.count("\n")) == (1, 1)
