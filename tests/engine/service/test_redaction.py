"""Texts are previewed, decided about and handed out as policy, marks, model and people say."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.api import (
    AddSpan,
    CreateProject,
    DecideRedaction,
    Engine,
    ExportAliases,
    ExportRedacted,
    FileWritten,
    GetPolicy,
    KnownError,
    ListRedactionDecisions,
    OpenProject,
    PreviewRedaction,
    RedactFile,
    RedactionChanged,
    RedactionPreview,
    RedactionSummary,
    RemoveLabel,
    SetPolicy,
    TextFilter,
    UndoLast,
)
from engine.project.project import create_project, open_project
from engine.project.rows import Rule
from engine.project.rules import set_rules
from engine.project.span_predictions import SpanPrediction, store_span_predictions
from engine.project.spans import set_spans
from engine.project.texts import ImportedRow, begin_import

WAIT = 60.0
TASK = 1
PERSON, DATE, TOPIC = 1, 2, 3
MARKED, READ, UNREAD = 1, 2, 3
LETTER = "Dear Jane Okafor, the flood of 3 March 2024 is settled."
CALL = "Jane Okafor rang again on 5 March 2024 😀 about Berlin."
OTHER = "Nobody has looked at this letter by Jane Okafor."


@pytest.fixture
def path(tmp_path: Path, enter_tagger: Callable[..., int]) -> Path:
    """A project of three texts: one marked by a person, one read by a model, one by nobody."""
    path = tmp_path / "letters.glossator"
    with create_project(
        path,
        labels=("PERSON", "DATE", "TOPIC"),
        kind="spans",
        identifiers=("direct", "quasi", "none"),
        annotator="Ada",
    ) as project:
        session = begin_import(project, "post.jsonl", TASK)
        rows = [
            ImportedRow(row, content, meta={"claim": f"C-{row}"})
            for row, content in enumerate((LETTER, CALL, OTHER), 1)
        ]
        session.add(rows)
        session.finish()
        marks = ((5, 16, PERSON), (22, 27, TOPIC), (31, 43, DATE))
        set_spans(project, TASK, MARKED, marks)
        model_id = enter_tagger(project, (DATE, PERSON))
        found = [(0, 11, 1, 0.97), (26, 38, 0, 0.41)]
        store_span_predictions(project, model_id, [SpanPrediction(READ, found)])
    return path


@pytest.fixture
def open_engine(engine: Engine, path: Path) -> Engine:
    """The engine with the project open."""
    engine.submit(OpenProject(str(path))).result(WAIT)
    return engine


def preview(engine: Engine, text_id: int, model_id: int | None = None) -> RedactionPreview:
    query = PreviewRedaction(TASK, text_id, model_id, patterns=False)
    answer: RedactionPreview = engine.ask(query).result(WAIT)
    return answer


def export(engine: Engine, path: Path, **options: Any) -> RedactionSummary:
    options = {"patterns": False, **options}
    summary: RedactionSummary = engine.submit(ExportRedacted(str(path), TASK, **options)).result(
        WAIT
    )
    return summary


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# --- previews -----------------------------------------------------------------------------------


def test_what_a_person_marked_is_replaced_and_nothing_else(open_engine: Engine) -> None:
    found = preview(open_engine, MARKED)
    assert found.content == LETTER
    assert found.redacted == "Dear [PERSON], the flood of [DATE] is settled."
    assert found.found_by == "person"
    assert [(each.operator, each.label) for each in found.replacements] == [
        ("redact", "PERSON"),
        ("keep", "TOPIC"),
        ("redact", "DATE"),
    ]


def test_the_model_counts_where_nobody_went_through_the_text(open_engine: Engine) -> None:
    found = preview(open_engine, READ, model_id=1)
    assert found.redacted == "[PERSON] rang again on [DATE] 😀 about Berlin."
    assert found.found_by == "model"
    assert [each.confidence for each in found.replacements] == [0.97, 0.41]


def test_without_a_model_nobody_looked_at_such_a_text(open_engine: Engine) -> None:
    for text_id, model_id in ((READ, None), (UNREAD, 1)):
        found = preview(open_engine, text_id, model_id)
        assert (found.found_by, found.replacements) == ("nobody", ())


def test_a_first_mark_by_a_person_takes_over_from_the_model(open_engine: Engine) -> None:
    open_engine.submit(AddSpan(TASK, READ, (47, 53, PERSON))).result(WAIT)
    assert preview(open_engine, READ, model_id=1).redacted == CALL.replace("Berlin", "[PERSON]")


def test_there_is_no_preview_of_a_text_that_is_not_there(open_engine: Engine) -> None:
    assert open_engine.ask(PreviewRedaction(TASK, 99)).result(WAIT) is None


# --- policies -----------------------------------------------------------------------------------


def test_the_policy_shows_what_it_makes_of_a_passage_of_the_project(open_engine: Engine) -> None:
    person, date, topic = open_engine.ask(GetPolicy(TASK)).result(WAIT)
    assert (person.operator, person.example, person.example_result) == (
        "redact",
        "Jane Okafor",
        "[PERSON]",
    )
    assert (date.chosen, topic.operator, topic.example_result) == (False, "keep", "flood")
    open_engine.submit(SetPolicy(PERSON, "mask", {"keep_last": 2})).result(WAIT)
    person, *_ = open_engine.ask(GetPolicy(TASK)).result(WAIT)
    assert (person.chosen, person.settings) == (True, {"keep_last": 2})
    assert person.example_result == "█████or"


def test_the_same_name_has_the_same_alias_in_example_preview_and_file(
    open_engine: Engine, tmp_path: Path
) -> None:
    open_engine.submit(SetPolicy(PERSON, "pseudonymise", {"kind": "person"})).result(WAIT)
    person, *_ = open_engine.ask(GetPolicy(TASK)).result(WAIT)
    alias = person.example_result
    assert "Jane" not in alias
    assert "Okafor" not in alias
    assert preview(open_engine, READ, model_id=1).redacted.startswith(f"{alias} rang again")
    export(open_engine, tmp_path / "out.jsonl", model_id=1, filter=TextFilter(state="labelled"))
    assert lines(tmp_path / "out.jsonl")[0]["text"].startswith(f"Dear {alias}, the flood")


@pytest.mark.parametrize(
    ("operator", "settings", "reason"),
    [
        ("burn", {}, "not an operator"),
        ("mask", {"colour": "red"}, "does not know"),
        ("mask", {"keep_last": -1}, "whole number"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(
    open_engine: Engine, operator: str, settings: dict[str, Any], reason: str
) -> None:
    with pytest.raises(KnownError, match=reason):
        open_engine.submit(SetPolicy(PERSON, operator, settings)).result(WAIT)
    person, *_ = open_engine.ask(GetPolicy(TASK)).result(WAIT)
    assert not person.chosen


def test_listeners_are_told_of_a_new_policy(open_engine: Engine, heard: Any) -> None:
    open_engine.submit(SetPolicy(PERSON, "keep", asked_by="test")).result(WAIT)
    heard.wait_for(RedactionChanged, lambda event: event.asked_by == "test" and not event.text_ids)


# --- decisions ----------------------------------------------------------------------------------


def test_a_decision_to_keep_lets_a_passage_stand(open_engine: Engine, heard: Any) -> None:
    open_engine.submit(DecideRedaction(TASK, READ, 26, 38, decision="keep")).result(WAIT)
    assert preview(open_engine, READ, model_id=1).redacted == CALL.replace(
        "Jane Okafor", "[PERSON]"
    )
    heard.wait_for(RedactionChanged, lambda event: event.text_ids == (READ,))


def test_to_keep_a_part_of_a_passage_does_not_uncover_the_rest(open_engine: Engine) -> None:
    open_engine.submit(DecideRedaction(TASK, READ, 0, 4, decision="keep")).result(WAIT)
    assert preview(open_engine, READ, model_id=1).redacted.startswith("[PERSON] rang")


def test_a_decision_to_mask_adds_a_passage(open_engine: Engine) -> None:
    open_engine.submit(DecideRedaction(TASK, READ, 47, 53, PERSON, "mask")).result(WAIT)
    found = preview(open_engine, READ, model_id=1)
    assert found.redacted.endswith("😀 about [PERSON].")
    assert [each.decision for each in found.decisions] == ["mask"]


def test_what_is_to_be_masked_stays_so_when_its_label_is_removed(open_engine: Engine) -> None:
    open_engine.submit(DecideRedaction(TASK, READ, 47, 53, TOPIC, "mask")).result(WAIT)
    open_engine.submit(RemoveLabel(TOPIC)).result(WAIT)
    assert "Berlin" not in preview(open_engine, READ, model_id=1).redacted
    open_engine.submit(UndoLast()).result(WAIT)
    found = preview(open_engine, READ, model_id=1)
    assert found.replacements[-1].label == "TOPIC"  # and its policy is to keep


def test_a_withdrawn_decision_leaves_it_to_the_model_again(open_engine: Engine) -> None:
    before = preview(open_engine, READ, model_id=1)
    open_engine.submit(DecideRedaction(TASK, READ, 26, 38, decision="keep")).result(WAIT)
    open_engine.submit(DecideRedaction(TASK, READ, 26, 38, decision="withdrawn")).result(WAIT)
    assert preview(open_engine, READ, model_id=1) == before
    log = open_engine.ask(ListRedactionDecisions()).result(WAIT)
    assert [each.decision for each in log] == ["withdrawn", "keep"]


# --- handing out --------------------------------------------------------------------------------


def test_the_file_holds_the_redacted_texts_and_nothing_else(
    open_engine: Engine, tmp_path: Path, heard: Any
) -> None:
    out = tmp_path / "out.jsonl"
    open_engine.submit(SetPolicy(TOPIC, "redact")).result(WAIT)
    summary = export(open_engine, out)
    assert lines(out) == [{"text": "Dear [PERSON], the [TOPIC] of [DATE] is settled."}]
    assert (summary.texts, summary.replaced, summary.kept, summary.left_out) == (1, 3, 0, 2)
    heard.wait_for(FileWritten, lambda event: event.path == str(out) and event.rows == 1)


def test_what_nobody_and_nothing_looked_at_is_left_out(open_engine: Engine, tmp_path: Path) -> None:
    """Text 3 would have to be read by the model first, whose folder is empty here."""
    summary = export(
        open_engine, tmp_path / "out.jsonl", model_id=1, filter=TextFilter(search="rang")
    )
    assert (summary.texts, summary.left_out) == (1, 0)
    with pytest.raises(KnownError):
        export(open_engine, tmp_path / "all.jsonl", model_id=1)
    assert not (tmp_path / "all.jsonl").exists()


def test_csv_opens_in_a_spreadsheet_and_has_metadata_only_when_asked(
    open_engine: Engine, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    export(open_engine, out, format="csv")
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    with out.open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.reader(file)) == ["text"]
    export(open_engine, out, format="csv", meta=True)
    with out.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.DictReader(file)) == [
            {
                "text": "Dear [PERSON], the flood of [DATE] is settled.",
                "meta": '{"claim": "C-1"}',
            }
        ]


def test_text_files_stand_in_a_folder_of_their_own(open_engine: Engine, tmp_path: Path) -> None:
    out = tmp_path / "redacted"
    export(open_engine, out, format="txt")
    assert [file.name for file in out.iterdir()] == ["000001.txt"]
    text = (out / "000001.txt").read_text(encoding="utf-8")
    assert text == "Dear [PERSON], the flood of [DATE] is settled."
    with pytest.raises(KnownError, match="already there"):
        export(open_engine, out, format="txt")


def test_the_project_is_no_place_for_an_export(
    open_engine: Engine, path: Path, tmp_path: Path
) -> None:
    for command in (ExportRedacted(str(path), TASK), ExportAliases(str(path))):
        with pytest.raises(KnownError, match="the project itself"):
            open_engine.submit(command).result(WAIT)
    with pytest.raises(KnownError, match="no format"):
        export(open_engine, tmp_path / "out.pdf", format="pdf")


def test_aliases_are_kept_with_an_export_and_written_only_when_asked_for(
    open_engine: Engine, path: Path, tmp_path: Path
) -> None:
    table = tmp_path / "aliases.csv"
    with pytest.raises(KnownError, match="no aliases yet"):
        open_engine.submit(ExportAliases(str(table))).result(WAIT)
    open_engine.submit(SetPolicy(PERSON, "pseudonymise", {"kind": "person"})).result(WAIT)
    preview(open_engine, MARKED)
    with pytest.raises(KnownError, match="no aliases yet"):
        open_engine.submit(ExportAliases(str(table))).result(WAIT)
    export(open_engine, tmp_path / "out.jsonl")
    assert open_engine.submit(ExportAliases(str(table))).result(WAIT) == 1
    with table.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["label"], row["original"]) == ("PERSON", "Jane Okafor")
    assert row["alias"] in lines(tmp_path / "out.jsonl")[0]["text"]


def test_whole_texts_have_nothing_to_redact(engine: Engine, tmp_path: Path) -> None:
    command = CreateProject(str(tmp_path / "post.glossator"), ("new", "old"))
    engine.submit(command).result(WAIT)
    for query in (GetPolicy(TASK), PreviewRedaction(TASK, 1)):
        with pytest.raises(KnownError, match="whole texts get labels"):
            engine.ask(query).result(WAIT)
    with pytest.raises(KnownError, match="whole texts get labels"):
        export(engine, tmp_path / "out.jsonl")


def test_a_model_that_is_gone_is_named(open_engine: Engine) -> None:
    with pytest.raises(KnownError, match="not in this project any more"):
        preview(open_engine, READ, model_id=9)


# --- rules and files ----------------------------------------------------------------------------


@pytest.fixture
def ruled(engine: Engine, path: Path) -> Engine:
    """The project, with rules: dates by their form, and a list of people."""
    with open_project(path) as project:
        set_rules(project, DATE, (Rule(DATE, "recogniser", "date"),))
        people = (Rule(PERSON, "list", "Jane Okafor"), Rule(PERSON, "list", "Amir Khan"))
        set_rules(project, PERSON, people)
    engine.submit(OpenProject(str(path))).result(WAIT)
    return engine


def test_rules_look_where_nobody_marked_anything(ruled: Engine) -> None:
    query = PreviewRedaction(TASK, UNREAD)
    found = ruled.ask(query).result(WAIT)
    assert found.redacted == "Nobody has looked at this letter by [PERSON]."
    assert (found.found_by, found.replacements[0].source) == ("rules", "gazetteer")


def test_rules_alone_do_not_stand_in_for_a_model_that_was_chosen(
    ruled: Engine, tmp_path: Path
) -> None:
    found = ruled.ask(PreviewRedaction(TASK, UNREAD, model_id=1)).result(WAIT)
    assert (found.found_by, len(found.replacements)) == ("nobody", 1)
    summary = export(ruled, tmp_path / "out.jsonl", patterns=True)
    assert (summary.texts, summary.left_out) == (3, 0)


def test_rules_run_beside_the_model(ruled: Engine) -> None:
    found = ruled.ask(PreviewRedaction(TASK, READ, model_id=1)).result(WAIT)
    assert found.redacted == "[PERSON] rang again on [DATE] 😀 about Berlin."
    assert found.found_by == "model"
    date = found.replacements[1]
    assert (date.source, date.confidence > 0.9) == ("pattern", True)  # the model was 41 % sure


def test_a_file_is_redacted_as_the_project_would_be(ruled: Engine, tmp_path: Path) -> None:
    ruled.submit(SetPolicy(PERSON, "pseudonymise", {"kind": "person"})).result(WAIT)
    person, *_ = ruled.ask(GetPolicy(TASK)).result(WAIT)
    source, out = tmp_path / "calls.csv", tmp_path / "calls-redacted.csv"
    source.write_text("who,what\nJane Okafor,rang on 5 March 2024\n", encoding="utf-8")
    summary = ruled.submit(RedactFile(str(source), str(out), TASK)).result(WAIT)
    assert out.read_text(encoding="utf-8") == f"who,what\n{person.example_result},rang on [DATE]\n"
    assert (summary.replaced, summary.kept) == (2, 0)
    assert ruled.submit(ExportAliases(str(tmp_path / "aliases.csv"))).result(WAIT) == 1


def test_a_file_is_not_written_over_and_not_without_anybody_who_looks(
    ruled: Engine, tmp_path: Path
) -> None:
    source = tmp_path / "one.txt"
    source.write_text("Jane Okafor rang.", encoding="utf-8")
    out = str(tmp_path / "out.txt")
    with pytest.raises(KnownError, match="Nobody would look"):
        ruled.submit(RedactFile(str(source), out, TASK, patterns=False)).result(WAIT)
    with pytest.raises(KnownError, match="take the place"):
        ruled.submit(RedactFile(str(source), str(source), TASK)).result(WAIT)
    assert source.read_text(encoding="utf-8") == "Jane Okafor rang."


def test_bad_files_are_refused_in_a_sentence(ruled: Engine, tmp_path: Path) -> None:
    false = tmp_path / "false.docx"
    false.write_text("this is no Word document", encoding="utf-8")
    for source in (false, tmp_path / "missing.txt", tmp_path):
        with pytest.raises(KnownError):
            ruled.submit(RedactFile(str(source), str(tmp_path / "out.docx"), TASK)).result(WAIT)
    assert not (tmp_path / "out.docx").exists()
