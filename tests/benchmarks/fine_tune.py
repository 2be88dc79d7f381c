"""Fine-tuning against the script that people copy, on the same data and the same machine.

    python tests/benchmarks/fine_tune.py --short          ratio of the times, an eighth of the data
    python tests/benchmarks/fine_tune.py --seeds 42,43,44 ratio and F1 on the whole data

Each side runs in processes of its own, in turns (ours, script, ours, script …), so that a machine
that slows down slows both. Our side is the worker with its defaults at one epoch, started as the
engine starts it; the script is ``plain_fine_tune.py``. Compared are the training itself (after
loading) and the whole process, by the medians of the runs. The data is Rotten Tomatoes, from the
folder in GLOSSATOR_TEST_DATA, or ``shared/data`` beside the repository.
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
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from engine.jobs.launch import worker_environment  # noqa: E402
from engine.jobs.spec import JobSpec  # noqa: E402
from engine.registry.base_models import find_base_model  # noqa: E402

LABELS = ("negative", "positive")
SHORT = 8
"""The short mode takes every eighth text."""


def rotten_tomatoes() -> Path:
    """Return the folder of the data; ends the program with the reason where there is none."""
    data = Path(os.environ.get("GLOSSATOR_TEST_DATA", ROOT.parent / "shared" / "data"))
    folder = data / "rotten_tomatoes"
    if not folder.is_dir():
        sys.exit(f"skipped: there is no {folder}; set GLOSSATOR_TEST_DATA")
    return folder


def prepare(source: Path, target: Path, every: int) -> None:
    """Write the same texts for both sides: JSONL for the script, a snapshot for the worker."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns: dict[str, list[Any]] = {
        name: [] for name in ("text_id", "text", "labels", "labelled", "split", "group")
    }
    for split in ("train", "validation", "test"):
        with (source / f"{split}.jsonl").open(encoding="utf-8") as stream:
            lines = list(stream)[::every]  # splitlines would also split inside of texts
        with (target / f"{split}.jsonl").open("w", encoding="utf-8") as stream:
            for line in lines:
                row = json.loads(line)
                label = LABELS.index(row["label"])
                stream.write(json.dumps({"text": row["text"], "label": label}) + "\n")
                number = len(columns["text"])
                for name, value in zip(
                    columns, (number, row["text"], [label], True, split, number), strict=True
                ):
                    columns[name].append(value)
    pq.write_table(pa.table(columns), target / "snapshot.parquet")


def run_ours(
    data: Path,
    folder: Path,
    model: Path,
    seed: int,
    settings: Mapping[str, Any] | None = None,
    output: Path | None = None,
) -> dict[str, float]:
    """Run the worker and return its seconds and F1."""
    folder.mkdir()
    spec = JobSpec(
        job_id=1,
        kind="train",
        folder=str(folder),
        snapshot=str(data / "snapshot.parquet"),
        labels=LABELS,
        base_model=str(model),
        output=str(output or folder / "model"),
        settings=dict(settings or {"epochs": 1}),
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
    return {
        "train": found["seconds"]["train"],
        "job": found["seconds"]["total"],
        "total": total,
        "f1": found["metrics"]["test"]["f1"],
    }


def run_script(
    data: Path, folder: Path, model: Path, seed: int, options: Sequence[str] = ()
) -> dict[str, float]:
    """Run the script and return its seconds and F1."""
    folder.mkdir()
    script = Path(__file__).with_name("plain_fine_tune.py")
    command = [sys.executable, str(script), str(data), str(model), str(folder)]
    before = time.perf_counter()
    lines = _output([*command, "--seed", str(seed), *options])
    found: dict[str, float] = json.loads(lines[-1])
    return {**found, "total": time.perf_counter() - before}


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
    """Run both sides in turns and print the ratios and the F1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="an eighth of the data, ratio only")
    parser.add_argument("--seeds", default="42", help="one paired run for each")
    arguments = parser.parse_args()
    seeds = [int(seed) for seed in arguments.seeds.split(",")]
    model = Path(find_base_model("").folder)
    ours: list[dict[str, float]] = []
    script: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory(prefix="glossator-benchmark-") as name:
        folder = Path(name)
        prepare(rotten_tomatoes(), folder, SHORT if arguments.short else 1)
        for number, seed in enumerate(seeds):
            ours.append(run_ours(folder, folder / f"ours-{number}", model, seed))
            print(f"seed {seed} ours   {_words(ours[-1])}", flush=True)
            script.append(run_script(folder, folder / f"script-{number}", model, seed))
            print(f"seed {seed} script {_words(script[-1])}", flush=True)
    result: dict[str, float] = {}
    for part in ("train", "total"):
        one, other = (statistics.median(run[part] for run in runs) for runs in (ours, script))
        result[f"ratio_{part}"] = one / other
    if not arguments.short:
        result["f1_ours"] = statistics.mean(run["f1"] for run in ours)
        result["f1_script"] = statistics.mean(run["f1"] for run in script)
    print(json.dumps({key: round(value, 4) for key, value in result.items()}))


def _words(run: dict[str, float]) -> str:
    return f"train {run['train']:.1f} s, whole process {run['total']:.1f} s, F1 {run['f1']:.4f}"


if __name__ == "__main__":
    main()
