"""SetFit against setfit's own trainer, on the same samples and the same machine.

    python tests/benchmarks/setfit.py --short     one small sample, the script over 12 steps
    python tests/benchmarks/setfit.py             five samples of two data sets, and 64 a class

Each side runs in processes of its own, in turns (ours, script, ours, script …), so that a machine
that slows down slows both. Our side is the worker with its defaults (mode=fast), started as the
engine starts it; the script is ``plain_setfit.py``. Compared are the training itself and the whole
process, by the medians of the runs, and macro F1. Of 64 texts a class the script trains 100 steps
and the rest is counted at their pace; ours runs whole. The data is Rotten Tomatoes and banking77,
from the folder in GLOSSATOR_TEST_DATA, or ``shared/data`` beside the repository.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from engine.jobs.launch import worker_environment  # noqa: E402
from engine.jobs.spec import JobSpec  # noqa: E402
from engine.registry.base_models import find_base_model  # noqa: E402

DATA = Path(os.environ.get("GLOSSATOR_TEST_DATA", ROOT.parent / "shared" / "data"))
INTENTS = 10
SHORT_TEST, SHORT_STEPS = 60, 12
LONG_STEPS = 100


@dataclass(frozen=True, slots=True)
class Case:
    """One comparison: a data set, so many texts a class, and samples drawn by these seeds.

    With `steps` the script trains only so many of them and the rest is counted at their pace; its
    F1 then says nothing.
    """

    name: str
    shots: int
    seeds: Sequence[int]
    steps: int = 0
    tested: int = 0


def read(name: str) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return the texts of train and test by label; ends the program where there is no data."""
    folder = DATA / name
    if not folder.is_dir():
        sys.exit(f"skipped: there is no {folder}; set GLOSSATOR_TEST_DATA")
    parts = []
    for split in ("train", "test"):
        texts: dict[str, list[str]] = {}
        if name == "banking77":
            with (folder / f"{split}.csv").open(encoding="utf-8", newline="") as stream:
                rows = [(row["text"], row["category"]) for row in csv.DictReader(stream)]
        else:
            with (folder / f"{split}.jsonl").open(encoding="utf-8") as stream:
                rows = [(row["text"], row["label"]) for row in map(json.loads, stream)]
        for text, label in rows:
            texts.setdefault(label, []).append(text)
        parts.append(texts)
    return parts[0], parts[1]


def prepare(case: Case, seed: int, target: Path) -> tuple[str, ...]:
    """Write a sample for both sides, JSONL for the script and a snapshot for the worker.

    Returns the labels: those of Rotten Tomatoes, or ten intents drawn by the seed.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    learned, tested = read(case.name)
    draw = random.Random(seed)
    labels = sorted(learned)
    if len(labels) > INTENTS:
        labels = sorted(draw.sample(labels, INTENTS))
    parts = {
        "train": [(text, at) for at, label in enumerate(labels)
                  for text in draw.sample(learned[label], case.shots)],
        "test": [(text, at) for at, label in enumerate(labels) for text in tested[label]],
    }  # fmt: skip
    if case.tested:
        parts["test"] = draw.sample(parts["test"], case.tested)
    columns: dict[str, list[Any]] = {
        name: [] for name in ("text_id", "text", "labels", "labelled", "split", "group")
    }
    for split, rows in parts.items():
        with (target / f"{split}.jsonl").open("w", encoding="utf-8") as stream:
            for text, label in rows:
                stream.write(json.dumps({"text": text, "label": label}) + "\n")
                number = len(columns["text"])
                for name, value in zip(
                    columns, (number, text, [label], True, split, number), strict=True
                ):
                    columns[name].append(value)
    pq.write_table(pa.table(columns), target / "snapshot.parquet")
    return tuple(labels)


def run_ours(folder: Path, model: Path, labels: tuple[str, ...], seed: int) -> dict[str, float]:
    """Run the worker and return its seconds and F1."""
    job = folder / "ours"
    job.mkdir()
    spec = JobSpec(
        job_id=1,
        kind="train",
        folder=str(job),
        snapshot=str(folder / "snapshot.parquet"),
        labels=labels,
        method="setfit",
        base_model=str(model),
        output=str(job / "model"),
        seed=seed,
        device="cpu",
    )
    (job / "job.json").write_text(json.dumps(asdict(spec)), encoding="utf-8")
    command = [sys.executable, "-P", "-m", "engine.jobs.worker", str(job / "job.json")]
    before = time.perf_counter()
    lines = _output(command)
    total = time.perf_counter() - before
    last = json.loads(lines[-1])
    if last["event"] != "finished":
        sys.exit(f"our side failed: {last}")
    found = last["data"]
    return {
        "train": found["seconds"]["train"],
        "total": total,
        "f1": found["metrics"]["test"]["macro_f1"],
    }


def run_script(folder: Path, model: Path, seed: int, steps: int) -> dict[str, float]:
    """Run the script and return its seconds and F1."""
    output = folder / "script"
    output.mkdir()
    script = Path(__file__).with_name("plain_setfit.py")
    # Without -P the script would import this file where it means the library.
    command = [sys.executable, "-P", str(script), str(folder), str(model), str(output)]
    lines = _output([*command, "--seed", str(seed), "--steps", str(steps)])
    found: dict[str, float] = json.loads(lines[-1])
    return found


def _output(command: list[str]) -> list[str]:
    """Run a command and return its lines; both sides get the same environment."""
    # Each side decides itself how its threads wait; nothing is preset for one of them.
    done = subprocess.run(
        command, env=worker_environment(), capture_output=True, text=True, encoding="utf-8"
    )
    if done.returncode:
        sys.exit(f"{command} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done.stdout.strip().splitlines()


def compare(case: Case, model: Path) -> dict[str, float]:
    """Run both sides on every sample of a case, and return ratios and mean F1."""
    ours: list[dict[str, float]] = []
    script: list[dict[str, float]] = []
    for seed in case.seeds:
        with tempfile.TemporaryDirectory(prefix="glossator-benchmark-") as name:
            folder = Path(name)
            labels = prepare(case, seed, folder)
            title = f"{case.name}, {case.shots} a class, sample {seed}"
            ours.append(run_ours(folder, model, labels, seed))
            print(f"{title}: ours   {_words(ours[-1])}", flush=True)
            script.append(run_script(folder, model, seed, case.steps))
            print(f"{title}: script {_words(script[-1])}", flush=True)
    result: dict[str, float] = {}
    for part in ("train", "total"):
        one, other = (statistics.median(run[part] for run in runs) for runs in (ours, script))
        result[f"ratio_{part}"] = one / other
    result["f1_ours"] = statistics.mean(run["f1"] for run in ours)
    if not case.steps:
        result["f1_script"] = statistics.mean(run["f1"] for run in script)
    return {key: round(value, 4) for key, value in result.items()}


def main() -> None:
    """Run all cases and print the ratios and the F1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="one small sample, ratio only")
    parser.add_argument("--seeds", default="1,2,3,4,5", help="one sample of each data set for each")
    parser.add_argument("--only", default="", help="a data set: rotten_tomatoes or banking77")
    arguments = parser.parse_args()
    seeds = [int(seed) for seed in arguments.seeds.split(",")]
    if arguments.short:
        cases = [Case("rotten_tomatoes", 16, seeds[:1], SHORT_STEPS, SHORT_TEST)]
    else:
        cases = [
            Case("rotten_tomatoes", 16, seeds),
            Case("banking77", 8, seeds),
            Case("rotten_tomatoes", 64, seeds[:1], LONG_STEPS),
        ]
    model = Path(find_base_model("").folder)
    for case in cases:
        if arguments.only in ("", case.name):
            result = compare(case, model)
            print(json.dumps({"data": case.name, "shots": case.shots, **result}), flush=True)


def _words(run: dict[str, float]) -> str:
    return f"train {run['train']:.1f} s, whole process {run['total']:.1f} s, F1 {run['f1']:.4f}"


if __name__ == "__main__":
    main()
