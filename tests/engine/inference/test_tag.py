"""Marking spans with a published model."""

from __future__ import annotations

import json
import random
import shutil
import string
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.core.errors import KnownError

TEXTS = [
    "the Court and ruling plaintiff was dosage with court",
    "",
    "old nurse",
    "the of and",
    "\r\n judge\u00a0patient  surgery\tof appeal",
]


@pytest.fixture(scope="module")
def loaded(tagger: Any) -> Any:
    """The tiny tagger, loaded."""
    from engine.inference.tag import Tagger

    return Tagger(tagger.output, "cpu")


@pytest.mark.parametrize("strategy", ["simple", "first"])
def test_the_published_folder_marks_the_same_in_a_plain_pipeline(
    strategy: str, tagger: Any, loaded: Any
) -> None:
    from transformers import pipeline

    plain = pipeline(
        "token-classification", str(tagger.output), device="cpu", aggregation_strategy=strategy
    )
    for text, spans in zip(TEXTS, loaded.tag(TEXTS), strict=True):
        found = [(one["start"], one["end"], one["entity_group"]) for one in plain(text)]
        assert [(start, end, loaded.labels[k]) for start, end, k, _ in spans] == found
        scores = [float(one["score"]) for one in plain(text)]
        assert [confidence for *_, confidence in spans] == pytest.approx(scores, abs=1e-5)


@pytest.fixture(scope="module")
def chaotic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose random weights give every letter of a word a tag of its own."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertForTokenClassification, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("chaotic")
    letters = [*string.ascii_lowercase, *string.punctuation]
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *(f"##{one}" for one in letters)]
    backend = Tokenizer(
        models.WordPiece({name: at for at, name in enumerate(names)}, unk_token="[UNK]")
    )
    backend.normalizer = normalizers.BertNormalizer()
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    backend.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=backend, pad_token="[PAD]", unk_token="[UNK]", model_max_length=512
    ).save_pretrained(str(folder))
    tags = ["O", "B-law", "I-law", "B-medicine", "I-medicine"]
    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=len(names),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        initializer_range=1.0,
        id2label=dict(enumerate(tags)),
        label2id={tag: at for at, tag in enumerate(tags)},
    )
    BertForTokenClassification(config).save_pretrained(str(folder))
    return folder


@pytest.mark.parametrize(("unit", "strategy"), [("word", "first"), ("piece", "simple")])
def test_words_and_pieces_are_read_as_a_plain_pipeline_reads_them(
    unit: str, strategy: str, chaotic: Path, tmp_path: Path
) -> None:
    from transformers import pipeline

    from engine.inference.tag import Tagger

    folder = Path(shutil.copytree(chaotic, tmp_path / "model"))
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps({**config, "tag_unit": unit}), "utf-8")
    words = random.Random(4)
    texts = [
        " ".join("".join(words.choices("abcdeXYZ,.-'", k=words.randint(1, 7))) for _ in range(12))
        for _ in range(20)
    ]
    loaded = Tagger(folder, "cpu")
    plain = pipeline(
        "token-classification", str(folder), device="cpu", aggregation_strategy=strategy
    )
    found = [
        [(one["start"], one["end"], one["entity_group"]) for one in entities]
        for entities in plain(texts)
    ]

    ours = loaded.tag(texts)
    assert [[(start, end, loaded.labels[k]) for start, end, k, _ in one] for one in ours] == found
    assert sum(map(len, found)) > 100


def test_spans_are_places_in_the_text_as_it_was_given(loaded: Any) -> None:
    first, empty, second, nothing, odd = loaded.tag(TEXTS)

    assert [(TEXTS[0][start:end], k) for start, end, k, _ in first] == [
        ("Court", 0),
        ("ruling plaintiff", 0),
        ("dosage", 1),
        ("court", 0),
    ]
    assert empty == nothing == []
    assert [(TEXTS[2][start:end], k) for start, end, k, _ in second] == [("nurse", 1)]
    assert [TEXTS[4][start:end] for start, end, *_ in odd] == [
        "judge",
        "patient  surgery",
        "appeal",
    ]


def test_results_are_in_the_order_of_the_texts(loaded: Any, make_span_rows: Callable) -> None:
    texts = [row.text for row in make_span_rows(70, seed=5)]

    together = loaded.tag(texts)
    assert together == [
        [(*span[:3], pytest.approx(span[3], abs=1e-5)) for span in loaded.tag([text])[0]]
        for text in texts
    ]


def test_a_text_of_a_million_characters_is_read_to_its_end(loaded: Any) -> None:
    text = f"{'x' * 99} " * 10_000 + "court"

    (spans,) = loaded.tag([text])

    assert (len(text) - 5, len(text), 0) in [span[:3] for span in spans]


def test_the_border_of_windows_does_not_cut_spans(loaded: Any) -> None:
    """One span wherever it lies: alone in its text, or across the borders of windows."""
    for lead in range(0, 70, 3):
        text = "the " * lead + "court verdict hearing statute" + " of" * 40
        (spans,) = loaded.tag([text])
        assert [span[:3] for span in spans] == [(4 * lead, 4 * lead + 29, 0)], lead


def test_progress_and_the_wish_to_stop_are_heard(loaded: Any) -> None:
    from engine.jobs.reporting import Cancelled

    done: list[int] = []
    loaded.tag(["court"] * 150, on_progress=done.append)
    assert done == sorted(done)
    assert done[-1] == 150

    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        loaded.tag(["court"], check=stop)


def test_a_job_writes_the_spans_of_all_texts(
    tagger: Any, loaded: Any, tmp_path: Path, row: type, save_rows: Callable
) -> None:
    import pyarrow.parquet as pq

    from engine.inference import predict
    from engine.jobs.reporting import Reporter
    from engine.jobs.spec import JobSpec

    snapshot = save_rows(tmp_path / "snapshot.parquet", [row(text, []) for text in TEXTS])
    spec = JobSpec(
        job_id=1,
        kind="predict",
        folder=str(tmp_path),
        snapshot=str(snapshot),
        labels=("law", "medicine"),
        model=str(tagger.output),
        device="cpu",
    )
    events: list[Any] = []
    predict.run(spec, Reporter(1, events.append))

    assert events[-1].kind == "finished"
    (path,) = [event.data["path"] for event in events if event.kind == "predictions"]
    columns = pq.read_table(path).to_pydict()
    assert columns["text_id"] == [100, 101, 102, 103, 104]
    found = [
        [(one["start"], one["end"], one["label"]) for one in spans] for spans in columns["spans"]
    ]
    assert found == [[span[:3] for span in spans] for spans in loaded.tag(TEXTS)]


def test_a_warm_model_answers_in_portions_and_takes_another_folder(
    tagger: Any, loaded: Any, tiny_encoder: Path
) -> None:
    from engine.inference.warm_models import WarmModels

    warm = WarmModels("cpu")
    first, last = warm.tag(str(tagger.output), ["the Court", *["old"] * 65])

    assert (first["first"], len(first["spans"]), last["first"], len(last["spans"])) == (
        0,
        64,
        64,
        2,
    )
    assert first["labels"] == list(loaded.labels)
    ((start, end, label, confidence),) = first["spans"][0]
    assert (start, end, label) == (4, 9, 0)
    assert confidence == pytest.approx(loaded.tag(["the Court"])[0][0][3], abs=1e-5)
    warm.forget(str(tagger.output))
    with pytest.raises(KnownError, match="cannot mark"):
        list(warm.tag(str(tiny_encoder), ["old"]))


def test_folders_of_other_models_are_refused(
    tiny_encoder: Path, tagger: Any, tmp_path: Path
) -> None:
    from engine.inference.tag import Tagger, is_tagger

    assert is_tagger(tagger.output)
    assert not is_tagger(tiny_encoder)
    assert not is_tagger(tmp_path / "nothing")
    with pytest.raises(KnownError, match="cannot mark"):
        Tagger(tiny_encoder, "cpu")

    damaged = Path(shutil.copytree(tagger.output, tmp_path / "damaged"))
    (damaged / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(KnownError, match="incomplete or damaged"):
        Tagger(damaged, "cpu")
