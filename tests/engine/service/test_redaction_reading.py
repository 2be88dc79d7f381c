"""A real model reads, in the warm worker, what nobody went through before it is handed out."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.api import (
    CloseProject,
    Engine,
    ExportRedacted,
    KnownError,
    ListDoubts,
    OpenProject,
    PredictionsChanged,
    PreviewRedaction,
    ReadForRedaction,
    RedactFile,
    RedactionProgressed,
    RedactionSummary,
    TextFilter,
)
from engine.project.project import create_project
from engine.project.texts import ImportedRow, begin_import

# Loading torch takes a worker long on a machine that is busy.
pytestmark = pytest.mark.timeout(400)

WAIT = 90.0
TASK = 1
LAW, MEDICINE = 1, 2
MARKED, WAITING = 2, 70
"""More texts than are sent to the worker at once."""


@pytest.fixture
def opened(
    engine: Engine,
    tmp_path: Path,
    tagger: Any,
    make_span_rows: Callable[..., Any],
    enter_tagger: Callable[..., int],
) -> Engine:
    """A project with a trained model that has read nothing yet."""
    path = tmp_path / "passages.glossator"
    rows = make_span_rows(MARKED + WAITING, seed=11)
    with create_project(path, labels=("law", "medicine"), kind="spans") as project:
        session = begin_import(project, "rows.jsonl", TASK)
        session.add(
            [
                ImportedRow(number, row.text, spans=() if number <= MARKED else None)
                for number, row in enumerate(rows, 1)
            ]
        )
        session.finish()
        shutil.copytree(tagger.output, project.models_folder / "marks")
        enter_tagger(project, (LAW, MEDICINE))
    engine.submit(OpenProject(str(path))).result(WAIT)
    return engine


def test_a_model_reads_what_is_unmarked_and_the_texts_can_be_handed_out(
    opened: Engine, tmp_path: Path, heard: Any
) -> None:
    assert opened.submit(ReadForRedaction(TASK, 1)).result(WAIT) == WAITING
    last = heard.of(RedactionProgressed)[-1]
    assert (last.done, last.total) == (WAITING, WAITING)
    told = {text_id for event in heard.of(PredictionsChanged) for text_id in event.text_ids}
    assert told == set(range(MARKED + 1, MARKED + WAITING + 1))
    assert opened.submit(ReadForRedaction(TASK, 1)).result(WAIT) == 0
    assert opened.ask(ListDoubts(TASK, model_id=1)).result(WAIT).unread == 0

    out = tmp_path / "out.jsonl"
    summary: RedactionSummary = opened.submit(ExportRedacted(str(out), TASK, model_id=1)).result(
        WAIT
    )
    assert (summary.texts, summary.left_out) == (MARKED + WAITING, 0)
    written = out.read_text(encoding="utf-8")
    assert summary.replaced == written.count("[law]") + written.count("[medicine]") > 0
    preview = opened.ask(PreviewRedaction(TASK, MARKED + 1, 1)).result(WAIT)
    assert json.loads(written.splitlines()[MARKED])["text"] == preview.redacted


def test_an_export_reads_first_what_it_needs(opened: Engine, tmp_path: Path) -> None:
    only = TextFilter(split="test")
    command = ExportRedacted(str(tmp_path / "out.jsonl"), TASK, filter=only, model_id=1)
    summary = opened.submit(command).result(WAIT)
    assert summary.texts > 0
    assert summary.left_out == 0
    assert opened.ask(ListDoubts(TASK, model_id=1)).result(WAIT).unread > 0


def test_a_file_is_read_by_the_model_and_not_kept(opened: Engine, tmp_path: Path) -> None:
    source, out = tmp_path / "note.txt", tmp_path / "note-redacted.txt"
    source.write_text("the judge of the court and the patient was old", encoding="utf-8")
    summary = opened.submit(RedactFile(str(source), str(out), TASK, model_id=1)).result(WAIT)
    assert summary.replaced > 0
    assert "[law]" in out.read_text(encoding="utf-8")
    assert opened.ask(ListDoubts(TASK, model_id=1)).result(WAIT).texts == MARKED


def test_closing_ends_a_reading_and_the_next_project_is_not_held_up(
    opened: Engine, tmp_path: Path
) -> None:
    reading = opened.submit(ReadForRedaction(TASK, 1))
    export = opened.submit(ExportRedacted(str(tmp_path / "out.jsonl"), TASK, model_id=1))
    opened.submit(CloseProject()).result(WAIT)
    for work in (reading, export):
        with pytest.raises(KnownError):
            work.result(WAIT)
    assert not (tmp_path / "out.jsonl").exists()
    path = tmp_path / "passages.glossator"
    opened.submit(OpenProject(str(path))).result(WAIT)
    summary = opened.submit(
        ExportRedacted(str(tmp_path / "out.jsonl"), TASK, filter=TextFilter(state="labelled"))
    ).result(WAIT)
    assert summary.texts == MARKED
