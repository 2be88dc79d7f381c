"""The script that people copy from a notebook: Trainer, random batches, padding by batch.

Its arguments are those of the common tutorial: batches of 16, learning rate 2e-5, weight decay
0.01, one epoch. It freezes as the tutorial does, by the names of the parameters. Run by
``fine_tune.py``, ``frozen.py`` and ``head_only.py``; prints one JSON line.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

STARTED = time.perf_counter()


def main() -> None:
    """Train on ``train.jsonl`` in a folder, score ``test.jsonl``, print seconds and F1."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--frozen-blocks", type=int, default=0, help="and the embeddings with them")
    parser.add_argument("--head-only", action="store_true")
    arguments = parser.parse_args()

    import numpy as np
    import torch
    from datasets import load_dataset
    from sklearn.metrics import f1_score
    from transformers import (
        AutoModelForSequenceClassification,
        AutoTokenizer,
        DataCollatorWithPadding,
        Trainer,
        TrainingArguments,
        set_seed,
    )

    set_seed(arguments.seed)
    files = {split: str(arguments.data / f"{split}.jsonl") for split in ("train", "test")}
    cache = str(arguments.output / "cache")
    data = load_dataset("json", data_files=files, cache_dir=cache)
    tokenizer = AutoTokenizer.from_pretrained(str(arguments.model))
    tokenised = data.map(lambda rows: tokenizer(rows["text"], truncation=True), batched=True)
    model = AutoModelForSequenceClassification.from_pretrained(
        str(arguments.model), num_labels=2, dtype=torch.float32
    )
    frozen = ["embeddings.", *(f"layer.{block}." for block in range(arguments.frozen_blocks))]
    for name, parameter in model.named_parameters():
        if arguments.head_only:
            parameter.requires_grad = name.startswith("classifier")
        elif arguments.frozen_blocks and any(part in name for part in frozen):
            parameter.requires_grad = False
    trainer = Trainer(
        model=model,
        args=TrainingArguments(
            output_dir=str(arguments.output),
            learning_rate=2e-5,
            per_device_train_batch_size=16,
            per_device_eval_batch_size=16,
            num_train_epochs=arguments.epochs,
            weight_decay=0.01,
            save_strategy="epoch",
            report_to="none",
            seed=arguments.seed,
        ),
        train_dataset=tokenised["train"],
        eval_dataset=tokenised["test"],
        processing_class=tokenizer,
        data_collator=DataCollatorWithPadding(tokenizer=tokenizer),
    )
    before = time.perf_counter()
    trainer.train()
    trained = time.perf_counter()
    logits = trainer.predict(tokenised["test"]).predictions
    f1 = f1_score(tokenised["test"]["label"][:], np.argmax(logits, axis=-1))
    print(
        json.dumps(
            {
                "train": trained - before,
                "total": time.perf_counter() - STARTED,
                "cpu": time.process_time(),
                "f1": float(f1),
            }
        )
    )


if __name__ == "__main__":
    main()
