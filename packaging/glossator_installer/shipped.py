"""Which distributions the frozen application holds something of, by what PyInstaller wrote down."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

OURS = ("glossator",)
BOOTLOADER = "pyinstaller"
"""Its bootloader begins every program."""
LISTS = ("PYZ-*.toc", "COLLECT-*.toc", "EXE-*.toc")


def shipped_distributions(work: Path, site_packages: Path) -> list[str]:
    """Names of the distributions in `site_packages` of which files went into the application.

    `work` is the folder that PyInstaller worked in.
    """
    owner = {
        str(Path(str(found.locate_file(file))).resolve()): str(found.metadata["Name"])
        for found in distributions(path=[str(site_packages)])
        for file in found.files or ()
    }
    names = {owner[path] for path in sources(work) if path in owner}
    return sorted((names | {BOOTLOADER}) - set(OURS), key=str.casefold)


def sources(work: Path) -> Iterator[str]:
    """The files of this machine that went into the application."""
    for pattern in LISTS:
        for file in sorted(work.rglob(pattern)):
            for entry in _entries(ast.literal_eval(file.read_text(encoding="utf-8"))):
                yield str(Path(entry[1]).resolve())


def system_library_files(application: Path, work: Path, site_packages: Path) -> list[str]:
    """Names of the libraries of this system that lie in the application."""
    of_wheels = {
        Path(path).name for path in sources(work) if Path(path).is_relative_to(site_packages)
    }
    return sorted(
        file.name
        for file in (application / "_internal").glob("lib*")
        if file.is_file()
        and not file.is_symlink()
        and not file.name.startswith("libpython")
        and file.name not in of_wheels
    )


def _entries(value: object) -> Iterator[tuple[str, str, str]]:
    """The (place, source, kind) of PyInstaller's lists, however deep they lie."""
    if isinstance(value, tuple) and len(value) == 3 and all(isinstance(v, str) for v in value):
        yield value
    elif isinstance(value, (tuple, list)):
        for part in value:
            yield from _entries(part)
