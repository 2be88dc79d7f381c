"""Where the secret of hashes and aliases comes from, and where aliases go."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from engine.deidentify.alias_book import AliasRow

SECRET_BYTES = 32


class Keeper(Protocol):
    """Keeps what makes hashes and aliases the same in everything that belongs together.

    A project is one; whoever works without a project has a `Forgetful` one.
    """

    def secret(self) -> bytes:
        """Return the secret, always the same, at least 16 bytes."""
        ...

    def aliases(self) -> Sequence[AliasRow]:
        """Return the aliases that were given so far."""
        ...

    def store_aliases(self, rows: Sequence[AliasRow]) -> None:
        """Keep these aliases, which are all there are, old ones and new ones.

        Raises:
            KnownError: if they cannot be kept.
        """
        ...


class Forgetful:
    """A keeper for one run: its secret is drawn at random, and its aliases are not kept."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(SECRET_BYTES)

    def secret(self) -> bytes:
        """Return the secret of this run."""
        return self._secret

    def aliases(self) -> Sequence[AliasRow]:
        """Return no aliases: nothing was given yet."""
        return ()

    def store_aliases(self, rows: Sequence[AliasRow]) -> None:
        """Keep nothing."""
