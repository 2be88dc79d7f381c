"""The setup for Windows, compiled with makensis from windows/glossator.nsi.

makensis writes at most 2 GB into one file: the offsets in it are numbers of 31 bits. With the CPU
build of torch the program stays below that before compression, and all of it goes into one file,
which is what people expect. With a CUDA build it does not, and splitting it into sections would not
help, since the limit is that of the file. It then lies beside the setup in zip files, written here
and unpacked by the tar that Windows brings along: no plugin has to be found for that, and each file
is checked by its CRC. The setup refuses where one of them is missing.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
import zipfile
from pathlib import Path

from glossator_installer.archive import CHUNK_BYTES, Entry, folder_entries
from glossator_installer.payload import HERE
from pip_process import BootstrapError, say

SCRIPT = HERE / "windows" / "glossator.nsi"
ICON = HERE / "icons" / "glossator.ico"
PROGRAMS = ("glossator.exe", "glossator-window.exe")

MOST_BYTES = 1_900_000_000  # before compression, which can also fail to make anything smaller
MEGABYTE = 10**6


def write_setup(
    application: Path, folder: Path, version: str, epoch: int, most_bytes: int = MOST_BYTES
) -> list[Path]:
    """Write `Glossator-VERSION-windows-x86_64-setup.exe` into `folder`, and its parts if need be.

    `most_bytes` is how much of the program, before compression, one file may hold.

    Returns:
        the setup, then the parts that belong beside it.

    Raises:
        BootstrapError: it is no application folder for Windows, makensis is missing or failed.
    """
    entries = windows_entries(application)
    compiler = shutil.which("makensis")
    if compiler is None:
        raise BootstrapError(
            "The program makensis is needed to write the setup for Windows, and it is missing "
            "here; nothing was written. Install NSIS (Debian and Ubuntu: apt install nsis)."
        )
    name = f"Glossator-{version}-windows-x86_64"
    total = sum(entry.size() for entry in entries)
    parts: list[Path] = []
    if total > most_bytes:
        parts = write_parts(entries, folder / name, epoch, most_bytes)
        script = script_of_parts(parts, total)
    else:
        script = script_of_files(entries)
    setup = folder / f"{name}-setup.exe"
    compile_setup(compiler, script, setup, version, total)
    return [setup, *parts]


def windows_entries(application: Path) -> list[Entry]:
    """What is in an application folder for Windows, names relative to it, sorted."""
    for program in PROGRAMS:
        if not (application / program).is_file():
            raise BootstrapError(
                f"{application} is no application folder for Windows: {program} is missing in it. "
                "Nothing was written; freeze the application on Windows first."
            )
    entries = [
        Entry(entry.name.removeprefix("./"), entry.content, entry.link)
        for entry in folder_entries(application, ".")
    ]
    for entry in entries:
        if entry.link:
            raise BootstrapError(
                f"{entry.name} in {application} is a link, which Windows does not have; nothing "
                "was written. Freeze the application on Windows."
            )
    return sorted(entries, key=lambda entry: entry.name)


def script_of_files(entries: list[Entry]) -> str:
    """NSIS's commands that put every file into its folder; what they name is compiled in."""
    lines = []
    current = ""
    for entry in entries:
        if not isinstance(entry.content, Path):
            lines.append(f'CreateDirectory "{below_target(entry.name)}"')
            continue
        folder, _, name = entry.name.rpartition("/")
        if folder != current:
            lines.append(f'SetOutPath "{below_target(folder)}"')
            current = folder
        # Of the two names makensis reads variables in the first one only.
        lines.append(f'File "/oname={escaped(name)}" "{entry.content}"')
    return "\n".join(lines)


def script_of_parts(parts: list[Path], total: int) -> str:
    """NSIS's commands that unpack the zip files beside the setup."""
    lines = [f"AddSize {total // 1024}"]
    lines += [f'!insertmacro NEED_PART "{part.name}"' for part in parts]
    lines += [f'!insertmacro UNPACK_PART "{part.name}"' for part in parts]
    return "\n".join(lines)


def below_target(name: str) -> str:
    """The path on the other machine of what is called `name` in the application folder."""
    return "\\".join(["$INSTDIR.new", *(escaped(part) for part in name.split("/") if part)])


def escaped(text: str) -> str:
    """`text` as it stands in a string of NSIS, where "$" begins a variable."""
    return text.replace("$", "$$")


def write_parts(entries: list[Entry], stem: Path, epoch: int, most_bytes: int) -> list[Path]:
    """Write zip files of at most `most_bytes` before compression, a larger file alone in one."""
    groups: list[list[Entry]] = [[]]
    filled = 0
    for entry in entries:
        if groups[-1] and filled + entry.size() > most_bytes:
            groups.append([])
            filled = 0
        groups[-1].append(entry)
        filled += entry.size()
    parts = []
    for number, group in enumerate(groups, start=1):
        part = stem.with_name(f"{stem.name}-part{number}.zip")
        write_zip(group, part, epoch)
        parts.append(part)
    return parts


def write_zip(entries: list[Entry], target: Path, epoch: int) -> None:
    """Write a zip file whose members all bear the time `epoch`."""
    moment = time.gmtime(epoch)[:6]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for entry in entries:
            name = entry.name if entry.content is not None else f"{entry.name}/"
            member = zipfile.ZipInfo(name, moment)
            member.create_system = 0
            member.compress_type = zipfile.ZIP_DEFLATED
            if not isinstance(entry.content, Path):
                archive.writestr(member, b"")
                continue
            member.file_size = entry.size()
            with entry.content.open("rb") as source, archive.open(member, "w") as file:
                shutil.copyfileobj(source, file, CHUNK_BYTES)


def compile_setup(compiler: str, script: str, setup: Path, version: str, total: int) -> None:
    """Run makensis; what it says goes into the error where it fails."""
    numbers = [*re.findall(r"\d+", version.split("+")[0])[:3], "0", "0", "0", "0"][:4]
    with tempfile.TemporaryDirectory(dir=setup.parent) as temporary:
        payload = Path(temporary) / "payload.nsh"
        payload.write_text(script, encoding="utf-8", newline="\n")
        draft = Path(temporary) / setup.name
        values = {
            "VERSION": version,
            "FILE_VERSION": ".".join(numbers),
            "OUTFILE": str(draft),
            "ICON": str(ICON),
            "PAYLOAD": str(payload),
            # The version that is replaced is there until the end.
            "NEEDED_MB": str(total * 105 // 100 // MEGABYTE + 1),
        }
        command = [compiler, "-V2", "-WX", "-INPUTCHARSET", "UTF8", "-NOCD"]
        command += [f"-D{name}={value}" for name, value in values.items()]
        done = subprocess.run(
            [*command, str(SCRIPT)], capture_output=True, text=True, errors="replace", check=False
        )
        if done.returncode != 0:
            words = (done.stdout + done.stderr).strip()
            raise BootstrapError(f"makensis could not write {setup.name}: {words}")
        draft.replace(setup)
    say(f"{setup.name}: {setup.stat().st_size / MEGABYTE:.0f} MB")
