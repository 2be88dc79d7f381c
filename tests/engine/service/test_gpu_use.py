"""Why the GPU is used or not: one sentence for every case, and one that says what to do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.jobs.gpu_worker import early_end, failed_start, other_release
from engine.service.gpu_use import GpuFacts, explain_gpu
from engine.service.graphics_cards import Card, Cards

CARD = Card("NVIDIA GeForce RTX 3060", "551.86", 12_884_901_888)
ADD_ON = Path("/usr/lib/glossator-gpu/glossator-gpu-worker")

ALL_WELL = GpuFacts(
    cards=Cards((CARD,)),
    installed=True,
    device=CARD.name,
    on_gpu=True,
    cuda="13.0",
    add_on=ADD_ON,
)
BARE = GpuFacts(cards=Cards(), installed=True, device="cpu", on_gpu=False, cuda="")


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (
            ALL_WELL,
            "The GPU is used: models are trained on NVIDIA GeForce RTX 3060 by the GPU add-on.",
        ),
        (
            replace(ALL_WELL, installed=False, add_on=None),
            "The GPU is used: models are trained on NVIDIA GeForce RTX 3060 by the installed "
            "torch.",
        ),
        (
            BARE,
            "The GPU is not used, because there is no NVIDIA card with a working driver.",
        ),
    ],
    ids=["add-on", "from source", "no card"],
)
def test_where_nothing_is_wrong_nothing_is_to_be_done(facts: GpuFacts, why: str) -> None:
    use = explain_gpu(facts)
    assert use.why == why
    assert use.remedy == ""


@pytest.mark.parametrize(
    ("facts", "reason", "remedy"),
    [
        (
            replace(BARE, cards=ALL_WELL.cards),
            "the GPU add-on is not installed, and without it Glossator computes on the processor.",
            "Install the GPU add-on to train on NVIDIA GeForce RTX 3060.",
        ),
        (
            replace(BARE, cards=ALL_WELL.cards, installed=False),
            "the installed torch is built for the processor alone.",
            "Run packaging/bootstrap.py again, which installs torch for NVIDIA GeForce RTX 3060; "
            "update the card's driver if that does not help.",
        ),
        (
            replace(ALL_WELL, device="cpu", on_gpu=False),
            "torch for CUDA 13.0 finds nothing that it can use on NVIDIA GeForce RTX 3060 "
            "(12.9 GB), driver 551.86.",
            "Update the driver of NVIDIA GeForce RTX 3060; if it is the newest one, the card is "
            "too old for this version.",
        ),
        (
            replace(ALL_WELL, device="cpu", on_gpu=False, cuda=""),
            f"the torch in {ADD_ON} is built for the processor alone.",
            "Install the GPU add-on again.",
        ),
        (
            replace(BARE, add_on=ADD_ON, cuda="13.0"),
            "there is no NVIDIA card with a working driver.",
            "Install the driver of the NVIDIA card; the GPU add-on waits for it.",
        ),
        (
            replace(BARE, cards=Cards(complaint="NVIDIA-SMI has failed")),
            "the driver of the NVIDIA card does not work: NVIDIA-SMI has failed.",
            "Install the driver of the graphics card again.",
        ),
        (
            replace(
                BARE,
                cards=ALL_WELL.cards,
                add_on=ADD_ON,
                refusal=early_end("the process that computes crashed (signal SIGSEGV)", ""),
            ),
            "the add-on does not work (the process that computes crashed (signal SIGSEGV)).",
            "Install the GPU add-on again.",
        ),
        (
            replace(
                BARE,
                cards=ALL_WELL.cards,
                add_on=ADD_ON,
                refusal=failed_start(PermissionError(13, "Permission denied")),
            ),
            "the add-on cannot be started (Permission denied).",
            "Install the GPU add-on again.",
        ),
    ],
    ids=[
        "no add-on",
        "CPU torch from source",
        "driver or card too old",
        "add-on with the torch of the CPU",
        "add-on without a card",
        "driver that does not work",
        "add-on that crashes",
        "add-on that is no program",
    ],
)
def test_where_something_is_wrong_the_remedy_is_told(
    facts: GpuFacts, reason: str, remedy: str
) -> None:
    use = explain_gpu(facts)
    assert use.why == f"The GPU is not used, because {reason}"
    assert use.remedy == remedy


def test_an_add_on_of_another_release_is_named_with_both_versions() -> None:
    refusal = other_release({"protocol": 1, "version": "0.9"})
    facts = replace(BARE, cards=ALL_WELL.cards, add_on=ADD_ON, refusal=refusal)
    use = explain_gpu(facts)
    assert "belongs to another release (version 0.9 with the protocol 1, where this" in use.why
    assert use.remedy == "Install the GPU add-on of the same release."


def test_a_broken_add_on_is_told_of_even_where_another_torch_uses_the_card() -> None:
    refusal = early_end("the process that computes stopped with exit code 1", "")
    use = explain_gpu(replace(ALL_WELL, installed=False, refusal=refusal))
    assert use.why.endswith("by the installed torch.")
    assert use.remedy == "Install the GPU add-on again."
