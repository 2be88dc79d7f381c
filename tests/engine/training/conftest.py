"""Parts of the training loop for tests of single ones, and a tiny model of every family."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

SHAPE: dict[str, Any] = {
    "hidden_size": 16,
    "num_hidden_layers": 4,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "max_position_embeddings": 48,
}
SHAPES: dict[str, dict[str, Any]] = {
    "distilbert": {"dim": 16, "n_layers": 4, "n_heads": 2, "hidden_dim": 32},
    "albert": {"embedding_size": 8},
    "electra": {"embedding_size": 8},
    "roberta": {"type_vocab_size": 1},
    "xlm-roberta": {"type_vocab_size": 1},
    # As the configuration of version 3 says.
    "deberta-v2": {
        "relative_attention": True,
        "position_buckets": 8,
        "norm_rel_ebd": "layer_norm",
        "share_att_key": True,
        "pos_att_type": ["p2c", "c2p"],
        "position_biased_input": False,
        "type_vocab_size": 0,
    },
    "modernbert": {"local_attention": 8, "classifier_pooling": "mean"},
}
HEADS = {"electra": "ElectraForPreTraining", "deberta-v2": "DebertaV2Model"}
"""What the published checkpoints are, where it is not a model that guesses words."""


@pytest.fixture
def make_trainable() -> Callable[..., Any]:
    """Load a model set up for training: ``make_trainable(folder, ids=…, frozen_blocks=2)``."""

    def make(folder: Path, ids: Any = None, pad_id: int = 1, **settings: Any) -> Any:
        import numpy as np
        import torch

        from engine.training.checkpoint import load_classifier
        from engine.training.settings import parse_settings
        from engine.training.trainable import Trainable

        device = torch.device("cpu")
        checkpoint = load_classifier(folder, ("law", "medicine"), False, 42, device)
        seen = np.arange(checkpoint.model.config.vocab_size) if ids is None else ids
        return Trainable(checkpoint, parse_settings(settings), device, "fp32", seen, pad_id)

    return make


@pytest.fixture(scope="session")
def family_folder(
    tmp_path_factory: pytest.TempPathFactory, make_rows: Callable[..., Any]
) -> Callable[[str], Path]:
    """The folder of a random model of a family, as its makers publish it, but tiny."""
    texts = [row.text for row in make_rows(300, topics=3)]
    made: dict[str, Path] = {}

    def find(family: str) -> Path:
        if family not in made:
            made[family] = tmp_path_factory.mktemp("families") / f"tiny-{family}"
            save_family(made[family], family, texts)
        return made[family]

    return find


def save_family(folder: Path, family: str, texts: Sequence[str]) -> None:
    """Save a random model with the class of its family, and a tokenizer that learned `texts`."""
    import torch
    import transformers

    tokenizer = make_tokenizer(family, texts)
    shape = {**SHAPE, **SHAPES.get(family, {}), "vocab_size": len(tokenizer)}
    ids = {f"{name}_token_id": getattr(tokenizer, f"{name}_token_id") for name in ("pad", "bos")}
    if family == "modernbert":
        ids |= {"cls_token_id": 1, "sep_token_id": 2, "bos_token_id": 1, "eos_token_id": 2}
    config = transformers.AutoConfig.for_model(family, **shape, **ids)
    torch.manual_seed(11)
    named = HEADS.get(family)
    model = (
        getattr(transformers, named)(config)
        if named
        else transformers.AutoModelForMaskedLM.from_config(config)
    )
    model.save_pretrained(str(folder))
    tokenizer.save_pretrained(str(folder))


def make_tokenizer(family: str, texts: Sequence[str]) -> Any:
    """Return a tokenizer of the family's own class and kind, 32 tokens long at most.

    WordPiece with BERT's or MPNet's marks, bytes in pairs (RoBERTa, ModernBERT), or SentencePiece's
    unigrams (XLM-R, ALBERT, DeBERTa).
    """
    import transformers

    limit = {"model_max_length": 32}
    if family in ("xlm-roberta", "albert", "deberta-v2"):
        kind = {
            "xlm-roberta": transformers.XLMRobertaTokenizer,
            "albert": transformers.AlbertTokenizer,
            "deberta-v2": transformers.DebertaV2Tokenizer,
        }[family]
        return kind(vocab=_unigrams(kind().convert_ids_to_tokens(range(5)), texts), **limit)
    if family == "roberta":
        vocabulary, merges = _byte_pairs(["<s>", "<pad>", "</s>", "<unk>", "<mask>"], texts)
        return transformers.RobertaTokenizer(vocab=vocabulary, merges=merges, **limit)
    if family == "modernbert":
        return _modern(texts, limit)
    if family == "mpnet":
        vocabulary = _word_pieces(["<s>", "<pad>", "</s>", "[UNK]", "<mask>"], texts)
        return transformers.MPNetTokenizer(vocab=vocabulary, **limit)
    vocabulary = _word_pieces(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], texts)
    return transformers.BertTokenizer(vocab=vocabulary, **limit)


def _parts(texts: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Return whole words, beginnings and ends of others, and letters: what a vocabulary is made of.

    A trainer would do, but those of WordPiece and unigrams do not give the same twice.
    """
    words = sorted({word for text in texts for word in text.split()})
    whole, cut = words[::2], words[1::2]
    begins = {*whole, *(word[:3] for word in cut)}
    ends = {word[3:] for word in cut} - {""}
    return sorted(begins), sorted(ends), sorted({letter for word in words for letter in word})


def _word_pieces(special: list[str], texts: Sequence[str]) -> dict[str, int]:
    begins, ends, letters = _parts(texts)
    pieces = [*special, *begins, *letters, *(f"##{end}" for end in [*ends, *letters])]
    return {piece: number for number, piece in enumerate(dict.fromkeys(pieces))}


def _byte_pairs(special: list[str], texts: Sequence[str]) -> tuple[dict[str, int], list[Any]]:
    import json

    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    backend = Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=330,
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    backend.train_from_iterator(texts, trainer)
    merges = json.loads(backend.to_str())["model"]["merges"]
    return backend.get_vocab(), [tuple(pair) for pair in merges]


def _modern(texts: Sequence[str], limit: dict[str, int]) -> Any:
    """Return ModernBERT's kind: bytes in pairs between BERT's marks, in no class of its own."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    marks = ["[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]"]
    vocabulary, merges = _byte_pairs(marks, texts)
    backend = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    backend.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        special_tokens=[(mark, vocabulary[mark]) for mark in ("[CLS]", "[SEP]")],
    )
    names = ("unk_token", "cls_token", "sep_token", "pad_token", "mask_token")
    return PreTrainedTokenizerFast(
        tokenizer_object=backend, **dict(zip(names, marks, strict=True)), **limit
    )


def _unigrams(special: Sequence[str], texts: Sequence[str]) -> list[tuple[str, float]]:
    begins, ends, letters = _parts(texts)
    scores = {f"▁{begin}": -4.0 for begin in begins} | dict.fromkeys(ends, -4.5)
    scores = {**dict.fromkeys(["▁", *letters], -9.0), **scores}
    return [*((mark, 0.0) for mark in special), *scores.items()]
