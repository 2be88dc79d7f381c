"""Training above frozen blocks against the script that people copy, frozen in the same way.

    python tests/benchmarks/frozen.py --short          ratio of the times, an eighth of the data
    python tests/benchmarks/frozen.py --seeds 42,43,44 ratios and F1 on the whole data

The embeddings and the first four of the starter's six blocks stay as they are, for three passes.
Each side runs in processes of its own, in turns, so that a machine that slows down slows both. Our
side is the worker, whose cache is empty at the beginning of every run; it also scores the
validation texts after every pass and keeps the best one. The script is ``plain_fine_tune.py``.
Compared are the training itself (after loading), the whole process, and the seconds of all its
threads on a processor. The data is Rotten Tomatoes, as for ``fine_tune.py``.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import fine_tune  # noqa: E402

from engine.registry.base_models import find_base_model  # noqa: E402

Times = dict[str, float]
PARTS = ("train", "total", "cpu")


def ours(data: Path, folder: Path, seed: int) -> dict[str, Times]:
    """Run the worker with an empty cache."""
    settings = {"epochs": 3, "frozen_blocks": 4}
    run = fine_tune.run_ours
    return {"ours": measured(lambda: run(data, folder / "ours", model(), seed, settings))}


def script(data: Path, folder: Path, seed: int) -> dict[str, Times]:
    """Run the script."""
    options = ("--epochs", "3", "--frozen-blocks", "4")
    run = fine_tune.run_script
    return {"script": measured(lambda: run(data, folder / "script", model(), seed, options))}


def model() -> Path:
    """Return the folder of the starter."""
    return Path(find_base_model("").folder)


def measured(run: Callable[[], Times]) -> Times:
    """Return what a run says, and the seconds of its processes on a processor as "cpu"."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = run()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {**found, "cpu": cpu}


def compare(
    seeds: str, short: bool, sides: Sequence[Callable[[Path, Path, int], Mapping[str, Times]]]
) -> None:
    """Run the sides in turns for each seed; print the ratios to "script", by medians, and F1."""
    runs: dict[str, list[Times]] = {}
    with tempfile.TemporaryDirectory(prefix="glossator-benchmark-") as name:
        data = Path(name)
        every = fine_tune.SHORT if short else 1
        fine_tune.prepare(fine_tune.rotten_tomatoes(), data, every)
        for seed in seeds.split(","):
            folder = data / f"seed-{seed}"
            folder.mkdir()
            for side in sides:
                for who, found in side(data, folder, int(seed)).items():
                    runs.setdefault(who, []).append(found)
                    print(f"seed {seed} {who:7} {_words(found)}", flush=True)
    result: dict[str, float] = {}
    for who, found in runs.items():
        for part in PARTS if who != "script" else ():
            median, other = (
                statistics.median(run[part] for run in side) for side in (found, runs["script"])
            )
            result[f"{who}_{part}"] = median / other
        if not short:
            result[f"{who}_f1"] = statistics.mean(run["f1"] for run in found)
    print(json.dumps({key: round(value, 4) for key, value in result.items()}))


def _words(run: Times) -> str:
    return (
        f"train {run['train']:.1f} s, whole process {run['total']:.1f} s, "
        f"processor {run['cpu']:.1f} s, F1 {run['f1']:.4f}"
    )


def main() -> None:
    """Compare both sides."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="an eighth of the data, ratios only")
    parser.add_argument("--seeds", default="42", help="one round for each")
    arguments = parser.parse_args()
    compare(arguments.seeds, arguments.short, (ours, script))


if __name__ == "__main__":
    main()
