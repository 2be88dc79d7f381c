"""The three-step comparison: the same trainings with and without continued pretraining before."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.jobs.spec import JobSpec
from engine.service.train_job import training_spec
from engine.service.training_commands import ComparePretraining, StartJob
from engine.service.training_material import BASES

if TYPE_CHECKING:
    from engine.service.session import Session

MOST_SEEDS = 20


def compare_pretraining(session: Session, command: ComparePretraining) -> str:
    """Put the jobs of a comparison into the queue and return its name.

    All of them are checked before the first is added.
    """
    if command.method in BASES:
        raise KnownError(
            tr(
                "Continued pretraining is compared by a method that learns labels after it; choose "
                "another method."
            )
        )
    seeds = tuple(dict.fromkeys(command.seeds))
    if not 1 <= len(seeds) <= MOST_SEEDS:
        raise KnownError(tr("A comparison needs 1 to {most} different seeds.", most=MOST_SEEDS))
    name = _free_name(session, command.name.strip())
    specs = [_spec(session, command, name, "pretraining", seeds[0])]
    for seed in seeds:
        specs.append(_spec(session, command, name, "without", seed))
        specs.append(_spec(session, command, name, "with", seed))
    first_id = 0
    for spec in specs:
        if spec.request["comparison"]["part"] == "with":
            request = {**spec.request, "base_job_id": first_id, "parent_id": None}
            spec = dataclasses.replace(
                spec, base_model="", base_model_name=specs[0].name, request=request
            )
        job_id = session.jobs.add(spec, "train")
        first_id = first_id or job_id
    return name


def _spec(
    session: Session, command: ComparePretraining, name: str, part: str, seed: int
) -> JobSpec:
    pretraining = part == "pretraining"
    settings = command.mlm_settings if pretraining else command.settings
    start = StartJob(
        command.task_id,
        "mlm" if pretraining else command.method,
        base_model=command.base_model,
        name=f"{name}-{part}" if pretraining else f"{name}-{part}-{seed}",
        settings={"seed": seed, **settings} if pretraining else {**settings, "seed": seed},
    )
    spec = training_spec(session, start)
    comparison = {"name": name, "part": part, "seed": seed}
    return dataclasses.replace(spec, request={**spec.request, "comparison": comparison})


def _free_name(session: Session, wanted: str) -> str:
    from engine.inspection.pretraining import comparison_names

    taken = comparison_names(session.project.connection)
    if wanted:
        if wanted in taken:
            raise KnownError(
                tr('There is already a comparison "{name}"; choose another name.', name=wanted)
            )
        return wanted
    number = 1
    while f"comparison-{number}" in taken:
        number += 1
    return f"comparison-{number}"
