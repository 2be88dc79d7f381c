"""Continued pretraining from the snapshot to a folder that other methods start from."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from engine.core.errors import KnownError
from engine.jobs.reporting import Reporter
from engine.jobs.spec import JobSpec

Runs = Callable[..., Any]
PACKAGE = "sentence_transformers.models"
MASKED = "the court of [MASK] was old"


class Run:
    """What a pretraining reported."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self.events: list[Any] = []

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event.data for event in self.events if event.kind == kind]

    @property
    def finished(self) -> dict[str, Any]:
        return self.events[-1].data

    @property
    def held_out(self) -> dict[str, Any]:
        return self.finished["metrics"]["held-out"]

    @property
    def logs(self) -> str:
        return "\n".join(data["message"] for data in self.of("log"))


def pretrain(
    folder: Path, save_rows: Callable[..., Path], rows: Sequence[Any], base: Path, **settings: Any
) -> Run:
    """Pretrain in this process."""
    from engine.training import mlm

    folder.mkdir()
    spec = JobSpec(
        job_id=1,
        kind="train",
        folder=str(folder),
        snapshot=str(save_rows(folder / "snapshot.parquet", rows)),
        labels=(),
        method="mlm",
        base_model=str(base),
        base_model_name="tiny",
        output=str(folder / "model"),
        name="letters",
        settings={"epochs": 3, "learning_rate": 3e-3, "batch_size": 4, **settings},
        threads=1,
        device="cpu",
    )
    run = Run(folder / "model")
    mlm.run(spec, Reporter(1, run.events.append))
    return run


@pytest.fixture(scope="module")
def sentence_encoder(tmp_path_factory: pytest.TempPathFactory, tiny_encoder: Path) -> Path:
    """The tiny encoder as a sentence encoder: with a pooling module beside it."""
    folder = tmp_path_factory.mktemp("base") / "tiny-sentences"
    shutil.copytree(tiny_encoder, folder)
    modules = [
        {"idx": number, "name": str(number), "path": path, "type": f"{PACKAGE}.{name}"}
        for number, (path, name) in enumerate([("", "Transformer"), ("1_Pooling", "Pooling")])
    ]
    pooling = {"word_embedding_dimension": 16, "pooling_mode_mean_tokens": True}
    (folder / "modules.json").write_text(json.dumps(modules))
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling))
    return folder


@pytest.fixture(scope="module")
def letters(
    tmp_path_factory: pytest.TempPathFactory,
    sentence_encoder: Path,
    make_rows: Callable[..., Any],
    save_rows: Callable[..., Path],
) -> Run:
    """A pretraining on 300 letters with 30 for validation."""
    rows = make_rows(train=300, validation=30)
    for row in rows:
        row.labelled, row.labels = False, []
    folder = tmp_path_factory.mktemp("mlm") / "letters"
    return pretrain(folder, save_rows, rows, sentence_encoder, preview=MASKED)


def test_the_held_out_texts_are_guessed_better_than_before(letters: Run) -> None:
    scores = letters.held_out
    assert scores["perplexity"] < scores["perplexity_before"]
    assert scores["texts"] == 30
    assert letters.finished["evaluation"] == "held-out"
    assert letters.finished["settings"]["max_length"] == 32
    assert "better than before" in letters.logs
    points = letters.of("measured")
    validation = [one["metrics"] for one in points if one["split"] == "validation"]
    assert len(validation) == 4  # before, and after each pass
    assert validation[0]["perplexity"] == scores["perplexity_before"]
    assert min(one["perplexity"] for one in validation) == scores["perplexity"]
    assert {"train", "validation"} == {one["split"] for one in points}


def test_an_encoder_without_a_head_gets_one_before_anything_is_measured(letters: Run) -> None:
    assert letters.held_out["head_passes"] >= 1
    assert "comes without the part that guesses words" in letters.logs
    # A random head would be as good as any of the 105 words; a warmed one knows which are frequent.
    assert letters.held_out["perplexity_before"] < 70


def test_the_preview_shows_the_same_sentence_before_and_after(letters: Run) -> None:
    before, after = letters.of("preview")
    assert [before["when"], after["when"]] == ["before", "after"]
    for shown in (before, after):
        (sentence,) = shown["sentences"]
        assert sentence["text"] == MASKED
        shares = [word["probability"] for word in sentence["words"]]
        assert shares == sorted(shares, reverse=True)
    assert before["sentences"] != after["sentences"]


def test_plain_libraries_load_the_folder_and_guess_the_same_words(letters: Run) -> None:
    import torch
    from transformers import AutoModelForMaskedLM, AutoTokenizer, pipeline

    model, info = AutoModelForMaskedLM.from_pretrained(letters.output, output_loading_info=True)
    assert not info["missing_keys"]
    tokenizer = AutoTokenizer.from_pretrained(letters.output)
    with torch.inference_mode():
        found = pipeline("fill-mask", model=model, tokenizer=tokenizer, device="cpu")(MASKED)
    ours = letters.of("preview")[1]["sentences"][0]["words"]
    assert [one["token_str"] for one in found] == [word["word"] for word in ours]
    assert [one["score"] for one in found] == pytest.approx(
        [word["probability"] for word in ours], abs=1e-4
    )


def test_it_is_a_base_model_with_its_lineage_pooler_and_sentence_modules(
    letters: Run, sentence_encoder: Path
) -> None:
    import torch
    from safetensors.torch import load_file
    from transformers import AutoModel

    from engine.registry.base_models import find_base_model
    from engine.registry.manifest import verify

    assert find_base_model(str(letters.output)).architecture == "bert"
    lineage = verify(letters.output)["lineage"]
    assert lineage["method"] == "mlm"
    assert lineage["base_model"] == "tiny"
    assert lineage["texts"] == {"train": 300, "held-out": 30}
    assert lineage["metrics"] == letters.finished["metrics"]
    base = load_file(sentence_encoder / "model.safetensors")
    encoder, info = AutoModel.from_pretrained(letters.output, output_loading_info=True)
    assert not info["missing_keys"]
    assert torch.equal(encoder.pooler.dense.weight, base["pooler.dense.weight"])
    assert not torch.equal(
        encoder.embeddings.word_embeddings.weight, base["embeddings.word_embeddings.weight"]
    )
    assert (letters.output / "1_Pooling" / "config.json").is_file()
    assert (letters.output / "modules.json").is_file()


def test_fine_tuning_starts_from_it(letters: Run, train: Runs, make_rows: Runs) -> None:
    run = train(make_rows(train=60, test=50), base_model=letters.output, epochs=1)
    assert run.finished["metrics"]["test"]["accuracy"] > 0.4


def test_a_trained_head_is_taken_over_and_the_same_seed_gives_the_same(
    letters: Run, tmp_path: Path, make_rows: Runs, save_rows: Callable[..., Path]
) -> None:
    rows = make_rows(train=120, seed=4)
    once = pretrain(tmp_path / "once", save_rows, rows, letters.output, epochs=1)
    again = pretrain(tmp_path / "again", save_rows, rows, letters.output, epochs=1)
    assert once.held_out["head_passes"] == 0
    assert once.held_out == again.held_out
    assert once.of("preview") == again.of("preview")
    assert once.held_out["perplexity_before"] == pytest.approx(
        letters.held_out["perplexity"], rel=0.5
    )
    assert "texts are held out" in once.logs
    assert len(once.of("preview")[0]["sentences"]) == 2  # taken from the texts themselves
    assert all("[MASK]" in one["text"] for one in once.of("preview")[0]["sentences"])


def test_a_loss_is_told_as_plainly_as_a_gain(
    letters: Run, tmp_path: Path, make_rows: Runs, save_rows: Callable[..., Path]
) -> None:
    rows = make_rows(train=120, seed=4)
    run = pretrain(
        tmp_path / "spoilt", save_rows, rows, letters.output, epochs=1, learning_rate=0.5
    )
    assert run.held_out["perplexity"] > run.held_out["perplexity_before"]
    assert "no better than before" in run.logs


def test_empty_and_endless_texts_are_taken_as_they_come(
    tmp_path: Path, tiny_roberta: Path, row: Any, make_rows: Runs, save_rows: Callable[..., Path]
) -> None:
    rows = [*make_rows(train=40), row("", []), row("   ", []), row("court ruling " * 1500, [])]
    run = pretrain(tmp_path / "odd", save_rows, rows, tiny_roberta, epochs=1, batch_size=32)
    assert run.finished["settings"]["epochs"] == 1


def test_held_out_texts_are_never_learned_from(
    tmp_path: Path, tiny_encoder: Path, row: Any, save_rows: Callable[..., Path]
) -> None:
    rows = [row("the court of appeal was old " * 3, [], "train") for _ in range(40)]
    rows += [row("nurse fever patient clinic", [], "validation") for _ in range(20)]
    run = pretrain(tmp_path / "apart", save_rows, rows, tiny_encoder)
    # What was never seen becomes no likelier while "appeal" is all but certain.
    assert run.held_out["perplexity"] > 20


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        (["court", "ruling"], "fewer than the 32 of one block"),
        (["", "   ", "court " * 99], "texts of at least two documents"),
        (["court " * 99], "texts of at least two documents"),
    ],
)
def test_too_little_to_learn_from_is_said_in_a_sentence(
    tmp_path: Path,
    tiny_encoder: Path,
    row: Any,
    save_rows: Callable[..., Path],
    texts: list[str],
    sentence: str,
) -> None:
    rows = [row(text, []) for text in texts]
    with pytest.raises(KnownError, match=sentence):
        pretrain(tmp_path / "few", save_rows, rows, tiny_encoder)


def test_a_tokenizer_without_a_mask_is_refused(
    tmp_path: Path, tiny_encoder: Path, make_rows: Runs, save_rows: Callable[..., Path]
) -> None:
    base = tmp_path / "maskless"
    shutil.copytree(tiny_encoder, base)
    path = base / "tokenizer_config.json"
    config = json.loads(path.read_text())
    config["mask_token"] = None
    path.write_text(json.dumps(config))
    with pytest.raises(KnownError, match="no mask token"):
        pretrain(tmp_path / "run", save_rows, make_rows(train=40), base)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"preview": "no gap here"}, r"each with \[MASK\]"),
        ({"mask_probability": 0}, "0.01 to 0.9"),
        ({"whole_word": "perhaps"}, "true or false"),
        ({"frozen_blocks": 2}, "no training setting"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(settings: dict[str, Any], sentence: str) -> None:
    from engine.training.method_settings import parse_method_settings

    with pytest.raises(KnownError, match=sentence):
        parse_method_settings("mlm", settings)


def test_switches_are_understood_as_people_write_them() -> None:
    from engine.training.mlm_settings import parse_mlm_settings

    settings = parse_mlm_settings({"whole_word": "no", "mask_probability": "0.3"})
    assert (settings.whole_word, settings.mask_probability) == (False, 0.3)
