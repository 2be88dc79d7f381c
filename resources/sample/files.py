"""Writes the sample corpus to JSON Lines, the form in which anybody's own texts could arrive."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from resources.sample.schema import SampleText


def write_jsonl(path: Path | str, texts: Iterable[SampleText]) -> None:
    """One line a text: text, label, channel, received, product, document. Raises OSError."""
    _write(path, ({"text": text.content, "label": text.intent, **_origin(text)} for text in texts))


def write_spans_jsonl(
    path: Path | str, texts: Iterable[SampleText], marked: int | None = None
) -> None:
    """As `write_jsonl`, with spans for a label: start, end (code points, exclusive), label, entity.

    Only the first `marked` texts come with their spans; None is all. Raises OSError.
    """
    _write(
        path,
        (
            {
                "text": text.content,
                **(_spans(text) if marked is None or number < marked else {}),
                **_origin(text),
            }
            for number, text in enumerate(texts)
        ),
    )


def _spans(text: SampleText) -> dict[str, object]:
    return {
        "spans": [
            {"start": span.start, "end": span.end, "label": span.label, "entity": span.entity}
            for span in text.spans
        ]
    }


def _origin(text: SampleText) -> dict[str, str]:
    return {**text.metadata, "document": text.document}


def _write(path: Path | str, rows: Iterable[dict[str, object]]) -> None:
    with Path(path).open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
