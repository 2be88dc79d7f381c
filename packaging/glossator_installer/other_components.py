"""What the program brings along that no package index knows: Python, Qt, fonts, the model."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from glossator_installer.licences import Component, Text, known_by_hand, read_texts
from pip_process import BootstrapError

QT_SOURCE = "https://download.qt.io/official_releases"


def other_components(glossator_version: str, qt_version: str) -> list[Component]:
    """Glossator itself, Python, Qt, and what components.toml lists."""
    listed = [
        Component(
            name=entry["name"],
            version=entry.get("version", ""),
            licence=entry["licence"],
            kind=entry["kind"],
            texts=read_texts(entry.get("texts", ()), entry.get("copyright", "")),
            note=entry.get("note", ""),
        )
        for entry in known_by_hand()["component"]
    ]
    program = Component(
        "Glossator", glossator_version, "Apache-2.0", "program", read_texts(["LICENSE"])
    )
    return [program, python(), qt(qt_version), *listed]


def python() -> Component:
    """The Python that this runs under, which is the one that is frozen.

    Raises:
        BootstrapError: it was installed without its licence.
    """
    places = [Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix)]
    files = [place / name for place in places for name in ("LICENSE.txt", "LICENSE")]
    found = next((file for file in files if file.is_file()), None)
    if found is None:
        raise BootstrapError(
            f"The Python in {sys.base_prefix} came without the text of its licence, so it must not "
            "be handed out. Build with a Python from python.org or from the system's packages."
        )
    text = Text("LICENSE.txt", found.read_text(encoding="utf-8").replace("\r\n", "\n"))
    return Component("Python", platform.python_version(), "PSF-2.0", "library", (text,))


def qt(version: str) -> Component:
    """Qt, which is used under the LGPL, with what that asks to be told."""
    minor = ".".join(version.split(".")[:2])
    note = (
        "Glossator uses Qt under the GNU Lesser General Public License, version 3. Qt's libraries "
        "lie in the program's folder as files of their own, below PySide6, and can be exchanged "
        f"for others built from the same version. Their source is at {QT_SOURCE}/qt/{minor}/"
        f"{version}/, that of the binding for Python at {QT_SOURCE}/QtForPython/pyside6/. The "
        "licences of what is within Qt are at https://doc.qt.io/qt-6/licenses-used-in-qt.html."
    )
    folder = "packaging/glossator_installer/licence_texts"
    texts = read_texts([f"{folder}/LGPL-3.0.txt", f"{folder}/GPL-3.0.txt"])
    return Component("Qt", version, "LGPL-3.0-only", "library", texts, note)


def system_libraries(files: Iterable[str]) -> list[Component]:
    """The libraries of the build machine among `files`, names such as `libssl.so.3`, by name.

    Version and text are those of the Debian package that a file is from, where there is one.

    Raises:
        BootstrapError: one is not known, or must not be handed out.
    """
    by_hand = known_by_hand()
    found: dict[str, list[tuple[str, Text | None]]] = {}
    for file in sorted(set(files)):
        stem = re.split(r"\.so\b|-[0-9a-f]{8}\b", file)[0]
        for entry in by_hand["unwanted"]:
            if stem in entry["files"]:
                raise BootstrapError(f"{file} must not be handed out: {entry['reason']}.")
        names = [
            entry["name"]
            for entry in by_hand["system"]
            if any(belongs(stem, name) for name in entry["files"])
        ]
        if not names:
            raise BootstrapError(
                f"It is not known under which licence {file} is, so it must not be handed out yet. "
                "Find out, and write it into packaging/glossator_installer/components.toml."
            )
        found.setdefault(names[0], []).append(debian_package(file))
    licences = {entry["name"]: entry["licence"] for entry in by_hand["system"]}
    return [
        Component(
            name=name,
            version=packages[0][0],
            licence=licences[name],
            texts=tuple(dict.fromkeys(text for _, text in packages if text is not None)),
        )
        for name, packages in sorted(found.items())
    ]


def belongs(stem: str, name: str) -> bool:
    """Whether a library's name without its ending is `name`, or of its family: libxcb-cursor."""
    return stem == name or re.fullmatch(rf"{re.escape(name)}[-.].*", stem) is not None


def debian_package(file: str) -> tuple[str, Text | None]:
    """Version and copyright file of the installed package that owns a library of this name."""
    query = shutil.which("dpkg-query")
    if query is None:
        return "", None
    owner = re.split("[:,]", _answer([query, "--search", f"*/{file}"]))[0]
    if not owner:
        return "", None
    version = _answer([query, "--show", "--showformat=${Version}\\n", owner]).partition("\n")[0]
    text = Path("/usr/share/doc") / owner / "copyright"
    if not text.is_file():
        return version, None
    content = text.read_text(encoding="utf-8", errors="replace")
    return version, Text(f"{owner}: copyright", content)


def _answer(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""
