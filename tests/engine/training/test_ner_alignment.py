"""From spans to tags and back, for tokenizers of every kind, and windows over long texts."""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.inspection.span_scores import Span

ODD = "😀👩‍⚕️é́ßüŁ東京ا،\u00a0€™\t\r\n"
ALPHABET = string.ascii_letters + string.digits + " .,'-()"
FAMILIES = ("wordpiece", "bytes", "sentencepiece")
LONG = "Dr. Ann Lee met Bob. " * 7


def make_tokenizer(family: str) -> Any:
    """Return a tokenizer of a family whose pieces are single letters, or bytes of them."""
    from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    letters = sorted(set(ALPHABET.strip() + ODD) - set(string.whitespace))
    if family == "wordpiece":
        names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *(f"##{one}" for one in letters)]
        vocabulary = {name: number for number, name in enumerate(names)}
        backend = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
        backend.normalizer = normalizers.BertNormalizer(lowercase=True)
        backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    elif family == "bytes":
        names = ["[PAD]", "[CLS]", "[SEP]", *sorted(pre_tokenizers.ByteLevel.alphabet())]
        vocabulary = {name: number for number, name in enumerate(names)}
        backend = Tokenizer(models.BPE(vocabulary, []))
        backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        backend.decoder = decoders.ByteLevel()
    else:
        names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "▁", *letters]
        vocabulary = {name: number for number, name in enumerate(names)}
        backend = Tokenizer(models.Unigram([(name, -1.0) for name in names], unk_id=1))
        backend.normalizer = normalizers.NFKC()
        backend.pre_tokenizer = pre_tokenizers.Metaspace()
    backend.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        special_tokens=[(name, vocabulary[name]) for name in ("[CLS]", "[SEP]")],
    )
    return PreTrainedTokenizerFast(tokenizer_object=backend, pad_token="[PAD]")


@pytest.fixture(scope="module")
def tokenizers() -> dict[str, Any]:
    """One tokenizer of each family."""
    return {family: make_tokenizer(family) for family in FAMILIES}


def through_tags(
    text: str, spans: Sequence[Span], tokenizer: Any, unit: str
) -> tuple[list[Span], int]:
    """Write spans as tags and read them again; also how many are said not to come back."""
    from engine.training.tagging.pieces import read_pieces
    from engine.training.tagging.scheme import read_tags, write_tags

    _, begins, ends = read_pieces([text], tokenizer).units(0, unit)
    written = write_tags(spans, begins, ends)
    read = read_tags(written.tags, np.ones(len(begins)), begins, ends)
    return [span[:3] for span in read], written.shifted + written.lost


def place(text: str, *parts: str) -> list[Span]:
    """Return the places of parts of a text, one after the other, labelled 0, 1, 0 …"""
    found, after = [], 0
    for number, part in enumerate(parts):
        start = text.index(part, after)
        after = start + len(part)
        found.append((start, after, number % 2))
    return found


WHOLE_WORDS = [
    ("Ann Lee met Bob.", ["Ann Lee", "Bob"]),
    ("(Ann) said: Bob's", ["Ann", "Bob"]),
    ("Ann Lee", ["Ann", "Lee"]),
    ("wow 😀 Ann 👩‍⚕️ Bob", ["Ann", "Bob"]),
    ("the 👩‍⚕️ said", ["👩‍⚕️"]),
    ("line one\r\nAnn\r\nLee", ["Ann", "Lee"]),
    ("Ann\r\nLee here", ["Ann\r\nLee"]),
    ("caf\u0065\u0301 Zu\u0308rich, Zoe\u0308", ["caf\u0065\u0301", "Zu\u0308rich", "Zoe\u0308"]),
    ("a\u00a0Bob\tsaid", ["Bob"]),
    ("東京 and 京", ["東", "京"]),
    ("5-10 (mg)", ["5-10", "mg"]),
]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(("text", "parts"), WHOLE_WORDS)
def test_spans_of_whole_words_come_back_as_they_were(
    text: str, parts: list[str], family: str, tokenizers: dict[str, Any]
) -> None:
    spans = place(text, *parts)

    assert through_tags(text, spans, tokenizers[family], "word") == (spans, 0)


@pytest.mark.parametrize("family", FAMILIES)
def test_spans_inside_of_a_word_come_back_from_tags_of_pieces(
    family: str, tokenizers: dict[str, Any]
) -> None:
    text = "preMRI scan of Donaudampfschiff"
    spans = place(text, "MRI", "dampf")

    assert through_tags(text, spans, tokenizers[family], "piece") == (spans, 0)
    widened, not_exact = through_tags(text, spans, tokenizers[family], "word")
    assert not_exact == 2
    assert widened == place(text, "preMRI", "Donaudampfschiff")


@pytest.mark.parametrize("family", FAMILIES)
def test_a_word_counts_once_however_many_pieces_it_has(
    family: str, tokenizers: dict[str, Any]
) -> None:
    from engine.training.tagging.scheme import NO_TAG

    task, _ = make_task(["Ann Lee met"], [[(0, 7, 1)]], tokenizers[family])

    assert task.unit == "word"
    assert task.tags[task.tags != NO_TAG].tolist() == [3, 4, 0]
    assert len(task.tags) > 3


def test_a_single_span_inside_of_a_word_makes_the_pieces_count(tokenizers: dict[str, Any]) -> None:
    from engine.training.tagging.scheme import NO_TAG

    texts, gold = ["preMRI of Ann"], [[(3, 6, 0), (10, 13, 1)]]
    task, said = make_task(texts, gold, tokenizers["wordpiece"])

    assert task.unit == "piece"
    assert task.tags.tolist() == [0, 0, 0, 1, 2, 2, 0, 0, 3, 4, 4]
    assert NO_TAG not in task.tags
    assert "1 of 2 passages to learn from begin or end inside of a word" in said


def test_texts_that_are_not_learned_from_do_not_choose_the_unit(tokenizers: dict[str, Any]) -> None:
    texts, gold = ["preMRI of Ann", "Bob"], [[(3, 6, 0)], [(0, 3, 1)]]
    task, said = make_task(texts, gold, tokenizers["wordpiece"], train=[1])

    assert task.unit == "word"
    assert "1 of 2 passages begin or end where the base model's tokenizer sees no border" in said


def test_what_cannot_be_said_is_told(tokenizers: dict[str, Any]) -> None:
    texts = ["Ann Lee met Bob ", "  "]
    gold = [[(0, 3, 0), (0, 7, 1), (4, 11, 0), (12, 16, 0)], [(0, 1, 0)]]
    task, said = make_task(texts, gold, tokenizers["wordpiece"])

    assert task.unit == "word"
    assert "2 of 5 passages lie inside of longer ones or overlap them" in said
    assert "1 of 5 passages begin or end where the base model's tokenizer sees no border" in said
    assert "1 of 5 passages hold nothing that the base model's tokenizer sees" in said
    assert task.gold == gold


def make_task(
    texts: list[str],
    gold: list[list[Span]],
    tokenizer: Any,
    max_length: int = 512,
    train: list[int] | None = None,
) -> tuple[Any, str]:
    from engine.training.tagging.pieces import read_pieces
    from engine.training.tagging.task import make_task
    from engine.training.tagging.windows import make_windows

    said: list[str] = []
    windows = make_windows(read_pieces(texts, tokenizer), tokenizer, max_length)
    train = np.arange(len(texts)) if train is None else np.array(train)
    return make_task(("place", "person"), gold, windows, train, said.append), " ".join(said)


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[Span]]:
    """A text of odd characters, and spans in it that do not overlap and do not end in space."""
    text = draw(st.text(st.sampled_from(ALPHABET + ODD), max_size=30))
    borders = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    spans = []
    for start, end in zip(borders[::2], borders[1::2], strict=False):
        part = text[start:end]
        start += len(part) - len(part.lstrip())
        end -= len(part) - len(part.rstrip())
        if start < end:
            spans.append((start, end, draw(st.integers(0, 1))))
    return text, spans


@pytest.mark.parametrize("unit", ["word", "piece"])
@pytest.mark.parametrize("family", FAMILIES)
@settings(max_examples=40, deadline=None)
@given(marked=marked_texts())
def test_exactly_the_spans_that_are_not_told_come_back(
    marked: tuple[str, list[Span]], unit: str, family: str, tokenizers: dict[str, Any]
) -> None:
    text, spans = marked
    read, not_exact = through_tags(text, spans, tokenizers[family], unit)

    assert (read == spans) == (not_exact == 0)
    assert all(0 <= start < end <= len(text) for start, end, _ in read)
    assert len(set(spans) - set(read)) <= not_exact


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("max_length", [3, 8, 33, 500])
def test_every_piece_belongs_to_the_window_where_it_has_most_context(
    max_length: int, family: str, tokenizers: dict[str, Any]
) -> None:
    from engine.training.tagging.pieces import read_pieces
    from engine.training.tagging.windows import make_windows

    tokenizer = tokenizers[family]
    pieces = read_pieces([LONG, "", "Bob"], tokenizer)
    windows = make_windows(pieces, tokenizer, max_length)

    assert windows.lengths.max() <= max_length
    assert set(windows.texts) == {0, 2}
    owners = np.zeros(len(pieces.ids), int)
    for number in range(len(windows.texts)):
        owners[windows.own_firsts[number] : windows.own_lasts[number]] += 1
    assert (owners == 1).all()
    own = pieces.of(0)
    for piece in range(own.start, own.stop):
        context = {}
        for number in windows.of(np.array([0])):
            first, last = windows.firsts[number], windows.lasts[number]
            if first <= piece < last:
                left = np.inf if first == own.start else piece - first
                right = np.inf if last == own.stop else last - 1 - piece
                owned = windows.own_firsts[number] <= piece < windows.own_lasts[number]
                context[bool(owned)] = max(context.get(bool(owned), -1), min(left, right))
        assert context[True] + 1 >= context.get(False, -1)


@pytest.mark.parametrize("family", FAMILIES)
def test_windows_together_learn_and_read_what_the_whole_text_says(
    family: str, tokenizers: dict[str, Any]
) -> None:
    """Spans at every place, also across the borders of windows, are in the targets once."""
    import torch

    from engine.training.tagging.scheme import NO_TAG

    spans = [(at, at + 11, 1) for at in range(0, len(LONG) - 20, 21)]
    task, _ = make_task([LONG], [spans], tokenizers[family], max_length=21)
    windows = task.windows
    every = np.arange(len(windows.texts))
    ids, mask = windows.batch(every, torch.device("cpu"))
    targets = windows.targets(every, task.tags)

    assert len(every) > 5
    assert ids.shape == targets.shape
    assert mask is None or (targets[mask == 0] == NO_TAG).all()
    learned = torch.cat([row[row != NO_TAG] for row in targets]).numpy()
    assert learned.tolist() == task.tags[task.tags != NO_TAG].tolist()
    assert (learned == 3).sum() == len(spans)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_text_in_one_window_has_the_ids_of_the_plain_tokenizer(
    family: str, tokenizers: dict[str, Any]
) -> None:
    import torch

    task, _ = make_task([LONG], [[]], tokenizers[family])
    ids, _ = task.windows.batch(np.array([0]), torch.device("cpu"))

    assert ids[0].tolist() == tokenizers[family](LONG)["input_ids"]
