"""The vector of a text, compared with what sentence-transformers computes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from engine.core.errors import KnownError
from engine.inference.pooling import MODES, Pooling, pool, read_pooling


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("normalize", [False, True])
def test_every_mode_is_that_of_sentence_transformers(mode: str, normalize: bool) -> None:
    import torch
    from sentence_transformers.sentence_transformer.modules import Normalize
    from sentence_transformers.sentence_transformer.modules import Pooling as Reference

    torch.manual_seed(0)
    hidden = torch.randn(3, 5, 8)
    mask = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 0, 0, 0], [1, 1, 1, 0, 0]])
    for modes in ((mode,), (mode, "mean")):
        features = Reference(8, modes)({"token_embeddings": hidden, "attention_mask": mask})
        if normalize:
            features = Normalize()(features)
        found = pool(hidden, mask, Pooling(modes, normalize))
        assert found.numpy() == pytest.approx(features["sentence_embedding"].numpy(), abs=1e-6)


def test_without_padding_no_mask_is_needed() -> None:
    import torch

    hidden = torch.randn(2, 4, 8)
    ones = torch.ones(2, 4, dtype=torch.int64)
    for mode in MODES:
        pooling = Pooling((mode,))
        assert torch.equal(pool(hidden, None, pooling), pool(hidden, ones, pooling))


def test_a_plain_encoder_gets_the_mean_of_its_tokens(tiny_encoder: Path) -> None:
    assert read_pooling(tiny_encoder) == Pooling(("mean",), normalize=False)


def test_a_folder_says_how_it_wants_to_be_pooled(tmp_path: Path, tiny_encoder: Path) -> None:
    folder = save_modules(tmp_path, tiny_encoder, "Transformer", "Pooling", "Normalize")
    (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode_cls_token": true}')
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 24}')
    (folder / "config_sentence_transformers.json").write_text(
        json.dumps(
            {
                "prompts": {"query": "query: ", "document": ""},
                "default_prompt_name": "query",
            }
        )
    )
    assert read_pooling(folder) == Pooling(("cls",), True, {"query": "query: "}, "query: ", 24)
    assert read_pooling(folder).mode == "cls"

    (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode": ["mean", "max"]}')
    assert read_pooling(folder).mode == "mean+max"


def test_a_layer_that_is_not_known_is_refused(tmp_path: Path, tiny_encoder: Path) -> None:
    folder = save_modules(tmp_path, tiny_encoder, "Transformer", "Pooling", "Dense")
    (folder / "1_Pooling" / "config.json").write_text("{}")
    with pytest.raises(KnownError, match="“Dense” that this version cannot compute"):
        read_pooling(folder)

    (folder / "modules.json").write_text("[{")
    with pytest.raises(KnownError, match="cannot be read; the folder is damaged"):
        read_pooling(folder)


def save_modules(tmp_path: Path, encoder: Path, *kinds: str) -> Path:
    """Copy an encoder and say that it is followed by these modules."""
    folder = Path(shutil.copytree(encoder, tmp_path / "encoder"))
    modules = [
        {"idx": at, "name": str(at), "path": f"{at}_{kind}" if at else "", "type": f"a.b.{kind}"}
        for at, kind in enumerate(kinds)
    ]
    (folder / "modules.json").write_text(json.dumps(modules))
    (folder / "1_Pooling").mkdir()
    return folder
