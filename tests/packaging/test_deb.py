"""The Debian package is one to Debian's own tools, and it leaves people's projects alone."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

Script = Callable[[str], ModuleType]
MakeApplication = Callable[..., Path]
MakePackage = Callable[..., Path]
EPOCH = 1_700_000_000

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="packages of Linux")
needs_dpkg = pytest.mark.skipif(shutil.which("dpkg") is None, reason="dpkg is not installed")
needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="installing a package takes root"
)


@pytest.fixture
def deb(script: Script) -> ModuleType:
    return script("glossator_installer.deb")


@pytest.fixture
def make_package(
    deb: ModuleType, script: Script, make_application: MakeApplication, tmp_path: Path
) -> MakePackage:
    def make(version: str = "0.1.0", library: bytes = b"a library\n") -> Path:
        folder = tmp_path / version
        application = make_application(folder / "application", library)
        payload = script("glossator_installer.payload").write_payload(
            application, folder / "payload.tar.xz", version, EPOCH
        )
        return deb.write_deb(payload, folder)

    return make


@pytest.fixture
def dpkg(tmp_path: Path) -> Callable[..., str]:
    """dpkg on an empty system in a folder of the test: ``dpkg("--install", package)``."""
    system = tmp_path / "system"
    for folder in ("info", "updates", "triggers"):
        (system / "var/lib/dpkg" / folder).mkdir(parents=True)
    (system / "var/lib/dpkg/status").touch()

    def run(*arguments: str | Path) -> str:
        command = ["dpkg", f"--root={system}", "--force-depends,script-chrootless"]
        done = subprocess.run(
            [*command, *map(str, arguments)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def test_a_package_written_twice_is_the_same(make_package: MakePackage, tmp_path: Path) -> None:
    first = make_package()
    kept = first.read_bytes()
    shutil.rmtree(first.parent)
    assert make_package().read_bytes() == kept
    assert not list(tmp_path.rglob("*.part"))


def test_it_is_an_archive_of_the_three_members_debian_wants(make_package: MakePackage) -> None:
    package = make_package()
    assert package.name == "glossator_0.1.0_amd64.deb"
    content = package.read_bytes()
    assert content.startswith(b"!<arch>\ndebian-binary   1700000000  0     0     100644  4 ")
    names = re.findall(rb"([a-z.-]+) +1700000000 ", content)
    assert names == [b"debian-binary", b"control.tar.xz", b"data.tar.xz"]


@needs_dpkg
def test_debian_reads_its_fields(make_package: MakePackage) -> None:
    shown = subprocess.run(
        ["dpkg-deb", "--field", str(make_package())], capture_output=True, text=True, check=True
    ).stdout
    fields = dict(re.findall(r"^(\S+): (.*)$", shown, re.MULTILINE))
    assert fields["Package"] == "glossator"
    assert fields["Version"] == "0.1.0"
    assert fields["Architecture"] == "amd64"
    assert int(fields["Installed-Size"]) > 80
    assert fields["Depends"].startswith("libc6 (>= 2.34), ")
    assert {"libxcb-cursor0", "libwayland-client0", "libegl1"} <= set(fields["Depends"].split(", "))


@needs_dpkg
def test_the_checksums_are_those_of_the_files(make_package: MakePackage, tmp_path: Path) -> None:
    package = make_package()
    subprocess.run(["dpkg-deb", "--raw-extract", str(package), str(tmp_path / "x")], check=True)
    lines = (tmp_path / "x/DEBIAN/md5sums").read_text(encoding="utf-8").splitlines()
    assert any("ä b.txt" in line for line in lines)
    for line in lines:
        digest, name = line.split("  ", 1)
        content = (tmp_path / "x" / name).read_bytes()
        assert hashlib.md5(content).hexdigest() == digest, name


@needs_dpkg
@needs_root
def test_it_installs_is_upgraded_and_removed_and_projects_stay(
    make_package: MakePackage, dpkg: Callable[..., str], tmp_path: Path
) -> None:
    system = tmp_path / "system"
    project = system / "home/ada/contracts.glossator"
    project.parent.mkdir(parents=True)
    project.write_bytes(b"labels")
    library = system / "usr/lib/glossator/_internal/libone.so.1"

    dpkg("--install", make_package("0.1.0rc1", b"old\n"))
    assert (system / "usr/bin/glossator").resolve() == system / "usr/lib/glossator/glossator"
    assert library.read_bytes() == b"old\n"
    assert "ok installed" in dpkg("--status", "glossator")

    dpkg("--install", make_package("0.1.0", b"new\n"))
    assert library.read_bytes() == b"new\n"

    dpkg("--remove", "glossator")
    assert not (system / "usr/lib/glossator").exists()
    assert project.read_bytes() == b"labels"


@needs_dpkg
@needs_root
def test_a_running_program_keeps_the_files_it_has_opened(
    make_package: MakePackage, dpkg: Callable[..., str], tmp_path: Path
) -> None:
    dpkg("--install", make_package("0.1.0rc1", b"old\n"))
    folder = tmp_path / "system/usr/lib/glossator"
    with (
        subprocess.Popen([folder / "glossator-window", "60"]) as running,
        (folder / "_internal/libone.so.1").open("rb") as opened,
    ):
        dpkg("--install", make_package("0.1.0", b"new\n"))
        assert running.poll() is None
        assert opened.read() == b"old\n"
        running.kill()


@needs_dpkg
@needs_root
@pytest.mark.skipif(
    shutil.which("update-desktop-database") is None, reason="no desktop-file-utils here"
)
def test_desktops_know_of_it_afterwards(
    make_package: MakePackage, dpkg: Callable[..., str], tmp_path: Path
) -> None:
    cache = tmp_path / "system/usr/share/applications/mimeinfo.cache"
    dpkg("--install", make_package())
    assert "application/x-glossator=glossator.desktop" in cache.read_text(encoding="utf-8")


def test_every_library_that_qt_loads_from_the_system_is_depended_on(deb: ModuleType) -> None:
    reader = shutil.which("readelf")
    if reader is None:
        pytest.skip("readelf is not installed")
    import PySide6

    folder = Path(PySide6.__file__).parent
    library, plugins = folder / "Qt" / "lib", folder / "Qt" / "plugins"
    files = [library / f"libQt6{name}.so.6" for name in ("Core", "Gui", "Widgets", "Svg", "DBus")]
    files += [library / f"libQt6{name}.so.6" for name in ("XcbQpa", "WaylandClient", "OpenGL")]
    files += [plugins / "platforms" / f"libq{name}.so" for name in ("xcb", "wayland")]
    for kind in ("xcbglintegrations", "wayland-*-client", "wayland-shell-integration"):
        files += plugins.glob(f"{kind}/*.so")
    listing = subprocess.run(
        [reader, "--dynamic", *map(str, files)], capture_output=True, text=True, check=True
    ).stdout
    needed = set(re.findall(r"NEEDED.*\[(.+)\]", listing))
    bundled = {path.name for path in library.iterdir()}
    # Those of the C and C++ libraries, and one that libgl1 brings along.
    usual = re.compile(r"(libc|libm|ld-linux.*|libgcc_s|libstdc\+\+|libxcb-glx)\.so\..*")
    assert {n for n in needed - bundled if not usual.fullmatch(n)} == set(deb.QT_LIBRARIES)


@pytest.mark.skipif(shutil.which("lintian") is None, reason="lintian is not installed")
def test_debians_own_critic_finds_nothing(make_package: MakePackage) -> None:
    command = ["lintian", "--allow-root", "--fail-on", "error,warning", str(make_package())]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
