"""The licences of everything in the program, with their texts, for people and for the window.

What was installed from a package says itself under which licence it is; for the few that do not,
and for what is no package, components.toml knows it by hand. Where nothing is known, nothing is
built: a program that cannot say what it is made of must not be handed out.
"""

from __future__ import annotations

import fnmatch
import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from glossator_installer.payload import HERE
from pip_process import BootstrapError

ROOT = HERE.parents[1]
LICENCE_FILES = ("LICEN[SC]E*", "COPYING*", "COPYRIGHT*", "NOTICE*", "AUTHORS*")

# What metadata calls a licence: its identifier in the list of SPDX.
IDENTIFIERS = {
    "Apache": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache 2.0 License": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 2-Clause License": "BSD-2-Clause",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
LONGEST = 100  # characters; what is longer is the text of a licence where its name should be


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a licence, or a notice that goes with one."""

    name: str
    content: str


@dataclass(frozen=True, slots=True)
class Component:
    """Something that the program brings along."""

    name: str
    version: str
    licence: str
    """An expression of SPDX identifiers where one is known, else a name."""
    kind: str = "library"
    """`program`, `library`, `font` or `model`."""
    texts: tuple[Text, ...] = ()
    note: str = ""
    purl: str = ""
    """What package indexes know it by, such as `pkg:pypi/numpy@2.4.6`; "" for what is none."""
    sha256: str = ""
    """Hash of the file it was installed from, where that is known."""


def known_by_hand() -> dict[str, Any]:
    """The contents of components.toml."""
    with (HERE / "components.toml").open("rb") as file:
        return tomllib.load(file)


def read_texts(names: Iterable[str], copyright_: str = "") -> tuple[Text, ...]:
    """Texts that lie in the repository, each after the line `copyright_` if there is one."""
    head = f"{copyright_}\n\n" if copyright_ else ""
    return tuple(
        Text(Path(name).name, head + (ROOT / name).read_text(encoding="utf-8")) for name in names
    )


def collect(site_packages: Path, names: Iterable[str]) -> list[Component]:
    """The distributions called `names`, as installed in `site_packages`, sorted by name.

    Raises:
        BootstrapError: one is not installed there, or nothing is known of its licence.
    """
    installed = {
        normalised(found.metadata["Name"]): found
        for found in distributions(path=[str(site_packages)])
    }
    by_hand = known_by_hand()["distributions"]
    components = []
    for name in sorted({normalised(name) for name in names}):
        if name not in installed:
            raise BootstrapError(
                f"{name} is to be handed out and is not installed in {site_packages}, so its "
                "licence is not known; nothing was written."
            )
        components.append(_component(name, installed[name], by_hand))
    return components


def _component(name: str, found: Distribution, by_hand: dict[str, Any]) -> Component:
    licence = by_hand["licence"].get(name) or licence_of(found)
    texts = texts_of(found) or read_texts(by_hand["texts"].get(name, ()))
    if not licence or not texts:
        missing = "under which licence it is" if not licence else "the text of its licence"
        raise BootstrapError(
            f"{name} {found.version} does not say {missing}, so it must not be handed out yet. "
            "Find out, and write it into packaging/glossator_installer/components.toml."
        )
    return Component(
        name=found.metadata["Name"],
        version=found.version,
        licence=licence,
        texts=texts,
        note=by_hand["note"].get(name, ""),
        purl=f"pkg:pypi/{name}@{found.version}",
    )


def normalised(name: str) -> str:
    """A distribution's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(found: Distribution) -> str:
    """What a distribution's metadata says of its licence, the most exact first; "" for nothing."""

    def values(field: str) -> list[str]:
        return list(found.metadata.get_all(field) or [])

    classifiers = [
        value.rpartition(" :: ")[2]
        for value in values("Classifier")
        if value.startswith("License :: ") and not value.endswith("OSI Approved")
    ]
    classified = " OR ".join(IDENTIFIERS.get(value, value) for value in classifiers)
    for words in (*values("License-Expression"), *values("License"), classified):
        if 0 < len(words) < LONGEST and "\n" not in words and words != "UNKNOWN":
            return IDENTIFIERS.get(words, words)
    return ""


def texts_of(found: Distribution) -> tuple[Text, ...]:
    """The files beside a distribution's metadata that are licences and notices, sorted by path."""
    texts = {}
    for path in found.files or ():
        folder, _, inside = path.as_posix().partition(".dist-info/")
        if not inside or "/" in folder:
            continue
        named = any(fnmatch.fnmatchcase(path.name.upper(), kind) for kind in LICENCE_FILES)
        if named or inside.startswith(("licenses/", "license_files/")):
            name = inside.removeprefix("licenses/").removeprefix("license_files/")
            content = Path(str(path.locate())).read_text(encoding="utf-8", errors="replace")
            texts[name] = content.replace("\r\n", "\n")
    return tuple(Text(name, texts[name]) for name in sorted(texts))


def write_licences(components: Iterable[Component], folder: Path) -> list[Path]:
    """Write `licences.json`, which the window reads, and `licences.txt`, for people; their paths.

    A text that several components share stands once in the first and is referred to in the second.
    """
    ordered = sorted(components, key=lambda component: component.name.casefold())
    texts: dict[str, int] = {}
    entries = []
    for component in ordered:
        references = [
            {"name": text.name, "text": texts.setdefault(text.content, len(texts))}
            for text in component.texts
        ]
        entry = {"name": component.name, "version": component.version, "kind": component.kind}
        entry |= {"licence": component.licence, "note": component.note}
        entries.append(entry | {"texts": references})
    data = folder / "licences.json"
    content = json.dumps({"components": entries, "texts": list(texts)}, ensure_ascii=False)
    data.write_text(content + "\n", encoding="utf-8", newline="\n")
    page = folder / "licences.txt"
    page.write_text(readable(ordered), encoding="utf-8", newline="\n")
    return [data, page]


def readable(components: list[Component]) -> str:
    """All of it as one page of plain text: first the list, then the texts."""
    lines = ["Licences of everything in Glossator", "===================================", ""]
    lines += [f"{title(component)}: {component.licence}" for component in components]
    first: dict[str, str] = {}
    for component in components:
        lines += ["", "=" * 80, f"{title(component)}: {component.licence}"]
        lines += [component.note] if component.note else []
        for text in component.texts:
            lines += ["", f"--- {text.name} ---", ""]
            if text.content in first:
                lines.append(f"The same text as of {first[text.content]}.")
            else:
                first[text.content] = title(component)
                lines.append(text.content.strip("\n"))
    return "\n".join(lines) + "\n"


def title(component: Component) -> str:
    """Name and version."""
    return f"{component.name} {component.version}".strip()
