"""System libraries that Qt needs on Linux: which are missing, and the command that installs them.

Python packages cannot bring these along, and without them Qt ends the program with a line that
names a file nobody knows.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

MANAGERS = ("apt", "dnf", "pacman", "zypper")
INSTALL = {
    "apt": "apt-get install",
    "dnf": "dnf install",
    "pacman": "pacman -S",
    "zypper": "zypper install",
}

# Library: its package under apt, dnf, pacman and zypper.
PACKAGES: dict[str, tuple[str, str, str, str]] = {
    "libEGL.so.1": ("libegl1", "libglvnd-egl", "libglvnd", "libglvnd"),
    "libGL.so.1": ("libgl1", "libglvnd-glx", "libglvnd", "libglvnd"),
    "libGLX.so.0": ("libglx0", "libglvnd-glx", "libglvnd", "libglvnd"),
    "libOpenGL.so.0": ("libopengl0", "libglvnd-opengl", "libglvnd", "libglvnd"),
    "libX11.so.6": ("libx11-6", "libX11", "libx11", "libX11-6"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb", "libx11", "libX11-xcb1"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs", "dbus", "libdbus-1-3"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig", "fontconfig", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype", "freetype2", "libfreetype6"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2", "glib2", "libglib-2_0-0"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2", "glib2", "libgthread-2_0-0"),
    "libgssapi_krb5.so.2": ("libgssapi-krb5-2", "krb5-libs", "krb5", "krb5"),
    "libwayland-client.so.0": (
        "libwayland-client0",
        "libwayland-client",
        "wayland",
        "libwayland-client0",
    ),
    "libwayland-cursor.so.0": (
        "libwayland-cursor0",
        "libwayland-cursor",
        "wayland",
        "libwayland-cursor0",
    ),
    "libwayland-egl.so.1": ("libwayland-egl1", "libwayland-egl", "wayland", "libwayland-egl1"),
    "libxcb.so.1": ("libxcb1", "libxcb", "libxcb", "libxcb1"),
    "libxcb-cursor.so.0": (
        "libxcb-cursor0",
        "xcb-util-cursor",
        "xcb-util-cursor",
        "libxcb-cursor0",
    ),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm", "xcb-util-wm", "libxcb-icccm4"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image", "xcb-util-image", "libxcb-image0"),
    "libxcb-keysyms.so.1": (
        "libxcb-keysyms1",
        "xcb-util-keysyms",
        "xcb-util-keysyms",
        "libxcb-keysyms1",
    ),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb", "libxcb", "libxcb-randr0"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb", "libxcb", "libxcb-render0"),
    "libxcb-render-util.so.0": (
        "libxcb-render-util0",
        "xcb-util-renderutil",
        "xcb-util-renderutil",
        "libxcb-render-util0",
    ),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb", "libxcb", "libxcb-shape0"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb", "libxcb", "libxcb-shm0"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb", "libxcb", "libxcb-sync1"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util", "xcb-util", "libxcb-util1"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb", "libxcb", "libxcb-xfixes0"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb", "libxcb", "libxcb-xkb1"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon", "libxkbcommon", "libxkbcommon0"),
    "libxkbcommon-x11.so.0": (
        "libxkbcommon-x11-0",
        "libxkbcommon-x11",
        "libxkbcommon-x11",
        "libxkbcommon-x11-0",
    ),
    "libz.so.1": ("zlib1g", "zlib", "zlib", "libz1"),
    "libzstd.so.1": ("libzstd1", "libzstd", "zstd", "libzstd1"),
}


def has_display() -> bool:
    """Whether a window can be shown to somebody."""
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def qt_platform() -> str:
    """The Qt platform plugin that a start now would use: `offscreen`, `wayland`, `xcb`, ..."""
    wish = os.environ.get("QT_QPA_PLATFORM", "").split(";")[0].split(":")[0]
    if wish:
        return wish
    if not has_display():
        return "offscreen"
    # Qt turns to X11 where both are offered and the session is not a Wayland one.
    wayland = os.environ.get("WAYLAND_DISPLAY") and (
        os.environ.get("XDG_SESSION_TYPE") == "wayland" or not os.environ.get("DISPLAY")
    )
    return "wayland" if wayland else "xcb"


def missing_libraries(python: Path, platform: str) -> list[str]:
    """Sonames that Qt, as installed for `python`, would not find on this Linux.

    Asks the dynamic linker about QtWidgets and the platform plugin: it names all that are missing
    at once, where an import stops at the first.
    """
    if sys.platform != "linux":
        return []
    locate = "import importlib.util; print(importlib.util.find_spec('PySide6').origin)"
    answer = subprocess.run(
        [str(python), "-I", "-c", locate], capture_output=True, text=True, check=True
    )
    qt = Path(answer.stdout.strip()).parent
    plugin = qt / "Qt" / "plugins" / "platforms" / f"libq{platform}.so"
    modules = [*qt.glob("QtWidgets*.so"), *qt.glob("QtSvg*.so"), plugin]
    linker = shutil.which("ldd")
    if linker is None:
        return []
    present = [str(module) for module in modules if module.is_file()]
    listing = subprocess.run([linker, *present], capture_output=True, text=True, check=False)
    return parse_missing(listing.stdout)


def parse_missing(listing: str) -> list[str]:
    """Sonames that ldd's listing marks as not found, sorted, each once."""
    return sorted(set(re.findall(r"^\s*(\S+) => not found", listing, re.MULTILINE)))


def package_manager() -> str | None:
    """The package manager of this system, of those known here."""
    tools = {"apt": "apt-get", "dnf": "dnf", "pacman": "pacman", "zypper": "zypper"}
    return next((name for name in MANAGERS if shutil.which(tools[name])), None)


def install_command(packages: list[str], manager: str) -> str:
    """The command a person types to install `packages`."""
    prefix = "" if hasattr(os, "geteuid") and os.geteuid() == 0 else "sudo "
    return f"{prefix}{INSTALL[manager]} {' '.join(packages)}"


def explain_missing(libraries: list[str], manager: str | None) -> str:
    """What is missing and the command that brings it, in words."""
    listed = ", ".join(libraries)
    known = [name for name in libraries if name in PACKAGES]
    if manager is None or not known:
        return (
            f"The window needs system libraries that are missing here: {listed}. "
            "Install them with your system's package manager and run the same command again."
        )
    column = MANAGERS.index(manager)
    packages = sorted({PACKAGES[name][column] for name in known})
    sentence = (
        f"The window needs system libraries that are missing here: {listed}. "
        f"Install them with:\n\n    {install_command(packages, manager)}\n\n"
        "and run the same command again."
    )
    unknown = [name for name in libraries if name not in PACKAGES]
    return f"{sentence} (Not known by package: {', '.join(unknown)}.)" if unknown else sentence


def venv_command() -> str:
    """The command that installs Python's venv module where the system keeps it apart."""
    version = ".".join(map(str, sys.version_info[:2]))
    manager = package_manager()
    if manager is None:
        return "your system's package manager, or Python from python.org"
    names = {
        "apt": f"python{version}-venv",
        "dnf": "python3-pip",
        "pacman": "python",
        "zypper": "python3",
    }
    return install_command([names[manager]], manager)
