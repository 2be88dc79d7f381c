"""Training the head alone against the script that people copy, frozen in the same way.

    python tests/benchmarks/head_only.py --short          ratio of the times, an eighth of the data
    python tests/benchmarks/head_only.py --seeds 42,43,44 ratio and F1 on the whole data

The script trains the classifier for one pass. Our side is the worker, which reads the texts once
and fits the head to convergence: first with an empty cache, and then again from what the first
run kept. See ``frozen.py`` for what is compared.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import fine_tune
from frozen import Times, compare, measured, model


def ours(data: Path, folder: Path, seed: int) -> dict[str, Times]:
    """Run the worker with an empty cache, and again."""
    settings = {"train": "head"}

    def run(name: str) -> Times:
        output = folder / "models" / name
        return fine_tune.run_ours(data, folder / name, model(), seed, settings, output)

    return {"first": measured(lambda: run("first")), "second": measured(lambda: run("second"))}


def script(data: Path, folder: Path, seed: int) -> dict[str, Times]:
    """Run the script."""
    run = fine_tune.run_script
    return {
        "script": measured(lambda: run(data, folder / "script", model(), seed, ["--head-only"]))
    }


def main() -> None:
    """Compare both sides."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="an eighth of the data, ratios only")
    parser.add_argument("--seeds", default="42", help="one round for each")
    arguments = parser.parse_args()
    compare(arguments.seeds, arguments.short, (ours, script))


if __name__ == "__main__":
    main()
