"""The script that people copy for SetFit: its own Trainer, twenty pairs of a kind a text, 3 epochs.

All else is left at setfit's defaults (batches of 16 pairs, learning rate 2e-5, a logistic head).
Run by ``setfit.py``; prints one JSON line. With ``--steps`` it trains that many steps only, and
says how long the whole training would take at that pace.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

STARTED = time.perf_counter()
WARM = 2


def main() -> None:
    """Train on ``train.jsonl`` in a folder, score ``test.jsonl``, print seconds and F1."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--steps", type=int, default=0)
    arguments = parser.parse_args()

    from datasets import load_dataset
    from setfit import SetFitModel, Trainer, TrainingArguments
    from sklearn.metrics import f1_score
    from transformers import TrainerCallback

    class Pace(TrainerCallback):
        """Notes the pace of the steps, and how many there would be."""

        planned = 0
        warm = last = 0.0

        def on_train_begin(self, args: object, state: object, control: object, **_: object) -> None:
            self.planned = state.max_steps

        def on_step_end(self, args: object, state: object, control: object, **_: object) -> None:
            self.last = time.perf_counter()
            if state.global_step == WARM:
                self.warm = self.last
            if arguments.steps and state.global_step == arguments.steps:
                control.should_training_stop = True

    files = {split: str(arguments.data / f"{split}.jsonl") for split in ("train", "test")}
    data = load_dataset("json", data_files=files, cache_dir=str(arguments.output / "cache"))
    pace = Pace()
    trainer = Trainer(
        model=SetFitModel.from_pretrained(str(arguments.model), local_files_only=True),
        args=TrainingArguments(
            output_dir=str(arguments.output / "checkpoints"),
            num_iterations=20,
            num_epochs=3,
            report_to="none",
            show_progress_bar=False,
            seed=arguments.seed,
        ),
        train_dataset=data["train"],
        metric=lambda predicted, gold: {"f1": f1_score(gold, predicted, average="macro")},
        callbacks=[pace],
    )
    before = time.perf_counter()
    trainer.train()
    trained = time.perf_counter()
    steps = min(arguments.steps or pace.planned, pace.planned)
    # The first steps of a process are slower than the rest and must not be multiplied.
    missing = (pace.planned - steps) * (pace.last - pace.warm) / max(1, steps - WARM)
    f1 = trainer.evaluate(data["test"])["f1"]
    ended = time.perf_counter()
    print(
        json.dumps(
            {
                "train": trained - before + missing,
                "total": ended - STARTED + missing,
                "steps": pace.planned,
                "f1": float(f1),
            }
        )
    )


if __name__ == "__main__":
    main()
