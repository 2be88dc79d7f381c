"""Where the time of a training step goes: fine-tuning of everything, batches of 16, on the CPU.

    python tests/benchmarks/profile_step.py            60 steps on sentences of Rotten Tomatoes
    python tests/benchmarks/profile_step.py --short    12 steps

The steps are those of a job with the defaults: buckets of like lengths, the starter model with the
embeddings that occur, dropout, clipping, AdamW. They run once to warm up, once timed, and once
under torch's profiler. Printed are milliseconds a step by phase, and by kind of work: products
(linear layers and attention, forward and backward), dropout (masks drawn and applied), optimiser
(clipping, AdamW, schedule), copies, other kernels, and what is left outside of all kernels: Python
and autograd. Beside them stand the parts of a run around its steps: reading the texts into tokens,
and scoring held-out texts.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from fine_tune import rotten_tomatoes  # noqa: E402

from engine.jobs.launch import OFFLINE  # noqa: E402
from engine.jobs.worker import WAITING  # noqa: E402

os.environ.update(OFFLINE | WAITING)  # as a worker computes

import numpy as np  # noqa: E402
import torch  # noqa: E402
from torch.profiler import profile, record_function  # noqa: E402

from engine.inference.probabilities import predict_probabilities  # noqa: E402
from engine.registry.base_models import find_base_model  # noqa: E402
from engine.training import dropout  # noqa: E402
from engine.training.batching import bucketed_batches  # noqa: E402
from engine.training.checkpoint import load_classifier, load_tokenizer  # noqa: E402
from engine.training.objective import make_objective  # noqa: E402
from engine.training.optimisation import Stepper  # noqa: E402
from engine.training.settings import parse_settings  # noqa: E402
from engine.training.tokens import tokenise  # noqa: E402
from engine.training.trainable import Trainable  # noqa: E402

LONG, SHORT = 60, 12
KINDS = {
    "products": ("mkldnn::_linear_pointwise", "aten::mm", "aten::addmm", "aten::bmm"),
    "dropout": ("draw masks",),
    "optimiser": ("aten::_fused_adamw_", "aten::linalg_vector_norm", "Optimizer.", "clip"),
    "copies": ("aten::copy_", "aten::fill_", "aten::zero_", "aten::clone"),
}
"""Beginnings of the names that the profiler gives what belongs to a kind."""


class Steps:
    """The parts of one job, and its steps."""

    def __init__(self, texts: list[str], labels: list[int]) -> None:
        folder = Path(find_base_model("").folder)
        self.device = torch.device("cpu")
        self.settings = parse_settings({})
        checkpoint = load_classifier(folder, ("negative", "positive"), False, 42, self.device)
        before = time.perf_counter()
        self.tokens = tokenise(texts, load_tokenizer(folder), 512)
        self.tokenising = time.perf_counter() - before
        self.trainable = Trainable(
            checkpoint, self.settings, self.device, "fp32", self.tokens.ids, self.tokens.pad_id
        )
        self.targets = torch.tensor(labels)
        self.objective = make_objective(None, False, self.device)
        self.stepper = Stepper(self.trainable.model, self.settings, 10**6, "fp32")
        lengths = self.tokens.lengths
        random = np.random.default_rng(self.settings.seed)
        self.batches = bucketed_batches(lengths, self.settings.batch_size, random)
        self.seconds: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        before = time.perf_counter()
        yield
        self.seconds[name] += time.perf_counter() - before

    def run(self) -> None:
        """Take every step once."""
        self.trainable.start_training()
        for rows in self.batches:
            with self.phase("batch"):
                ids, mask = self.tokens.batch(rows, self.device)
            with self.phase("forward"):
                logits = self.trainable.model(input_ids=ids, attention_mask=mask).logits
                loss = self.objective(logits, self.targets[torch.from_numpy(rows)])
            with self.phase("backward"):
                self.stepper.backward(loss)
            with self.phase("update"):
                self.stepper.update()

    def score(self) -> float:
        """Return the seconds of scoring the same texts."""
        before = time.perf_counter()
        rows = np.arange(len(self.targets))
        predict_probabilities(
            self.trainable.model, self.tokens, rows, several=False, device=self.device
        )
        return time.perf_counter() - before


def by_kind(events: Any, total: float) -> dict[str, float]:
    """Return the seconds of each kind of work; `total` is that of all steps."""
    found: defaultdict[str, float] = defaultdict(float)
    for event in events:
        kind = next(
            (kind for kind, names in KINDS.items() if event.key.startswith(names)),
            "other kernels" if event.key.startswith(("aten::", "mkldnn::")) else "",
        )
        if kind:
            found[kind] += event.self_cpu_time_total / 1e6
    found["Python and autograd"] = total - sum(found.values())
    return dict(found)


def mark_masks() -> None:
    """Have the profiler see the masks, which numpy draws."""
    draw = dropout.RandomBits.mask

    def marked(bits: dropout.RandomBits, like: torch.Tensor, p: float) -> torch.Tensor:
        with record_function("draw masks"):
            return draw(bits, like, p)

    dropout.RandomBits.mask = marked  # type: ignore[method-assign]


def main() -> None:
    """Run and print; the last line is JSON, in milliseconds a step."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="12 steps")
    parser.add_argument("--threads", type=int, default=0, help="threads; as many as cores")
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    steps = SHORT if arguments.short else LONG
    with (rotten_tomatoes() / "train.jsonl").open(encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    rows = rows[:: len(rows) // (16 * steps)][: 16 * steps]
    work = Steps([row["text"] for row in rows], [int(row["label"] == "positive") for row in rows])
    work.run()
    work.seconds.clear()
    work.run()
    phases = dict(work.seconds)
    work.seconds.clear()
    mark_masks()
    with profile() as profiler:
        work.run()
    kinds = by_kind(profiler.key_averages(), sum(work.seconds.values()))
    around = {"tokenising": work.tokenising, "scoring the same texts": work.score()}
    result = {}
    for title, table in (("phases", phases), ("kinds of work", kinds), ("around", around)):
        whole = sum(table.values())
        print(f"\n{title:24} ms a step    share")
        for name, seconds in sorted(table.items(), key=lambda row: -row[1]):
            result[name] = round(1000 * seconds / steps, 2)
            share = "" if title == "around" else f"{seconds / whole:8.1%}"
            print(f"{name:24} {result[name]:9.2f} {share}")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
