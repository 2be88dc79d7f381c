"""The project's own environments, such as .venv: make one, bring it up to date, know when it is.

A stamp, written last, says what was installed and from what. Without it, or where it names another
folder or Python, the environment is the rest of an interrupted or moved one and is made anew; pip
cannot tell half a package from a whole one.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import system_packages
import torch_build
from installation_lock import installation_lock
from pip_process import BootstrapError, Pip, say
from torch_build import Source

STAMP_FORMAT = 1
GIGABYTE = 10**9
# Measured: 2.0 GB with the CPU build; the CUDA libraries add about 5 GB. Downloads come on top.
SPACE_NEEDED = {False: 4 * GIGABYTE, True: 12 * GIGABYTE}


@dataclass
class Stamp:
    """What the environment holds. Written only when all of it is there."""

    inputs: str
    """Hash of the lock, pyproject.toml and the version of torch."""
    development: bool
    """Whether the tools for tests and checks are in."""
    torch: str
    """Build wanted of torch, such as `cpu` or `cu130`; auto-detection's word, not pip's."""
    gpu_driver: bool
    """Whether NVIDIA's driver was installed: if that changes, the build is chosen again."""
    python: str
    folder: str
    qt_platforms: list[str] = field(default_factory=list)
    """Qt platforms whose system libraries were seen complete."""
    format: int = STAMP_FORMAT


@dataclass(frozen=True)
class Kind:
    """What an environment is for: where it lies, and which locks it is made from."""

    name: str
    """Its folder under the project's."""
    lock: str
    development_lock: str


APPLICATION = Kind(".venv", "requirements.txt", "requirements-dev.txt")
INSTALLER = Kind(
    "build/installer/environment", "requirements-installer.txt", "requirements-installer.txt"
)
"""Nothing but what the application runs on and what freezes it, so that no tool of ours gets in."""
GPU_INSTALLER = Kind("build/installer/gpu-environment", INSTALLER.lock, INSTALLER.lock)
"""The same with the CUDA build of torch, for the GPU add-on."""


class Environment:
    """The environment of a kind under `root`."""

    def __init__(self, root: Path, kind: Kind = APPLICATION) -> None:
        self.root = root
        self.kind = kind
        self.folder = root / kind.name
        self.log = self.folder / "bootstrap.log"
        self._stamp_file = self.folder / "glossator-stamp.json"
        self._scripts = self.folder / ("Scripts" if os.name == "nt" else "bin")

    @property
    def python(self) -> Path:
        return self.script("python")

    def script(self, name: str) -> Path:
        """Path of a program installed in the environment."""
        return self._scripts / (f"{name}.exe" if os.name == "nt" else name)

    def lock(self, development: bool) -> Path:
        """The lock to install."""
        name = self.kind.development_lock if development else self.kind.lock
        return self.root / "packaging" / "lock" / name

    # -- the stamp ---------------------------------------------------------------------------

    def read_stamp(self) -> Stamp | None:
        """The stamp, or None where there is none that this version wrote."""
        try:
            values: dict[str, Any] = json.loads(self._stamp_file.read_text(encoding="utf-8"))
            stamp = Stamp(**values)
        except (OSError, ValueError, TypeError):
            return None
        return stamp if stamp.format == STAMP_FORMAT else None

    def write_stamp(self, stamp: Stamp) -> None:
        """Write atomically: half a stamp must not pass for none or for a whole one."""
        draft = self._stamp_file.with_suffix(".tmp")
        draft.write_text(json.dumps(asdict(stamp), indent=1) + "\n", encoding="utf-8")
        draft.replace(self._stamp_file)

    def inputs(self, development: bool) -> str:
        """Hash of everything that decides what is installed."""
        digest = hashlib.sha256(torch_build.TORCH_VERSION.encode())
        for file in (self.lock(development), self.root / "pyproject.toml"):
            # A checkout with Windows line ends is the same input.
            digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
        return digest.hexdigest()

    def is_usable(self, stamp: Stamp) -> bool:
        """Whether the environment lies where it was made and its Python still runs."""
        if stamp.folder != str(self.folder):
            return False
        probe = [str(self.python), "-I", "-S", "-c", "import sys; print(*sys.version_info[:2])"]
        try:
            answer = subprocess.run(probe, capture_output=True, text=True, check=False, timeout=60)
        except (OSError, subprocess.TimeoutExpired):
            return False
        return answer.stdout.split() == stamp.python.split(".")[:2]

    # -- bringing it up to date --------------------------------------------------------------

    def ensure(self, development: bool, torch: str) -> Stamp:
        """Make or update the environment; at once where nothing changed.

        `torch` is `auto`, `cpu`, `cuda`, or the name of a build.

        Raises:
            BootstrapError: with one sentence that says what to do.
        """
        stamp = self._usable_stamp()
        if stamp is not None and self.is_current(stamp, development, torch):
            return stamp
        wait = "Another start is installing at this moment; waiting for it to finish."
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with installation_lock(self.root / f"{self.kind.name}.lock", lambda: say(wait)):
            # That other start may have done all of it.
            stamp = self._usable_stamp()
            if stamp is not None and self.is_current(stamp, development, torch):
                return stamp
            if stamp is None and self.folder.exists():
                words = "is incomplete, or was moved; making it anew."
                say(f"The environment in {self.kind.name} {words}")
            return self._install(stamp, development, torch)

    def _usable_stamp(self) -> Stamp | None:
        stamp = self.read_stamp()
        return stamp if stamp is not None and self.is_usable(stamp) else None

    def is_current(self, stamp: Stamp, development: bool, torch: str) -> bool:
        """Whether what is installed is what is asked for (the development set serves both)."""
        if development and not stamp.development:
            return False
        # Asking nvidia-smi for details can take a second; whether it is there takes none.
        gpu_driver = torch_build.nvidia_smi() is not None
        torch_fits = {
            "auto": gpu_driver == stamp.gpu_driver,
            "cpu": stamp.torch == torch_build.CPU,
            "cuda": stamp.torch != torch_build.CPU,
        }
        fits = torch_fits.get(torch, stamp.torch == torch)
        return fits and stamp.inputs == self.inputs(stamp.development)

    def _install(self, stamp: Stamp | None, development: bool, torch: str) -> Stamp:
        gpus = torch_build.find_gpus()
        build = choose(torch, gpus)
        development = development or (stamp is not None and stamp.development)
        self._check_space(build, fresh=stamp is None)
        if stamp is None:
            self._create()
        else:
            say(f"The list of libraries changed; bringing {self.kind.name} up to date.")
        # From here until the new stamp the environment counts as incomplete.
        self._stamp_file.unlink(missing_ok=True)
        pip = Pip(self.python, self.log)
        self._install_lock(pip, development)
        say(torch_build.explain(build, gpus))
        source = find_torch(pip, build)
        say(f"Installing {source} ...")
        pip.install("--only-binary", ":all:", *source.pip_options, source.requirement)
        say("Installing Glossator itself ...")
        pip.install("--no-deps", "--no-build-isolation", "--editable", str(self.root))
        made = Stamp(
            inputs=self.inputs(development),
            development=development,
            torch=build,
            gpu_driver=torch_build.nvidia_smi() is not None,
            python=".".join(map(str, sys.version_info[:3])) if stamp is None else stamp.python,
            folder=str(self.folder),
        )
        self.write_stamp(made)
        return made

    def _install_lock(self, pip: Pip, development: bool) -> None:
        lock = self.lock(development)
        total = sum(line[:1].isalnum() for line in lock.read_text(encoding="utf-8").splitlines())
        say(f"Installing {total} libraries, each checked by its hash ...")
        options = ["--require-hashes", "--no-deps", "--only-binary", ":all:"]
        pip.install(*options, "--requirement", str(lock), total=total)

    def _create(self) -> None:
        if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
            raise BootstrapError(
                "This Python cannot make environments: its modules venv and ensurepip are missing. "
                f"Install them with: {system_packages.venv_command()}"
            )
        version = ".".join(map(str, sys.version_info[:3]))
        say(f"Making an environment of Python {version} in {self.folder} ...")
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(self.folder)
        # Started from inside .venv, sys.executable has just been deleted.
        python = getattr(sys, "_base_executable", sys.executable)
        command = [python, "-I", "-m", "venv", str(self.folder)]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode != 0:
            words = (made.stdout + made.stderr).strip()
            raise BootstrapError(f"The environment in {self.folder} could not be made: {words}")

    def _check_space(self, build: str, fresh: bool) -> None:
        needed = SPACE_NEEDED[build != torch_build.CPU] if fresh else GIGABYTE
        free = shutil.disk_usage(self.root).free
        if free < needed:
            raise BootstrapError(
                f"Installing needs about {needed / GIGABYTE:.0f} GB of disk space, and "
                f"{self.root} has {free / GIGABYTE:.1f} GB left. Free some space and try again."
            )


def choose(torch: str, gpus: list[torch_build.Gpu]) -> str:
    """The build of torch for the wish `auto`, `cpu` or `cuda` on a machine with these cards.

    The name of a build, such as `cu130`, is that build: an installer is made for other machines.
    """
    if torch == "cpu" or torch in torch_build.names():
        return torch
    build = torch_build.choose_build(gpus)
    if torch == "cuda" and build == torch_build.CPU:
        raise BootstrapError(
            "torch for CUDA was asked for, but there is no NVIDIA card with a driver that this "
            "version of torch can use. Install the driver, or leave --torch away."
        )
    return build


def find_torch(pip: Pip, build: str) -> Source:
    """The first place that offers torch in `build` or one that works as well.

    Raises:
        BootstrapError: nobody offers this version of torch.
    """
    answers: dict[str | None, str] = {}
    for source in torch_build.sources(build):
        if source.index not in answers:
            answers[source.index] = pip.versions("torch", *source.pip_options)
        if torch_build.offers(source, answers[source.index]):
            return source
    raise BootstrapError(
        f"No package index that this computer reaches offers torch {torch_build.TORCH_VERSION} for "
        "it. Check the network; PyTorch has no build for Macs with Intel processors and for "
        f"32-bit systems.\nThe log: {pip.log}"
    )
