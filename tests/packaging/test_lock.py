"""The lock holds what pyproject.toml asks for, every file of it by hash, and torch not at all."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

Script = Callable[[str], ModuleType]

NAMES = ("requirements.txt", "requirements-dev.txt", "requirements-installer.txt")
PYTHONS = ("3.11", "3.12", "3.13")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    file = Path(__file__).resolve().parents[2] / "pyproject.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def locked(root: Path, name: str) -> dict[str, list[tuple[Requirement, list[str]]]]:
    """Pins of a lock by package: requirement and hashes, one or more for each package."""
    text = (root / "packaging" / "lock" / name).read_text(encoding="utf-8")
    lines = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", "").splitlines()
    pins: dict[str, list[tuple[Requirement, list[str]]]] = {}
    for line in lines:
        requirement, *hashes = re.split(r"\s+--hash=", line.strip())
        pin = Requirement(requirement)
        pins.setdefault(canonicalize_name(pin.name), []).append((pin, hashes))
    return pins


@pytest.mark.parametrize("name", NAMES)
def test_every_line_is_one_version_with_hashes(root: Path, name: str) -> None:
    pins = locked(root, name)
    assert len(pins) > 50
    for entries in pins.values():
        for pin, hashes in entries:
            assert re.fullmatch(r"==[^*,]+", str(pin.specifier)), pin
            assert hashes, f"{pin} has no hash"
            assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in hashes)


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_every_dependency_is_locked_at_an_allowed_version(
    root: Path, project: dict[str, Any], python: str, platform: str
) -> None:
    marks = {"python_version": python, "python_full_version": f"{python}.9"}
    marks |= {"sys_platform": platform, "platform_python_implementation": "CPython"}
    wanted = project["project"]["dependencies"] + project["build-system"]["requires"]
    extras = project["project"]["optional-dependencies"]
    beside = ([], extras["dev"], extras["installer"])
    for name, texts in zip(NAMES, (wanted + extra for extra in beside), strict=True):
        pins = locked(root, name)
        for requirement in map(Requirement, texts):
            if requirement.name == "torch":
                continue
            if requirement.marker is not None and not requirement.marker.evaluate(marks):
                continue
            found = [
                pin
                for pin, _ in pins.get(canonicalize_name(requirement.name), [])
                if pin.marker is None or pin.marker.evaluate(marks)
            ]
            assert len(found) == 1, f"{requirement} is not locked; run packaging/lock.py"
            version = str(found[0].specifier).removeprefix("==")
            assert requirement.specifier.contains(version), f"{requirement}, locked {version}"


@pytest.mark.parametrize("name", NAMES)
def test_torch_and_what_comes_with_cuda_are_left_to_the_choice_of_build(
    root: Path, script: Script, project: dict[str, Any], name: str
) -> None:
    names = set(locked(root, name))
    assert not {name for name in names if re.match(r"(torch|triton|pip|nvidia-.*|cuda-.*)$", name)}
    (allowed,) = (
        requirement
        for requirement in map(Requirement, project["project"]["dependencies"])
        if requirement.name == "torch"
    )
    assert allowed.specifier.contains(Version(script("torch_build").TORCH_VERSION))


@pytest.mark.parametrize("other", NAMES[1:])
def test_the_other_locks_hold_the_first_one_unchanged(root: Path, other: str) -> None:
    runtime = locked(root, "requirements.txt")
    more = locked(root, other)
    for name, entries in runtime.items():
        assert [str(pin) for pin, _ in more[name]] == [str(pin) for pin, _ in entries]


def test_the_bootstrap_and_the_project_agree_on_pythons(
    script: Script, project: dict[str, Any]
) -> None:
    allowed = Requirement(f"python{project['project']['requires-python']}").specifier
    supported = script("bootstrap").is_supported
    for minor in range(9, 17):
        assert supported((3, minor)) is allowed.contains(f"3.{minor}.0")
