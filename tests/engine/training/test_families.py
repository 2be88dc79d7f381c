"""Every family of encoders through every method, as a tiny random model of its own architecture."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import numpy as np
import pytest

from engine.core.errors import KnownError

FAMILIES = (
    "bert",
    "distilbert",
    "albert",
    "roberta",
    "xlm-roberta",
    "mpnet",
    "electra",
    "deberta-v2",
    "modernbert",
)
WITH_BLOCKS = tuple(family for family in FAMILIES if family != "albert")
WEIGHTS = "model.safetensors"

Folders = Callable[[str], Path]


@pytest.fixture(params=FAMILIES)
def base(request: pytest.FixtureRequest, family_folder: Folders) -> Path:
    """The base model of each family in turn."""
    return family_folder(request.param)


def test_the_folder_is_known_for_what_it_is(base: Path) -> None:
    from engine.registry.model_folder import examine_folder

    facts = examine_folder(base)
    assert f"tiny-{facts.architecture}" == base.name
    assert (facts.layers, facts.hidden_size, facts.max_length) == (4, 16, 32)


def test_setting_up_for_training_changes_no_logits(base: Path, make_trainable: Callable) -> None:
    import torch

    from engine.training.checkpoint import load_classifier

    plain = load_classifier(base, ("law", "medicine"), False, 42, torch.device("cpu")).model.eval()
    pad = plain.config.pad_token_id
    ids = torch.full((3, 30), pad)
    for row, length in enumerate((30, 12, 5)):  # a sliding window is shorter than the first
        ids[row, :length] = torch.arange(6, 6 + length) % 60 + 6
    mask = (ids != pad).long()
    seen = np.unique(ids.numpy())
    trainable = make_trainable(base, ids=seen, pad_id=pad)
    trainable.model.eval()
    with torch.no_grad():
        expected = plain(input_ids=ids, attention_mask=mask).logits
        assert torch.allclose(
            trainable.model(input_ids=ids, attention_mask=mask).logits, expected, atol=1e-5
        )
        alone = plain(input_ids=ids[1:2, :12]).logits
        assert torch.allclose(expected[1:2], alone, atol=1e-5), "padding must not be seen"
        assert torch.allclose(
            trainable.finish()(input_ids=ids, attention_mask=mask).logits, expected, atol=1e-5
        )


@pytest.mark.slow
def test_words_that_do_not_occur_would_not_have_moved(base: Path, make_trainable: Callable) -> None:
    import torch

    ids = torch.tensor([[5, 9, 12, 7, 2, 8], [5, 11, 8, 9, 10, 2]])
    ends = []
    for seen in (np.unique(ids.numpy()), None):
        trainable = make_trainable(base, ids=seen, weight_decay=0.0)
        optimiser = torch.optim.SGD(trainable.model.parameters(), lr=0.05)
        trainable.model.eval()
        for _ in range(3):
            optimiser.zero_grad()
            trainable.model(input_ids=ids).logits[:, 0].square().sum().backward()
            optimiser.step()
        ends.append(trainable.finish().state_dict())
    one, other = ends
    assert one.keys() == other.keys()
    for name, tensor in one.items():
        assert torch.allclose(tensor, other[name], atol=1e-5), name


def test_fine_tuning_learns_and_transformers_predicts_the_same(
    base: Path, train: Callable, make_rows: Callable
) -> None:
    from transformers import pipeline

    rows = make_rows(120, 20, 50)
    run = train(rows, base_model=base, epochs=6, batch_size=8, learning_rate=5e-3)

    assert run.finished["metrics"]["test"]["f1"] > 0.8
    columns = run.predictions()
    plain = pipeline("text-classification", str(run.output), device="cpu", top_k=None)
    some = list(zip(columns["text_id"], columns["probabilities"], strict=True))[::7]
    found = plain([rows[text_id - 100].text for text_id, _ in some], truncation=True)
    for (_, ours), theirs in zip(some, found, strict=True):
        scores = {one["label"]: one["score"] for one in theirs}
        assert [scores["law"], scores["medicine"]] == pytest.approx(ours, abs=1e-4)


def test_a_handful_of_labels_is_enough_for_setfit(
    base: Path, train: Callable, make_rows: Callable
) -> None:
    from sentence_transformers import SentenceTransformer

    from engine.inference.embed import Embedder

    rows = make_rows(24, 10, 50)
    run = train(rows, base_model=base, method="setfit", steps=15)

    assert run.finished["metrics"]["test"]["f1"] > 0.8
    texts = [row.text for row in rows[:20]]
    reference = SentenceTransformer(str(run.output), device="cpu", local_files_only=True)
    assert np.allclose(Embedder(run.output, "cpu").embed(texts), reference.encode(texts), atol=1e-4)


def test_guessing_words_makes_a_base_model_for_the_other_methods(
    base: Path, train: Callable, make_rows: Callable
) -> None:
    import torch

    from engine.training.masking.checkpoint import load_masked_language_model

    rows = make_rows(160, 30)
    run = train(
        rows, base_model=base, method="mlm", labels=(), batch_size=4, preview="the [MASK] was old"
    )

    _, new = load_masked_language_model(run.output, torch.device("cpu"), 1)
    assert not new, "what was trained must be found again"
    scores = run.finished["metrics"]["held-out"]
    assert scores["perplexity"] < scores["perplexity_before"]
    assert [one["when"] for one in run.of("preview")] == ["before", "after"]
    after = train(make_rows(40, 10, 50), base_model=run.output, epochs=1)
    assert after.finished["metrics"]["test"]["texts"] == 50


def test_marking_spans_learns_their_boundaries(
    base: Path, train: Callable, make_span_rows: Callable
) -> None:
    from engine.inference.tag import Tagger

    rows = make_span_rows(120, 15, 50)
    run = train(rows, base_model=base, method="ner", epochs=5, batch_size=8, learning_rate=1e-2)

    assert run.finished["metrics"]["test"]["f1"] > 0.8
    (found,) = Tagger(run.output, "cpu").tag([rows[-1].text])
    assert all(rows[-1].text[start:end].strip() for start, end, _, _ in found)


def test_vectors_are_those_of_sentence_transformers(base: Path, make_rows: Callable) -> None:
    from sentence_transformers import SentenceTransformer

    from engine.inference.embed import Embedder

    texts = [row.text for row in make_rows(30)] + ["", "court " * 80]
    reference = SentenceTransformer(str(base), device="cpu", local_files_only=True)
    assert np.allclose(Embedder(base, "cpu").embed(texts), reference.encode(texts), atol=1e-4)


@pytest.mark.parametrize("method", ["setfit", "mlm"])
def test_the_words_that_e5_wants_travel_with_what_is_trained_from_it(
    method: str,
    family_folder: Folders,
    train: Callable,
    make_rows: Callable,
    tmp_path: Path,
) -> None:
    from engine.inference.embed import Embedder
    from engine.inference.pooling import read_pooling

    base = Path(shutil.copytree(family_folder("bert"), tmp_path / "e5-base-v2"))
    labels = () if method == "mlm" else ("law", "medicine")
    run = train(make_rows(60, 10, 50), base_model=base, method=method, labels=labels)

    assert read_pooling(run.output) == replace(read_pooling(base), max_seq_length=ANY)
    embedder = Embedder(run.output, "cpu")
    bare = Embedder(Path(shutil.copytree(family_folder("bert"), tmp_path / "plain")), "cpu")
    assert not np.allclose(embedder.embed(["court"]), embedder.embed(["court"], "query"))
    assert np.allclose(bare.embed(["court"]), bare.embed(["court"], "query"))


@pytest.mark.parametrize("family", WITH_BLOCKS)
def test_frozen_blocks_cost_no_gradient_and_stay_bit_identical(
    family: str, family_folder: Folders, make_trainable: Callable
) -> None:
    import torch

    from engine.training.freezing import transformer_blocks

    trainable = make_trainable(family_folder(family), frozen_blocks=2)
    blocks = transformer_blocks(trainable.model)
    assert blocks is not None
    assert len(blocks) == 4
    records: list[bool] = []
    for block in blocks:
        block.register_forward_hook(
            lambda _block, _inputs, output: records.append(_hidden(output).requires_grad)
        )
    before = {name: one.detach().clone() for name, one in trainable.model.named_parameters()}
    optimiser = torch.optim.SGD(trainable.model.parameters(), lr=0.1)
    trainable.start_training()
    ids = torch.tensor([[1, 9, 12, 7, 2, 8], [1, 11, 8, 9, 10, 2]])
    trainable.model(input_ids=ids).logits.square().sum().backward()
    optimiser.step()

    assert records == [False, False, True, True], "a frozen prefix must not record gradients"
    assert not any(module.training for module in list(blocks)[:2])
    for number, block in enumerate(blocks):
        moved = [
            not torch.equal(before[name], one)
            for name, one in trainable.model.named_parameters()
            if any(one is own for own in block.parameters())
        ]
        assert any(moved) == (number >= 2), number


@pytest.mark.parametrize("family", WITH_BLOCKS)
def test_all_blocks_may_be_frozen_and_no_more(
    family: str, family_folder: Folders, make_trainable: Callable
) -> None:
    folder = family_folder(family)
    make_trainable(folder, frozen_blocks=4)
    with pytest.raises(KnownError, match=r"has 4 blocks .* choose a number from 0 to 4"):
        make_trainable(folder, frozen_blocks=5)


def test_a_block_that_all_layers_share_cannot_be_frozen_in_part(
    family_folder: Folders, make_trainable: Callable
) -> None:
    sentence = r"shares one block among its 4 layers.*frozen_blocks to 0.*train to head"
    with pytest.raises(KnownError, match=sentence):
        make_trainable(family_folder("albert"), frozen_blocks=2)


@pytest.mark.slow
def test_training_only_the_head_leaves_every_encoder_alone(
    base: Path, train: Callable, make_rows: Callable
) -> None:
    run = train(make_rows(80, 10, 50), base_model=base, train="head", epochs=3)

    before, after = _encoder_weights(base), _encoder_weights(run.output)
    assert before
    assert {name for name in before if not np.array_equal(before[name], after[name])} == set()


def _hidden(output: Any) -> Any:
    return output[0] if isinstance(output, tuple) else output


def _encoder_weights(folder: Path) -> dict[str, Any]:
    """The weights of a folder's encoder by the names that it has without a head."""
    import torch

    from engine.training.checkpoint import load_encoder

    state = load_encoder(folder, torch.device("cpu")).state_dict()
    return {name: one.numpy() for name, one in state.items() if "pooler" not in name}
