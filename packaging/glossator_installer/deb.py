"""The Debian package, written without Debian's tools, so that any system can build it.

A package is an `ar` archive of three members: the format's number, the control files, the data.

Installing a newer version while the program runs is safe for what people have made. Their projects
lie in their own folders, and the package owns nothing there; a running window and its workers keep
the libraries they have loaded, since dpkg puts each new file beside the old one and renames it over
it, which leaves an opened file as it is. What such a window has not loaded yet it would find in the
new version, so that a job started then may fail with an error and be started again. Hence nothing
is refused and nobody's program is ended: the package has no preinst at all.
"""

from __future__ import annotations

import io
import lzma
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from glossator_installer.archive import CHUNK_BYTES, Entry, write_tar
from glossator_installer.payload import HERE, MAINTAINER, Payload, debian_version
from system_packages import MANAGERS, PACKAGES

OLDEST_GLIBC = "2.34"  # that Qt's libraries were built against
MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}

# What QtWidgets, QtSvg and the plugins for X11 and Wayland load from the system. The plugins for
# GTK and for Kerberos in QtNetwork want more, and the window uses neither.
QT_LIBRARIES = (
    "libEGL.so.1",
    "libGL.so.1",
    "libX11.so.6",
    "libX11-xcb.so.1",
    "libdbus-1.so.3",
    "libfontconfig.so.1",
    "libfreetype.so.6",
    "libglib-2.0.so.0",
    "libgthread-2.0.so.0",
    "libwayland-client.so.0",
    "libwayland-cursor.so.0",
    "libwayland-egl.so.1",
    "libxcb.so.1",
    "libxcb-cursor.so.0",
    "libxcb-icccm.so.4",
    "libxcb-image.so.0",
    "libxcb-keysyms.so.1",
    "libxcb-randr.so.0",
    "libxcb-render.so.0",
    "libxcb-render-util.so.0",
    "libxcb-shape.so.0",
    "libxcb-shm.so.0",
    "libxcb-sync.so.1",
    "libxcb-util.so.1",
    "libxcb-xfixes.so.0",
    "libxcb-xkb.so.1",
    "libxkbcommon.so.0",
    "libxkbcommon-x11.so.0",
    "libz.so.1",
    "libzstd.so.1",
)


@dataclass(frozen=True, slots=True)
class Package:
    """What a Debian package says of itself, beside its payload."""

    name: str
    description: str
    """A line, and below it paragraphs, as Debian writes them."""
    depends: tuple[str, ...]
    has_desktop_files: bool = True
    """Whether a desktop's menus and types of files change with it."""


DESCRIPTION = """\
annotate texts and train encoder models from them, offline
 Experts of a field label their own texts by keyboard, whole texts or
 passages in them, train an encoder model from those labels on their own
 computer, and look at what the model gets wrong.
 .
 Nothing leaves the machine. Python, PyTorch, Qt and a starter model are
 part of the package."""


def write_deb(
    payload: Payload, folder: Path, machine: str = "x86_64", package: Package | None = None
) -> Path:
    """Write `glossator_VERSION_ARCHITECTURE.deb` into `folder`; its path.

    `machine` is the processor as `uname -m` calls it; another `package` than the application has
    another name.
    """
    package = package or application_package()
    architecture = MACHINES[machine]
    version = debian_version(payload.version)
    target = folder / f"{package.name}_{version}_{architecture}.deb"
    draft = target.with_name(f"{target.name}.part")
    try:
        with draft.open("wb") as stream:
            stream.write(b"!<arch>\n")
            _add(stream, "debian-binary", io.BytesIO(b"2.0\n"), 4, payload.epoch)
            control = control_archive(payload, architecture, package)
            _add(stream, "control.tar.xz", io.BytesIO(control), len(control), payload.epoch)
            with payload.file.open("rb") as data:
                _add(stream, "data.tar.xz", data, payload.file.stat().st_size, payload.epoch)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target


def _add(stream: IO[bytes], name: str, content: IO[bytes], size: int, epoch: int) -> None:
    """Add one member to an `ar` archive."""
    stream.write(f"{name:<16}{epoch:<12}{0:<6}{0:<6}{'100644':<8}{size:<10}`\n".encode("ascii"))
    shutil.copyfileobj(content, stream, CHUNK_BYTES)
    if size % 2:
        stream.write(b"\n")


def control_archive(payload: Payload, architecture: str, package: Package) -> bytes:
    """The control member: fields, checksums, and what runs after installing and removing."""
    refresh = HERE / "linux" / "refresh-caches.sh"
    sums = "".join(f"{digest}  {name}\n" for name, digest in payload.md5sums)
    entries = [
        Entry("control", control(payload, architecture, package).encode()),
        Entry("md5sums", sums.encode()),
    ]
    if package.has_desktop_files:
        entries += [Entry(name, refresh, executable=True) for name in ("postinst", "postrm")]
    stream = io.BytesIO()
    write_tar(entries, stream, payload.epoch)
    return lzma.compress(stream.getvalue())


def control(payload: Payload, architecture: str, package: Package) -> str:
    """The fields of the package."""
    fields = {
        "Package": package.name,
        "Version": debian_version(payload.version),
        "Architecture": architecture,
        "Maintainer": MAINTAINER,
        "Installed-Size": str(payload.installed_kilobytes),
        "Depends": ", ".join(package.depends),
        "Section": "science",
        "Priority": "optional",
        "Description": package.description,
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items())


def application_package() -> Package:
    """The package of the application."""
    return Package("glossator", DESCRIPTION, tuple(dependencies()))


def dependencies() -> list[str]:
    """Packages that must be there, each once."""
    column = MANAGERS.index("apt")
    packages = sorted({PACKAGES[library][column] for library in QT_LIBRARIES})
    return [f"libc6 (>= {OLDEST_GLIBC})", *packages]
