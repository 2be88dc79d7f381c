"""Embedding in eight bits: how much sooner it is done, and what the search loses by it.

    python tests/benchmarks/quantised.py            20,000 sentences; all of Banking77
    python tests/benchmarks/quantised.py --short    400 sentences; a tenth of Banking77

time     our embedder with the option quantised, our embedder without it, and sentence-transformers'
         encode in batches of 32, in turns on the same parts of the sentences, in one process
         after one warm-up each, each of them first, second and third as often
quality  the customer questions of Banking77 look for their nearest among those to learn from:
         how often the nearest is of the same intent, how many of the ten nearest are, and how many
         of the ten nearest by full vectors are among the ten nearest by quantised ones. All vectors
         are rounded to float16, as a project keeps them

The model is the starter, on the CPU. The texts are those of Rotten Tomatoes and Banking77, from the
folder in GLOSSATOR_TEST_DATA, or ``shared/data`` beside the repository.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import numpy as np  # noqa: E402
from embeddings import PARTS, texts  # noqa: E402, and it sets the environment
from fine_tune import rotten_tomatoes  # noqa: E402

from engine.inference.embed import Embedder  # noqa: E402
from engine.registry.base_models import find_base_model  # noqa: E402

LONG, SHORT = 20_000, 400
SHORT_QUESTIONS = 10
"""The short mode takes every tenth question."""
NEAREST = 10
SMALLEST_PART = 128
"""Sentences; fewer would not fill the batches of both of two cores."""

Embed = Callable[[Sequence[str]], np.ndarray]


def measure_time(sides: dict[str, Embed], some: Sequence[str]) -> dict[str, float]:
    """Return the seconds of each side."""
    seconds = dict.fromkeys(sides, 0.0)
    names = list(sides)
    for embed in sides.values():
        embed(some[:64])
    parts = max(3, min(PARTS, len(some) // SMALLEST_PART))
    for number in range(parts):
        part = some[number::parts]
        # What another program takes of the machine meanwhile is to meet all alike.
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            before = time.perf_counter()
            sides[name](part)
            seconds[name] += time.perf_counter() - before
    return seconds


def questions(split: str, every: int) -> tuple[list[str], np.ndarray]:
    """Return the texts of a split of Banking77 and their intents."""
    path = rotten_tomatoes().parent / "banking77" / f"{split}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))[::every]
    return [row["text"] for row in rows], np.array([row["category"] for row in rows])


def nearest(embed: Embed, asked: Sequence[str], others: Sequence[str]) -> np.ndarray:
    """Return which of the others are nearest to each that is asked, the nearest first."""
    one, other = (embed(some).astype(np.float16).astype(np.float32) for some in (asked, others))
    one /= np.linalg.norm(one, axis=1, keepdims=True)
    other /= np.linalg.norm(other, axis=1, keepdims=True)
    return np.argsort(-(one @ other.T), axis=1, kind="stable")[:, :NEAREST]


def measure_quality(sides: dict[str, Embed], every: int) -> dict[str, float]:
    """Return the figures of full and quantised vectors."""
    asked, wanted = questions("test", every)
    others, intents = questions("train", every)
    found = {name: nearest(sides[name], asked, others) for name in ("full", "quantised")}
    result = {}
    for name, places in found.items():
        same = intents[places] == wanted[:, None]
        result[f"nearest_of_same_intent_{name}"] = float(same[:, 0].mean())
        result[f"ten_nearest_of_same_intent_{name}"] = float(same.mean())
    both = [len({*one} & {*other}) for one, other in zip(*found.values(), strict=True)]
    return {**result, "recall_of_ten_nearest": float(np.mean(both)) / NEAREST}


def main() -> None:
    """Measure and print; the last line is JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="400 sentences, every tenth question")
    parser.add_argument("--sentences", type=int, default=0, help="another number of sentences")
    arguments = parser.parse_args()
    some = list(texts())[: arguments.sentences or (SHORT if arguments.short else LONG)]

    from sentence_transformers import SentenceTransformer

    folder = find_base_model("").folder
    theirs = SentenceTransformer(folder, device="cpu", local_files_only=True)
    sides: dict[str, Embed] = {
        "quantised": Embedder(folder, quantised=True).embed,
        "full": Embedder(folder, "cpu").embed,
        "theirs": lambda part: theirs.encode(list(part), batch_size=32, show_progress_bar=False),
    }
    seconds = measure_time(sides, some)
    print(", ".join(f"{name} {spent:.1f} s" for name, spent in seconds.items()), flush=True)
    result = {
        "ratio_quantised": seconds["quantised"] / seconds["theirs"],
        "ratio_full": seconds["full"] / seconds["theirs"],
        "quantised_to_full": seconds["quantised"] / seconds["full"],
        **measure_quality(sides, SHORT_QUESTIONS if arguments.short else 1),
    }
    print(json.dumps({key: round(value, 4) for key, value in result.items()}))


if __name__ == "__main__":
    main()
