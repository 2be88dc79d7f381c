"""What frozen blocks compute is computed once, kept on disk, and changes nothing."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

FAMILIES = (
    "bert",
    "distilbert",
    "roberta",
    "xlm-roberta",
    "mpnet",
    "electra",
    "deberta-v2",
    "modernbert",
)
WEIGHTS = "model.safetensors"
CLOSE = 5e-3
"""By how much logits may differ: states are kept in half precision."""

Folders = Callable[[str], Path]


def cache_of(run: Any) -> Path:
    """The cache beside the models of a run."""
    folder: Path = run.output.parent / ".cache"
    return folder


def preparations(run: Any) -> int:
    """How often a run reported that frozen blocks computed."""
    return sum(data["phase"] == "warm-up" for data in run.of("progress"))


@pytest.fixture
def make_cache(tmp_path: Path) -> Callable[[Path], Any]:
    """Make the cache of a job that starts from a base model."""

    def make(base: Path, name: str = "cache") -> Any:
        from engine.jobs.reporting import Reporter
        from engine.training.meter import Meter
        from engine.training.prefix.cache import PrefixCache
        from engine.training.resuming.course import Course

        report, meter = Reporter(1, lambda event: None), Meter()
        course = Course(tmp_path, {}, report, meter)
        return PrefixCache(tmp_path / name, base, "hash", "fp32", report, meter, course)

    return make


def make_tokens() -> Any:
    """Texts of very different lengths, the last one twice."""
    from engine.training.tokens import Tokens

    lengths = (30, 3, 12, 5, 12, 12)
    random = np.random.default_rng(3)
    texts = [random.integers(6, 60, length) for length in lengths]
    texts.append(texts[-1])
    starts = np.cumsum([0, *map(len, texts)])
    return Tokens(np.concatenate(texts).astype(np.int32), starts, pad_id=1)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_goes_on_from_kept_states_as_from_computed_ones(
    family: str, family_folder: Folders, make_trainable: Callable, make_cache: Callable
) -> None:
    from dataclasses import replace

    import torch

    from engine.training.settings import parse_settings

    base, tokens = family_folder(family), make_tokens()
    for depth in (2, 4):
        plain = make_trainable(base, frozen_blocks=depth)
        expected, gradients = learn_once(plain, tokens)
        trainable = make_trainable(base, frozen_blocks=depth)
        settings = parse_settings({"frozen_blocks": depth})
        known = make_cache(base).know(trainable, tokens, settings, frozenset())
        assert known is not None
        trainable.recall(known)
        found, others = learn_once(trainable, replace(tokens, follow=known.turn_to))
        assert torch.allclose(found, expected, atol=CLOSE)
        assert gradients.keys() == others.keys()
        for name, gradient in gradients.items():
            assert torch.allclose(gradient, others[name], atol=10 * CLOSE), name
        ids, mask = tokens.batch(np.arange(7), torch.device("cpu"))
        before = plain.finish()(input_ids=ids, attention_mask=mask).logits
        after = trainable.finish()(input_ids=ids, attention_mask=mask).logits
        assert torch.allclose(before, after, atol=1e-5), "it must compute again in the end"


@pytest.mark.parametrize("family", FAMILIES)
def test_the_head_of_every_family_needs_few_vectors_a_text(
    family: str, family_folder: Folders, make_trainable: Callable, make_cache: Callable
) -> None:
    from dataclasses import replace

    import torch

    from engine.training.head import can_be_fitted
    from engine.training.settings import parse_settings

    base, tokens = family_folder(family), make_tokens()
    expected, gradients = learn_once(make_trainable(base, train="head"), tokens)
    trainable = make_trainable(base, train="head")
    settings = parse_settings({"train": "head"})
    known = make_cache(base).know(trainable, tokens, settings, frozenset())
    assert known is not None
    assert can_be_fitted(known)
    trainable.recall(known)
    found, others = learn_once(trainable, replace(tokens, follow=known.turn_to))
    assert torch.allclose(found, expected, atol=1e-5)
    assert gradients.keys() == others.keys()
    for name, gradient in gradients.items():
        assert torch.allclose(gradient, others[name], atol=1e-4), name


def learn_once(trainable: Any, tokens: Any) -> tuple[Any, dict[str, Any]]:
    """The logits of all texts with dropout, and the gradients of what trains by name."""
    ids, mask = tokens.batch(np.arange(7), trainable.device)
    trainable.start_training()
    logits = trainable.model(input_ids=ids, attention_mask=mask).logits
    logits[:, 0].sum().backward()
    weights = trainable.model.named_parameters()
    return logits.detach(), {name: one.grad for name, one in weights if one.grad is not None}


@pytest.mark.parametrize("family", ["bert", "deberta-v2", "modernbert"])
def test_one_pass_fills_the_cache_for_several_prefixes_as_each_would_alone(
    family: str,
    family_folder: Folders,
    make_trainable: Callable,
    make_cache: Callable,
    tmp_path: Path,
) -> None:
    from engine.training.settings import parse_settings

    base, tokens = family_folder(family), make_tokens()
    nothing: frozenset[str] = frozenset()
    for depth in (1, 3):
        settings = parse_settings({"frozen_blocks": depth})
        trainable = make_trainable(base, frozen_blocks=depth)
        assert make_cache(base, "alone").know(trainable, tokens, settings, nothing) is not None
    head = make_trainable(base, train="head")
    make_cache(base, "together").know_together(head, tokens, (3, 1), nothing, 42, heads=False)

    alone, together = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}
        for name in ("alone", "together")
    )
    assert len(alone) == 4
    assert alone == together


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_marks_spans_from_kept_states_as_from_computed_ones(
    family: str, family_folder: Folders, make_cache: Callable
) -> None:
    from dataclasses import replace

    import torch

    from engine.training.ner_settings import parse_ner_settings
    from engine.training.tagging.checkpoint import load_base_tagger
    from engine.training.trainable import Trainable

    base, tokens = family_folder(family), make_tokens()
    settings, device = parse_ner_settings({"frozen_blocks": 2}), torch.device("cpu")
    checkpoint = load_base_tagger(base, ("law",), 42, device)
    trainable = Trainable(checkpoint, settings, device, "fp32", tokens.ids, 1, reads_first=False)
    ids, mask = tokens.batch(np.arange(7), device)
    with torch.no_grad():
        whole = trainable.model.eval()(input_ids=ids, attention_mask=mask).logits
    known = make_cache(base).know(trainable, tokens, settings, checkpoint.new)
    assert known is not None
    trainable.recall(known)
    replace(tokens, follow=known.turn_to).batch(np.arange(7), device)
    with torch.no_grad():
        short = trainable.model(input_ids=ids, attention_mask=mask).logits
    assert torch.allclose(whole[mask.bool()], short[mask.bool()], atol=CLOSE)


@pytest.mark.parametrize(
    "settings",
    [{"frozen_blocks": 2}, {"train": "head"}, {"frozen_blocks": 3, "method": "ner"}],
    ids=["blocks", "head", "ner"],
)
def test_a_second_run_reads_what_the_first_computed(
    settings: dict[str, Any], train: Callable, make_rows: Callable, make_span_rows: Callable
) -> None:
    rows = (make_span_rows if "method" in settings else make_rows)(60, 12, 50)
    first, second = train(rows, **settings), train(rows, **settings)

    assert preparations(first)
    assert not preparations(second)
    weights = [(run.output / WEIGHTS).read_bytes() for run in (first, second)]
    assert weights[0] == weights[1]
    assert first.finished["metrics"] == second.finished["metrics"]
    other = train(rows[:-1], **settings)
    assert preparations(other), "other texts have other states"


def test_each_text_is_kept_once_without_padding_in_half_precision(
    train: Callable, make_rows: Callable
) -> None:
    rows = make_rows(60, 12, 50)
    for one in rows[:20]:
        one.text = rows[0].text
    run = train(rows, frozen_blocks=2)

    (states,) = cache_of(run).glob("*.states")
    from engine.training.checkpoint import load_tokenizer

    texts = {one.text for one in rows}
    tokens = sum(map(len, load_tokenizer(run.output)(sorted(texts))["input_ids"]))
    assert states.stat().st_size == tokens * 16 * 2 + len(texts) * 8


def test_scores_are_those_of_a_run_without_the_cache(
    train: Callable, make_rows: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.training.prefix import store

    rows = make_rows(120, 20, 60)
    with monkeypatch.context() as patch:
        patch.setattr(store, "LIMIT", 100)
        plain = train(rows, frozen_blocks=2, epochs=4)
    cached = train(rows, frozen_blocks=2, epochs=4)

    assert "the cache may have" in plain.logs
    assert plain.logs.endswith("; the training goes on without the cache.")
    assert cached.predictions()["text_id"] == plain.predictions()["text_id"]
    found, expected = (np.array(run.predictions()["probabilities"]) for run in (cached, plain))
    assert np.allclose(found, expected, atol=0.03)


@pytest.mark.parametrize(
    "settings", [{"frozen_blocks": 2}, {"frozen_blocks": 2, "method": "ner"}], ids=["texts", "ner"]
)
def test_batches_that_recall_are_computed_one_by_one(
    settings: dict[str, Any],
    train: Callable,
    make_rows: Callable,
    make_span_rows: Callable,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The kept states at hand are those of one batch."""
    from transformers import BertModel

    threads: set[int] = set()
    whole = BertModel.forward

    def forward(self: Any, *inputs: Any, **options: Any) -> Any:
        threads.add(threading.get_ident())
        return whole(self, *inputs, **options)

    monkeypatch.setattr(BertModel, "forward", forward)
    rows = (make_span_rows if "method" in settings else make_rows)(60, 12, 200)
    train(rows, threads=2, **settings)
    assert threads == {threading.get_ident()}


def test_states_beyond_half_precision_are_kept_in_full(
    train: Callable, make_rows: Callable, tiny_encoder: Path, tmp_path: Path
) -> None:
    import json

    from safetensors.torch import load_file, save_file

    base = Path(shutil.copytree(tiny_encoder, tmp_path / "loud"))
    weights = load_file(base / WEIGHTS)
    loud = "encoder.layer.1.output.LayerNorm.weight"
    (name,) = (key for key in weights if key.endswith(loud))
    weights[name] *= 1e5
    save_file(weights, base / WEIGHTS, {"format": "pt"})
    run = train(make_rows(60, 12, 50), base_model=base, frozen_blocks=2, epochs=1)

    assert not run.logs
    (manifest,) = cache_of(run).glob("*.json")
    assert json.loads(manifest.read_text())["dtype"] == "float32"


def test_a_model_that_cannot_go_on_from_its_frozen_blocks_computes_them_in_every_pass(
    train: Callable, make_rows: Callable, family_folder: Folders, tmp_path: Path
) -> None:
    import transformers

    # A convolution behind the only block reads the embeddings once more.
    base = Path(shutil.copytree(family_folder("deberta-v2"), tmp_path / "convolved"))
    config = transformers.AutoConfig.from_pretrained(str(base))
    config.num_hidden_layers, config.conv_kernel_size, config.conv_act = 1, 3, "gelu"
    transformers.DebertaV2Model(config).save_pretrained(str(base))
    run = train(make_rows(60, 12, 50), base_model=base, frozen_blocks=1, epochs=1)

    assert "cannot go on from what its frozen blocks compute" in run.logs
    assert run.finished["metrics"]["test"]["texts"] == 50


def test_with_the_embeddings_alone_frozen_nothing_is_kept(
    train: Callable, make_rows: Callable
) -> None:
    run = train(make_rows(60, 12, 50), frozen_embeddings=True, epochs=1)
    assert not cache_of(run).exists()


def test_folds_read_the_texts_once_together(train: Callable, make_rows: Callable) -> None:
    run = train(make_rows(60, 12, 8), train="head")
    assert run.finished["evaluation"] == "cross-validation"
    assert len(list(cache_of(run).glob("*.states"))) == 1
    done = [data["done"] for data in run.of("progress") if data["phase"] == "warm-up"]
    assert done == sorted(done)
