"""Whether models are trained on the graphics card, and in one sentence why, or why not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.core.language import mark, tr
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
        if facts.add_on and not facts.refusal:
            used = mark("The GPU is used: models are trained on {device} by the GPU add-on.")
        else:
            used = mark("The GPU is used: models are trained on {device} by the installed torch.")
        remedy = _refused(facts.refusal).remedy if facts.refusal else ""
        return GpuUse(tr(used, device=facts.device), remedy)
    if facts.refusal:
        return _refused(facts.refusal)
    if not facts.cards.found:
        return _no_card(facts)
    card = facts.cards.found[0]
    if facts.cuda:
        return _unused(
            tr(
                "torch for CUDA {cuda} finds nothing that it can use on {card}",
                cuda=facts.cuda,
                card=card,
            ),
            tr(
                "Update the driver of {card}; if it is the newest one, the card is too old for "
                "this version.",
                card=card.name,
            ),
        )
    if facts.add_on:
        return _unused(
            tr("the torch in {path} is built for the processor alone", path=facts.add_on),
            tr("Install the GPU add-on again."),
        )
    if facts.installed:
        return _unused(
            tr(
                "the GPU add-on is not installed, and without it Glossator computes on the "
                "processor"
            ),
            tr("Install the GPU add-on to train on {card}.", card=card.name),
        )
    return _unused(
        tr("the installed torch is built for the processor alone"),
        tr(
            "Run packaging/bootstrap.py again, which installs torch for {card}; update the card's "
            "driver if that does not help.",
            card=card.name,
        ),
    )


def _unused(reason: str, remedy: str = "") -> GpuUse:
    return GpuUse(tr("The GPU is not used, because {reason}.", reason=reason), remedy)


def _refused(refusal: Refusal) -> GpuUse:
    remedy = refusal.remedy[0].upper() + refusal.remedy[1:]
    return _unused(tr("the add-on {fault}", fault=refusal.reason), f"{remedy}.")


def _no_card(facts: GpuFacts) -> GpuUse:
    if facts.cards.complaint:
        return _unused(
            tr(
                "the driver of the NVIDIA card does not work: {complaint}",
                complaint=facts.cards.complaint,
            ),
            tr("Install the driver of the graphics card again."),
        )
    remedy = tr("Install the driver of the NVIDIA card; the GPU add-on waits for it.")
    reason = tr("there is no NVIDIA card with a working driver")
    return _unused(reason, remedy if facts.add_on else "")
