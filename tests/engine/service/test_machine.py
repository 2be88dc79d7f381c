"""What doctor finds out about graphics cards and the add-on, with programs that stand in for both.

The add-ons are processes that speak the protocol, and nvidia-smi is a script on the path.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.api import describe_machine
from engine.service.graphics_cards import Card, Cards, find_cards, parse_cards

Install = Callable[[str], Path]

H100 = "NVIDIA H100 80GB HBM3, 570.86.15, 81559"


@pytest.fixture
def install_driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have nvidia-smi be a shell script with these lines."""
    if os.name == "nt":
        pytest.skip("a script is no program on Windows")

    def install(lines: str) -> None:
        folder = tmp_path / "driver"
        folder.mkdir()
        tool = folder / "nvidia-smi"
        tool.write_text(f"#!/bin/sh\n{lines}\n")
        tool.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    return install


@pytest.fixture
def no_driver(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Have no nvidia-smi, as on a machine without an NVIDIA card."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")


def test_cards_are_read_from_the_table_of_nvidia_smi() -> None:
    table = f"{H100}\nNVIDIA GB10, 580.95.05, [N/A]\n"
    assert parse_cards(table) == (
        Card("NVIDIA H100 80GB HBM3", "570.86.15", 81559 * 1024**2),
        Card("NVIDIA GB10", "580.95.05", 0),
    )


def test_without_a_driver_there_is_no_card(no_driver: None) -> None:
    assert find_cards() == Cards()


def test_a_driver_that_does_not_work_is_quoted(install_driver: Callable[[str], None]) -> None:
    install_driver("echo NVIDIA-SMI has failed to reach the driver.; echo Reboot.; exit 9")
    assert find_cards() == Cards(complaint="NVIDIA-SMI has failed to reach the driver")


def test_doctor_names_the_add_on_that_computes_on_the_card(
    install_add_on: Install, install_driver: Callable[[str], None]
) -> None:
    install_driver(f"echo {H100}")
    program = install_add_on("be_ready(); probe()")
    machine = describe_machine()
    assert machine.facts["graphics card"] == "NVIDIA H100 80GB HBM3 (85.5 GB), driver 570.86.15"
    assert machine.facts["GPU add-on"] == (
        f"{program}, version 0.1.0, protocol 3, torch 2.13.0+cu130, in use"
    )
    assert machine.facts["device"] == "NVIDIA H100 (85.0 GB)"
    assert machine.facts["GPU"] == (
        "The GPU is used: models are trained on NVIDIA H100 by the GPU add-on."
    )
    assert not [problem for problem in machine.problems if "GPU" in problem or "card" in problem]


def test_doctor_says_when_the_driver_is_too_old_for_the_add_on(
    install_add_on: Install, install_driver: Callable[[str], None]
) -> None:
    install_driver(f"echo {H100}")
    install_add_on("be_ready(device='cpu'); probe(device='cpu', device_memory=0)")
    machine = describe_machine()
    assert "torch for CUDA 13.0 finds nothing that it can use" in machine.facts["GPU"]
    assert any(problem.startswith("Update the driver") for problem in machine.problems)


def test_doctor_blames_the_add_on_whose_libraries_cannot_be_loaded(
    install_add_on: Install,
) -> None:
    install_add_on(
        "be_ready(); order = json.loads(sys.stdin.readline())\n"
        "tell('failed', order['run']['job_id'], message='', known=False, details='')\n"
        "sys.stdin.read()"
    )
    problems = describe_machine().problems
    assert "The model libraries cannot be loaded; install the GPU add-on again." in problems


def test_doctor_works_without_a_home(
    no_driver: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "taken" / "away"))
    assert "GB free" in describe_machine().facts["disk"]


def test_doctor_without_card_and_add_on_asks_for_neither(no_driver: None) -> None:
    machine = describe_machine()
    assert machine.facts["graphics card"] == "no NVIDIA card with a working driver"
    assert machine.facts["GPU add-on"] == "none beside the source"
    assert machine.facts["device"] == "cpu"
    assert "no NVIDIA card with a working driver" in machine.facts["GPU"]
    assert not [problem for problem in machine.problems if "GPU" in problem or "card" in problem]


def test_doctor_quotes_an_add_on_that_does_not_start(
    install_add_on: Install,
    install_driver: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    install_driver(f"echo {H100}")
    program = install_add_on("print('Loading', file=sys.stderr); sys.exit('No libcudart')")
    machine = describe_machine()
    assert machine.facts["GPU add-on"] == f"{program}, not used"
    assert machine.facts["last words of the GPU add-on"] == "Loading\nNo libcudart"
    assert "exit code 1, with the words: No libcudart" in machine.facts["GPU"]
    assert "Install the GPU add-on again." in machine.problems
    assert machine.facts["device"] == "cpu"
