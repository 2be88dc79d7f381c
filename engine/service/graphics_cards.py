"""The NVIDIA cards of this machine, as the card's own driver describes them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass

from engine.core.language import tr
from engine.jobs.launch import outside_environment

PATIENCE = 60.0
"""Seconds: a driver that nobody uses is loaded when it is asked."""

_MEBIBYTE = 1 << 20
_GIGABYTE = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Card:
    """One card: its name, its driver's version, and its memory in bytes (0: it does not say)."""

    name: str
    driver: str
    memory: int

    def __str__(self) -> str:
        if not self.memory:
            return tr("{card}, driver {driver}", card=self.name, driver=self.driver)
        return tr(
            "{card} ({memory:.1f} GB), driver {driver}",
            card=self.name,
            memory=self.memory / _GIGABYTE,
            driver=self.driver,
        )


@dataclass(frozen=True, slots=True)
class Cards:
    """The cards that the driver finds, or its complaint; neither where there is no driver."""

    found: tuple[Card, ...] = ()
    complaint: str = ""

    def __str__(self) -> str:
        if self.found:
            return "; ".join(map(str, self.found))
        return self.complaint or tr("no NVIDIA card with a working driver")


def find_cards() -> Cards:
    """Return what nvidia-smi says, which comes with the driver."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return Cards()
    query = "--query-gpu=name,driver_version,memory.total"
    windows = sys.platform == "win32"
    try:
        answer = subprocess.run(
            [tool, query, "--format=csv,noheader,nounits"],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE,
            check=False,
            env=outside_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0) if windows else 0,
        )
    except subprocess.TimeoutExpired:
        return Cards(
            complaint=tr("nvidia-smi did not answer within {seconds:.0f} seconds", seconds=PATIENCE)
        )
    except OSError as error:
        return Cards(complaint=tr("nvidia-smi cannot be started ({reason})", reason=error.strerror))
    if answer.returncode == 0 and (found := parse_cards(answer.stdout)):
        return Cards(found)
    said = (answer.stdout + answer.stderr).strip().splitlines()
    return Cards(complaint=said[0].rstrip(".") if said else tr("nvidia-smi says nothing"))


def parse_cards(table: str) -> tuple[Card, ...]:
    """Return the cards in lines of `name, version of the driver, memory in MiB`.

    Cards that share their memory with the processor have a word in brackets in its place.
    """
    rows = re.findall(r"^(.+?), *(\d[\d.]*), *(\d+|\[.+\]) *$", table, re.MULTILINE)
    return tuple(
        Card(name.strip(), driver, int(memory) * _MEBIBYTE if memory.isdigit() else 0)
        for name, driver, memory in rows
    )
