"""The GPU add-on as people install it: a Debian package, and an archive to unpack without root.

It is gigabytes of NVIDIA's libraries and hardly gets smaller, so it is packed fast.
"""

from __future__ import annotations

from pathlib import Path

from glossator_installer.archive import Entry, folder_entries
from glossator_installer.deb import OLDEST_GLIBC, Package, write_deb
from glossator_installer.payload import HERE, Payload, changelog, debian_version, gzipped, pack
from pip_process import BootstrapError

NAME = "glossator-gpu"
PROGRAM = "glossator-gpu-worker"
PLACE = f"usr/lib/{NAME}"
"""Where the application looks for it; see engine/jobs/gpu_worker.py."""
PRESET = 0

DESCRIPTION = """\
train Glossator's models on an NVIDIA graphics card
 Glossator computes on the processor. With this add-on of the same version it
 computes on an NVIDIA card with a driver of version 580 or newer; the command
 "glossator doctor" says whether it does, and why not.
 .
 Nothing leaves the machine. PyTorch for CUDA is part of the package."""


def write_gpu_packages(
    worker: Path, output: Path, version: str, epoch: int, machine: str = "x86_64"
) -> list[Path]:
    """Write the package and the archive of a frozen worker into `output`; their paths.

    The archive is the package's data. Whoever is not root unpacks it into a folder of their own:
    ``tar -xf ARCHIVE -C FOLDER --strip-components=4 ./usr/lib/glossator-gpu``, where FOLDER is
    ``~/.local/share/glossator/gpu``.

    Raises:
        BootstrapError: it is no folder of the add-on, or it could not be packed.
    """
    if not (worker / PROGRAM).is_file():
        raise BootstrapError(
            f"{worker} is no folder of the GPU add-on: {PROGRAM} is missing in it."
        )
    target = output / f"Glossator-GPU-{version}-linux-{machine}.tar.xz"
    payload: Payload = pack(layout(worker, version, epoch), target, version, epoch, PRESET)
    depends = (f"libc6 (>= {OLDEST_GLIBC})", f"glossator (= {debian_version(version)})")
    package = Package(NAME, DESCRIPTION, depends, has_desktop_files=False)
    return [target, write_deb(payload, output, machine, package)]


def layout(worker: Path, version: str, epoch: int) -> list[Entry]:
    """Where everything lies in the system."""
    documents = f"usr/share/doc/{NAME}"
    return [
        *folder_entries(worker, PLACE),
        Entry(f"{documents}/copyright", HERE / "linux" / "copyright"),
        Entry(f"{documents}/changelog.gz", gzipped(changelog(version, epoch, NAME))),
    ]
