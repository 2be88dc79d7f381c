"""The settings of each training method, checked without loading what trains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field
from typing import Any, ClassVar, Protocol

from engine.training.mlm_settings import parse_mlm_settings
from engine.training.ner_settings import parse_ner_settings
from engine.training.setfit_settings import parse_setfit_settings
from engine.training.settings import parse_settings


class MethodSettings(Protocol):
    """What the settings of all methods have in common; each is a frozen dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def seed(self) -> int:
        """The seed of everything that is drawn."""
        ...

    @property
    def threads(self) -> int:
        """CPU threads; 0 is all cores."""
        ...

    @property
    def precision(self) -> str:
        """auto, fp32, bf16 or fp16."""
        ...

    @property
    def max_length(self) -> int:
        """Tokens that are read at once; 0 leaves it to the method."""
        ...

    def to_json(self) -> dict[str, Any]:
        """Return all settings, defaults filled in."""
        ...


def parse_method_settings(
    method: str, raw: Mapping[str, Any], *, seed: int = 42, threads: int = 0
) -> MethodSettings:
    """Return the checked settings of a method in `engine.jobs.spec.METHODS`.

    Raises:
        KnownError: for an unknown key or a value out of range, naming what is allowed.
    """
    match method:
        case "fine-tune":
            return parse_settings(raw, seed=seed, threads=threads)
        case "setfit":
            return parse_setfit_settings(raw, seed=seed, threads=threads)
        case "mlm":
            return parse_mlm_settings(raw, seed=seed, threads=threads)
        case "ner":
            return parse_ner_settings(raw, seed=seed, threads=threads)
    raise ValueError(f"there is no method {method!r}")
