"""How large each library is in the frozen application, and whether it grew without a reason.

`sizes.toml` holds what each may take. A library that grew by more than the tolerance, or a new one
of some size, fails the build until somebody has looked at it and written the new size down.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

BUDGET = Path(__file__).resolve().parent / "sizes.toml"
MEGABYTE = 1_000_000
TOLERANCE = 0.05
"""A library may be so much larger than written down, and at least `SLACK`."""
SLACK = 2 * MEGABYTE
SMALL = 3 * MEGABYTE
"""What takes less counts among "everything else"."""
REST = "everything else"
PROGRAM = "Glossator and Python"


@dataclass(frozen=True, slots=True)
class Growth:
    """A library that takes more than was written down; `allowed` is 0 for a new one."""

    library: str
    size: int
    allowed: int

    @property
    def words(self) -> str:
        """One sentence for the person who builds."""
        now = f"{self.size / MEGABYTE:.1f} MB"
        if not self.allowed:
            return f"{self.library} is new and takes {now}."
        return f"{self.library} takes {now}, where {self.allowed / MEGABYTE:.1f} MB are expected."


def measure(folder: Path) -> dict[str, int]:
    """Bytes by library of an application's folder, the largest first.

    A library is a folder under `_internal`; shared libraries that lie there alone, and the two
    programs with the modules they carry, count together as `PROGRAM`.
    """
    inside = folder / "_internal"
    sizes: Counter[str] = Counter()
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        parts = path.relative_to(inside).parts if path.is_relative_to(inside) else ()
        sizes[_library(parts[0]) if len(parts) > 1 else PROGRAM] += path.stat().st_size
    large = {name: size for name, size in sizes.items() if size >= SMALL or name == PROGRAM}
    large[REST] = sum(sizes.values()) - sum(large.values())
    return dict(sorted(large.items(), key=lambda entry: (-entry[1], entry[0])))


def read_budget(platform: str, file: Path = BUDGET) -> dict[str, int]:
    """What each library may take on a platform, in bytes; empty where nobody wrote it down."""
    if not file.is_file():
        return {}
    sizes: dict[str, float] = tomllib.loads(file.read_text(encoding="utf-8")).get(platform, {})
    return {name: round(size * MEGABYTE) for name, size in sizes.items()}


def growth(sizes: dict[str, int], budget: dict[str, int]) -> list[Growth]:
    """The libraries that take more than they may."""
    found = []
    for library, size in sizes.items():
        allowed = budget.get(library, 0)
        if size > max(allowed * (1 + TOLERANCE), allowed + SLACK):
            found.append(Growth(library, size, allowed))
    return found


def report(sizes: dict[str, int], budget: dict[str, int]) -> str:
    """A table of sizes in megabytes beside what was expected, with the sum below."""
    rows = [
        f"{name:<28}{size / MEGABYTE:>8.1f} MB{_beside(budget.get(name))}"
        for name, size in [*sizes.items(), ("together", sum(sizes.values()))]
    ]
    return "\n".join(rows)


def as_toml(sizes: dict[str, int], platform: str) -> str:
    """The table of `sizes.toml` for a platform, to be looked at and put there."""
    lines = [f'"{name}" = {size / MEGABYTE:.1f}' for name, size in sizes.items()]
    return f"[{platform}]\n" + "\n".join(lines) + "\n"


def _library(name: str) -> str:
    """The library that a folder belongs to; the shared libraries of some lie in one beside it."""
    return name.removesuffix(".libs")


def _beside(allowed: int | None) -> str:
    return "" if allowed is None else f"{allowed / MEGABYTE:>10.1f} MB expected"
