"""The bundle for macOS: laid out as its programs and its signature want it."""

from __future__ import annotations

import plistlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

Script = Callable[[str], ModuleType]
CODE = bytes.fromhex("cffaedfe") + bytes(60)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="made of links")


@pytest.fixture
def macos(script: Script) -> ModuleType:
    return script("glossator_installer.macos.bundle")


@pytest.fixture
def application(tmp_path: Path) -> Path:
    """An application folder as it would be frozen on macOS, in small."""
    folder = tmp_path / "glossator"
    for name, content in {
        "glossator": CODE,
        "glossator-window": CODE,
        "_internal/Python": CODE,
        "_internal/base_library.zip": b"PK",
        "_internal/resources/help/keys.md": b"# Keys",
        "_internal/torch-2.13.0.dist-info/METADATA": b"Name: torch",
        "_internal/torch/lib/libtorch.dylib": CODE,
        "_internal/torch/version.txt": b"2.13",
        "_internal/numpy/.dylibs/libopenblas.dylib": CODE,
        "_internal/PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore": CODE,
        "_internal/PySide6/Qt/lib/QtCore.framework/Versions/A/Resources/Info.plist": b"<plist/>",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    framework = folder / "_internal/PySide6/Qt/lib/QtCore.framework"
    (framework / "QtCore").symlink_to("Versions/A/QtCore")
    (folder / "_internal/libtorch.dylib").symlink_to("torch/lib/libtorch.dylib")
    return folder


@pytest.fixture
def contents(macos: ModuleType, application: Path, tmp_path: Path) -> Path:
    bundle: Path = macos.write_bundle(application, tmp_path / "out", "0.1.0")
    assert bundle == tmp_path / "out" / "Glossator.app"
    return bundle / "Contents"


def test_every_file_is_found_from_where_the_programs_look(
    contents: Path, application: Path
) -> None:
    for path in (application / "_internal").rglob("*"):
        if path.is_file():
            name = path.relative_to(application / "_internal")
            assert (contents / "Frameworks" / name).read_bytes() == path.read_bytes(), name


def test_code_and_the_rest_lie_apart(contents: Path) -> None:
    for path in (contents / "Frameworks").rglob("*"):
        if path.is_file() and not path.is_symlink() and ".framework" not in str(path):
            assert path.read_bytes() == CODE, path
    resources = [path for path in (contents / "Resources").rglob("*") if path.is_file()]
    assert resources
    assert all(path.read_bytes() != CODE for path in resources)


def test_no_folder_beside_the_code_looks_like_a_bundle(contents: Path) -> None:
    for path in (contents / "Frameworks").rglob("*"):
        if path.is_dir() and not path.is_symlink() and ".framework" not in str(path):
            assert "." not in path.name, path
    assert (contents / "Frameworks/numpy/.dylibs").is_symlink()


def test_links_are_right_after_the_bundle_was_moved(contents: Path, tmp_path: Path) -> None:
    moved = contents.parent.rename(tmp_path / "Moved.app") / "Contents"
    for path in moved.rglob("*"):
        if path.is_symlink():
            assert not path.readlink().is_absolute()
            assert path.resolve().is_relative_to(moved.resolve())
            assert path.exists()


def test_macos_reads_what_it_is_and_what_it_opens(contents: Path) -> None:
    with (contents / "Info.plist").open("rb") as file:
        plist = plistlib.load(file)
    assert plist["CFBundleShortVersionString"] == "0.1.0"
    assert (contents / "MacOS" / plist["CFBundleExecutable"]).is_file()
    assert (contents / "Resources" / plist["CFBundleIconFile"]).is_file()
    (document,) = plist["CFBundleDocumentTypes"]
    (kind,) = plist["UTExportedTypeDeclarations"]
    assert document["LSItemContentTypes"] == [kind["UTTypeIdentifier"]]
    assert kind["UTTypeTagSpecification"]["public.filename-extension"] == ["glossator"]


def test_the_inside_is_signed_before_the_outside(macos: ModuleType, contents: Path) -> None:
    commands = macos.signing_commands(contents.parent, "Developer ID", "account")
    signed = [command[-1] for command in commands if "--sign" in command]
    places = [signed.index(str(contents / f"Frameworks/{name}")) for name in ("Python",)]
    assert max(places) < signed.index(str(contents / "MacOS/glossator"))
    assert signed.index(str(contents / "MacOS/glossator")) < signed.index(str(contents.parent))
    framework = contents / "Frameworks/PySide6/Qt/lib/QtCore.framework"
    assert signed.index(str(framework / "Versions/A/QtCore")) < signed.index(str(framework))
    names = [Path(command[-1]) for command in commands if "--entitlements" in command]
    assert all(path.exists() for path in names)


def test_a_folder_without_the_programs_is_refused(
    macos: ModuleType, script: Script, tmp_path: Path
) -> None:
    with pytest.raises(script("pip_process").BootstrapError, match="program glossator is missing"):
        macos.write_bundle(tmp_path, tmp_path / "out", "0.1.0")
