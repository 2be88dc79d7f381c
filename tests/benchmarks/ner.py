"""Training on spans against the script that people copy, on the same data and the same machine.

    python tests/benchmarks/ner.py --short            ratio of the times, an eighth of the data
    python tests/benchmarks/ner.py --seeds 42,43,44   ratio and entity F1 on the whole data

Each side runs in processes of its own, in turns (ours, script, ours, script …), so that a machine
that slows down slows both. Our side is the worker with its defaults at three epochs, started as the
engine starts it; it also scores the validation texts after every epoch and keeps the best one. The
script is ``plain_ner.py``. Compared are the training itself (after loading) and the whole process,
by the medians of the runs; both sides are scored by the same function, strictly and by whole
entities. The data is WNUT17 (emerging entities), from the folder in GLOSSATOR_TEST_DATA, or
``shared/data`` beside the repository.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from engine.inspection.span_scores import Span, score_spans  # noqa: E402
from engine.jobs.launch import worker_environment  # noqa: E402
from engine.jobs.spec import JobSpec  # noqa: E402
from engine.registry.base_models import find_base_model  # noqa: E402

LABELS = ("corporation", "creative-work", "group", "location", "person", "product")
TAGS = ["O", *(f"{letter}-{label}" for label in LABELS for letter in "BI")]
FILES = {"train": "train.conll", "validation": "dev.conll", "test": "test.conll"}
EPOCHS = 3
SHORT = 8
"""The short mode takes every eighth sentence."""

Sentence = tuple[list[str], list[int]]


def wnut17() -> Path:
    """Return the folder of the data; ends the program with the reason where there is none."""
    data = Path(os.environ.get("GLOSSATOR_TEST_DATA", ROOT.parent / "shared" / "data"))
    folder = data / "wnut17"
    if not folder.is_dir():
        sys.exit(f"skipped: there is no {folder}; set GLOSSATOR_TEST_DATA")
    return folder


def sentences(path: Path) -> Iterator[Sentence]:
    """Yield the words and tags of a file of two columns; a line of white space ends a sentence."""
    words: list[str] = []
    tags: list[int] = []
    for line in [*path.read_text(encoding="utf-8").split("\n"), ""]:
        if line.strip():
            word, tag = line.split("\t")
            words.append(word)
            tags.append(TAGS.index(tag))
        elif words:
            yield words, tags
            words, tags = [], []


def spans_of(words: Sequence[str], tags: Sequence[int]) -> list[Span]:
    """Return the entities that tags of words say, in characters of the words joined by spaces."""
    spans: list[Span] = []
    start, last = 0, 0
    for word, tag in zip(words, tags, strict=True):
        end, label = start + len(word), (tag - 1) // 2
        if tag and tag % 2 == 0 and last and (last - 1) // 2 == label:
            spans[-1] = (spans[-1][0], end, label)
        elif tag:
            spans.append((start, end, label))
        start, last = end + 1, tag
    return spans


def prepare(source: Path, target: Path, every: int) -> list[Sentence]:
    """Write the same texts for both sides, and return the test sentences.

    The script gets words and tags as JSONL, the worker a snapshot with texts and spans.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    from engine.jobs.snapshot import snapshot_schema

    rows: list[dict[str, Any]] = []
    kept: dict[str, list[Sentence]] = {}
    for split, name in FILES.items():
        kept[split] = list(sentences(source / name))[::every]
        with (target / f"{split}.jsonl").open("w", encoding="utf-8") as stream:
            for words, tags in kept[split]:
                stream.write(json.dumps({"words": words, "tags": tags}) + "\n")
                spans = [
                    dict(zip(("start", "end", "label"), span, strict=True))
                    for span in spans_of(words, tags)
                ]
                rows.append(
                    {
                        "text_id": len(rows),
                        "text": " ".join(words),
                        "labels": [],
                        "labelled": True,
                        "split": split,
                        "group": len(rows),
                        "spans": spans,
                    }
                )
    (target / "tags.json").write_text(json.dumps(TAGS), encoding="utf-8")
    pq.write_table(pa.Table.from_pylist(rows, snapshot_schema()), target / "snapshot.parquet")
    return kept["test"]


def run_ours(data: Path, folder: Path, model: Path, seed: int, settings: dict[str, Any]) -> Any:
    """Run the worker and return its seconds and entity F1."""
    folder.mkdir()
    spec = JobSpec(
        job_id=1,
        kind="train",
        folder=str(folder),
        snapshot=str(data / "snapshot.parquet"),
        labels=LABELS,
        method="ner",
        base_model=str(model),
        output=str(folder / "model"),
        settings={"epochs": EPOCHS, **settings},
        seed=seed,
        device="cpu",
    )
    (folder / "job.json").write_text(json.dumps(asdict(spec)), encoding="utf-8")
    command = [sys.executable, "-P", "-m", "engine.jobs.worker", str(folder / "job.json")]
    before = time.perf_counter()
    lines = _output(command)
    total = time.perf_counter() - before
    last = json.loads(lines[-1])
    if last["event"] != "finished":
        sys.exit(f"our side failed: {last}")
    found = last["data"]
    return {"train": found["seconds"]["train"], "total": total, "scores": found["metrics"]["test"]}


def run_script(data: Path, folder: Path, model: Path, seed: int, test: list[Sentence]) -> Any:
    """Run the script, and return its seconds and entity F1."""
    folder.mkdir()
    script = Path(__file__).with_name("plain_ner.py")
    command = [sys.executable, str(script), str(data), str(model), str(folder)]
    before = time.perf_counter()
    lines = _output([*command, "--seed", str(seed), "--epochs", str(EPOCHS)])
    total = time.perf_counter() - before
    tags = json.loads((folder / "tags.json").read_text(encoding="utf-8"))
    scores = score_spans(
        [spans_of(words, gold) for words, gold in test],
        [spans_of(words, found) for (words, _), found in zip(test, tags, strict=True)],
        LABELS,
    )
    return {"train": json.loads(lines[-1])["train"], "total": total, "scores": scores}


def _output(command: list[str]) -> list[str]:
    """Run a command and return its lines; both sides get the same environment."""
    # Each side decides itself how its threads wait; nothing is preset for one of them.
    done = subprocess.run(
        command, env=worker_environment(), capture_output=True, text=True, encoding="utf-8"
    )
    if done.returncode:
        sys.exit(f"{command} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done.stdout.strip().splitlines()


def main() -> None:
    """Run both sides in turns and print the ratios, the entity F1 and the kinds of error."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="an eighth of the data, ratio only")
    parser.add_argument("--seeds", default="42", help="one paired run for each")
    parser.add_argument("--set", action="append", default=[], help="a setting of our side")
    arguments = parser.parse_args()
    seeds = [int(seed) for seed in arguments.seeds.split(",")]
    settings = dict(one.split("=", 1) for one in arguments.set)
    model = Path(find_base_model("").folder)
    ours: list[dict[str, Any]] = []
    script: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="glossator-benchmark-") as name:
        folder = Path(name)
        test = prepare(wnut17(), folder, SHORT if arguments.short else 1)
        for number, seed in enumerate(seeds):
            ours.append(run_ours(folder, folder / f"ours-{number}", model, seed, settings))
            print(f"seed {seed} ours   {_words(ours[-1])}", flush=True)
            script.append(run_script(folder, folder / f"script-{number}", model, seed, test))
            print(f"seed {seed} script {_words(script[-1])}", flush=True)
    result: dict[str, float] = {}
    for part in ("train", "total"):
        one, other = (statistics.median(run[part] for run in runs) for runs in (ours, script))
        result[f"ratio_{part}"] = one / other
    if not arguments.short:
        result["f1_ours"] = statistics.mean(run["scores"]["f1"] for run in ours)
        result["f1_script"] = statistics.mean(run["scores"]["f1"] for run in script)
    print(json.dumps({key: round(value, 4) for key, value in result.items()}))


def _words(run: dict[str, Any]) -> str:
    scores = run["scores"]
    errors = ", ".join(f"{kind} {count}" for kind, count in scores["errors"].items())
    return (
        f"train {run['train']:.1f} s, whole process {run['total']:.1f} s, F1 {scores['f1']:.4f}; "
        f"gold {scores['gold']}, predicted {scores['predicted']}, correct {scores['correct']}, "
        f"{errors}"
    )


if __name__ == "__main__":
    main()
