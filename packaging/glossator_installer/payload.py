"""What a Linux system gets: the application and all by which a desktop knows it, in one archive.

The same tar.xz is the data of the Debian package and the tail of the self-extracting file, so the
application is compressed once, and both install the same.
"""

from __future__ import annotations

import gzip
import io
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from glossator_installer.archive import (
    PRESET,
    Entry,
    folder_entries,
    sha256_of,
    with_parents,
    write_tar,
    xz_file,
)
from pip_process import BootstrapError

HERE = Path(__file__).resolve().parent
ICONS = HERE.parents[1] / "resources" / "icons"
MAINTAINER = "Glossator developers <developers@glossator.example>"

APPLICATION = "usr/lib/glossator"
PROGRAMS = ("glossator", "glossator-window")
ICON_SIZES = {
    48: HERE / "icons" / "glossator-48.png",
    128: HERE / "icons" / "glossator-128.png",
    256: ICONS / "glossator.png",
}
"""Pictures by their size in pixels; the one of 256 is the window's own."""

BLOCK = 1024


@dataclass(frozen=True, slots=True)
class Payload:
    """The archive, and what those who wrap it want to know of it."""

    file: Path
    version: str
    epoch: int
    """Seconds since 1970: the time that everything in it bears."""
    sha256: str
    installed_kilobytes: int
    """Space it takes when unpacked, each file and folder rounded up to whole kilobytes."""
    md5sums: tuple[tuple[str, str], ...]
    """(name below the root, MD5 of the content) of every file."""


def write_payload(
    application: Path, target: Path, version: str, epoch: int, preset: int = PRESET
) -> Payload:
    """Pack the application folder `application` into `target`, a tar.xz; `preset` is xz's.

    Raises:
        BootstrapError: it is no application folder, or it could not be packed; `target` is then
            not there.
    """
    return pack(layout(application, version, epoch), target, version, epoch, preset)


def pack(entries: list[Entry], target: Path, version: str, epoch: int, preset: int) -> Payload:
    """Pack these entries, and the folders above them, into `target`."""
    entries = with_parents(entries)
    with xz_file(target, preset) as stream:
        md5sums = write_tar(entries, stream, epoch)
    return Payload(
        file=target,
        version=version,
        epoch=epoch,
        sha256=sha256_of(target),
        installed_kilobytes=sum(-(-entry.size() // BLOCK) or 1 for entry in entries),
        md5sums=tuple(md5sums),
    )


def layout(application: Path, version: str, epoch: int) -> list[Entry]:
    """Where everything lies in the system.

    Raises:
        BootstrapError: a program is missing in `application`.
    """
    for program in PROGRAMS:
        if not (application / program).is_file():
            raise BootstrapError(
                f"{application} is no application folder: the program {program} is missing in it. "
                "Nothing was packed; freeze the application first."
            )
    linux = HERE / "linux"
    share = "usr/share"
    icons = f"{share}/icons/hicolor"
    entries = folder_entries(application, APPLICATION)
    entries += [
        Entry("usr/bin/glossator", link="../lib/glossator/glossator"),
        Entry(f"{share}/applications/glossator.desktop", linux / "glossator.desktop"),
        Entry(f"{share}/mime/packages/glossator.xml", linux / "glossator-mime.xml"),
        Entry(f"{share}/man/man1/glossator.1.gz", gzipped(man_page(version, epoch))),
        Entry(f"{share}/doc/glossator/copyright", linux / "copyright"),
        Entry(f"{share}/doc/glossator/changelog.gz", gzipped(changelog(version, epoch))),
    ]
    # The second name is that of the project's file, as the MIME type gives it.
    for name in ("apps/glossator", "mimetypes/application-x-glossator"):
        entries.append(Entry(f"{icons}/scalable/{name}.svg", ICONS / "glossator.svg"))
        for size, picture in ICON_SIZES.items():
            entries.append(Entry(f"{icons}/{size}x{size}/{name}.png", picture))
    return entries


def man_page(version: str, epoch: int) -> str:
    """The manual page of the command."""
    text = (HERE / "linux" / "glossator.1").read_text(encoding="utf-8")
    day = datetime.fromtimestamp(epoch, UTC).date().isoformat()
    return text.replace("@VERSION@", version).replace("@DATE@", day)


def changelog(version: str, epoch: int, package: str = "glossator") -> str:
    """A changelog in Debian's form, which tells no more than the version and its day."""
    day = format_datetime(datetime.fromtimestamp(epoch, UTC))
    return (
        f"{package} ({debian_version(version)}) unstable; urgency=medium\n\n"
        f"  * Glossator {version}.\n\n -- {MAINTAINER}  {day}\n"
    )


def debian_version(version: str) -> str:
    """A version of Python's kind as Debian orders it: "0.2.0rc1" comes before "0.2.0"."""
    number, dot, rest = version.partition(".dev")
    for mark in ("rc", "b", "a"):
        number = number.replace(mark, f"~{mark}")
    return f"{number}~dev{rest}" if dot else number


def gzipped(text: str) -> bytes:
    """`text` compressed, without the time of day that gzip would note."""
    stream = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=stream, mtime=0) as file:
        file.write(text.encode())
    return stream.getvalue()
