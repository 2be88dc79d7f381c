"""The rules that settings are checked by, whatever the method.

No heavy library is imported here, so the window and the shell can check a setting before a worker
is started for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.core.errors import KnownError
from engine.core.language import mark, tr

Rules = Mapping[str, tuple[Callable[[Any], Any], str]]
"""For each setting what turns a person's word into its value (ValueError if it cannot), and the
words that say what is allowed, a marked text."""


def check_settings(
    raw: Mapping[str, Any], rules: Rules, *, seed: int = 42, threads: int = 0
) -> dict[str, Any]:
    """Return checked values from what a person wrote: ``--set key=value`` or a form.

    Values may be strings or already of their type. `seed` and `threads` hold where `raw` does not
    name them.

    Raises:
        KnownError: for an unknown key or a value out of range, naming what is allowed.
    """
    values: dict[str, Any] = {"seed": seed, "threads": threads}
    for key, value in raw.items():
        if key not in rules:
            raise KnownError(
                tr(
                    'There is no training setting "{key}" for this method; the settings are '
                    "{names}.",
                    key=key,
                    names=", ".join(rules),
                )
            )
        rule, words = rules[key]
        try:
            values[key] = rule(value)
        except (ValueError, TypeError, OverflowError):
            raise KnownError(
                tr(
                    'The setting {key} cannot be "{value}"; it must be {allowed}.',
                    key=key,
                    value=value,
                    allowed=tr(words),
                )
            ) from None
    return values


def whole(low: int, high: int, *, auto: bool = False) -> Callable[[Any], int]:
    """Return a rule for whole numbers from `low` to `high`; with `auto`, "auto" becomes 0."""

    def check(value: Any) -> int:
        if auto and value in ("auto", 0, "0"):
            return 0
        if isinstance(value, bool) or float(value) != int(float(value)):
            raise ValueError
        number = int(float(value))
        if not low <= number <= high:
            raise ValueError
        return number

    return check


def decimal(low: float, high: float, *, above: bool = False) -> Callable[[Any], float]:
    """Return a rule for numbers from `low` (with `above`: not it itself) to `high`."""

    def check(value: Any) -> float:
        number = float(value)
        if isinstance(value, bool) or not low <= number <= high or (above and number == low):
            raise ValueError
        return number

    return check


def one_of(*choices: str) -> Callable[[Any], str]:
    """Return a rule for one of some words."""

    def check(value: Any) -> str:
        if str(value) not in choices:
            raise ValueError
        return str(value)

    return check


def yes_no_auto(value: Any) -> bool | None:
    """The rule for a switch that may be left to the program: None is auto."""
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    text = str(value).lower()
    if text in ("auto", "none"):
        return None
    if text not in words:
        raise ValueError
    return words[text]


def yes_no(value: Any) -> bool:
    """The rule for a switch."""
    found = yes_no_auto(value)
    if found is None:
        raise ValueError
    return found


def passes_for(examples: int, batch_size: int, enough_steps: int) -> int:
    """Return the passes over `examples` that come near `enough_steps` steps: from 3 to 20."""
    steps_a_pass = max(1, -(-examples // batch_size))
    return max(3, min(20, round(enough_steps / steps_a_pass)))


COMMON: Rules = {
    "epochs": (whole(1, 1000, auto=True), mark("a whole number from 1 to 1000, or auto")),
    "learning_rate": (
        decimal(0, 1, above=True),
        mark("a number above 0 and at most 1, such as 5e-5"),
    ),
    "batch_size": (whole(1, 1024), mark("a whole number from 1 to 1024")),
    "weight_decay": (decimal(0, 1), mark("a number from 0 to 1")),
    "warmup": (decimal(0, 1), mark("a share of all steps from 0 to 1")),
    "seed": (whole(0, 2**31 - 1), mark("a whole number from 0 to 2147483647")),
    "threads": (whole(0, 1024), mark("a whole number from 0 (all cores) to 1024")),
    "precision": (one_of("auto", "fp32", "bf16", "fp16"), mark("auto, fp32, bf16 or fp16")),
    "max_length": (whole(8, 65536, auto=True), mark("a number of tokens from 8 to 65536, or auto")),
}
"""Settings that mean the same wherever a method has them."""
