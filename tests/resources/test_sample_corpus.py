"""The sample corpus: what it promises to the annotator, the trainer and the inspection views."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from difflib import SequenceMatcher
from pathlib import Path

import pytest

import resources
from resources.sample import (
    GUIDELINES,
    LABELS,
    SPAN_LABELS,
    TASK_GUIDELINE,
    SampleText,
    generate,
    write_jsonl,
    write_spans_jsonl,
)

FORMS = {
    "POLICY": r"(HM|MV|TR|LB|LP)[-/ ]?\d{4}[-/ ]?\d{4}",
    "PHONE": r"01632 960\d{3}|07700 900\d{3}|020 7946 0\d{3}|0808 157 0\d{3}",
    "EMAIL": r"[a-z0-9.]+@example\.(org|com|net)",
    "ADDRESS": r".*\d.* \w.*, \w.* (QX|QV|VX|XJ|QZ)\d{1,2} \d[A-Z]{2}",
    "DATE": (
        r"\d{1,2}(st|nd|rd|th)? [A-Z][a-z]+( \d{4})?|[A-Z][a-z]+ \d{1,2}"
        r"|\d\d/\d\d/\d{4}|\d{1,2}\.\d{1,2}\.\d{4}"
    ),
    "PERSON": r"[A-ZÉÓÖŁ].*",
}
EMOJI = re.compile("[\U0001f300-\U0001faff☔]")


@pytest.fixture(scope="module")
def corpus() -> list[SampleText]:
    return generate()


def fingerprint(texts: list[SampleText]) -> str:
    return hashlib.sha256(repr(texts).encode()).hexdigest()


def test_the_same_seed_gives_the_same_corpus_in_another_process(corpus: list[SampleText]) -> None:
    program = (
        "import hashlib, resources.sample as s;"
        "print(hashlib.sha256(repr(s.generate()).encode()).hexdigest())"
    )
    root = Path(resources.__file__).parents[1]
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(root)}
    run = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == fingerprint(corpus)


def test_another_seed_gives_other_texts(corpus: list[SampleText]) -> None:
    other = generate(200, seed=21)
    assert not {text.content for text in other} & {text.content for text in corpus}


@pytest.mark.parametrize("count", [0, 1, 50, 333])
def test_any_number_of_texts_can_be_had(count: int) -> None:
    assert len(generate(count)) == count


def test_a_negative_number_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        generate(-1)


def test_labels_are_roughly_balanced_and_explained(corpus: list[SampleText]) -> None:
    counts = Counter(text.true_intent for text in corpus)
    assert tuple(GUIDELINES) == LABELS
    assert TASK_GUIDELINE
    assert set(counts) == set(LABELS)
    assert all(0.12 <= counts[label] / len(corpus) <= 0.30 for label in LABELS)


def test_one_label_in_twenty_is_wrong(corpus: list[SampleText]) -> None:
    assert sum(text.intent != text.true_intent for text in corpus) == 100
    assert {text.intent for text in corpus} == set(LABELS)


def test_one_text_in_a_hundred_repeats_an_earlier_one_almost(corpus: list[SampleText]) -> None:
    repeats = [text for text in corpus if text.duplicate_of is not None]
    assert len(repeats) == 20
    for repeat in repeats:
        assert repeat.duplicate_of is not None
        original = corpus[repeat.duplicate_of]
        assert original.duplicate_of is None
        assert original.metadata["received"] < repeat.metadata["received"]
        assert original.true_intent == repeat.true_intent
        assert original.document != repeat.document
        alike = SequenceMatcher(None, original.content, repeat.content, autojunk=False).ratio()
        assert 0.9 < alike < 1


def test_no_two_texts_are_equal(corpus: list[SampleText]) -> None:
    assert len({text.content for text in corpus}) == len(corpus)


def test_no_text_says_the_same_sentence_twice(corpus: list[SampleText]) -> None:
    for text in corpus:
        sentences = [part for part in re.split(r"(?<=[.?!])\s+", text.content) if len(part) > 35]
        assert len(sentences) == len(set(sentences)), text.content


def test_no_text_has_a_gap_or_an_unfilled_slot(corpus: list[SampleText]) -> None:
    for text in corpus:
        body = re.sub(r"\d{1,2}\.\d{1,2}\.\d{4}", "DATE", text.content)
        assert not re.search(r"[{}\[\]|]| ,| \.(?!\w)|, ?\.|\.\.|  |\n{3}", body), body


def test_spans_hold_mentions_of_their_kind_in_order(corpus: list[SampleText]) -> None:
    seen = Counter[str]()
    for text in corpus:
        end = 0
        for span in text.spans:
            assert end <= span.start < span.end <= len(text.content)
            assert re.fullmatch(FORMS[span.label], text.content[span.start : span.end])
            assert span.entity.startswith(f"{span.label.lower()}-")
            end = span.end
            seen[span.label] += 1
    assert set(seen) == set(SPAN_LABELS)
    assert min(seen.values()) >= 150


@pytest.mark.parametrize("label", ["POLICY", "PHONE", "EMAIL"])
def test_nothing_identifying_is_left_without_a_span(corpus: list[SampleText], label: str) -> None:
    for text in corpus:
        marked = {(span.start, span.end) for span in text.spans if span.label == label}
        assert {match.span() for match in re.finditer(FORMS[label], text.content)} == marked


def test_every_mention_of_a_named_person_has_a_span(corpus: list[SampleText]) -> None:
    for text in corpus:
        people = [span for span in text.spans if span.label == "PERSON"]
        covered = [(span.start, span.end) for span in text.spans]
        for family in {text.content[span.start : span.end].split()[-1] for span in people}:
            for match in re.finditer(rf"\b{family}\b", text.content):
                assert any(start <= match.start() < end for start, end in covered), text.content


def test_mentions_of_one_entity_belong_together(corpus: list[SampleText]) -> None:
    for text in corpus:
        mentions: dict[str, list[str]] = defaultdict(list)
        for span in text.spans:
            mentions[span.entity].append(text.content[span.start : span.end])
        for entity, forms in mentions.items():
            if not entity.startswith("person"):
                assert len(set(forms)) == 1
                continue
            fullest = max(forms, key=len)
            assert all(form in fullest or form.split()[-1] == fullest.split()[-1] for form in forms)
        assert list(mentions) == list(dict.fromkeys(span.entity for span in text.spans))


def test_offsets_count_an_emoji_as_one(corpus: list[SampleText]) -> None:
    after_emoji = [
        span
        for text in corpus
        if (found := EMOJI.search(text.content))
        for span in text.spans
        if span.start > found.start()
    ]
    assert len(after_emoji) > 50


def test_letters_of_one_file_are_about_one_policy(corpus: list[SampleText]) -> None:
    files: dict[str, list[SampleText]] = defaultdict(list)
    for text in corpus:
        files[text.document].append(text)
    assert sum(len(texts) > 1 for texts in files.values()) > 100
    for texts in files.values():
        assert len({text.metadata["product"] for text in texts}) == 1
        policies = {
            text.content[span.start : span.end]
            for text in texts
            for span in text.spans
            if span.label == "POLICY"
        }
        assert len(policies) <= 1
        claims = [text for text in texts if text.true_intent == "new claim"]
        assert claims in ([], texts[:1])


def test_texts_come_by_every_channel_in_order_of_receipt(corpus: list[SampleText]) -> None:
    received = [text.metadata["received"] for text in corpus]
    assert received == sorted(received)
    assert {text.metadata["channel"] for text in corpus} == {
        "letter",
        "e-mail",
        "portal message",
        "call note",
    }
    lengths = sorted(len(text.content.split()) for text in corpus)
    assert lengths[100] < 30
    assert lengths[-100] > 100


def test_jsonl_has_one_object_a_text(tmp_path: Path) -> None:
    texts = generate(60)
    write_jsonl(tmp_path / "sample.jsonl", texts)
    lines = (tmp_path / "sample.jsonl").read_text(encoding="utf-8").split("\n")
    rows = [json.loads(line) for line in lines[:-1]]
    assert list(rows[0]) == ["text", "label", "channel", "received", "product", "document"]
    assert [row["text"] for row in rows] == [text.content for text in texts]
    assert [row["label"] for row in rows] == [text.intent for text in texts]


def test_spans_jsonl_keeps_offsets_and_entities(tmp_path: Path) -> None:
    texts = generate(60)
    write_spans_jsonl(tmp_path / "spans.jsonl", texts)
    lines = (tmp_path / "spans.jsonl").read_text(encoding="utf-8").split("\n")
    for line, text in zip(lines[:-1], texts, strict=True):
        row = json.loads(line)
        assert row["text"] == text.content
        assert [tuple(span.values()) for span in row["spans"]] == [
            (span.start, span.end, span.label, span.entity) for span in text.spans
        ]
