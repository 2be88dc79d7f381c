"""The script that people copy from a notebook: Trainer and DataCollatorForLanguageModeling.

With ``--texts`` every text is a row of its own, cut at the model's length and padded to the
longest of its batch, as the books do it; without, texts are joined and cut into blocks of
``--length`` tokens, as the course and run_mlm do it, and nothing is padded. Learning rate 2e-5,
weight decay 0.01, batches of 16, single tokens masked. Run by ``mlm.py``; prints one JSON line.
"""

from __future__ import annotations

import argparse
import json
from itertools import chain
from pathlib import Path
from typing import Any


def main() -> None:
    """Train on ``train.jsonl`` in a folder for some steps, print seconds and tokens."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--texts", action="store_true")
    parser.add_argument("--length", type=int, default=128)
    parser.add_argument("--seed", type=int, default=42)
    arguments = parser.parse_args()

    import torch
    from datasets import load_dataset
    from transformers import (
        AutoModelForMaskedLM,
        AutoTokenizer,
        DataCollatorForLanguageModeling,
        Trainer,
        TrainerCallback,
        TrainingArguments,
        set_seed,
    )

    set_seed(arguments.seed)
    data = load_dataset(
        "json",
        data_files=str(arguments.data / "train.jsonl"),
        cache_dir=str(arguments.output / "cache"),
        split="train",
    )
    tokenizer = AutoTokenizer.from_pretrained(str(arguments.model))
    names = data.column_names
    if arguments.texts:
        rows = data.map(
            lambda batch: tokenizer(batch["text"], truncation=True),
            batched=True,
            remove_columns=names,
        )
    else:
        length = arguments.length

        def group(batch: dict[str, list[Any]]) -> dict[str, list[Any]]:
            joined = {key: list(chain(*batch[key])) for key in batch}
            total = len(joined["input_ids"]) // length * length
            return {
                key: [values[at : at + length] for at in range(0, total, length)]
                for key, values in joined.items()
            }

        rows = data.map(lambda batch: tokenizer(batch["text"]), batched=True, remove_columns=names)
        rows = rows.map(group, batched=True)
    model = AutoModelForMaskedLM.from_pretrained(str(arguments.model), dtype=torch.float32)

    class Watch(TrainerCallback):
        """Seconds from the first step to the last one, without what Trainer does around them."""

        def on_train_begin(self, *_: Any, **__: Any) -> None:
            self.begun = seconds()

        def on_train_end(self, *_: Any, **__: Any) -> None:
            self.ended = seconds()

    watch = Watch()
    trainer = Trainer(
        model=model,
        args=TrainingArguments(
            output_dir=str(arguments.output),
            learning_rate=2e-5,
            per_device_train_batch_size=16,
            num_train_epochs=1,
            weight_decay=0.01,
            save_strategy="no",
            report_to="none",
            seed=arguments.seed,
        ),
        train_dataset=rows,
        processing_class=tokenizer,
        data_collator=DataCollatorForLanguageModeling(tokenizer, mlm_probability=0.15),
        callbacks=[watch],
    )
    trainer.train()
    tokens = sum(map(len, rows["input_ids"]))
    print(json.dumps({"train": watch.ended - watch.begun, "tokens": tokens}))


def seconds() -> float:
    """The clock that both sides are measured by."""
    from time import perf_counter

    return perf_counter()


if __name__ == "__main__":
    main()
