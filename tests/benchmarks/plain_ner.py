"""The script that people copy from a book: Trainer, random batches, labels moved onto pieces.

Its arguments are those of the common tutorial: batches of 16, learning rate 2e-5, weight decay
0.01; a word's further pieces get the tag I-. The tag of a word is that of its first piece. Run by
``ner.py``, which scores what is written here; prints one JSON line.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

STARTED = time.perf_counter()


def main() -> None:
    """Train on ``train.jsonl`` in a folder, write the tags of the words of ``test.jsonl``."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--learning-rate", type=float, default=2e-5)
    arguments = parser.parse_args()

    import numpy as np
    import torch
    from datasets import load_dataset
    from transformers import (
        AutoModelForTokenClassification,
        AutoTokenizer,
        DataCollatorForTokenClassification,
        Trainer,
        TrainingArguments,
        set_seed,
    )

    set_seed(arguments.seed)
    names = json.loads((arguments.data / "tags.json").read_text(encoding="utf-8"))
    files = {split: str(arguments.data / f"{split}.jsonl") for split in ("train", "test")}
    data = load_dataset("json", data_files=files, cache_dir=str(arguments.output / "cache"))
    tokenizer = AutoTokenizer.from_pretrained(str(arguments.model))

    def align(rows: dict[str, list[Any]]) -> Any:
        encoded = tokenizer(rows["words"], truncation=True, is_split_into_words=True)
        labels = []
        for number, tags in enumerate(rows["tags"]):
            last, of_row = None, []
            for word in encoded.word_ids(number):
                if word is None:
                    of_row.append(-100)
                elif word != last:
                    of_row.append(tags[word])
                else:
                    of_row.append(tags[word] + (tags[word] % 2))  # B- becomes I-
                last = word
            labels.append(of_row)
        return {**encoded, "labels": labels}

    aligned = data.map(align, batched=True, remove_columns=["words", "tags"])
    model = AutoModelForTokenClassification.from_pretrained(
        str(arguments.model),
        num_labels=len(names),
        id2label=dict(enumerate(names)),
        label2id={name: number for number, name in enumerate(names)},
        dtype=torch.float32,
    )
    trainer = Trainer(
        model=model,
        args=TrainingArguments(
            output_dir=str(arguments.output),
            learning_rate=arguments.learning_rate,
            per_device_train_batch_size=16,
            per_device_eval_batch_size=16,
            num_train_epochs=arguments.epochs,
            weight_decay=0.01,
            save_strategy="epoch",
            report_to="none",
            seed=arguments.seed,
        ),
        train_dataset=aligned["train"],
        eval_dataset=aligned["test"],
        processing_class=tokenizer,
        data_collator=DataCollatorForTokenClassification(tokenizer=tokenizer),
    )
    before = time.perf_counter()
    trainer.train()
    trained = time.perf_counter()
    best = np.argmax(trainer.predict(aligned["test"]).predictions, axis=-1)
    tags = []
    for number, words in enumerate(data["test"]["words"][:]):
        of_words = [0] * len(words)
        found = tokenizer(words, truncation=True, is_split_into_words=True).word_ids()
        for place in reversed(range(len(found))):
            if found[place] is not None:
                of_words[found[place]] = int(best[number, place])
        tags.append(of_words)
    (arguments.output / "tags.json").write_text(json.dumps(tags), encoding="utf-8")
    ended = time.perf_counter()
    print(json.dumps({"train": trained - before, "total": ended - STARTED}))


if __name__ == "__main__":
    main()
