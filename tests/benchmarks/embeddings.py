"""Embedding against SentenceTransformer.encode, and how long a question about meaning takes.

    python tests/benchmarks/embeddings.py            20,000 texts, 100,000 vectors
    python tests/benchmarks/embeddings.py --short    600 texts, 10,000 vectors

Three things are measured with the starter model on the CPU:

encode   our embedder and sentence-transformers' in turns on the same fortieths of the texts, in
         one process after one warm-up each, each of them first as often as second: ratio of the
         times, smallest cosine between the vectors
engine   the command that makes a project searchable, from the start of the worker to the last
         vector on disk, against the same texts' time of sentence-transformers above
query    from the question to the answer, the words' own embedding by the warm worker included, in
         a project with that many vectors (random ones): median and 95th percentile of 100

The texts are those of Rotten Tomatoes and Banking77, from the folder in GLOSSATOR_TEST_DATA, or
``shared/data`` beside the repository.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from engine.jobs.launch import OFFLINE  # noqa: E402

os.environ.update(OFFLINE)

import numpy as np  # noqa: E402

from engine.api import (  # noqa: E402
    CreateProject,
    EmbedTexts,
    Engine,
    FindSimilar,
    GetProject,
    ImportTexts,
    ListTextIds,
    OpenProject,
    SearchByMeaning,
)
from engine.registry.base_models import find_base_model  # noqa: E402

LONG, SHORT = (20_000, 100_000), (600, 10_000)
PARTS = 40
QUESTIONS = 100


def texts() -> Iterator[str]:
    """Yield the texts; ends the program with the reason where there are none."""
    data = Path(os.environ.get("GLOSSATOR_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not (data / "rotten_tomatoes").is_dir():
        sys.exit(f"skipped: there is no {data / 'rotten_tomatoes'}; set GLOSSATOR_TEST_DATA")
    for split in ("train", "validation", "test"):
        with (data / "rotten_tomatoes" / f"{split}.jsonl").open(encoding="utf-8") as stream:
            for line in stream:
                yield json.loads(line)["text"]
    for split in ("train", "test"):
        with (data / "banking77" / f"{split}.csv").open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                yield row["text"]


def measure_encode(some: list[str], model: str) -> tuple[float, float, float]:
    """Return our seconds, theirs, and the smallest cosine between the vectors of a text."""
    from sentence_transformers import SentenceTransformer

    from engine.inference.embed import Embedder

    ours = Embedder(model, "cpu")
    theirs = SentenceTransformer(model, device="cpu", local_files_only=True)
    sides: dict[str, Callable[[list[str]], np.ndarray]] = {
        "ours": ours.embed,
        "theirs": lambda part: theirs.encode(part, show_progress_bar=False),
    }
    for side in sides.values():
        side(some[:64])
    smallest = 1.0
    found: dict[str, np.ndarray] = {}
    seconds = dict.fromkeys(sides, 0.0)
    for number in range(PARTS):
        part = some[number::PARTS]
        # What another program takes of the machine meanwhile is to meet both alike.
        for side in sorted(sides, reverse=bool(number % 2)):
            before = time.perf_counter()
            found[side] = sides[side](part)
            seconds[side] += time.perf_counter() - before
        one, other = found["ours"], found["theirs"]
        lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
        smallest = min(smallest, float(((one * other).sum(1) / lengths).min()))
    return seconds["ours"], seconds["theirs"], smallest


def make_project(folder: Path, some: list[str]) -> Path:
    """Make a project of these texts and return its path."""
    source = folder / "texts.jsonl"
    with source.open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps({"text": text}) + "\n" for text in some)
    path = folder / "texts.glossator"
    with Engine(suggestions=False) as engine:
        project = engine.submit(CreateProject(str(path), ("a", "b"))).result()
        engine.submit(ImportTexts(str(source), project.task.id)).result()
    return path


def measure_engine(path: Path) -> float:
    """Return the seconds of the command that makes the project searchable."""
    with Engine(suggestions=False) as engine:
        engine.submit(OpenProject(str(path))).result()
        before = time.perf_counter()
        engine.submit(EmbedTexts()).result()
        return time.perf_counter() - before


def fill_with_vectors(path: Path) -> None:
    """Give every text of a project a random vector, as if the starter had made it."""
    from engine.project.embeddings import store_embeddings
    from engine.project.project import open_project
    from engine.project.reading import list_text_ids
    from engine.registry.encoder_hash import vectors_sha256

    starter = find_base_model("")
    random = np.random.default_rng(0)
    with open_project(path) as project:
        ids = list_text_ids(project.connection, 1)
        for first in range(0, len(ids), 5000):
            some = ids[first : first + 5000]
            vectors = random.normal(size=(len(some), starter.hidden_size)).astype(np.float16)
            rows = [(each, vector.tobytes()) for each, vector in zip(some, vectors, strict=True)]
            store_embeddings(
                project, vectors_sha256(starter), starter.name, starter.hidden_size, rows
            )


def measure_queries(path: Path, questions: list[str]) -> tuple[float, dict[str, list[float]]]:
    """Return the milliseconds of the first question, for which the worker starts and the vectors
    are read, and of each further one, by its kind."""
    found: dict[str, list[float]] = {"meaning": [], "mixed": [], "similar": []}
    with Engine(suggestions=False) as engine:
        engine.submit(OpenProject(str(path))).result()
        task_id = engine.ask(GetProject()).result().task.id
        ids = engine.ask(ListTextIds(task_id)).result()
        before = time.perf_counter()
        engine.ask(SearchByMeaning(task_id, questions[0])).result()
        first = 1000 * (time.perf_counter() - before)
        for number, words in enumerate(questions):
            short = " ".join(words.split()[:3])
            for kind, query in (
                ("meaning", SearchByMeaning(task_id, words, mixed=False)),
                ("mixed", SearchByMeaning(task_id, short)),
                ("similar", FindSimilar(task_id, ids[number])),
            ):
                before = time.perf_counter()
                engine.ask(query).result()
                found[kind].append(1000 * (time.perf_counter() - before))
    return first, found


def main() -> None:
    """Measure and print; the last line is JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="600 texts, 10,000 vectors")
    parser.add_argument("--only", choices=("encode", "query"), help="only this part")
    arguments = parser.parse_args()
    count, vectors = SHORT if arguments.short else LONG
    every = list(texts())
    model = find_base_model("").folder
    result: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="glossator-benchmark-") as name:
        if arguments.only != "query":
            ours, theirs, cosine = measure_encode(every[:count], model)
            print(f"encode {count:,} texts: ours {ours:.1f} s, theirs {theirs:.1f} s", flush=True)
            folder = Path(name, "engine")
            folder.mkdir()
            whole = measure_engine(make_project(folder, every[:count]))
            print(f"engine {count:,} texts: {whole:.1f} s", flush=True)
            result |= {
                "ratio_encode": ours / theirs,
                "ratio_engine": whole / theirs,
                "smallest_cosine": cosine,
            }
        if arguments.only != "encode":
            folder = Path(name, "query")
            folder.mkdir()
            many = [f"{every[at % len(every)]} {at // len(every)}" for at in range(vectors)]
            path = make_project(folder, many)
            fill_with_vectors(path)
            first, others = measure_queries(path, every[:QUESTIONS])
            result["first_query_ms"] = first
            for kind, times in others.items():
                result[f"{kind}_median_ms"] = statistics.median(times)
                result[f"{kind}_p95_ms"] = statistics.quantiles(times, n=20)[-1]
                print(f"query {kind}: median {statistics.median(times):.1f} ms", flush=True)
    print(json.dumps({key: round(value, 5) for key, value in result.items()}))


if __name__ == "__main__":
    main()
