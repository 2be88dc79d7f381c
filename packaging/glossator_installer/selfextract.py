"""The self-extracting file for Linux: a shell script with the archive behind its last line.

For people who have no rights on their machine, or no Debian: it installs for one person.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from glossator_installer.archive import CHUNK_BYTES
from glossator_installer.deb import OLDEST_GLIBC
from glossator_installer.payload import HERE, Payload

TEMPLATE = HERE / "linux" / "install.sh"
DISK_BLOCK = 4  # kilobytes; a file takes half of one more than its size, on average
SPARE = 1.05


def write_run(payload: Payload, folder: Path, machine: str = "x86_64") -> Path:
    """Write `Glossator-VERSION-linux-MACHINE.run` into `folder`; its path."""
    target = folder / f"Glossator-{payload.version}-linux-{machine}.run"
    draft = target.with_name(f"{target.name}.part")
    try:
        with draft.open("wb") as stream:
            stream.write(header(payload, machine))
            with payload.file.open("rb") as archive:
                shutil.copyfileobj(archive, stream, CHUNK_BYTES)
        draft.chmod(0o755)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target


def header(payload: Payload, machine: str) -> bytes:
    """The script, filled in. It holds its own length, so it is filled until that is right."""
    values = {
        "VERSION": payload.version,
        "MACHINE": machine,
        "OLDEST_GLIBC_MINOR": OLDEST_GLIBC.partition(".")[2],
        "PAYLOAD_BYTES": str(payload.file.stat().st_size),
        "PAYLOAD_SHA256": payload.sha256,
        "NEEDED_KILOBYTES": str(needed_kilobytes(payload)),
    }
    template = TEMPLATE.read_text(encoding="utf-8")
    for name, value in values.items():
        template = template.replace(f"@{name}@", value)
    length = 0
    while True:
        text = template.replace("@HEADER_BYTES@", str(length)).encode()
        if len(text) == length:
            return text
        length = len(text)


def needed_kilobytes(payload: Payload) -> int:
    """Free space that unpacking needs; the version that is replaced is there until the end."""
    blocks = len(payload.md5sums) * DISK_BLOCK // 2
    return int((payload.installed_kilobytes + blocks) * SPARE)
