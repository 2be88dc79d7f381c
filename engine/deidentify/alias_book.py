"""The aliases of a project: what was called what, so that it is called the same again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.deidentify.keyed import normalised

_TRIES = 400


class AliasRow(NamedTuple):
    """One line of the table of aliases; whoever holds the table can undo the pseudonyms.

    Beside a row for each passage, with the passage's label, there are rows for what its alias was
    made of: the parts of names and addresses, and numbers without their punctuation. Their labels
    begin with “part: ”.
    """

    label: str
    key: str
    original: str
    alias: str


class AliasBook:
    """Aliases in memory; `rows` are all that has to be stored, and make the same book again.

    Raises KnownError if two rows give different aliases to the same key, or a row's alias is one
    that `invent` would have refused because it stands for something else already.
    """

    def __init__(self, rows: Iterable[AliasRow] = ()) -> None:
        self._rows: dict[tuple[str, str], AliasRow] = {}
        self._by_label: dict[str, list[AliasRow]] = {}
        self._aliases: set[tuple[str, str]] = set()
        self._originals: set[str] = set()
        for row in rows:
            row = AliasRow(*row)
            known = self._rows.get((row.label, row.key))
            part_taken = _is_part(row.label) and self._is_taken(row.label, row.alias)
            if known is not None or part_taken:
                raise KnownError(
                    tr(
                        "The table of aliases gives “{alias}” to “{original}” of the label "
                        "“{label}”, which contradicts another row; no alias was read. Restore the "
                        "table from a backup.",
                        alias=row.alias,
                        original=row.original,
                        label=row.label,
                    )
                )
            self._enter(row)

    def rows(self) -> list[AliasRow]:
        """All rows, in the order in which they were added."""
        return list(self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)

    def rows_of(self, label: str) -> Sequence[AliasRow]:
        """The rows of one label, in the order in which they were added."""
        return self._by_label.get(label, ())

    def alias(self, label: str, key: str) -> str | None:
        """The alias that this key has, if it has one."""
        row = self._rows.get((label, key))
        return None if row is None else row.alias

    def avoid(self, strings: Iterable[str]) -> None:
        """Let none of these strings become an alias: they mean somebody real."""
        self._originals.update(filter(None, map(normalised, strings)))

    def record(self, label: str, original: str, alias: str) -> None:
        """Add the row of a passage, unless its string has one under this label."""
        key = normalised(original)
        if (label, key) not in self._rows:
            self._enter(AliasRow(label, key, original, alias))

    def invent(
        self,
        label: str,
        key: str,
        original: str,
        candidate: Callable[[int], str],
        refuse: Callable[[str], bool] = lambda _alias: False,
    ) -> str | None:
        """The key's alias: the one it has, or the first candidate that nothing speaks against.

        Refused is what has been an alias under this label or an original under any, and what
        `refuse` refuses. `candidate` is asked for its first, second, … suggestion. None if
        _TRIES suggestions were refused.
        """
        known = self.alias(label, key)
        if known is not None:
            return known
        self._originals.add(normalised(original))
        for number in range(_TRIES):
            alias = candidate(number)
            taken = normalised(alias) in self._originals or self._is_taken(label, alias)
            if not taken and not refuse(alias):
                self._enter(AliasRow(label, key, original, alias))
                return alias
        return None

    def _enter(self, row: AliasRow) -> None:
        self._rows[row.label, row.key] = row
        self._by_label.setdefault(row.label, []).append(row)
        self._aliases.add((row.label, normalised(row.alias)))
        self._originals.add(normalised(row.original))

    def _is_taken(self, label: str, alias: str) -> bool:
        return (label, normalised(alias)) in self._aliases


def part_label(name: str) -> str:
    """The label of the rows for parts of this kind."""
    return f"part: {name}"


def _is_part(label: str) -> bool:
    return label.startswith("part: ")
