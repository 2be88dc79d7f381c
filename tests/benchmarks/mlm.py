"""Continued pretraining against the scripts that people copy, on the same texts and machine.

    python tests/benchmarks/mlm.py --short     tokens a second, an eighth of the texts
    python tests/benchmarks/mlm.py             tokens a second on all texts, and the perplexities

Tokens are those of the texts, without padding. The scripts are ``plain_mlm.py``: "texts" pads each
text to the longest of its batch, "blocks" joins them into blocks of 128 tokens; both use Trainer
and DataCollatorForLanguageModeling. Our side is the worker at one pass, started as the engine
starts it. All sides start from the same folder, the starter with a head that is not trained, so
none of them spends time on warming one; they run in processes of their own, in turns. Compared is
the training itself, after loading. The perplexities are those of held-out texts under fixed masks,
before and after a pretraining of the starter with its defaults (so a warmed head, in both).

The data is Rotten Tomatoes, from the folder in GLOSSATOR_TEST_DATA or ``shared/data`` beside the
repository, and the sample corpus that the program comes with.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from fine_tune import rotten_tomatoes  # noqa: E402

from engine.jobs.launch import worker_environment  # noqa: E402
from engine.jobs.spec import JobSpec  # noqa: E402
from engine.registry.base_models import find_base_model  # noqa: E402

SHORT = 8
"""The short mode takes every eighth text."""
HELD_OUT = 40
"""Texts beside the training that our side scores in the comparison of speed."""
SAMPLE_LETTERS = 2000
MAKE_BASE = """
import sys
from transformers import AutoModelForMaskedLM, AutoTokenizer
AutoModelForMaskedLM.from_pretrained(sys.argv[1]).save_pretrained(sys.argv[2])
AutoTokenizer.from_pretrained(sys.argv[1]).save_pretrained(sys.argv[2])
"""


def read_texts(split: str) -> list[str]:
    """Return the texts of a split of Rotten Tomatoes."""
    with (rotten_tomatoes() / f"{split}.jsonl").open(encoding="utf-8") as stream:
        return [json.loads(line)["text"] for line in stream]


def write_snapshot(
    path: Path, texts: dict[str, list[str]], groups: list[int] | None = None
) -> None:
    """Write unlabelled texts by split as a snapshot for the worker; each its own group, or not."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [(text, split) for split, of_split in texts.items() for text in of_split]
    numbers = pa.array(range(len(rows)), pa.int64())
    table = {
        "text_id": numbers,
        "text": [text for text, _ in rows],
        "labels": pa.array([[]] * len(rows), pa.list_(pa.int32())),
        "labelled": [False] * len(rows),
        "split": [split for _, split in rows],
        "group": numbers if groups is None else pa.array(groups, pa.int64()),
    }
    pq.write_table(pa.table(table), path)


def output_of(command: list[str]) -> list[str]:
    """Run a command and return its lines; every side gets the same environment."""
    done = subprocess.run(
        command, env=worker_environment(), capture_output=True, text=True, encoding="utf-8"
    )
    if done.returncode:
        sys.exit(f"{command} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done.stdout.strip().splitlines()


def run_ours(folder: Path, snapshot: Path, model: Path, settings: dict[str, Any]) -> dict[str, Any]:
    """Run the worker and return the data of its last event."""
    folder.mkdir()
    spec = JobSpec(
        job_id=1,
        kind="train",
        folder=str(folder),
        snapshot=str(snapshot),
        labels=(),
        method="mlm",
        base_model=str(model),
        output=str(folder / "model"),
        settings=settings,
        device="cpu",
    )
    (folder / "job.json").write_text(json.dumps(asdict(spec)), encoding="utf-8")
    lines = output_of([sys.executable, "-P", "-m", "engine.jobs.worker", str(folder / "job.json")])
    last = json.loads(lines[-1])
    if last["event"] != "finished":
        sys.exit(f"our side failed: {last}")
    found: dict[str, Any] = last["data"]
    return found


def run_script(folder: Path, data: Path, model: Path, *options: str) -> dict[str, float]:
    """Run the script and return its seconds and tokens."""
    folder.mkdir()
    script = Path(__file__).with_name("plain_mlm.py")
    lines = output_of([sys.executable, str(script), str(data), str(model), str(folder), *options])
    found: dict[str, float] = json.loads(lines[-1])
    return found


def compare_speed(folder: Path, every: int, rounds: int) -> dict[str, float]:
    """Return tokens a second of each side over all rounds, and the ratios."""
    texts = read_texts("train")[::every]
    write_snapshot(
        folder / "snapshot.parquet",
        {"train": texts, "validation": read_texts("validation")[:HELD_OUT]},
    )
    with (folder / "train.jsonl").open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps({"text": text}) + "\n" for text in texts)
    base = folder / "base"
    output_of([sys.executable, "-c", MAKE_BASE, find_base_model("").folder, str(base)])
    seconds = {"ours": 0.0, "texts": 0.0, "blocks": 0.0}
    tokens = 0.0
    for number in range(rounds):
        ours = run_ours(folder / f"ours-{number}", folder / "snapshot.parquet", base, {"epochs": 1})
        seconds["ours"] += ours["seconds"]["train"]
        padded = run_script(folder / f"texts-{number}", folder, base, "--texts")
        seconds["texts"] += padded["train"]
        tokens += padded["tokens"]  # without padding: the same texts for every side
        seconds["blocks"] += run_script(folder / f"blocks-{number}", folder, base)["train"]
        print(f"round {number + 1}: {seconds}", flush=True)
    found = {f"tokens_a_second_{side}": tokens / spent for side, spent in seconds.items()}
    for side in ("texts", "blocks"):
        found[f"ratio_{side}"] = seconds[side] / seconds["ours"]
    return found


def measure_perplexities(folder: Path) -> dict[str, float]:
    """Return the perplexities before and after, of the starter with the default settings."""
    from resources import sample

    letters = list(sample.generate(SAMPLE_LETTERS))
    documents = {name: number for number, name in enumerate({one.document for one in letters})}
    reviews = {split: read_texts(split) for split in ("train", "validation")}
    write_snapshot(folder / "rotten_tomatoes.parquet", reviews)
    write_snapshot(
        folder / "sample.parquet",
        {"train": [letter.content for letter in letters]},
        [documents[letter.document] for letter in letters],
    )
    found = {}
    for name in ("rotten_tomatoes", "sample"):
        model = Path(find_base_model("").folder)
        done = run_ours(folder / name, folder / f"{name}.parquet", model, {})
        scores = done["metrics"]["held-out"]
        found[f"{name}_perplexity_before"] = scores["perplexity_before"]
        found[f"{name}_perplexity"] = scores["perplexity"]
        found[f"{name}_seconds"] = done["seconds"]["total"]
        print(f"{name}: {scores}", flush=True)
    return found


def main() -> None:
    """Run all sides in turns and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="an eighth of the texts, speed only")
    parser.add_argument("--rounds", type=int, default=1, help="how often each side runs")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="glossator-benchmark-") as name:
        folder = Path(name)
        found = compare_speed(folder, SHORT if arguments.short else 1, arguments.rounds)
        if not arguments.short:
            found |= measure_perplexities(folder)
    print(json.dumps({key: round(value, 4) for key, value in found.items()}))


if __name__ == "__main__":
    main()
