"""Resolve the dependencies of pyproject.toml anew and write packaging/lock/.

Three files, the others supersets of the first: `requirements.txt` is what the application runs on,
`requirements-dev.txt` adds what its tests and checks need, `requirements-installer.txt` what makes
the installer. All hold every supported platform and
Python version (as markers) and the hash of every file, for all packages but torch: its builds for
CPU and CUDA carry different hashes, so torch_build.py pins it by version and chooses the build.

Needs uv. Run it after changing a dependency, and commit what it wrote:

    uv run --no-project python packaging/lock.py [--upgrade]
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from torch_build import TORCH_VERSION

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "packaging" / "lock"
RUNTIME = LOCK / "requirements.txt"
DEVELOPMENT = LOCK / "requirements-dev.txt"
INSTALLER = LOCK / "requirements-installer.txt"
HEADER = (
    "# Written by packaging/lock.py; do not edit. torch and the CUDA libraries that come with it\n"
    "# are left out: see packaging/torch_build.py.\n"
)

# What arrives with a CUDA build of torch, and only with it. pip is the environment's own: a
# program that replaces itself half-way fails on Windows.
LEFT_OUT = ("torch", "triton", "pip")
CUDA_PREFIXES = ("nvidia-", "cuda-")


def resolve(target: Path, *options: str, left_out: tuple[str, ...] = LEFT_OUT) -> None:
    """Write the resolution of pyproject.toml, its build requirements included, to `target`."""
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("The program uv is needed to write the lock: pip install uv")
    with (ROOT / "pyproject.toml").open("rb") as file:
        build_requirements = tomllib.load(file)["build-system"]["requires"]
    with tempfile.TemporaryDirectory() as folder:
        # The project is installed without build isolation, so its builder is locked as well.
        build = Path(folder) / "build.in"
        build.write_text("\n".join(build_requirements) + "\n", encoding="utf-8")
        torch = Path(folder) / "torch.in"
        torch.write_text(f"torch=={TORCH_VERSION}\n", encoding="utf-8")
        command = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
        # One version for all Pythons where that is possible: what is tested is what is installed.
        command += ["--fork-strategy", "fewest", "--generate-hashes"]
        command += ["--no-header", "--no-annotate", "--output-file", str(target)]
        command += [part for name in left_out for part in ("--no-emit-package", name)]
        command += [*options, "pyproject.toml", str(build), "--constraint", str(torch)]
        subprocess.run(command, cwd=ROOT, check=True)


def package_names(lock: str) -> list[str]:
    """Names of the packages pinned in the text of a lock, in its order."""
    return [line.split("==")[0] for line in lock.splitlines() if line[:1].isalnum()]


def write(upgrade: bool) -> None:
    """Write all files; keep pinned versions that still fit unless `upgrade`."""
    options = ["--upgrade"] if upgrade else []
    extras = {DEVELOPMENT: ["--extra", "dev"], INSTALLER: ["--extra", "installer"]}
    for target in (RUNTIME, DEVELOPMENT, INSTALLER):
        extra = extras.get(target, [])
        # Without it two files could pin one package at two versions.
        shared = [] if target is RUNTIME else ["--constraint", str(RUNTIME)]
        with tempfile.TemporaryDirectory() as folder:
            draft = Path(folder) / target.name
            if target.is_file():
                shutil.copy(target, draft)
            resolve(draft, *options, *extra, *shared)
            names = package_names(draft.read_text(encoding="utf-8"))
            cuda = tuple(name for name in names if name.startswith(CUDA_PREFIXES))
            resolve(draft, *extra, *shared, left_out=LEFT_OUT + cuda)
            text = draft.read_text(encoding="utf-8").removeprefix(HEADER)
        target.write_text(HEADER + text, encoding="utf-8", newline="\n")
        print(f"{target.relative_to(ROOT)}: {len(package_names(text))} packages")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write packaging/lock/ from pyproject.toml.")
    parser.add_argument("--upgrade", action="store_true", help="take newer versions where allowed")
    write(parser.parse_args().upgrade)
