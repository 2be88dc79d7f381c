"""The model guesses as transformers' own does, texts of a block apart, and only where asked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.training.masking.words import Corpus

VOCABULARY = 90
MASK_ID = 4
SHAPE: dict[str, Any] = {
    "vocab_size": VOCABULARY,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "max_position_embeddings": 70,
    "pad_token_id": 1,
}
SEPARATE = ("bert", "roberta", "electra", "distilbert", "mpnet")
TOGETHER = ("deberta-v2", "modernbert")


def make_model(family: str) -> Any:
    """A random model of a family that guesses words, dropout in it."""
    import torch
    from transformers import AutoConfig, AutoModelForMaskedLM

    shape = dict(SHAPE)
    if family == "distilbert":
        shape = {"dim": 16, "hidden_dim": 32, "n_layers": 2, "n_heads": 2, **SHAPE}
    if family == "modernbert":
        # A sliding window shorter than a block.
        shape |= {"local_attention": 8, "cls_token_id": 0, "sep_token_id": 2}
    if family == "electra":
        shape |= {"embedding_size": 16}
    torch.manual_seed(3)
    return AutoModelForMaskedLM.from_config(AutoConfig.for_model(family, **shape)).eval()


def make_batch(length: int = 32) -> tuple[Any, Any]:
    """A batch of full blocks, and a third of its words hidden."""
    from engine.training.masking.choosing import Alphabet, choose_words
    from engine.training.masking.packing import pack

    random = np.random.default_rng(5)
    lengths = random.integers(3, 20, 14)
    total = int(lengths.sum())
    corpus = Corpus(
        random.integers(5, VOCABULARY, total).astype(np.int32),
        np.arange(total) // 2,
        np.cumsum([0, *lengths]).astype(np.int64),
    )
    packed = pack(corpus, np.arange(14), ([0], [2]), length, random)
    batch = next(packed.batches(4))
    alphabet = Alphabet(MASK_ID, np.arange(5, VOCABULARY, dtype=np.int32))
    return batch, choose_words(batch.ids, batch.words, 0.3, alphabet, random)


def set_up(model: Any, length: int = 32) -> Any:
    import torch

    from engine.training.masking.language_model import LanguageModel

    found = LanguageModel(model, torch.device("cpu"), "fp32", 42)
    found.prepare(np.arange(5, VOCABULARY), length)
    model.eval()
    return found


def logits_text_by_text(model: Any, batch: Any, masked: Any) -> Any:
    """What transformers gives when each text of the blocks is read alone."""
    import torch

    ids, pieces = masked.ids.ravel(), batch.pieces.ravel()
    rows = [
        model(input_ids=torch.from_numpy(ids[pieces == piece][None].astype(np.int64))).logits[0]
        for piece in dict.fromkeys(pieces.tolist())
    ]
    return torch.cat(rows)[torch.from_numpy(masked.places)]


@pytest.mark.parametrize("family", SEPARATE)
def test_texts_that_share_a_block_are_read_as_if_each_stood_alone(family: str) -> None:
    import torch

    batch, masked = make_batch()
    expected = logits_text_by_text(make_model(family), batch, masked)
    model = set_up(make_model(family))
    assert model.separates
    with torch.no_grad():
        found = model.guess(model.encode(batch, masked))
    assert torch.allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("family", TOGETHER)
def test_an_architecture_that_cannot_keep_them_apart_reads_a_block_as_one_text(
    family: str,
) -> None:
    import torch

    batch, masked = make_batch()
    plain = make_model(family)
    whole = plain(input_ids=torch.from_numpy(masked.ids.astype(np.int64))).logits
    expected = whole.flatten(0, 1)[torch.from_numpy(masked.places)]
    model = set_up(make_model(family))
    assert not model.separates
    with torch.no_grad():
        found = model.guess(model.encode(batch, masked))
    assert torch.allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("family", ["bert", "roberta", "mpnet"])
def test_the_gradients_are_those_of_the_plain_loss(family: str) -> None:
    import torch

    batch, masked = make_batch()
    plain = make_model(family)
    answers = torch.from_numpy(masked.answers)
    torch.nn.functional.cross_entropy(logits_text_by_text(plain, batch, masked), answers).backward()
    model = set_up(make_model(family))
    model.loss(model.guess(model.encode(batch, masked)), masked).backward()
    expected = {name: one.grad for name, one in plain.named_parameters()}
    for name, one in model.model.named_parameters():
        if expected[name] is not None:
            assert torch.allclose(one.grad, expected[name], atol=1e-6), name


def test_it_is_given_back_as_transformers_made_it() -> None:
    import torch

    batch, masked = make_batch()
    model = set_up(make_model("bert"))
    model.guess(model.encode(batch, masked))
    ids = torch.from_numpy(masked.ids.astype(np.int64))
    expected = make_model("bert")(input_ids=ids).logits
    during = model.model(input_ids=ids).logits  # the preview uses it so
    after = model.finish()
    assert torch.allclose(during, expected, atol=1e-5)
    assert torch.allclose(after(input_ids=ids).logits, expected, atol=1e-5)
    assert after.config._attn_implementation == make_model("bert").config._attn_implementation
