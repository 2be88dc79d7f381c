"""A missing system library is named together with the command that installs it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

Script = Callable[[str], ModuleType]

LISTING = """\
/env/PySide6/QtWidgets.abi3.so:
	linux-vdso.so.1 (0x00007ffc)
	libEGL.so.1 => not found
	libQt6Core.so.6 => /env/PySide6/Qt/lib/libQt6Core.so.6 (0x00007f)
	libxkbcommon.so.0 => not found
/env/PySide6/Qt/plugins/platforms/libqoffscreen.so:
	libEGL.so.1 => not found
"""


@pytest.fixture
def system_packages(script: Script) -> ModuleType:
    return script("system_packages")


def test_missing_libraries_are_read_from_the_linkers_listing(system_packages: ModuleType) -> None:
    assert system_packages.parse_missing(LISTING) == ["libEGL.so.1", "libxkbcommon.so.0"]


@pytest.mark.parametrize(
    ("manager", "command"),
    [
        ("apt", "apt-get install libegl1 libxkbcommon0"),
        ("dnf", "dnf install libglvnd-egl libxkbcommon"),
        ("pacman", "pacman -S libglvnd libxkbcommon"),
        ("zypper", "zypper install libglvnd libxkbcommon0"),
    ],
)
def test_the_command_of_the_system_at_hand_is_given(
    system_packages: ModuleType, manager: str, command: str
) -> None:
    sentence = system_packages.explain_missing(["libEGL.so.1", "libxkbcommon.so.0"], manager)
    assert "libEGL.so.1, libxkbcommon.so.0" in sentence
    assert command in sentence


def test_a_library_without_a_known_package_is_still_named(system_packages: ModuleType) -> None:
    sentence = system_packages.explain_missing(["libEGL.so.1", "libodd.so.9"], "apt")
    assert "apt-get install libegl1\n" in sentence
    assert "libodd.so.9" in sentence.splitlines()[-1]
    assert "libodd.so.9" in system_packages.explain_missing(["libodd.so.9"], None)


@pytest.mark.skipif(sys.platform != "linux", reason="displays are asked about on Linux only")
@pytest.mark.parametrize(
    ("variables", "platform"),
    [
        ({}, "offscreen"),
        ({"DISPLAY": ":0"}, "xcb"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "wayland"),
        ({"WAYLAND_DISPLAY": "w", "DISPLAY": ":0", "XDG_SESSION_TYPE": "wayland"}, "wayland"),
        ({"WAYLAND_DISPLAY": "w", "DISPLAY": ":0"}, "xcb"),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "vnc:size=800x600"}, "vnc"),
    ],
)
def test_the_platform_is_the_one_qt_would_take(
    system_packages: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    platform: str,
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert system_packages.qt_platform() == platform
    assert system_packages.has_display() is bool({"DISPLAY", "WAYLAND_DISPLAY"} & set(variables))


def test_the_libraries_of_this_very_test_run_are_complete(system_packages: ModuleType) -> None:
    assert system_packages.missing_libraries(Path(sys.executable), "offscreen") == []
