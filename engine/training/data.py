"""Read the snapshot of a job into plain arrays and lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.core.errors import KnownError
from engine.core.hashing import file_sha256
from engine.core.language import tr


@dataclass(frozen=True, slots=True)
class Examples:
    """Labelled texts, all columns of the same length n.

    `targets` is int64 (n,) with positions in the label list, or for several labels a text float32
    (n, labels) of zeros and ones. `groups` is int64 (n,): texts that must not be separated by a
    split share a number.
    """

    text_ids: np.ndarray
    texts: list[str]
    targets: np.ndarray
    splits: list[str]
    groups: np.ndarray

    def __len__(self) -> int:
        return len(self.texts)

    def rows_of(self, *splits: str) -> np.ndarray:
        """Return the positions of the texts in these splits, ascending."""
        return np.array([row for row, split in enumerate(self.splits) if split in splits], int)


def read_snapshot(path: Path, labels: Sequence[str], multi_label: bool) -> Examples:
    """Return the labelled texts of a snapshot (its columns are in `engine.jobs.spec`).

    Raises:
        KnownError: if the file is missing or not a snapshot.
    """
    columns = read_labelled(path)
    chosen = [labels_of_text or [] for labels_of_text in columns["labels"]]
    if not multi_label and any(len(labels_of_text) != 1 for labels_of_text in chosen):
        raise KnownError(
            tr(
                "The snapshot {path} has texts without exactly one label, but this task gives "
                "every text one; start the job again.",
                path=path,
            )
        )
    return Examples(
        text_ids=np.array(columns["text_id"], np.int64),
        texts=columns["text"],
        targets=_targets(chosen, len(labels), multi_label),
        splits=columns["split"],
        groups=np.array(columns["group"], np.int64),
    )


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts with or without labels, all columns of the same length n; see `Examples`."""

    texts: list[str]
    splits: list[str]
    groups: np.ndarray


def read_texts(path: Path) -> Texts:
    """Return all texts of a snapshot, labelled or not.

    Raises:
        KnownError: if the file is missing or not a snapshot.
    """
    columns = _read_table(path).to_pydict()
    return Texts(columns["text"], columns["split"], np.array(columns["group"], np.int64))


def read_labelled(path: Path) -> dict[str, list[Any]]:
    """Return the columns of a snapshot, with the labelled texts as their rows.

    Raises:
        KnownError: if the file is missing or not a snapshot.
    """
    table = _read_table(path)
    columns: dict[str, list[Any]] = table.filter(table["labelled"]).to_pydict()
    return columns


def snapshot_sha256(path: Path) -> str:
    """Return the hash of a snapshot.

    Raises:
        KnownError: if the file is missing.
    """
    try:
        return file_sha256(path)
    except OSError as error:
        raise _unreadable(path, error) from error


def _read_table(path: Path) -> Any:
    """Return a snapshot as a table of pyarrow's."""
    from datasets import Dataset

    # keep_in_memory and a cache beside the snapshot: nothing of a text may stay in the home folder.
    try:
        table = Dataset.from_parquet(
            str(path), keep_in_memory=True, cache_dir=str(path.parent / "cache")
        )
    except (FileNotFoundError, OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    return table.with_format("arrow")[:]


def _unreadable(path: Path, error: Exception) -> KnownError:
    return KnownError(
        tr("The snapshot of the texts, {path}, cannot be read; start the job again.", path=path),
        details=str(error),
    )


def _targets(chosen: list[list[int]], labels: int, multi_label: bool) -> np.ndarray:
    if not multi_label:
        return np.array([only[0] for only in chosen], np.int64)
    targets = np.zeros((len(chosen), labels), np.float32)
    for row, positions in enumerate(chosen):
        targets[row, positions] = 1.0
    return targets


def distinct_targets(targets: np.ndarray) -> int:
    """Return how many different labels (or sets of labels) occur in the targets."""
    return len(np.unique(targets, axis=0)) if len(targets) else 0
