"""Tiny real models and real snapshots: everything a training test needs, made in a second."""

from __future__ import annotations

import itertools
import os
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

LEGAL = ["court", "ruling", "appeal", "judge", "statute", "plaintiff", "verdict", "hearing"]
MEDICAL = ["patient", "dosage", "symptom", "clinic", "surgery", "nurse", "diagnosis", "fever"]
FINANCE = ["invoice", "payment", "ledger", "audit", "dividend", "interest", "account", "loan"]
NEUTRAL = ["the", "of", "and", "was", "with", "on", "in", "from", "this", "that", "very", "old"]
TOPICS = (LEGAL, MEDICAL, FINANCE)


@dataclass(slots=True)
class Row:
    """One text of a snapshot."""

    text: str
    labels: list[int]
    split: str = "train"
    group: int | None = None
    labelled: bool = True
    spans: list[tuple[int, int, int]] = field(default_factory=list)


def topic_texts(count: int, topics: int = 2, seed: int = 0) -> Iterator[tuple[str, int]]:
    """Texts of 3 to 24 words, some of them words of the topic, in turn; and the topic's number."""
    words = random.Random(seed)
    for number in range(count):
        topic = number % topics
        length = words.randint(3, 24)
        telling = [words.choice(TOPICS[topic]) for _ in range(max(2, length // 3))]
        filling = [words.choice(NEUTRAL) for _ in range(length - len(telling))]
        chosen = telling + filling
        words.shuffle(chosen)
        yield " ".join(chosen), topic


def topic_rows(
    train: int, validation: int = 0, test: int = 0, topics: int = 2, seed: int = 0
) -> list[Row]:
    """Rows of a snapshot that a tiny model can learn."""
    splits = ["train"] * train + ["validation"] * validation + ["test"] * test
    texts = topic_texts(len(splits), topics, seed)
    return [Row(text, [topic], split) for (text, topic), split in zip(texts, splits, strict=True)]


def span_rows(train: int, validation: int = 0, test: int = 0, seed: int = 0) -> list[Row]:
    """Rows of a snapshot whose legal words (label 0) and medical words (label 1) are marked.

    A span is one of the first four words of a topic, alone or followed by others of it.
    """
    words = random.Random(seed)
    rows = []
    for split in ["train"] * train + ["validation"] * validation + ["test"] * test:
        text, spans = "", []
        for _ in range(words.randint(2, 10)):
            topic = words.choice([0, 1, None])
            if topic is None:
                text += words.choice(NEUTRAL) + " "
            else:
                start = len(text)
                tail = words.choices(TOPICS[topic][4:], k=words.randint(0, 2))
                text += " ".join([words.choice(TOPICS[topic][:4]), *tail])
                spans.append((start, len(text), topic))
                text += " "
        rows.append(Row(text.rstrip(), [], split, spans=spans))
    return rows


@pytest.fixture(scope="session")
def make_span_rows() -> Callable[..., list[Row]]:
    """Make rows of a snapshot with spans: see `span_rows`."""
    return span_rows


@pytest.fixture(scope="session")
def make_rows() -> Callable[..., list[Row]]:
    """Make rows of a snapshot: see `topic_rows`."""
    return topic_rows


@pytest.fixture(scope="session")
def row() -> type[Row]:
    """The row of a snapshot, to make single ones."""
    return Row


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a random BERT of four blocks and 16 dimensions, and its tokenizer."""
    return save_tiny_encoder(tmp_path_factory.mktemp("base") / "tiny-bert", "bert")


@pytest.fixture(scope="session")
def tiny_roberta(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a random RoBERTa: positions that start behind the padding, a deeper head."""
    return save_tiny_encoder(tmp_path_factory.mktemp("base") / "tiny-roberta", "roberta")


def save_tiny_encoder(folder: Path, family: str) -> Path:
    """Save a random encoder of a family ("bert" or "roberta") and its tokenizer."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import (
        BertConfig,
        BertModel,
        PreTrainedTokenizerFast,
        RobertaConfig,
        RobertaModel,
    )

    specials = ["<s>", "[PAD]", "</s>", "[UNK]", "[MASK]"]
    words = sorted({*LEGAL, *MEDICAL, *FINANCE, *NEUTRAL})
    rare = [f"##rare{number}" for number in range(60)]
    vocabulary = {word: number for number, word in enumerate([*specials, *words, *rare])}
    backend = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    backend.normalizer = normalizers.Lowercase()
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    backend.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend,
        cls_token="<s>",
        sep_token="</s>",
        pad_token="[PAD]",
        unk_token="[UNK]",
        mask_token="[MASK]",
        model_max_length=32,
    )
    shape: dict[str, Any] = {
        "vocab_size": len(vocabulary),
        "hidden_size": 16,
        "num_hidden_layers": 4,
        "num_attention_heads": 2,
        "intermediate_size": 32,
        "max_position_embeddings": 40,
        "pad_token_id": 1,
        "type_vocab_size": 1,
    }
    torch.manual_seed(7)
    model = (
        BertModel(BertConfig(**shape))
        if family == "bert"
        else RobertaModel(RobertaConfig(**shape), add_pooling_layer=False)
    )
    model.save_pretrained(str(folder))
    tokenizer.save_pretrained(str(folder))
    return folder


def write_rows(path: Path, rows: Sequence[Row]) -> Path:
    """Write rows as a snapshot, with the columns that `engine.jobs.spec` promises."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {
        "text_id": pa.array(range(100, 100 + len(rows)), pa.int64()),
        "text": pa.array([row.text for row in rows], pa.string()),
        "labels": pa.array([row.labels for row in rows], pa.list_(pa.int32())),
        "labelled": pa.array([row.labelled for row in rows], pa.bool_()),
        "split": pa.array([row.split for row in rows], pa.string()),
        "group": pa.array(
            [at if row.group is None else row.group for at, row in enumerate(rows)], pa.int64()
        ),
        "spans": pa.array(
            [
                [dict(zip(("start", "end", "label"), span, strict=True)) for span in row.spans]
                for row in rows
            ],
            pa.list_(pa.struct([(name, pa.int32()) for name in ("start", "end", "label")])),
        ),
    }
    pq.write_table(pa.table(columns), path)
    return path


@pytest.fixture(scope="session")
def save_rows() -> Callable[[Path, Sequence[Row]], Path]:
    """Write rows as a snapshot: see `write_rows`."""
    return write_rows


@dataclass(slots=True)
class Run:
    """A job that was run in this process: its spec, and what it reported."""

    spec: Any
    events: list[Any] = field(default_factory=list)

    @property
    def output(self) -> Path:
        """The published folder."""
        return Path(self.spec.output)

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The data of all events of a kind."""
        return [event.data for event in self.events if event.kind == kind]

    @property
    def finished(self) -> dict[str, Any]:
        """The data of the event that ended the job well."""
        assert self.events[-1].kind == "finished", self.events[-1]
        return self.events[-1].data

    @property
    def logs(self) -> str:
        """All sentences of the log."""
        return "\n".join(data["message"] for data in self.of("log"))

    def predictions(self) -> dict[str, list[Any]]:
        """The columns of the predictions file."""
        import pyarrow.parquet as pq

        (data,) = self.of("predictions")
        return pq.read_table(data["path"]).to_pydict()


def run_training(
    place: Path,
    number: int,
    rows: Sequence[Row],
    base_model: Path,
    labels: Sequence[str] = ("law", "medicine"),
    multi_label: bool = False,
    method: str = "fine-tune",
    cancelled: Callable[[], bool] = lambda: False,
    on_event: Callable[[Any], None] = lambda event: None,
    **settings: Any,
) -> Run:
    """Run a training job in this process, with its folder and its model under `place`."""
    from engine.jobs.reporting import Reporter
    from engine.jobs.spec import JobSpec
    from engine.training import fine_tune, mlm, ner, setfit

    runner, usual = {
        "fine-tune": (fine_tune.run, {"epochs": 2}),
        "setfit": (setfit.run, {}),
        "mlm": (mlm.run, {"epochs": 2}),
        "ner": (ner.run, {"epochs": 2}),
    }[method]
    folder = place / f"job-{number}"
    folder.mkdir()
    snapshot = write_rows(folder / "snapshot.parquet", rows)
    spec = JobSpec(
        job_id=number,
        kind="train",
        folder=str(folder),
        snapshot=str(snapshot),
        labels=tuple(labels),
        multi_label=multi_label,
        method=method,
        base_model=str(base_model),
        base_model_name="tiny",
        output=str(place / "models" / f"model-{number}"),
        name="model",
        settings={"learning_rate": 3e-3, **usual, **settings},
        threads=1,
        device="cpu",
    )
    run = Run(spec)

    def write(event: Any) -> None:
        run.events.append(event)
        on_event(event)

    runner(spec, Reporter(spec.job_id, write, cancelled))
    return run


@pytest.fixture
def train(tmp_path: Path, tiny_encoder: Path) -> Callable[..., Run]:
    """Train a tiny model on rows, in this process: ``train(rows, epochs=2)`` returns the `Run`.

    The method is fine-tuning, or what ``method="setfit"``, "mlm" or "ner" say.
    """
    numbers = itertools.count(1)

    def start(rows: Sequence[Row], base_model: Path | None = None, **options: Any) -> Run:
        return run_training(tmp_path, next(numbers), rows, base_model or tiny_encoder, **options)

    return start


@pytest.fixture(scope="session")
def tagger(tmp_path_factory: pytest.TempPathFactory, tiny_encoder: Path) -> Run:
    """A tiny model that has learned to mark the words of two topics, and its job."""
    rows = span_rows(200, 30, 60)
    place = tmp_path_factory.mktemp("tagger")
    return run_training(place, 1, rows, tiny_encoder, method="ner", epochs=4, learning_rate=1e-2)


@pytest.fixture(scope="session")
def few_shot(tmp_path_factory: pytest.TempPathFactory, tiny_encoder: Path) -> Run:
    """A tiny SetFit model of two labels with 16 texts each, and its job; its rows are
    ``make_rows(32, 12, 60)``."""
    place = tmp_path_factory.mktemp("few-shot")
    return run_training(place, 1, topic_rows(32, 12, 60), tiny_encoder, method="setfit", steps=30)


ADD_ON = """
import json, os, sys

def tell(event, job=0, **data):
    print(json.dumps({"job": job, "event": event, "data": data}), flush=True)

def be_ready(**other):
    usual = {"protocol": 3, "pid": os.getpid(), "version": "0.1.0", "torch": "2.13.0+cu130"}
    tell("ready", **{**usual, "cuda": "13.0", "device": "cuda", **other})

def probe(**other):
    for line in sys.stdin:
        order = json.loads(line)
        if "run" in order:
            usual = {"device": "NVIDIA H100", "device_memory": 85_000_000_000, "cuda": "13.0"}
            usual |= {"precision": "bf16", "threads": 16, "versions": {"torch": "2.13.0+cu130"}}
            tell("finished", order["run"]["job_id"], **{**usual, **other})
"""
"""What programs that stand in for the GPU add-on may use: its side of the protocol."""


@pytest.fixture
def install_add_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Install a program in the place of the GPU add-on, and return it.

    It is written in Python and may use what `ADD_ON` defines, such as ``be_ready(); probe()``.
    """
    if os.name == "nt":
        pytest.skip("a script is no program on Windows")

    def install(source: str) -> Path:
        script = tmp_path / "add_on.py"
        script.write_text(ADD_ON + source, encoding="utf-8")
        program = tmp_path / "glossator-gpu-worker"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}" "$@"\n')
        program.chmod(0o755)
        monkeypatch.setenv("GLOSSATOR_GPU_WORKER", str(program))
        return program

    return install
