"""Whole words are words of the text, whatever pieces a tokenizer cuts them into."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine.training.masking.words import NO_WORD, read_corpus, word_ends

CORPUS = [
    "The plaintiff's counsel re-examined 3.14 and 1,000 witnesses.",
    "Unbelievably, naïve café-goers don't mind: 東京は大きい。",
    "😀👩‍👩‍👧 emoji, हिन्दी, and numbers 2024 12 7 7 7.",
] * 3


def wordpiece() -> Any:
    from tokenizers import BertWordPieceTokenizer
    from transformers import BertTokenizerFast

    trained = BertWordPieceTokenizer()
    trained.train_from_iterator(CORPUS, vocab_size=200, show_progress=False)
    return BertTokenizerFast(tokenizer_object=trained._tokenizer)


def byte_level() -> Any:
    from tokenizers import ByteLevelBPETokenizer
    from transformers import PreTrainedTokenizerFast

    trained = ByteLevelBPETokenizer()
    trained.train_from_iterator(CORPUS, vocab_size=300, show_progress=False)
    trained.add_special_tokens(["<mask>"])
    return PreTrainedTokenizerFast(tokenizer_object=trained._tokenizer, mask_token="<mask>")


def sentence_piece() -> Any:
    from tokenizers import SentencePieceUnigramTokenizer
    from transformers import PreTrainedTokenizerFast

    trained = SentencePieceUnigramTokenizer()
    trained.train_from_iterator(
        CORPUS, vocab_size=120, show_progress=False, unk_token="<unk>", special_tokens=["<unk>"]
    )
    return PreTrainedTokenizerFast(tokenizer_object=trained._tokenizer, unk_token="<unk>")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The plaintiff's appeal", ["The", "plaintiff's", "appeal"]),
        ("re-examined: 3.14, 1,000", ["re", "-", "examined", ":", "3.14", ",", "1,000"]),
        ("COVID19 B12", ["COVID19", "B12"]),
        ("cafe\u0301 हिन्दी", ["cafe\u0301", "हिन्दी"]),  # marks belong to their letters
        ("東京は", ["東", "京", "は"]),
        ("a😀b 👩‍👩‍👧!", ["a", "😀", "b", "👩‍👩‍👧", "!"]),
        ("  \n ", []),
        ("", []),
    ],
)
def test_words_are_found_in_the_text(text: str, words: list[str]) -> None:
    ends = word_ends(text).tolist()
    assert len(ends) == len(words)
    for end, word in zip(ends, words, strict=True):
        assert text[:end].endswith(word)


@pytest.mark.parametrize("make", [wordpiece, byte_level, sentence_piece])
def test_the_pieces_of_a_word_share_its_number_in_every_kind_of_tokenizer(
    make: Callable[[], Any],
) -> None:
    tokenizer = make()
    text = "Unbelievably plaintiff's 😀 1,000 naïve"
    corpus = read_corpus([text], tokenizer)
    pieces: dict[int, list[int]] = {}
    for token, word in zip(corpus.ids.tolist(), corpus.words.tolist(), strict=True):
        pieces.setdefault(word, []).append(token)
    words = [tokenizer.decode(tokens).replace(" ", "") for _, tokens in sorted(pieces.items())]
    assert words in (text.split(), ["unbelievably", "plaintiff's", "😀", "1,000", "naive"])
    assert max(map(len, pieces.values())) > 1


def test_what_the_vocabulary_lacks_is_never_a_word_to_guess() -> None:
    tokenizer = wordpiece()
    corpus = read_corpus(["The 龘 [MASK] [SEP]"], tokenizer)
    special = np.isin(corpus.ids, tokenizer.all_special_ids)
    assert special.sum() >= 3
    assert (corpus.words[special] == NO_WORD).all()
    assert (corpus.words[~special] != NO_WORD).any()


def test_no_two_words_of_a_corpus_share_a_number_and_empty_texts_have_none() -> None:
    corpus = read_corpus(["the court", "", "   ", "the court"], wordpiece())
    assert corpus.lengths[1] == corpus.lengths[2] == 0
    first = set(corpus.words[: corpus.starts[1]].tolist())
    second = set(corpus.words[corpus.starts[3] :].tolist())
    assert first
    assert not first & second


def test_without_whole_words_every_piece_is_a_word() -> None:
    corpus = read_corpus(["Unbelievably unbelievably"], wordpiece(), whole_word=False)
    assert len(set(corpus.words.tolist())) == len(corpus.ids)


def test_a_text_of_a_million_characters_is_read_whole() -> None:
    corpus = read_corpus(["the mind " * 111_112], wordpiece())
    assert corpus.words[-1] == 2 * 111_112 - 1
