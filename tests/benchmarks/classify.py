"""Classifying many sentences against transformers' pipeline, with the same model.

    python tests/benchmarks/classify.py            20,000 sentences, three times each
    python tests/benchmarks/classify.py --short    600 sentences, once each

The model is the starter, fine-tuned by our worker on a part of Rotten Tomatoes. The sentences are
distinct: those of Rotten Tomatoes and Banking77, in random order. Each side runs in processes of
its own, in turns: our side is the worker with the job of a prediction, started as the engine starts
it, the script is ``plain_classify.py``. Compared are the classification (ours with reading the
texts into tokens and writing the predictions, the script's without writing), the whole process,
and its seconds on a processor, by the median of the rounds. A worker gives way to other programs;
on a machine where others compute meanwhile, start this with ``nice -n 19``, so that the script does
too.

The labels have to be the same and the scores equal but for 0.00001. A label may differ only where
both sides find its score that close to another one; how many did is printed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import fine_tune  # noqa: E402
from embeddings import texts  # noqa: E402
from mlm import output_of, write_snapshot  # noqa: E402

from engine.jobs.predictions_file import read_predictions  # noqa: E402
from engine.jobs.spec import JobSpec  # noqa: E402
from engine.registry.base_models import find_base_model  # noqa: E402

LONG, SHORT = 20_000, 600
TRAINED_ON = 8
"""The model learns from every eighth text."""
CLOSE = 1e-5

Scores = list[tuple[str, float]]
"""Label and score of each sentence."""


def make_model(folder: Path) -> Path:
    """Fine-tune the starter on a part of Rotten Tomatoes and return the published folder."""
    data = folder / "training"
    data.mkdir()
    fine_tune.prepare(fine_tune.rotten_tomatoes(), data, TRAINED_ON)
    fine_tune.run_ours(data, folder / "trained", Path(find_base_model("").folder), seed=42)
    return folder / "trained" / "model"


def run_ours(data: Path, folder: Path, model: Path) -> tuple[dict[str, float], Scores]:
    """Run the worker and return its seconds, and what it predicted."""
    folder.mkdir()
    spec = JobSpec(
        job_id=1,
        kind="predict",
        folder=str(folder),
        snapshot=str(data / "sentences.parquet"),
        labels=fine_tune.LABELS,
        model=str(model),
        device="cpu",
    )
    (folder / "job.json").write_text(json.dumps(asdict(spec)), encoding="utf-8")
    lines, spent = _timed(
        [sys.executable, "-P", "-m", "engine.jobs.worker", str(folder / "job.json")]
    )
    last = json.loads(lines[-1])
    if last["event"] != "finished":
        sys.exit(f"our side failed: {last}")
    scores: Scores = []
    for rows in read_predictions(folder / "predictions.parquet"):
        for row in rows:
            best = max(row.probabilities)
            scores.append((fine_tune.LABELS[row.probabilities.index(best)], best))
    return {"classify": last["data"]["seconds"]["evaluate"], **spent}, scores


def run_script(data: Path, folder: Path, model: Path) -> tuple[dict[str, float], Scores]:
    """Run the script and return its seconds, and what it predicted."""
    folder.mkdir()
    script = Path(__file__).with_name("plain_classify.py")
    lines, spent = _timed([sys.executable, str(script), str(data), str(model), str(folder)])
    scores = [(label, score) for label, score in json.loads((folder / "labels.json").read_text())]
    return {**json.loads(lines[-1]), **spent}, scores


def _timed(command: list[str]) -> tuple[list[str], dict[str, float]]:
    """Return the lines of a command, and its seconds: those of the clock and of the processor.

    Those of the processor tell of a machine on which others work meanwhile.
    """
    began, computed = time.perf_counter(), _processor()
    lines = output_of(command)
    return lines, {"total": time.perf_counter() - began, "processor": _processor() - computed}


def _processor() -> float:
    times = os.times()
    return times.children_user + times.children_system


def compare(ours: Scores, script: Scores) -> dict[str, Any]:
    """Return how far the scores of both sides are apart, and how many labels differ.

    Ends the program where a difference is more than another order of the same sums explains.
    """
    apart = 0.0
    ties = 0
    for number, ((label, score), (other, theirs)) in enumerate(zip(ours, script, strict=True)):
        difference = abs(score - (theirs if label == other else 1.0 - theirs))
        apart = max(apart, difference)
        if label != other:
            ties += 1
        if difference > CLOSE:
            sys.exit(f"sentence {number}: ours {label} {score}, the script {other} {theirs}")
    return {"largest_difference": apart, "other_labels": ties}


def main() -> None:
    """Run both sides in turns and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="600 sentences, once each")
    parser.add_argument("--rounds", type=int, default=0, help="how often each side runs")
    parser.add_argument("--sentences", type=int, default=0, help="another number of sentences")
    arguments = parser.parse_args()
    rounds = arguments.rounds or (1 if arguments.short else 3)
    found: dict[str, list[dict[str, float]]] = {"ours": [], "script": []}
    result: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="glossator-benchmark-") as name:
        folder = Path(name)
        sentences = list(texts())
        random.Random(0).shuffle(sentences)
        sentences = sentences[: arguments.sentences or (SHORT if arguments.short else LONG)]
        write_snapshot(folder / "sentences.parquet", {"test": sentences})
        (folder / "sentences.json").write_text(json.dumps(sentences), encoding="utf-8")
        model = make_model(folder)
        for number in range(rounds):
            seconds, ours = run_ours(folder, folder / f"ours-{number}", model)
            found["ours"].append(seconds)
            seconds, script = run_script(folder, folder / f"script-{number}", model)
            found["script"].append(seconds)
            result |= compare(ours, script)
            for side, runs in found.items():
                print(f"round {number + 1} {side}: {_words(runs[-1])}", flush=True)
    for part in ("classify", "total", "processor"):
        ours_median, script_median = (
            statistics.median(run[part] for run in found[side]) for side in ("ours", "script")
        )
        result[f"ratio_{part}"] = round(ours_median / script_median, 4)
    print(json.dumps(result))


def _words(run: dict[str, float]) -> str:
    return (
        f"classification {run['classify']:.1f} s, whole process {run['total']:.1f} s, "
        f"{run['processor']:.1f} s of a processor"
    )


if __name__ == "__main__":
    main()
