"""Everything that is handed out is listed with its licence, or nothing is handed out."""

from __future__ import annotations

import json
import re
import shutil
import sysconfig
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

Script = Callable[[str], ModuleType]
Install = Callable[..., None]


@pytest.fixture
def licences(script: Script) -> ModuleType:
    return script("glossator_installer.licences")


@pytest.fixture
def others(script: Script) -> ModuleType:
    return script("glossator_installer.other_components")


@pytest.fixture
def install(tmp_path: Path) -> Install:
    """Makes a distribution: ``install("One", {"License": "MIT"}, {"NOTICE": ""})``."""

    def put(
        name: str, metadata: dict[str, str], files: dict[str, str], version: str = "1.0"
    ) -> None:
        folder = tmp_path / f"{name}-{version}.dist-info"
        lines = [f"Name: {name}", f"Version: {version}"]
        lines += [f"{key}: {value}" for key, value in metadata.items()]
        contents = {"METADATA": "\n".join(lines) + "\n\n", **files}
        for file, content in contents.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(content, encoding="utf-8")
        record = "".join(f"{folder.name}/{file},,\n" for file in contents)
        (folder / "RECORD").write_text(record, encoding="utf-8")

    return put


def test_all_that_the_lock_installs_has_a_licence_and_its_text(
    licences: ModuleType, root: Path
) -> None:
    lock = (root / "packaging/lock/requirements.txt").read_text(encoding="utf-8")
    # Those with a marker are installed on some systems only.
    names = re.findall(r"^([a-z0-9-]+)==\S+ \\$", lock, re.MULTILINE)
    assert len(names) > 50
    site_packages = Path(sysconfig.get_path("purelib"))
    for component in licences.collect(site_packages, names):
        assert component.licence
        assert component.texts, component.name
        assert component.purl.startswith("pkg:pypi/")


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"License-Expression": "MIT OR 0BSD", "License": "MIT"}, "MIT OR 0BSD"),
        ({"License": "Apache 2.0"}, "Apache-2.0"),
        ({"License": "x" * 500, "Classifier": "License :: OSI Approved :: MIT License"}, "MIT"),
        ({"Classifier": "License :: Public Domain"}, "Public Domain"),
    ],
)
def test_the_most_exact_word_on_a_licence_counts(
    licences: ModuleType,
    install: Install,
    tmp_path: Path,
    metadata: dict[str, str],
    expected: str,
) -> None:
    install("One", metadata, {"licenses/LICENSE": "may be used\n"})
    (component,) = licences.collect(tmp_path, ["one"])
    assert component.licence == expected


def test_every_notice_is_kept_and_nothing_else(
    licences: ModuleType, install: Install, tmp_path: Path
) -> None:
    files = {
        "COPYING.txt": "c",
        "licenses/sub/NOTICE": "n",
        "licenses/other.md": "o",
        "top.txt": "t",
    }
    install("One", {"License": "MIT"}, files)
    (component,) = licences.collect(tmp_path, ["One"])
    assert [text.name for text in component.texts] == ["COPYING.txt", "other.md", "sub/NOTICE"]


@pytest.mark.parametrize(
    ("metadata", "files", "missing"),
    [
        ({}, {"LICENSE": "may be used"}, "under which licence"),
        ({"License": "UNKNOWN"}, {"LICENSE": "may be used"}, "under which licence"),
        ({"License": "MIT"}, {}, "the text of its licence"),
    ],
)
def test_a_distribution_that_says_too_little_stops_everything(
    licences: ModuleType,
    install: Install,
    script: Script,
    tmp_path: Path,
    metadata: dict[str, str],
    files: dict[str, str],
    missing: str,
) -> None:
    install("silent_one", metadata, files)
    error = script("pip_process").BootstrapError
    with pytest.raises(error, match=rf"silent-one 1\.0 does not say {missing}"):
        licences.collect(tmp_path, ["silent_one"])


def test_a_distribution_that_is_not_there_stops_everything(
    licences: ModuleType, script: Script, tmp_path: Path
) -> None:
    with pytest.raises(script("pip_process").BootstrapError, match="absent is to be handed out"):
        licences.collect(tmp_path, ["absent"])


def test_what_is_no_distribution_is_listed_by_hand(others: ModuleType) -> None:
    found = {component.name: component for component in others.other_components("0.1.0", "6.11.3")}
    assert found["Glossator"].kind == "program"
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in found["Python"].texts[0].content
    assert found["all-MiniLM-L6-v2"].licence == "Apache-2.0"
    qt = found["Qt"]
    assert qt.licence == "LGPL-3.0-only"
    assert "https://download.qt.io/official_releases/qt/6.11/6.11.3/" in qt.note
    assert "can be exchanged" in qt.note
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in qt.texts[0].content
    for component in found.values():
        assert component.texts or component.note, component.name


def test_every_font_that_comes_along_is_listed(licences: ModuleType, root: Path) -> None:
    listed = licences.known_by_hand()["component"]
    families = {re.sub(r"[^a-z]", "", entry["name"].lower()) for entry in listed}
    for font in (root / "resources" / "fonts").glob("*.ttf"):
        assert font.stem.partition("-")[0].lower() in families
    import qtawesome

    icons = {path.stem for path in (Path(qtawesome.__file__).parent / "fonts").glob("*.ttf")}
    assert icons == {file for entry in listed for file in entry.get("files", ())}


def test_the_systems_libraries_are_known_by_their_files(others: ModuleType) -> None:
    files = ["libssl.so.3", "libcrypto.so.3", "libxcb-cursor.so.0", "libstdc++.so.6"]
    found = others.system_libraries(files)
    names = [component.name for component in found]
    assert names == ["GCC runtime libraries", "OpenSSL", "XCB"]
    assert found[1].licence == "Apache-2.0"


@pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="dpkg is not installed")
def test_debian_says_version_and_copyright_of_a_library(others: ModuleType) -> None:
    (found,) = others.system_libraries(["libz.so.1"])
    assert re.match(r"\d", found.version)
    assert "Jean-loup Gailly" in found.texts[0].content


@pytest.mark.parametrize(
    ("file", "reason"),
    [("libreadline.so.8", "under the GPL"), ("libunheard.so.1", "not known under which licence")],
)
def test_a_library_that_must_not_be_handed_out_is_named(
    others: ModuleType, script: Script, file: str, reason: str
) -> None:
    with pytest.raises(script("pip_process").BootstrapError, match=reason) as caught:
        others.system_libraries(["libz.so.1", file])
    assert file in str(caught.value)


def test_they_are_written_for_the_window_and_for_people(
    licences: ModuleType, tmp_path: Path
) -> None:
    text = licences.Text("LICENSE", "May be used.\n")
    components = [
        licences.Component("b", "2.0", "MIT", texts=(text,), note="A note."),
        licences.Component("A", "1.0", "MIT", texts=(text,)),
    ]
    data, page = licences.write_licences(components, tmp_path)
    first = data.read_bytes() + page.read_bytes()
    stored = json.loads(data.read_text(encoding="utf-8"))
    assert [entry["name"] for entry in stored["components"]] == ["A", "b"]
    assert stored["texts"] == ["May be used.\n"]
    assert stored["components"][1]["texts"] == [{"name": "LICENSE", "text": 0}]
    assert "b 2.0: MIT\nA note.\n\n--- LICENSE ---\n\nThe same text as of A 1.0.\n" in (
        page.read_text(encoding="utf-8")
    )
    licences.write_licences(reversed(components), tmp_path)
    assert data.read_bytes() + page.read_bytes() == first
