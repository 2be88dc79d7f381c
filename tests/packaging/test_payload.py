"""The application is packed once for all of Linux, and twice packed it is the same."""

from __future__ import annotations

import gzip
import os
import shutil
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

Script = Callable[[str], ModuleType]
MakeApplication = Callable[..., Path]
EPOCH = 1_700_000_000

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes and links of Linux")


@pytest.fixture
def archive(script: Script) -> ModuleType:
    return script("glossator_installer.archive")


@pytest.fixture
def payload(script: Script) -> ModuleType:
    return script("glossator_installer.payload")


def test_the_same_application_gives_the_same_bytes(
    payload: ModuleType, make_application: MakeApplication, tmp_path: Path
) -> None:
    first = make_application(tmp_path / "first")
    second = make_application(tmp_path / "second")
    for path in second.rglob("*"):
        os.utime(path, (1, 1), follow_symlinks=False)
    (second / "glossator").chmod(0o700)
    one = payload.write_payload(first, tmp_path / "one.tar.xz", "0.1.0", EPOCH)
    two = payload.write_payload(second, tmp_path / "two.tar.xz", "0.1.0", EPOCH)
    assert one.file.read_bytes() == two.file.read_bytes()
    assert one.sha256 == two.sha256
    assert one.md5sums == two.md5sums


@pytest.mark.skipif(shutil.which("xz") is None, reason="the program xz is not installed")
def test_the_number_of_cores_does_not_change_the_bytes(
    archive: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "BLOCK_BYTES", 2**16)
    monkeypatch.setenv("XZ_OPT", "-9e")
    written = []
    for cores in (1, 7):
        monkeypatch.setattr(archive.os, "cpu_count", lambda cores=cores: cores)
        with archive.xz_file(tmp_path / f"{cores}.xz") as stream:
            for number in range(50_000):
                stream.write(b"%d " % number)
        written.append((tmp_path / f"{cores}.xz").read_bytes())
    assert written[0] == written[1]


def test_everything_lies_where_a_system_looks_for_it(
    payload: ModuleType, application: Path, tmp_path: Path
) -> None:
    made = payload.write_payload(application, tmp_path / "p.tar.xz", "0.1.0", EPOCH)
    with tarfile.open(made.file) as tar:
        members = {member.name: member for member in tar}
        page = tar.extractfile("./usr/share/man/man1/glossator.1.gz")
        assert page is not None
        manual = gzip.decompress(page.read()).decode()
    share = "./usr/share"
    for name in (
        "./usr/lib/glossator/_internal/resources/ä b.txt",
        f"{share}/applications/glossator.desktop",
        f"{share}/mime/packages/glossator.xml",
        f"{share}/icons/hicolor/48x48/apps/glossator.png",
        f"{share}/icons/hicolor/128x128/mimetypes/application-x-glossator.png",
        f"{share}/icons/hicolor/scalable/apps/glossator.svg",
        f"{share}/doc/glossator/copyright",
        f"{share}/doc/glossator/changelog.gz",
    ):
        assert members[name].isfile(), name
    program = members["./usr/bin/glossator"]
    assert (program.issym(), program.linkname) == (True, "../lib/glossator/glossator")
    assert members["./usr/lib/glossator/_internal/libone.so"].linkname == "libone.so.1"
    assert members["./usr/lib/glossator/glossator-window"].mode == 0o755
    assert members["./usr/lib/glossator/_internal/libone.so.1"].mode == 0o644
    assert {(m.uid, m.gid, m.uname, m.mtime) for m in members.values()} == {(0, 0, "root", EPOCH)}
    assert list(members) == sorted(members)
    assert '"Glossator 0.1.0"' in manual
    assert "@" not in manual.splitlines()[0]
    assert {f"./{name}" for name, _ in made.md5sums} == {
        name for name, member in members.items() if member.isfile()
    }


def test_the_pictures_have_the_sizes_of_their_folders(payload: ModuleType) -> None:
    for size, file in payload.ICON_SIZES.items():
        head = file.read_bytes()[:24]
        assert head.startswith(b"\x89PNG")
        assert (int.from_bytes(head[16:20]), int.from_bytes(head[20:24])) == (size, size)


def test_a_link_that_leads_out_of_the_application_is_refused(
    payload: ModuleType, application: Path, script: Script, tmp_path: Path
) -> None:
    (application / "_internal" / "libc.so.6").symlink_to("/lib/x86_64-linux-gnu/libc.so.6")
    with pytest.raises(script("pip_process").BootstrapError, match=r"libc\.so\.6 is a link"):
        payload.write_payload(application, tmp_path / "p.tar.xz", "0.1.0", EPOCH)


def test_a_folder_without_the_programs_is_refused(
    payload: ModuleType, script: Script, tmp_path: Path
) -> None:
    with pytest.raises(script("pip_process").BootstrapError, match="program glossator is missing"):
        payload.write_payload(tmp_path, tmp_path / "p.tar.xz", "0.1.0", EPOCH)


def test_where_xz_fails_nothing_is_left_and_its_reason_is_told(
    archive: ModuleType, script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = tmp_path / "bin" / "xz"
    failing.parent.mkdir()
    failing.write_text("#!/bin/sh\necho 'xz: (stdout): No space left on device' >&2\nexit 1\n")
    failing.chmod(0o755)
    monkeypatch.setenv("PATH", str(failing.parent), prepend=":")
    target = tmp_path / "p.tar.xz"
    entry = archive.Entry("zeros", bytes(10_000_000))

    def write() -> None:
        with archive.xz_file(target) as stream:
            archive.write_tar([entry], stream, EPOCH)

    with pytest.raises(script("pip_process").BootstrapError, match="No space left on device"):
        write()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bin"]


def test_without_the_program_xz_python_compresses(
    archive: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with archive.xz_file(tmp_path / "p.tar.xz") as stream:
        assert archive.write_tar([archive.Entry("a/b", b"words")], stream, EPOCH)
    with tarfile.open(tmp_path / "p.tar.xz") as tar:
        assert tar.getnames() == [".", "./a", "./a/b"]
    assert "xz is missing" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("version", "debian"),
    [("0.1.0", "0.1.0"), ("0.2.0rc1", "0.2.0~rc1"), ("0.2.0.dev3", "0.2.0~dev3")],
)
def test_a_version_before_the_release_is_older_for_debian(
    payload: ModuleType, version: str, debian: str
) -> None:
    assert payload.debian_version(version) == debian
