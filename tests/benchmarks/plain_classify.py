"""The script that people copy: transformers' pipeline over a list of texts, in batches of 32.

Run by ``classify.py``. Writes the labels and their scores, and prints one JSON line.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path


def main() -> None:
    """Classify ``sentences.json``, write ``labels.json``, print seconds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("model", type=Path)
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args()

    from transformers import pipeline

    texts = json.loads((arguments.data / "sentences.json").read_text(encoding="utf-8"))
    classify = pipeline("text-classification", model=str(arguments.model), batch_size=32)
    before = time.perf_counter()
    found = classify(texts)
    classified = time.perf_counter() - before
    rows = [(row["label"], row["score"]) for row in found]
    (arguments.output / "labels.json").write_text(json.dumps(rows), encoding="utf-8")
    print(json.dumps({"classify": classified}))


if __name__ == "__main__":
    main()
