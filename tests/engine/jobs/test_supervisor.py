"""A worker process under supervision, with a real worker and a tiny model."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from engine.jobs.spec import JobSpec

# Loading torch takes a worker long on a machine that is busy.
pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def spec(tmp_path: Path, tiny_encoder: Path, make_rows: Callable[..., Any]) -> JobSpec:
    """A training job that would take very long."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = make_rows(200, 20, 60)
    columns = {
        "text_id": list(range(len(rows))),
        "text": [row.text for row in rows],
        "labels": pa.array([row.labels for row in rows], pa.list_(pa.int32())),
        "labelled": [True] * len(rows),
        "split": [row.split for row in rows],
        "group": list(range(len(rows))),
    }
    pq.write_table(pa.table(columns), tmp_path / "snapshot.parquet")
    return JobSpec(
        job_id=7,
        kind="train",
        folder=str(tmp_path),
        snapshot=str(tmp_path / "snapshot.parquet"),
        labels=("law", "medicine"),
        base_model=str(tiny_encoder),
        output=str(tmp_path / "models" / "7"),
        name="tiny",
        settings={"epochs": 1000},
        threads=1,
        device="cpu",
    )


def test_a_worker_announces_itself_before_it_has_loaded_anything(supervised: Any) -> None:
    ready = supervised.wait_for("ready")
    assert ready.data["pid"] == supervised.worker.pid


def test_an_idle_worker_ends_when_its_input_ends(supervised: Any) -> None:
    supervised.wait_for("ready")
    started = time.monotonic()
    supervised.worker.close(patience=5.0)
    end = supervised.wait_for_end()
    assert end.exit_code == 0
    assert time.monotonic() - started < 5.0


@pytest.mark.slow  # the engine's own test of cancelling runs the same way every time
def test_a_running_job_ends_when_it_is_cancelled(supervised: Any, spec: JobSpec) -> None:
    supervised.worker.run(spec)
    supervised.wait_for("measured")
    supervised.worker.send({"cancel": spec.job_id})
    assert supervised.wait_for("cancelled", "finished", "failed").kind == "cancelled"
    assert not Path(spec.output).exists()


def test_a_killed_worker_is_told_of_with_the_likely_reason(supervised: Any, spec: JobSpec) -> None:
    supervised.wait_for("ready")
    supervised.worker.run(spec)
    os.kill(supervised.worker.pid, signal.SIGKILL)
    end = supervised.wait_for_end()
    assert end.exit_code == -9
    assert "memory" in end.words
    assert not supervised.worker.alive


def test_orders_to_a_dead_worker_are_lost_without_a_fuss(supervised: Any) -> None:
    supervised.wait_for("ready")
    supervised.worker.kill()
    supervised.wait_for_end()
    supervised.worker.send({"classify": {"request": 1, "model": "x", "texts": ["y" * 200_000]}})
    supervised.worker.kill()


def test_a_worker_that_fails_to_start_is_told_of_with_its_last_words(
    supervise: Callable[[], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHOME", str(tmp_path))
    end = supervise().wait_for_end()
    assert end.exit_code != 0
    assert "exit code" in end.words
    assert end.last_lines
    assert (tmp_path / "worker.log").stat().st_size > 0


@pytest.mark.skipif(os.name == "nt", reason="process groups are a matter of POSIX")
def test_killing_a_worker_kills_what_it_started(supervised: Any) -> None:
    supervised.wait_for("ready")
    process = psutil.Process(supervised.worker.pid)
    assert os.getpgid(supervised.worker.pid) != os.getpgid(os.getpid())
    supervised.worker.kill()
    supervised.wait_for_end()
    assert not process.is_running()
