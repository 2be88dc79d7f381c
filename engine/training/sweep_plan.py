"""What a sweep tries: one setting of fine-tuning at several values, each with the same seeds.

No heavy library is imported here, so a sweep is checked before a worker is started for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.training.settings import Settings, parse_settings

BLOCKS = "frozen_blocks"
HEAD = "head"
"""As a value of `BLOCKS`: all blocks stay as they are, and the head is fitted to convergence."""
SWEPT = (BLOCKS, "learning_rate", "epochs", "batch_size", "weight_decay", "warmup")
MOST_POINTS = 200


@dataclass(frozen=True, slots=True)
class SweepPlan:
    """The setting `over`, its `values` (numbers or `HEAD`), the `seeds` and the other settings."""

    over: str
    values: tuple[float | str, ...]
    seeds: tuple[int, ...]
    settings: Mapping[str, Any]

    def points(self) -> Iterator[tuple[float | str, int]]:
        """Yield value and seed of every training, in the order in which they run."""
        for seed in self.seeds:
            for value in self.values:
                yield value, seed

    def settings_at(self, value: float | str, seed: int) -> Settings:
        """Return the settings of one training.

        Raises:
            KnownError: for a setting that there is not, or that is out of range.
        """
        varied = {"train": HEAD} if value == HEAD else {"train": "all", self.over: value}
        others = {key: one for key, one in self.settings.items() if key != self.over}
        if self.over != BLOCKS and value != HEAD:
            varied.pop("train")
        return parse_settings({**others, **varied, "seed": seed})

    def to_json(self) -> dict[str, Any]:
        """Return the plan as a job's settings."""
        return {
            "over": self.over,
            "values": list(self.values),
            "seeds": list(self.seeds),
            "settings": dict(self.settings),
        }


def make_plan(
    over: str,
    values: Sequence[float | str],
    seeds: Sequence[int],
    settings: Mapping[str, Any],
    blocks: int,
) -> SweepPlan:
    """Return a checked plan; without `values`, frozen_blocks is tried at all there are.

    `blocks` are those of the base model that can stay as they are one by one.

    Raises:
        KnownError: if the setting cannot be swept, or a value is not one of it.
    """
    if over not in SWEPT:
        names = ", ".join(SWEPT)
        raise KnownError(
            tr(
                'A sweep cannot run over "{setting}"; it can run over one of {names}.',
                setting=over,
                names=names,
            )
        )
    if not values and over != BLOCKS:
        raise KnownError(
            tr(
                "A sweep over {setting} needs the values to try, such as --values 1,2,4.",
                setting=over,
            )
        )
    values = tuple(dict.fromkeys(values or (*range(blocks + 1), HEAD)))
    seeds = tuple(dict.fromkeys(seeds))
    if not seeds or len(values) * len(seeds) > MOST_POINTS:
        raise KnownError(
            tr("A sweep is 1 to {n} trainings; take fewer values or seeds.", n=MOST_POINTS)
        )
    plan = SweepPlan(over, values, seeds, dict(settings))
    for value, seed in plan.points():
        if value == HEAD and over != BLOCKS:
            raise KnownError(
                tr(
                    'The setting {setting} cannot be "{value}"; that is for {other}.',
                    setting=over,
                    value=HEAD,
                    other=BLOCKS,
                )
            )
        checked = plan.settings_at(value, seed)
        if checked.frozen_blocks > blocks:
            raise KnownError(
                tr(
                    "This base model has {blocks} blocks that can be frozen, so frozen_blocks "
                    "cannot be {asked}; choose a number from 0 to {blocks}.",
                    blocks=blocks,
                    asked=checked.frozen_blocks,
                )
            )
    return plan


def read_plan(raw: Mapping[str, Any]) -> SweepPlan:
    """Return the plan that `SweepPlan.to_json` wrote."""
    return SweepPlan(raw["over"], tuple(raw["values"]), tuple(raw["seeds"]), raw["settings"])
