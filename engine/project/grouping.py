"""Where the texts of an import belong: their groups of near-duplicates, and their splits.

Texts of one document and near-duplicates of each other form a group, and a group gets one split.
A group that touches one that is in the project already joins it and takes its split; groups that
are in the project never change, since their split may have been labelled and tested with. Splits
that the file itself gives always stand.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.core.near_duplicates import KEYS, Groups, SortedKeys, similar, unique_pairs
from engine.project.splits import draw_split

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SLICE = 500
_BLOCK = 20_000


@dataclass(frozen=True, slots=True)
class NewText:
    """A text of the import as grouping sees it; `key` is the hash of its normalised content."""

    text_id: int
    key: int
    document: str | None
    split: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new text belongs."""

    text_id: int
    split: str
    group_id: int


class Grouping:
    """Finds the groups of an import's texts; `run` does the work, the rest are its results.

    `keys` are the fingerprints of `texts`, in the same order.
    """

    def __init__(
        self, connection: sqlite3.Connection, texts: Sequence[NewText], keys: NDArray[np.uint64]
    ) -> None:
        self.places: list[Place] = []
        self.near_duplicates = 0
        self.split_leaks = 0
        self._connection = connection
        self._texts = texts
        self._keys = keys
        self._columns: list[SortedKeys] = []
        self._groups = Groups(len(texts))
        self._near: set[int] = set()  # positions of texts that have a near-duplicate
        # position -> texts in the project it belongs with; a shared document counts for more
        self._by_document: dict[int, int] = {}
        self._by_content: dict[int, int] = {}

    def run(self) -> Iterator[None]:
        """Do the work, pausing after each slice of it."""
        self._join_documents()
        yield
        yield from self._join_near_duplicates()
        yield from self._attach_near_duplicates()
        yield from self._place()
        self.near_duplicates = len(self._near)

    def _join_documents(self) -> None:
        first: dict[str, int] = {}
        for position, text in enumerate(self._texts):
            if text.document is not None:
                self._groups.join(first.setdefault(text.document, position), position)
        known = self._connection.execute(
            """SELECT t.document, min(t.id) FROM json_each(?) j
               CROSS JOIN texts t ON t.document = j.value
               JOIN placements p ON p.text_id = t.id GROUP BY t.document""",
            (json.dumps(list(first)),),
        ).fetchall()
        for document, text_id in known:
            self._by_document[first[document]] = text_id

    def _join_near_duplicates(self) -> Iterator[None]:
        pairs = []
        for column in self._keys.T:
            self._columns.append(SortedKeys(column))
            pairs.append(self._columns[-1].pairs_within())
            yield
        ids = [text.text_id for text in self._texts]
        for part in _parts(unique_pairs(pairs)):
            contents = self._contents({ids[position] for pair in part for position in pair})
            for left, right in part:
                # A pair that two others have joined already need not be compared again, unless
                # it is a document that joined them.
                if {left, right} <= self._near and self._groups.of(left) == self._groups.of(right):
                    continue
                if self._keys[left, 0] == self._keys[right, 0] or similar(
                    contents[ids[left]], contents[ids[right]]
                ):
                    self._groups.join(left, right)
                    self._near |= {left, right}
            yield

    def _attach_near_duplicates(self) -> Iterator[None]:
        for old_ids, old_keys in self._known_fingerprints():
            pairs = unique_pairs(
                [
                    column.pairs_with(keys)
                    for column, keys in zip(self._columns, old_keys.T, strict=True)
                ]
            )
            yield
            for part in _parts(pairs):
                new_ids = {self._texts[position].text_id for position, _ in part}
                contents = self._contents(new_ids | {old_ids[row] for _, row in part})
                for position, row in part:
                    if position in self._by_content:
                        continue
                    new, old = self._texts[position].text_id, old_ids[row]
                    if self._keys[position, 0] == old_keys[row, 0] or similar(
                        contents[new], contents[old]
                    ):
                        self._by_content[position] = old
                        self._near.add(position)
                yield

    def _place(self) -> Iterator[None]:
        """Settle group and split of every text, and count what leaks between splits."""
        (seed,) = self._connection.execute("SELECT seed FROM project").fetchone()
        members: dict[int, list[int]] = defaultdict(list)
        for position in range(len(self._texts)):
            members[self._groups.of(position)].append(position)
        yield
        joined = {group: self._joined(positions) for group, positions in members.items()}
        known = self._known_groups({text_id for text_id in joined.values() if text_id is not None})
        yield
        for number, (group, positions) in enumerate(members.items()):
            texts = [self._texts[position] for position in positions]
            old = joined[group]
            if old is not None:
                group_id, split, splits = known[old]
            else:
                given = next((text.split for text in texts if text.split is not None), None)
                key = texts[0].document or f"{texts[0].key:016x}"
                group_id, splits = texts[0].text_id, set()
                split = given or draw_split(seed, key)
            placed = [Place(text.text_id, text.split or split, group_id) for text in texts]
            self.places.extend(placed)
            if len(splits | {place.split for place in placed}) > 1:
                self.split_leaks += len(placed)
            if number % _SLICE == 0:
                yield

    def _joined(self, positions: Sequence[int]) -> int | None:
        """Return the text in the project whose group these new texts join, if any."""
        for links in (self._by_document, self._by_content):
            found = [links[position] for position in positions if position in links]
            if found:
                return min(found)
        return None

    def _known_groups(self, text_ids: set[int]) -> dict[int, tuple[int, str, set[str]]]:
        """Return for texts in the project: group, own split, and all splits of the group."""
        rows = self._connection.execute(
            """SELECT p.text_id, p.group_id, p.split,
                   (SELECT group_concat(DISTINCT q.split) FROM placements q
                    WHERE q.group_id = p.group_id)
               FROM json_each(?) j CROSS JOIN placements p ON p.text_id = j.value""",
            (json.dumps(sorted(text_ids)),),
        ).fetchall()
        return {row[0]: (row[1], row[2], set(row[3].split(","))) for row in rows}

    def _known_fingerprints(self) -> Iterator[tuple[list[int], NDArray[np.uint64]]]:
        """Yield ids and keys of the texts in the project, in blocks."""
        import numpy as np

        last = 0
        while True:
            rows = self._connection.execute(
                """SELECT f.text_id, f.keys FROM fingerprints f
                   CROSS JOIN placements p ON p.text_id = f.text_id
                   WHERE f.text_id > ? ORDER BY f.text_id LIMIT ?""",
                (last, _BLOCK),
            ).fetchall()
            if not rows:
                return
            last = rows[-1][0]
            keys = np.frombuffer(b"".join(row[1] for row in rows), dtype="<u8").reshape(-1, KEYS)
            yield [row[0] for row in rows], keys

    def _contents(self, text_ids: set[int]) -> dict[int, str]:
        return dict(
            self._connection.execute(
                "SELECT id, content FROM texts WHERE id IN (SELECT value FROM json_each(?))",
                (json.dumps(sorted(text_ids)),),
            ).fetchall()
        )


def _parts(pairs: list[list[int]]) -> Iterator[list[list[int]]]:
    for start in range(0, len(pairs), _SLICE):
        yield pairs[start : start + _SLICE]
