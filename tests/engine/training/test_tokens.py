"""Texts as token ids."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest


def test_texts_are_cut_with_their_end_mark_and_counted(tiny_encoder: Path) -> None:
    from engine.training.checkpoint import load_tokenizer
    from engine.training.tokens import tokenise

    tokenizer = load_tokenizer(tiny_encoder)
    texts = ["court", "court judge ruling appeal", "", "court judge"]
    tokens = tokenise(texts, tokenizer, max_length=4)

    assert list(tokens.lengths) == [3, 4, 2, 4]
    assert tokens.cut == 1
    ends = tokens.ids[tokens.starts[1:] - 1]
    assert set(ends) == {tokenizer.sep_token_id}


def test_a_batch_is_padded_to_its_own_longest_text(tiny_encoder: Path) -> None:
    import torch

    from engine.training.checkpoint import load_tokenizer
    from engine.training.tokens import tokenise

    tokens = tokenise(
        ["court", "court judge ruling appeal", "judge"], load_tokenizer(tiny_encoder), 32
    )
    ids, mask = tokens.batch(np.array([1, 0]), torch.device("cpu"))
    assert ids.shape == (2, 6)
    assert mask is not None
    assert mask.tolist() == [[1] * 6, [1] * 3 + [0] * 3]
    assert ids[1, 3:].tolist() == [1, 1, 1]

    ids, mask = tokens.batch(np.array([2, 0]), torch.device("cpu"))
    assert ids.shape == (2, 3)
    assert mask is None


@pytest.mark.parametrize(
    ("family", "positions", "tokenizer_limit", "asked", "readable"),
    [
        ("bert", 512, 512, 0, 512),
        ("bert", 512, 10**30, 300, 300),
        ("roberta", 514, 10**30, 1000, 512),
        ("modernbert", 8192, 8192, 0, 512),
        ("modernbert", 8192, 8192, 2000, 2000),
        ("mpnet", 514, 384, 1000, 384),
    ],
)
def test_no_more_is_read_than_the_encoder_has_positions_for(
    family: str, positions: int, tokenizer_limit: int, asked: int, readable: int
) -> None:
    from engine.training.tokens import readable_length

    config = SimpleNamespace(model_type=family, max_position_embeddings=positions, pad_token_id=1)
    tokenizer = SimpleNamespace(model_max_length=tokenizer_limit)
    assert readable_length(tokenizer, config, asked) == readable


@pytest.mark.parametrize(
    ("words", "settings", "pieces"),
    [
        (["Paris", "court", "the"], None, ["the", "Paris", "[UNK]"]),
        (["paris", "court", "the"], None, ["the", "paris", "court"]),
        (["Paris", "court", "the"], {"do_lower_case": True}, ["the", "[UNK]", "court"]),
    ],
)
def test_a_word_list_with_capital_letters_is_read_with_them(
    words: list[str], settings: dict[str, Any] | None, pieces: list[str], tmp_path: Path
) -> None:
    from engine.training.checkpoint import load_tokenizer

    marks = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    (tmp_path / "vocab.txt").write_text("\n".join([*marks, *words]), encoding="utf-8")
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    if settings:
        (tmp_path / "tokenizer_config.json").write_text(json.dumps(settings))

    assert load_tokenizer(tmp_path).tokenize("the Paris Court") == pieces
