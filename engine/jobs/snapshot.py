"""The label snapshot: what a worker learns from, written once and never changed."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.core.files import explain_os_error
from engine.core.hashing import file_sha256
from engine.core.language import tr

if TYPE_CHECKING:
    import pyarrow

    from engine.project.snapshot import SnapshotRow


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A written snapshot: where, how many texts, and the file's SHA-256."""

    path: Path
    texts: int
    sha256: str


def snapshot_schema() -> pyarrow.Schema:
    """Return the columns of a snapshot, which `engine.jobs.spec.JobSpec` describes."""
    import pyarrow as pa

    return pa.schema(
        [
            ("text_id", pa.int64()),
            ("text", pa.string()),
            ("labels", pa.list_(pa.int32())),
            ("labelled", pa.bool_()),
            ("split", pa.string()),
            ("group", pa.int64()),
            (
                "spans",
                pa.list_(pa.struct([(n, pa.int32()) for n in ("start", "end", "label")])),
            ),
        ]
    )


def write_snapshot(
    path: Path, slices: Iterable[Sequence[SnapshotRow]]
) -> Generator[int, None, Snapshot]:
    """Write slices of rows into a Parquet file; yields the number of texts after each slice.

    Nothing is left behind when the work is abandoned or fails.

    Raises:
        KnownError: if the file cannot be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = 0
    schema = snapshot_schema()
    complete = False
    try:
        with pq.ParquetWriter(path, schema, compression="zstd") as writer:
            for rows in slices:
                columns = {
                    "text_id": [row.text_id for row in rows],
                    "text": [row.text for row in rows],
                    "labels": [list(row.labels) for row in rows],
                    "labelled": [row.labelled for row in rows],
                    "split": [row.split for row in rows],
                    "group": [row.group for row in rows],
                    "spans": [
                        [
                            dict(zip(("start", "end", "label"), span, strict=True))
                            for span in row.spans
                        ]
                        for row in rows
                    ],
                }
                writer.write_table(pa.table(columns, schema=schema))
                texts += len(rows)
                yield texts
        complete = True
    except OSError as error:
        what = tr("The texts for the job could not be written to {folder}", folder=path.parent)
        raise explain_os_error(error, what) from error
    finally:
        if not complete:
            path.unlink(missing_ok=True)
    return Snapshot(path, texts, file_sha256(path))
