"""A file's rows get the passages that a model found, in the offsets of the file itself."""

from __future__ import annotations

import csv
import json
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.service.file_prediction import write_predicted_file

NAMES = ("start", "end", "label", "confidence")
SPAN = pa.struct([*((name, pa.int32()) for name in NAMES[:3]), (NAMES[3], pa.float32())])
SCHEMA = pa.schema(
    [
        ("text_id", pa.int64()),
        ("split", pa.string()),
        ("fold", pa.int16()),
        ("spans", pa.list_(SPAN)),
    ]
)


def predicted(folder: Path, spans: dict[int, list[tuple[int, int, int, float]]]) -> Path:
    rows = [
        {
            "text_id": row,
            "split": "",
            "fold": -1,
            "spans": [dict(zip(NAMES, span, strict=True)) for span in found],
        }
        for row, found in spans.items()
    ]
    path = folder / "predictions.parquet"
    pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), path)
    return path


def written(path: Path, predictions: Path, out: Path) -> int:
    def aside(action: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(action())
        return future

    work = write_predicted_file(path, None, predictions, out, ("PER", "DATE"), False, aside)
    answer = None
    try:
        while True:
            yielded = work.send(answer)
            answer = yielded.result() if isinstance(yielded, Future) else None
    except StopIteration as end:
        rows: int = end.value
        return rows


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """Three rows: one with characters that importing removes, one without a text, one plain."""
    rows = [
        {"text": "\x07Ms\x00 Okafor 😀\r\nwrote", "spans": [], "number": 7},
        {"text": " "},
        {"text": "on 3 March"},
    ]
    path = tmp_path / "letters.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_offsets_are_those_of_the_file(letters: Path, tmp_path: Path) -> None:
    predictions = predicted(tmp_path, {1: [(3, 9, 0, 0.5), (10, 11, 1, 0.25)], 3: []})
    out = tmp_path / "out.jsonl"
    assert written(letters, predictions, out) == 3
    first, second, third = (json.loads(line) for line in out.read_text("utf-8").splitlines())
    assert first["spans"] == [
        {"start": 5, "end": 11, "label": "PER", "text": "Okafor", "confidence": 0.5},
        {"start": 12, "end": 13, "label": "DATE", "text": "😀", "confidence": 0.25},
    ]
    for span in first["spans"]:
        assert first["text"][span["start"] : span["end"]] == span["text"]
    assert (first["number"], first["spans (file)"], first["problem"]) == (7, [], None)
    assert (second["spans"], second["problem"]) == (None, "it has no text")
    assert third["spans"] == []


def test_a_table_holds_the_passages_as_json(letters: Path, tmp_path: Path) -> None:
    predictions = predicted(tmp_path, {1: [], 3: [(3, 10, 1, 1.0)]})
    out = tmp_path / "out.csv"
    assert written(letters, predictions, out) == 3
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["text", "spans (file)", "number", "spans", "problem"]
    assert [row["spans"] for row in rows][:2] == ["[]", ""]
    assert json.loads(rows[2]["spans"])[0]["text"] == "3 March"
