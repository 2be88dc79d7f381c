"""The build of torch fits the graphics card, and is asked for where it is most likely had."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

import pytest

Script = Callable[[str], ModuleType]


@pytest.fixture
def torch_build(script: Script) -> ModuleType:
    return script("torch_build")


def test_cards_are_read_from_the_table_of_nvidia_smi(torch_build: ModuleType) -> None:
    table = "NVIDIA GeForce RTX 3060, 581.15, 8.6\nTesla V100-SXM2-16GB, 535.104.05, 7.0\n"
    assert torch_build.parse_gpus(table) == [
        torch_build.Gpu("NVIDIA GeForce RTX 3060", 581, 8.6),
        torch_build.Gpu("Tesla V100-SXM2-16GB", 535, 7.0),
    ]


def test_a_driver_that_cannot_answer_counts_as_no_card(torch_build: ModuleType) -> None:
    assert torch_build.parse_gpus("NVIDIA-SMI has failed because it couldn't communicate") == []


@pytest.mark.parametrize(
    ("driver", "capability", "platform", "build"),
    [
        (580, 8.6, "linux", "cu130"),
        (581, 12.0, "win32", "cu130"),
        (550, 8.6, "linux", "cu126"),
        (527, 8.6, "linux", "cu126"),
        (527, 8.6, "win32", "cpu"),
        (580, 6.1, "linux", "cu126"),
        (470, 8.6, "linux", "cpu"),
        (570, 12.0, "linux", "cpu"),
        (580, 3.7, "linux", "cpu"),
    ],
    ids=[
        "current",
        "current on Windows",
        "older driver",
        "oldest driver on Linux",
        "too old a driver on Windows",
        "card that CUDA 13 dropped",
        "driver too old",
        "new card with an old driver",
        "card too old",
    ],
)
def test_the_newest_build_that_card_and_driver_can_run(
    torch_build: ModuleType, driver: int, capability: float, platform: str, build: str
) -> None:
    card = torch_build.Gpu("a card", driver, capability)
    assert torch_build.choose_build([card], platform) == build


def test_without_a_card_the_cpu_build(torch_build: ModuleType) -> None:
    assert torch_build.choose_build([], "linux") == "cpu"


def test_a_wheel_that_pip_is_configured_to_find_comes_before_any_index(
    torch_build: ModuleType,
) -> None:
    first, *others = torch_build.sources("cpu", "linux")
    assert (first.version, first.index) == (f"{torch_build.TORCH_VERSION}+cpu", None)
    assert [source.index for source in others] == ["https://download.pytorch.org/whl/cpu", None]
    assert others[-1].version == torch_build.TORCH_VERSION


def test_where_cuda_is_wanted_a_cpu_wheel_is_only_the_last_resort(torch_build: ModuleType) -> None:
    builds = [source.build for source in torch_build.sources("cu130", "linux")]
    assert builds == ["cu130"] * 3 + ["cpu"] * 3
    # On Windows, plain PyPI has the CPU build alone.
    builds = [source.build for source in torch_build.sources("cu130", "win32")]
    assert builds == ["cu130"] * 2 + ["cpu"] * 3


def test_plain_pypi_is_asked_for_cuda_so_that_a_cpu_wheel_does_not_match(
    torch_build: ModuleType,
) -> None:
    requirements = [source.requirement for source in torch_build.sources("cu130", "linux")]
    assert f"torch==={torch_build.TORCH_VERSION}" in requirements


def test_macos_has_one_build(torch_build: ModuleType) -> None:
    (source,) = torch_build.sources("cpu", "darwin")
    assert (source.requirement, source.index) == (f"torch=={torch_build.TORCH_VERSION}", None)


def test_a_source_offers_only_its_very_version(torch_build: ModuleType) -> None:
    with_wheel, _, plain = torch_build.sources("cpu", "linux")
    answer = "torch (2.15.0)\nAvailable versions: 2.15.0, 2.13.0, 2.12.1\n"
    assert not torch_build.offers(with_wheel, answer)
    assert torch_build.offers(plain, answer)
    assert torch_build.offers(with_wheel, "Available versions: 2.13.0+cpu, 2.13.0\n")
    assert not torch_build.offers(plain, "ERROR: No matching distribution found for torch\n")


def test_the_choice_is_explained(torch_build: ModuleType) -> None:
    old = [torch_build.Gpu("NVIDIA GeForce GTX 970", 470, 5.2)]
    assert "No NVIDIA graphics card" in torch_build.explain("cpu", [], "linux")
    assert "driver 470" in torch_build.explain("cpu", old, "linux")
    good = [torch_build.Gpu("NVIDIA L4", 580, 8.9)]
    assert "NVIDIA L4: torch for CUDA 13.0" in torch_build.explain("cu130", good, "linux")
    assert "was asked for" in torch_build.explain("cpu", good, "linux")
