"""The bill of materials is valid by its standard, and the same for the same components."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

Script = Callable[[str], ModuleType]
EPOCH = 1_700_000_000

pytest.importorskip(
    "cyclonedx",
    reason="cyclonedx-python-lib is in the build environment only",
    exc_type=ImportError,
)


@pytest.fixture
def bill(script: Script) -> ModuleType:
    return script("glossator_installer.bill")


@pytest.fixture
def components(script: Script) -> list[Any]:
    """The program, and parts with all kinds of licences."""
    licences = script("glossator_installer.licences")
    return [
        *script("glossator_installer.other_components").other_components("0.1.0", "6.11.3"),
        licences.Component(
            "numpy", "2.4.6", "BSD-3-Clause AND MIT", purl="pkg:pypi/numpy@2.4.6", sha256="ab" * 32
        ),
        licences.Component("odd", "1", "A licence of our own"),
    ]


def test_it_is_valid(bill: ModuleType, components: list[Any], tmp_path: Path) -> None:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    text = bill.write_bill(components, tmp_path / "bill.json", EPOCH).read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    stored = json.loads(text)
    assert stored["specVersion"] == "1.6"
    assert stored["metadata"]["component"]["name"] == "Glossator"
    assert stored["metadata"]["timestamp"] == "2023-11-14T22:13:20+00:00"
    found = {component["name"]: component for component in stored["components"]}
    assert set(found) == {c.name for c in components} - {"Glossator"}
    assert found["numpy"]["licenses"] == [{"expression": "BSD-3-Clause AND MIT"}]
    assert found["numpy"]["hashes"] == [{"alg": "SHA-256", "content": "ab" * 32}]
    assert found["odd"]["licenses"] == [{"license": {"name": "A licence of our own"}}]
    assert found["Inter"]["licenses"] == [{"license": {"id": "OFL-1.1"}}]
    (whole,) = [d for d in stored["dependencies"] if d["ref"] == "Glossator@0.1.0"]
    assert len(whole["dependsOn"]) == len(found)


def test_the_same_components_give_the_same_file(root: Path, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from glossator_installer.bill import write_bill\n"
        "from glossator_installer.other_components import other_components\n"
        "parts = other_components('0.1.0', '6.11.3')\n"
        f"write_bill(parts, Path(sys.argv[1]), {EPOCH})\n"
    )
    written = []
    for seed in ("1", "2"):  # what orders Python's sets
        target = tmp_path / f"{seed}.json"
        variables = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root / "packaging")}
        subprocess.run([sys.executable, "-c", program, str(target)], env=variables, check=True)
        written.append(target.read_bytes())
    assert written[0] == written[1]


def test_another_version_has_another_number(bill: ModuleType, components: list[Any]) -> None:
    assert bill.serial_number(components, EPOCH) == bill.serial_number(components[::-1], EPOCH)
    assert bill.serial_number(components, EPOCH) != bill.serial_number(components[:-1], EPOCH)
