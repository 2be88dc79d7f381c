"""Jobs of a project on a machine with a GPU add-on that does not work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.api import Engine, JobLogged, ListJobEvents, ProjectInfo, StartJob

# Loading torch takes a worker long on a machine that is busy.
pytestmark = pytest.mark.timeout(400)

WAIT = 90.0


@pytest.mark.slow
def test_a_job_without_its_add_on_is_done_all_the_same_and_its_log_says_why(
    install_add_on: Callable[[str], Path],
    engine: Engine,
    project: ProjectInfo,
    import_rows: Callable[..., Any],
    make_rows: Callable[..., Any],
    tiny_encoder: Path,
    heard: Any,
) -> None:
    install_add_on("be_ready(protocol=99, version='7.0')")
    names = [label.name for label in project.task.labels]
    rows = make_rows(train=60, validation=20, test=60)
    import_rows([(row.text, names[row.labels[0]], row.split) for row in rows])
    job_id = engine.submit(
        StartJob(
            project.task.id,
            "fine-tune",
            base_model=str(tiny_encoder),
            settings={"epochs": 1, "threads": 1},
        )
    ).result(WAIT)
    assert engine.wait_for_job(job_id, timeout=2 * WAIT).status == "done"
    told = heard.wait_for(JobLogged, lambda event: "add-on" in event.message)
    assert "belongs to another release (version 7.0" in told.message
    kept = engine.ask(ListJobEvents(job_id)).result(WAIT)
    assert kept[0].data == {"message": told.message}
