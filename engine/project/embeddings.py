"""The vectors of texts, by the encoder that made them: stored, looked for, and read in bulk.

An encoder is known by the hash of everything that decides its vectors, so that a model which was
changed or replaced never answers with the vectors of another one. Texts never change; a vector is
computed once and stays until its text is deleted.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.project.reading import fetch_ids

if TYPE_CHECKING:
    from engine.project.project import ProjectFile

_WINDOW = 2048
"""Missing texts that are put into the order of their length together."""
_ROWS = 4096
"""Vectors read at once."""


@dataclass(frozen=True, slots=True)
class EncoderRow:
    """An encoder that has made vectors in this project."""

    id: int
    dimensions: int


def find_encoder(connection: sqlite3.Connection, sha256: str) -> EncoderRow | None:
    """Return the encoder with this hash, or None if it has made no vector here."""
    found = connection.execute(
        "SELECT id, dimensions FROM encoders WHERE sha256 = ?", (sha256,)
    ).fetchone()
    return None if found is None else EncoderRow(*found)


def store_embeddings(
    project: ProjectFile,
    sha256: str,
    name: str,
    dimensions: int,
    vectors: Sequence[tuple[int, bytes]],
) -> int:
    """Store (text id, float16 bytes) of an encoder in one transaction; return how many.

    Texts that are no longer in the project are dropped; a vector that is there already stays.
    """
    with project.transaction() as connection:
        connection.execute(
            "INSERT INTO encoders (sha256, name, dimensions) VALUES (?, ?, ?) "
            "ON CONFLICT (sha256) DO NOTHING",
            (sha256, name, dimensions),
        )
        (encoder_id,) = connection.execute(
            "SELECT id FROM encoders WHERE sha256 = ?", (sha256,)
        ).fetchone()
        return connection.executemany(
            "INSERT OR IGNORE INTO embeddings (encoder_id, text_id, vector) "
            "SELECT ?, text_id, ? FROM placements WHERE text_id = ?",
            ((encoder_id, vector, text_id) for text_id, vector in vectors),
        ).rowcount


def list_missing(connection: sqlite3.Connection, sha256: str) -> tuple[array[int], int]:
    """Return the ids of texts without a vector of this encoder, and the number of all texts.

    Texts of about the same length stand together, two thousand at a time, so that batches of
    neighbours are hardly padded and the work still goes evenly.
    """
    encoder = find_encoder(connection, sha256)
    rows = connection.execute(
        "SELECT text_id, length FROM placements WHERE text_id NOT IN "
        "(SELECT text_id FROM embeddings INDEXED BY embeddings_by_text WHERE encoder_id = ?) "
        "ORDER BY text_id",
        (-1 if encoder is None else encoder.id,),
    ).fetchall()
    (texts,) = connection.execute("SELECT count(*) FROM placements").fetchone()
    missing: array[int] = array("q")
    for first in range(0, len(rows), _WINDOW):
        window = sorted(rows[first : first + _WINDOW], key=lambda row: -row[1])
        missing.extend(text_id for text_id, _ in window)
    return missing, texts


def texts_to_embed(
    connection: sqlite3.Connection, text_ids: Sequence[int], longest: int
) -> list[tuple[int, str]]:
    """Return (id, first `longest` characters) of those that are in the project, in this order."""
    rows = connection.execute(
        "SELECT p.text_id, t.content FROM json_each(?) j "
        "CROSS JOIN placements p ON p.text_id = j.value CROSS JOIN texts t ON t.id = p.text_id "
        "ORDER BY j.id",
        (json.dumps(list(text_ids)),),
    ).fetchall()
    return [(text_id, content[:longest]) for text_id, content in rows]


def read_embedding(connection: sqlite3.Connection, sha256: str, text_id: int) -> bytes | None:
    """Return the float16 bytes of one text's vector, or None if there is none."""
    found = connection.execute(
        "SELECT vector FROM embeddings WHERE text_id = ? "
        "AND encoder_id = (SELECT id FROM encoders WHERE sha256 = ?)",
        (text_id, sha256),
    ).fetchone()
    return None if found is None else found[0]


def embeddings_state(connection: sqlite3.Connection, encoder_id: int) -> tuple[int, int]:
    """Return two numbers that change whenever the encoder's vectors do: how many, and the sum of
    their texts' ids, which are never used again."""
    count, total = connection.execute(
        "SELECT count(*), coalesce(sum(text_id), 0) "
        "FROM embeddings INDEXED BY embeddings_by_text WHERE encoder_id = ?",
        (encoder_id,),
    ).fetchone()
    return count, total


def embedded_ids(connection: sqlite3.Connection, encoder_id: int) -> array[int]:
    """Return the ids of all texts that the encoder has made a vector of, in order."""
    return fetch_ids(
        connection.execute(
            "SELECT text_id FROM embeddings INDEXED BY embeddings_by_text "
            "WHERE encoder_id = ? ORDER BY text_id",
            (encoder_id,),
        )
    )


def read_embeddings(
    connection: sqlite3.Connection, encoder_id: int, text_ids: Sequence[int]
) -> Iterator[tuple[array[int], bytes]]:
    """Yield ids and their float16 vectors, joined, four thousand at a time."""
    for first in range(0, len(text_ids), _ROWS):
        wanted = json.dumps(list(text_ids[first : first + _ROWS]))
        rows = connection.execute(
            "SELECT e.text_id, e.vector FROM json_each(?) j CROSS JOIN embeddings e "
            "ON e.encoder_id = ? AND e.text_id = j.value",
            (wanted, encoder_id),
        ).fetchall()
        yield array("q", [text_id for text_id, _ in rows]), b"".join(row[1] for row in rows)
