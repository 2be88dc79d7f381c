"""Ask a model that guesses words what it would put into the gaps of sentences."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.jobs.spec import JobSpec
from engine.project.training_rows import FilledMask
from engine.service.lone_job import JOB_ID, run_lone_job


def fill_mask(
    model: str,
    sentences: Sequence[str],
    *,
    top: int = 5,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[FilledMask]:
    """Return the `top` likeliest words for every [MASK] in the sentences.

    `model` is a base model's name or a folder. The model is loaded in a worker process; this call
    blocks until it has answered.

    Raises:
        KnownError: if there is no such model, it cannot guess words, or a sentence has no [MASK].
    """
    from engine.registry.base_models import find_base_model

    if not sentences:
        raise KnownError(
            tr("There is no sentence; write one with [MASK] where a word is to be found.")
        )
    base_model = find_base_model(model)
    with tempfile.TemporaryDirectory(prefix="glossator-") as folder:
        spec = JobSpec(
            job_id=JOB_ID,
            kind="fill-mask",
            folder=folder,
            snapshot="",
            labels=(),
            model=base_model.folder,
            base_model_name=base_model.name,
            settings={"sentences": list(sentences), "top": top},
        )
        finished = run_lone_job(spec, tr("Filling the gaps"), cancelled=cancelled)
    return [FilledMask.from_json(found) for found in finished["sentences"]]
