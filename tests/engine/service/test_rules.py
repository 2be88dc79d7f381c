"""Rules are given by command, tried before they are kept, and suggest passages from then on."""

from __future__ import annotations

import json
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import pytest

from engine.api import (
    AddSpans,
    CreateProject,
    CreateSampleProject,
    Engine,
    GetText,
    ImportTexts,
    KnownError,
    ListRules,
    ListSpanSuggestions,
    ProjectInfo,
    RemoveLabel,
    Rule,
    RulesChanged,
    SetRules,
    TryRules,
    UndoLast,
)

WAIT = 60.0
PER, MAIL = 1, 2
TEXT = "Jane Okafor, jane@okafor.example"
NAME = Rule(PER, "list", "Jane Okafor")
ADDRESS = Rule(MAIL, "recogniser", "email")


@pytest.fixture
def project(engine: Engine, tmp_path: Path) -> ProjectInfo:
    """An open project with one text, in which persons and e-mail addresses are to be marked."""
    source = tmp_path / "one.jsonl"
    source.write_text(json.dumps({"text": TEXT}) + "\n", encoding="utf-8")
    command = CreateProject(str(tmp_path / "letters.glossator"), ("PER", "MAIL"), kind="spans")
    opened: ProjectInfo = engine.submit(command).result(WAIT)
    engine.submit(ImportTexts(str(source), opened.task.id)).result(WAIT)
    return opened


def suggested(engine: Engine) -> list[str]:
    found = engine.ask(ListSpanSuggestions(1, 1)).result(WAIT)
    return [TEXT[one.start : one.end] for one in found]


def test_rules_suggest_without_a_model(engine: Engine, project: ProjectInfo, heard: Any) -> None:
    assert engine.ask(ListRules(1)).result(WAIT) == ()
    assert suggested(engine) == []
    kept = engine.submit(SetRules(MAIL, (ADDRESS,), asked_by="me")).result(WAIT)
    assert kept == (ADDRESS,)
    (event,) = heard.of(RulesChanged)
    assert (event.task_id, event.label_id, event.asked_by) == (1, MAIL, "me")
    engine.submit(SetRules(PER, (NAME,))).result(WAIT)
    assert engine.ask(ListRules(1)).result(WAIT) == (NAME, ADDRESS)
    assert suggested(engine) == ["Jane Okafor", "jane@okafor.example"]

    accept = AddSpans(1, 1, ((0, 11, PER),), origin="suggestion accepted")
    engine.submit(accept).result(WAIT)
    assert suggested(engine) == ["jane@okafor.example"]
    engine.submit(RemoveLabel(MAIL)).result(WAIT)
    assert engine.ask(ListRules(1)).result(WAIT) == (NAME,)
    assert suggested(engine) == []
    engine.submit(UndoLast()).result(WAIT)
    assert suggested(engine) == ["jane@okafor.example"]


def test_rules_are_tried_before_anybody_keeps_them(engine: Engine, project: ProjectInfo) -> None:
    trial = engine.ask(TryRules((NAME, ADDRESS, Rule(PER, "expression", r"(?i)okafor")))).result(
        WAIT
    )
    assert (trial.passages, trial.texts, trial.tried) == (4, 1, 1)
    assert set(trial.examples) == {"Jane Okafor", "jane@okafor.example", "Okafor", "okafor"}
    with pytest.raises(KnownError, match="cannot be read"):
        engine.ask(TryRules((Rule(PER, "expression", "(Jane"),))).result(WAIT)
    assert engine.ask(TryRules(())).result(WAIT).passages == 0
    assert engine.ask(ListRules(1)).result(WAIT) == ()


def test_what_cannot_be_used_changes_nothing(
    engine: Engine, project: ProjectInfo, heard: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.deidentify.patterns.TIMEOUT", 0.2)
    engine.submit(SetRules(PER, (NAME,))).result(WAIT)
    for rule, words in (
        (Rule(PER, "expression", "(Jane"), "cannot be read"),
        (Rule(PER, "expression", "(a+)+b$"), "took longer"),
        (Rule(PER, "recogniser", "names"), "no recogniser “names”"),
        (Rule(PER, "wish", "names"), "no kind of rule"),
    ):
        with pytest.raises(KnownError, match=words):
            engine.submit(SetRules(PER, (NAME, rule))).result(WAIT)
    with pytest.raises(KnownError, match="not in this project"):
        engine.submit(SetRules(99, (NAME,))).result(WAIT)
    assert engine.ask(ListRules(1)).result(WAIT) == (NAME,)
    assert len(heard.of(RulesChanged)) == 1


def test_looking_for_passages_keeps_no_other_question_waiting(
    engine: Engine, project: ProjectInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table of numbers, each of which could be a telephone's, takes seconds."""
    table = tmp_path / "table.jsonl"
    text = " ".join(f"{n % 28 + 1}.{n % 12 + 1}.{n % 90 + 1920}" for n in range(6000))
    table.write_text(json.dumps({"text": text}) + "\n", encoding="utf-8")
    engine.submit(ImportTexts(str(table), 1)).result(WAIT)
    rules = tuple(Rule(PER, "recogniser", name) for name in ("phone", "date", "phone:US"))
    engine.submit(SetRules(PER, rules)).result(WAIT)

    first = engine.ask(ListSpanSuggestions(1, 2), channel="passages")
    assert engine.ask(GetText(1, 1)).result(WAIT).content == TEXT
    assert not first.done()
    second = engine.ask(ListSpanSuggestions(1, 1), channel="passages")
    with pytest.raises(CancelledError):
        first.result(WAIT)
    assert second.result(WAIT) == ()


def test_the_sample_suggests_before_there_is_a_model(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "passages.glossator"
    command = CreateSampleProject(str(path), labelled=0, texts=40, kind="spans")
    task = engine.submit(command).result(WAIT).task
    rules = engine.ask(ListRules(task.id)).result(WAIT)
    assert {task.label(rule.label_id).name for rule in rules} == {
        "DATE",
        "POLICY",
        "PHONE",
        "EMAIL",
    }

    from resources import sample

    right = found = there = 0
    for text_id, letter in enumerate(sample.generate(40), 1):
        assert engine.ask(GetText(task.id, text_id)).result(WAIT).content == letter.content
        gold = {
            (span.start, span.end, span.label)
            for span in letter.spans
            if span.label not in ("PERSON", "ADDRESS")
        }
        suggestions = {
            (one.start, one.end, task.label(one.label_id).name)
            for one in engine.ask(ListSpanSuggestions(task.id, text_id)).result(WAIT)
        }
        right += len(gold & suggestions)
        found += len(suggestions)
        there += len(gold)
    assert right >= 0.95 * max(found, there)
