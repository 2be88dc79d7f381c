"""Train all four methods with the frozen program and from source, and compare their scores.

    python3 packaging/same_scores.py [build/installer/glossator/glossator] [--source PROGRAM]

Both programs get copies of one project with letters of the sample, the same seed and the same
number of threads, and have to come to the same scores to the last digit.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pip_process import BootstrapError, complain, say

ROOT = Path(__file__).resolve().parent.parent
FROZEN = ROOT / "build" / "installer" / "glossator" / "glossator"
LETTERS = 160


@dataclass(frozen=True)
class Method:
    """A method, the kind of project that it takes, and settings that end soon."""

    name: str
    task: str
    settings: tuple[str, ...]


METHODS = (
    Method("fine-tune", "classification", ("epochs=2", "max_length=64")),
    Method("setfit", "classification", ("shots=8", "steps=6", "max_length=64")),
    Method("mlm", "classification", ("epochs=1", "max_length=64")),
    Method("ner", "spans", ("epochs=4",)),
)


def main(arguments: list[str]) -> int:
    """Carry out the command line; exit code 0, or 1 with one sentence."""
    parser = argparse.ArgumentParser(prog="same_scores.py", description="Compare two programs.")
    parser.add_argument("frozen", type=Path, nargs="?", default=FROZEN)
    parser.add_argument("--source", type=Path, default=Path(sys.executable).parent / "glossator")
    options = parser.parse_args(arguments)
    frozen, source = options.frozen.resolve(), options.source.resolve()
    different = []
    try:
        with tempfile.TemporaryDirectory(prefix="glossator-scores-") as folder:
            tasks = sorted({method.task for method in METHODS})
            projects = {task: make_project(source, Path(folder), task) for task in tasks}
            for method in METHODS:
                results = [
                    compared(name, program, projects[method.task], method)
                    for name, program in (("frozen", frozen), ("source", source))
                ]
                if results[0] != results[1]:
                    different.append(method.name)
    except BootstrapError as error:
        complain(str(error))
        return 1
    if different:
        complain(f"The frozen program comes to other scores with {', '.join(different)}.")
        return 1
    say("The same scores to the last digit with all four methods.")
    return 0


def compared(name: str, program: Path, project: Path, method: Method) -> dict[str, Any]:
    """Train, and tell how long it took and what came of it."""
    started = time.monotonic()
    metrics = train(program, project, method)
    say(f"{method.name}, {name}: {time.monotonic() - started:.0f} s, {shown(metrics)}")
    return metrics


def make_project(program: Path, folder: Path, task: str) -> Path:
    """Make a project of this kind; which texts are for testing is decided in it, once."""
    source, project = folder / f"{task}.jsonl", folder / f"{task}.glossator"
    source.write_text(letters(task), encoding="utf-8")
    run(program, folder, "new", str(project), "--task", task)
    run(program, folder, "import", str(project), str(source), "--add-labels")
    return project


def train(program: Path, project: Path, method: Method) -> dict[str, Any]:
    """Train in a copy of the project and return the metrics."""
    with tempfile.TemporaryDirectory(prefix="glossator-scores-") as folder:
        copy = Path(shutil.copy(project, folder))
        settings = [part for one in method.settings for part in ("--set", one)]
        settings += ["--set", "seed=42", "--set", "threads=2"]
        command = ["train", str(copy), "--method", method.name, *settings, "--json"]
        said = run(program, Path(folder), *command)
    result: dict[str, Any] = json.loads(said.splitlines()[-1])
    metrics: dict[str, Any] = result["metrics"]
    return metrics


def letters(task: str) -> str:
    """Lines of the sample, with their labels or with the passages that are marked in them."""
    sys.path.insert(0, str(ROOT))
    from resources import sample

    rows = []
    for letter in sample.generate(LETTERS):
        row: dict[str, Any] = {"text": letter.content}
        if task == "spans":
            spans = [s for s in letter.spans if s.label in ("PERSON", "DATE")]
            row["spans"] = [[s.start, s.end, s.label] for s in spans]
        else:
            row["label"] = letter.intent
        rows.append(json.dumps(row, ensure_ascii=False))
    return "\n".join(rows) + "\n"


def run(program: Path, folder: Path, *arguments: str) -> str:
    """Run a command of the program with a home of its own and return what it printed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    home = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_DATA_HOME": str(folder)}
    done = subprocess.run(
        [str(program), *arguments],
        env={**kept, **home},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = "\n".join((done.stdout + done.stderr).splitlines()[-8:])
        raise BootstrapError(f"{program} {arguments[0]} ended with {done.returncode}:\n{said}")
    return done.stdout


def shown(metrics: dict[str, Any]) -> str:
    """The figures of a result that stand at its top."""
    parts = [f"{name} {value}" for name, value in metrics.items() if isinstance(value, float)]
    return ", ".join(parts[:3])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
