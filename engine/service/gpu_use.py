"""Whether models are trained on the graphics card, and in one sentence why, or why not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.jobs.gpu_worker import Refusal
from engine.service.graphics_cards import Cards


@dataclass(frozen=True, slots=True)
class GpuFacts:
    """What was found out about cards, the add-on and the worker that was asked to compute.

    `add_on` is the add-on's program where there is one, and `refusal` why it was not used.
    `device` names what the worker computes with, `on_gpu` says whether that is a graphics card,
    and `cuda` is the version that the worker's torch is built for, "" for the processor alone.
    """

    cards: Cards
    installed: bool  # the installed application, not Python with our source
    device: str
    on_gpu: bool
    cuda: str
    add_on: Path | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class GpuUse:
    """One sentence that says why the GPU is used or not, and one what to do ("" for nothing)."""

    why: str
    remedy: str = ""


def explain_gpu(facts: GpuFacts) -> GpuUse:
    """Return the reason for what the worker computes with."""
    if facts.on_gpu:
        torch = "the GPU add-on" if facts.add_on and not facts.refusal else "the installed torch"
        why = f"The GPU is used: models are trained on {facts.device} by {torch}."
        return GpuUse(why, _refused(facts.refusal).remedy if facts.refusal else "")
    if facts.refusal:
        return _refused(facts.refusal)
    if not facts.cards.found:
        return _no_card(facts)
    card = facts.cards.found[0]
    if facts.cuda:
        return _unused(
            f"torch for CUDA {facts.cuda} finds nothing that it can use on {card}",
            f"Update the driver of {card.name}; if it is the newest one, the card is too old for "
            "this version.",
        )
    if facts.add_on:
        return _unused(
            f"the torch in {facts.add_on} is built for the processor alone",
            "Install the GPU add-on again.",
        )
    if facts.installed:
        return _unused(
            "the GPU add-on is not installed, and without it Glossator computes on the processor",
            f"Install the GPU add-on to train on {card.name}.",
        )
    return _unused(
        "the installed torch is built for the processor alone",
        f"Run packaging/bootstrap.py again, which installs torch for {card.name}; update the "
        "card's driver if that does not help.",
    )


def _unused(reason: str, remedy: str = "") -> GpuUse:
    return GpuUse(f"The GPU is not used, because {reason}.", remedy)


def _refused(refusal: Refusal) -> GpuUse:
    remedy = refusal.remedy[0].upper() + refusal.remedy[1:]
    return _unused(f"the add-on {refusal.reason}", f"{remedy}.")


def _no_card(facts: GpuFacts) -> GpuUse:
    if facts.cards.complaint:
        return _unused(
            f"the driver of the NVIDIA card does not work: {facts.cards.complaint}",
            "Install the driver of the graphics card again.",
        )
    remedy = "Install the driver of the NVIDIA card; the GPU add-on waits for it."
    reason = "there is no NVIDIA card with a working driver"
    return _unused(reason, remedy if facts.add_on else "")
