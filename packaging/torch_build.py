"""Which build of torch suits this machine, and where to get it.

torch is the one dependency that the lock does not hold: the same version comes in builds for the
CPU and for several CUDA versions, gigabytes apart in size. This module looks at the graphics card
and lists the places to ask, best first.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass

TORCH_VERSION = "2.13.0"
PYTORCH_INDEX = "https://download.pytorch.org/whl/"

CPU = "cpu"
# The CUDA builds of this version, newest first: name, oldest driver on Linux and on Windows,
# range of compute capability. Drivers: NVIDIA's CUDA release notes, minor version compatibility.
# Capabilities: PyTorch's RELEASE.md, "PyTorch CUDA Support Matrix".
CUDA_BUILDS = (
    ("cu130", {"linux": 580, "win32": 580}, (7.5, 99.0)),
    ("cu126", {"linux": 525, "win32": 528}, (5.0, 9.0)),
)
# The build that plain PyPI serves on Linux, without a local version such as "+cu130".
PYPI_LINUX_BUILD = "cu130"


@dataclass(frozen=True)
class Gpu:
    """An NVIDIA card as nvidia-smi describes it."""

    name: str
    driver: int
    """Major number of the driver's version."""
    capability: float


@dataclass(frozen=True)
class Source:
    """One place to get one build of torch from."""

    build: str
    requirement: str
    """What pip is asked for, such as `torch==2.13.0+cpu`."""
    index: str | None
    """Address of the package index; None is whatever pip is configured to use."""

    @property
    def version(self) -> str:
        return self.requirement.rpartition("=")[2]

    @property
    def pip_options(self) -> list[str]:
        return [] if self.index is None else ["--index-url", self.index]

    def __str__(self) -> str:
        place = self.index or "the package index that pip is configured for"
        words = describe(self.build) if "+" in self.version else "its standard build"
        return f"torch {self.version} ({words}) from {place}"


def describe(build: str) -> str:
    """Words for a build: "CPU" or "CUDA 13.0"."""
    return "CPU" if build == CPU else f"CUDA {build[2:-1]}.{build[-1]}"


def names() -> tuple[str, ...]:
    """Names of the CUDA builds, the newest first."""
    return tuple(name for name, _, _ in CUDA_BUILDS)


def nvidia_smi() -> str | None:
    """Path of NVIDIA's own tool, which its driver installs, or None."""
    return shutil.which("nvidia-smi")


def find_gpus() -> list[Gpu]:
    """NVIDIA cards of this machine; none where there is no working driver."""
    tool = nvidia_smi()
    if tool is None or sys.platform == "darwin":
        return []
    query = [tool, "--query-gpu=name,driver_version,compute_cap", "--format=csv,noheader"]
    try:
        answer = subprocess.run(query, capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return []
    return parse_gpus(answer.stdout) if answer.returncode == 0 else []


def parse_gpus(table: str) -> list[Gpu]:
    """Cards in nvidia-smi's lines of `name, driver version, compute capability`."""
    rows = re.findall(r"^(.+), *(\d+)\.[\d.]*, *(\d+\.\d+) *$", table, re.MULTILINE)
    return [Gpu(name.strip(), int(driver), float(level)) for name, driver, level in rows]


def choose_build(gpus: list[Gpu], platform: str = sys.platform) -> str:
    """The newest build that the first usable card and its driver can run, else the CPU's."""
    for name, oldest_driver, (lowest, highest) in CUDA_BUILDS:
        for gpu in gpus:
            if platform not in oldest_driver or gpu.driver < oldest_driver[platform]:
                continue
            if lowest <= gpu.capability <= highest:
                return name
    return CPU


def explain(build: str, gpus: list[Gpu], platform: str = sys.platform) -> str:
    """One sentence: why this build."""
    if platform == "darwin":
        return "On macOS there is one build of torch, which knows the Apple GPU."
    if not gpus:
        return "No NVIDIA graphics card with a working driver was found: torch for the CPU."
    cards = ", ".join(sorted({gpu.name for gpu in gpus}))
    if build != CPU:
        return f"Found {cards}: torch for {describe(build)}."
    if choose_build(gpus, platform) != CPU:
        return f"Found {cards}, but torch for the CPU was asked for."
    return (
        f"Found {cards} with driver {gpus[0].driver}, which this version of torch cannot use: "
        "torch for the CPU. With a newer driver (580 or later), run this again."
    )


def sources(build: str, platform: str = sys.platform) -> list[Source]:
    """Where to ask for `build`, best first; the last ones may be another build that works too.

    pip's own configuration comes first: a company's mirror or a folder of wheels is often the only
    place that a machine reaches. A bare `torch==2.13.0` would also accept a `+cpu` wheel lying
    there, hence `===`, which compares the version as text, where CUDA is wanted.
    """
    if platform == "darwin":
        return [Source(CPU, f"torch=={TORCH_VERSION}", None)]
    exact = f"torch=={TORCH_VERSION}+{build}"
    asked = [Source(build, exact, None), Source(build, exact, PYTORCH_INDEX + build)]
    if build == CPU:
        return [*asked, Source(CPU, f"torch=={TORCH_VERSION}", None)]
    if build == PYPI_LINUX_BUILD and platform == "linux":
        asked.append(Source(build, f"torch==={TORCH_VERSION}", None))
    return asked + sources(CPU, platform)


def offers(source: Source, index_answer: str) -> bool:
    """Whether `index_answer`, what `pip index versions torch` printed, holds the source's wheel."""
    listed = re.search(r"^Available versions: (.+)$", index_answer, re.MULTILINE)
    return listed is not None and source.version in listed.group(1).split(", ")
