"""Archives that come out the same, byte for byte, whenever and wherever they are written.

Names are sorted, owners are root, times are the one that is given, modes are one of two. The
program xz compresses in its multi-threaded mode with blocks of a fixed size: its output depends on
the blocks and not on how many threads filled them, so one core and sixteen write the same file.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import lzma
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pip_process import BootstrapError, say

PRESET = 6
BLOCK_BYTES = 24 * 2**20  # three times the dictionary of the preset, as xz itself would choose
MOST_THREADS = 16  # each takes about 170 MB
CHUNK_BYTES = 2**20

# The linker loads a library by its mode "readable"; only a program is executed.
LIBRARY = re.compile(r"\.so(\.\d+)*$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One member: a file with its content, a link with its target, or else a folder."""

    name: str
    """Path below the root, such as `usr/bin/glossator`."""
    content: Path | bytes | None = None
    link: str = ""
    executable: bool = False

    def size(self) -> int:
        """Bytes of a file's content; 0 of anything else."""
        if isinstance(self.content, bytes):
            return len(self.content)
        return self.content.stat().st_size if self.content is not None else 0


def folder_entries(source: Path, prefix: str) -> list[Entry]:
    """Everything in the folder `source`, to lie below `prefix`.

    Raises:
        BootstrapError: a link in it leads out of it, and so to nothing on another machine.
    """
    entries = []
    for path in source.rglob("*"):
        name = f"{prefix}/{path.relative_to(source).as_posix()}"
        if path.is_symlink():
            link = str(path.readlink())
            if not (path.parent / link).resolve().is_relative_to(source.resolve()):
                raise BootstrapError(
                    f"{path} is a link to {link}, which lies outside of {source} and would be "
                    "missing on other machines; nothing was packed. Put the file itself there."
                )
            entries.append(Entry(name, link=link))
        elif path.is_file():
            marked = bool(path.stat().st_mode & 0o111)
            entries.append(Entry(name, path, executable=marked and not LIBRARY.search(name)))
        elif path.is_dir():
            entries.append(Entry(name))
    return entries


def with_parents(entries: Iterable[Entry]) -> list[Entry]:
    """`entries` and the folders above them, sorted, each folder before what lies in it."""
    found = {entry.name: entry for entry in entries}
    for name in list(found):
        while "/" in name:
            name = name.rpartition("/")[0]
            found.setdefault(name, Entry(name))
    return [found[name] for name in sorted(found)]


def write_tar(entries: Iterable[Entry], stream: IO[bytes], epoch: int) -> list[tuple[str, str]]:
    """Write a tar of `entries`, all of the time `epoch`; (name, MD5) of every file in it.

    The format is GNU's, since dpkg does not read the newer one, and every name begins with "./".
    """
    digests = []
    with tarfile.open(fileobj=stream, mode="w|", format=tarfile.GNU_FORMAT) as archive:
        archive.addfile(_member(Entry("."), epoch))
        for entry in with_parents(entries):
            member = _member(entry, epoch)
            if not member.isfile():
                archive.addfile(member)
                continue
            with _open(entry) as file:
                reader = _HashingReader(file)
                archive.addfile(member, reader)
            digests.append((entry.name, reader.digest.hexdigest()))
    return digests


def _member(entry: Entry, epoch: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo("." if entry.name == "." else f"./{entry.name}")
    member.mtime = epoch
    member.uname = member.gname = "root"
    if entry.link:
        member.type, member.linkname, member.mode = tarfile.SYMTYPE, entry.link, 0o777
    elif entry.content is None:
        member.type, member.mode = tarfile.DIRTYPE, 0o755
    else:
        member.size = entry.size()
        member.mode = 0o755 if entry.executable else 0o644
    return member


def _open(entry: Entry) -> IO[bytes]:
    if isinstance(entry.content, Path):
        return entry.content.open("rb")
    return io.BytesIO(entry.content or b"")


class _HashingReader:
    """Reads a file and hashes what it reads, so that gigabytes are read once."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.md5(usedforsecurity=False)

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self.digest.update(chunk)
        return chunk


@contextlib.contextmanager
def xz_file(target: Path, preset: int = PRESET) -> Iterator[IO[bytes]]:
    """A stream whose content stands compressed in `target` once all of it was written.

    `preset` is xz's, from 0, which is fast, to 9.

    Raises:
        BootstrapError: the program xz failed; there is no `target` then.
    """
    draft = target.with_name(f"{target.name}.part")
    program = shutil.which("xz")
    try:
        if program is None:
            say("The program xz is missing; compressing with one core, which takes longer.")
            with lzma.open(draft, "wb", preset=preset) as stream:
                yield stream
        else:
            with _xz_process(program, draft, preset) as stream:
                yield stream
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


@contextlib.contextmanager
def _xz_process(program: str, target: Path, preset: int) -> Iterator[IO[bytes]]:
    # One thread would choose the other mode, whose blocks are written differently.
    threads = min(max(2, os.cpu_count() or 2), MOST_THREADS)
    command = [program, f"-{preset}", "--format=xz", "--check=crc64", "--stdout", "--no-adjust"]
    command += [f"--threads={threads}", f"--block-size={BLOCK_BYTES}"]
    # Both change what xz does without being seen.
    variables = {k: v for k, v in os.environ.items() if k not in ("XZ_DEFAULTS", "XZ_OPT")}
    with (
        target.open("wb") as file,
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=file,
            stderr=subprocess.PIPE,
            env=variables,
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stderr is not None
        # Where xz ends early, the pipe breaks, and what xz says is the reason.
        with contextlib.suppress(BrokenPipeError):
            yield process.stdin
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        words = process.stderr.read().decode(errors="replace").strip()
        if process.wait() != 0:
            raise BootstrapError(f"{target.name} could not be compressed: {words}. It was removed.")


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
