"""The file SHA256SUMS beside what is handed out, as `sha256sum --check` reads it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from glossator_installer.archive import sha256_of


def write_checksums(artefacts: Iterable[Path], folder: Path) -> Path:
    """Write `SHA256SUMS` into `folder`, in which all the artefacts lie; its path."""
    target = folder / "SHA256SUMS"
    lines = [f"{sha256_of(path)}  {path.relative_to(folder).as_posix()}\n" for path in artefacts]
    # Sorted by name: the order in which things were built says nothing.
    lines.sort(key=lambda line: line[66:])
    target.write_text("".join(lines), encoding="utf-8", newline="\n")
    return target
