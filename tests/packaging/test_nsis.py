"""The setup for Windows is compiled here with a small payload; running it takes a Windows."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

Script = Callable[[str], ModuleType]
EPOCH = 1_700_000_000
needs_makensis = pytest.mark.skipif(
    shutil.which("makensis") is None, reason="makensis is not installed"
)


@pytest.fixture
def nsis(script: Script) -> ModuleType:
    return script("glossator_installer.nsis")


@pytest.fixture
def application(tmp_path: Path) -> Path:
    """An application folder as it would be frozen on Windows, with names as files have."""
    folder = tmp_path / "Größe & co" / "glossator"
    (folder / "_internal" / "a b").mkdir(parents=True)
    for program in ("glossator.exe", "glossator-window.exe"):
        (folder / program).write_bytes(b"MZ" * 1000)
    (folder / "_internal" / "a b" / "ä$x.dll").write_bytes(b"library" * 1000)
    (folder / "_internal" / "empty").mkdir()
    return folder


@needs_makensis
def test_a_program_that_fits_is_one_file_and_the_same_each_time(
    nsis: ModuleType, application: Path, tmp_path: Path
) -> None:
    (setup,) = nsis.write_setup(application, tmp_path, "0.1.0", EPOCH)
    assert setup.name == "Glossator-0.1.0-windows-x86_64-setup.exe"
    first = setup.read_bytes()
    assert first.startswith(b"MZ")
    for path in application.rglob("*"):
        path.touch()
    nsis.write_setup(application, tmp_path, "0.1.0", EPOCH)
    assert setup.read_bytes() == first


@needs_makensis
def test_a_program_that_does_not_fit_lies_beside_the_setup(
    nsis: ModuleType, application: Path, tmp_path: Path
) -> None:
    setup, *parts = nsis.write_setup(application, tmp_path, "0.1.0", EPOCH, most_bytes=8000)
    assert setup.is_file()
    assert [part.name for part in parts] == [
        "Glossator-0.1.0-windows-x86_64-part1.zip",
        "Glossator-0.1.0-windows-x86_64-part2.zip",
    ]
    found: dict[str, bytes] = {}
    for part in parts:
        with zipfile.ZipFile(part) as archive:
            assert archive.testzip() is None
            assert sum(member.file_size for member in archive.infolist()) <= 8000
            found |= {name: archive.read(name) for name in archive.namelist()}
    files = {name: content for name, content in found.items() if not name.endswith("/")}
    assert files == {
        path.relative_to(application).as_posix(): path.read_bytes()
        for path in application.rglob("*")
        if path.is_file()
    }
    assert "_internal/empty/" in found


def test_the_parts_are_the_same_each_time(
    nsis: ModuleType, application: Path, tmp_path: Path
) -> None:
    written = []
    for _ in range(2):
        entries = nsis.windows_entries(application)
        (part,) = nsis.write_parts(entries, tmp_path / "p", EPOCH, 10**6)
        written.append(part.read_bytes())
        (application / "glossator.exe").touch()
    assert written[0] == written[1]


def test_names_are_written_as_the_compiler_reads_them(nsis: ModuleType, application: Path) -> None:
    lines = nsis.script_of_files(nsis.windows_entries(application)).splitlines()
    assert 'SetOutPath "$INSTDIR.new\\_internal\\a b"' in lines
    assert f'File "/oname=ä$$x.dll" "{application}/_internal/a b/ä$x.dll"' in lines
    assert 'CreateDirectory "$INSTDIR.new\\_internal\\empty"' in lines
    assert lines.index('SetOutPath "$INSTDIR.new"') < lines.index(
        f'File "/oname=glossator.exe" "{application}/glossator.exe"'
    )


def test_an_application_of_another_system_is_refused(
    nsis: ModuleType, application: Path, script: Script, tmp_path: Path
) -> None:
    (application / "glossator.exe").rename(application / "glossator")
    with pytest.raises(script("pip_process").BootstrapError, match=r"glossator\.exe is missing"):
        nsis.write_setup(application, tmp_path, "0.1.0", EPOCH)


def test_without_the_compiler_it_is_said_what_to_install(
    nsis: ModuleType,
    application: Path,
    script: Script,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(script("pip_process").BootstrapError, match="apt install nsis"):
        nsis.write_setup(application, tmp_path, "0.1.0", EPOCH)
