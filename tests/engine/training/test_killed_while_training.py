"""kill -9 at any moment of a training: run again, it ends with the weights of an undisturbed one.

Ten kills a run; ``GLOSSATOR_KILLS=50`` makes it fifty.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from engine.jobs.launch import worker_environment
from engine.jobs.spec import JobSpec

TRAINER = Path(__file__).with_name("trainer.py")
KILLS = int(os.environ.get("GLOSSATOR_KILLS", "10"))
WEIGHTS = "model.safetensors"


@pytest.fixture
def spec(
    tmp_path: Path,
    tiny_encoder: Path,
    save_rows: Callable[..., Path],
    make_rows: Callable[..., list[object]],
) -> JobSpec:
    """A job of some seconds."""
    folder = tmp_path / "job"
    folder.mkdir()
    return JobSpec(
        job_id=1,
        kind="train",
        folder=str(folder),
        snapshot=str(save_rows(folder / "snapshot.parquet", make_rows(120, 20, 60))),
        labels=("law", "medicine"),
        base_model=str(tiny_encoder),
        base_model_name="tiny",
        output=str(tmp_path / "models" / "killed"),
        settings={"epochs": 40, "learning_rate": 3e-3},
        threads=1,
        device="cpu",
    )


def start(spec: JobSpec) -> subprocess.Popen[str]:
    path = Path(spec.folder) / "job.json"
    path.write_text(json.dumps(asdict(spec)), encoding="utf-8")
    return subprocess.Popen(
        [sys.executable, "-P", str(TRAINER), str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=worker_environment(),
    )


def kill_in_the_middle(spec: JobSpec, places: random.Random) -> list[int]:
    """Start a run, kill it some time after it has learned; return the steps of its checkpoints."""
    some = places.randint(1, 50)
    with start(spec) as process:
        assert process.stdout is not None
        steps = []
        for line in process.stdout:
            event = json.loads(line)
            if event["event"] == "checkpoint":
                steps.append(event["data"]["step"])
                if len(steps) == some:
                    break
        time.sleep(places.uniform(0, 0.15))
        process.kill()
        for line in process.stdout:
            if line.endswith("\n") and json.loads(line)["event"] == "checkpoint":
                steps.append(json.loads(line)["data"]["step"])
    return steps


@pytest.mark.crash
@pytest.mark.timeout(120 + 30 * KILLS)
def test_a_killed_training_ends_with_the_same_weights(spec: JobSpec) -> None:
    places = random.Random(5)
    reached = 0
    for _ in range(KILLS):
        steps = kill_in_the_middle(spec, places)
        assert not steps or steps[0] >= reached, "it went on behind its last checkpoint"
        reached = steps[-1] if steps else reached
        if Path(spec.output).exists():
            break
    if not Path(spec.output).exists():
        with start(spec) as process:
            process.communicate()
        assert process.returncode == 0

    folder = Path(spec.folder).with_name("undisturbed")
    folder.mkdir()
    output = Path(spec.output).with_name("whole")
    with start(replace(spec, folder=str(folder), output=str(output))) as process:
        process.communicate()
    assert process.returncode == 0
    assert (Path(spec.output) / WEIGHTS).read_bytes() == (output / WEIGHTS).read_bytes()
    print(f"killed up to {KILLS} times, the last one behind step {reached}")
