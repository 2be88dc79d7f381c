"""The worker process, spoken to through its pipes as the engine does."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np
import pytest

from engine.jobs.launch import worker_environment
from engine.jobs.spec import JobSpec

PATIENCE = 90.0


class Talk:
    """A started worker: orders in, events out."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "engine.jobs.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=tempfile.gettempdir(),
            env=worker_environment(),
        )
        self._lines: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(json.loads(line))

    def order(self, **order: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        self.process.stdin.flush()

    def wait(self, *kinds: str) -> dict[str, Any]:
        """Return the first event of these kinds that comes, and forget those before it."""
        deadline = time.monotonic() + PATIENCE
        seen = []
        while time.monotonic() < deadline:
            try:
                event = self._lines.get(timeout=1)
            except Empty:
                continue
            seen.append(event["event"])
            if event["event"] in kinds:
                return event
        raise AssertionError(f"none of {kinds} came, only {seen[-20:]}")

    def end(self) -> int:
        assert self.process.stdin is not None
        self.process.stdin.close()
        code = self.process.wait(PATIENCE)
        self._thread.join(PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@pytest.fixture
def talk() -> Iterator[Talk]:
    started = Talk()
    yield started
    if started.process.poll() is None:
        started.process.kill()
    started.end()


@pytest.fixture
def job(tmp_path: Path, tiny_encoder: Path, save_rows: Callable, make_rows: Callable) -> JobSpec:
    """A training job of a tiny model, with more passes than anyone would wait for."""
    return JobSpec(
        job_id=5,
        kind="train",
        folder=str(tmp_path),
        snapshot=str(save_rows(tmp_path / "snapshot.parquet", make_rows(120, 20, 60))),
        labels=("law", "medicine"),
        base_model=str(tiny_encoder),
        base_model_name="tiny",
        output=str(tmp_path / "models" / "one"),
        settings={"epochs": 1000, "learning_rate": 3e-3},
        threads=1,
        device="cpu",
    )


def test_a_conversation_with_one_worker(talk: Talk, job: JobSpec, tmp_path: Path) -> None:
    ready = talk.wait("ready")
    assert ready["job"] == 0
    assert ready["data"] == {"protocol": 3, "pid": talk.process.pid}

    # A job that is cancelled leaves nothing.
    talk.order(run=asdict(job))
    talk.wait("measured")
    talk.order(cancel=5)
    assert talk.wait("cancelled", "finished", "failed")["event"] == "cancelled"
    assert not Path(job.output).exists()

    # The next one in the same process is not affected.
    talk.order(run=asdict(replace(job, job_id=6, settings={"epochs": 2, "learning_rate": 3e-3})))
    published = talk.wait("published", "failed")
    assert published["data"]["folder"] == job.output
    assert talk.wait("finished")["job"] == 6

    # A fault of the world is told in a sentence, one of the program with what led there.
    talk.order(run=asdict(replace(job, job_id=7)))
    failed = talk.wait("failed")
    assert failed["data"]["known"] is True
    assert "There is already a model" in failed["data"]["message"]
    elsewhere = replace(job, job_id=8, output=str(tmp_path / "two"), labels=("law",))
    talk.order(run=asdict(elsewhere))
    failed = talk.wait("failed")
    assert failed["job"] == 8
    assert failed["data"]["known"] is False
    assert "Traceback" in failed["data"]["details"]
    assert "Traceback" not in failed["data"]["message"]

    # Texts are classified by a model that stays loaded until it is to be forgotten.
    talk.order(device="cpu")
    order = {"request": 3, "model": job.output, "texts": ["court"] * 256}
    talk.order(classify=order)
    found = talk.wait("classified", "failed")
    assert found["job"] == 0
    assert found["data"]["request"] == 3
    assert found["data"]["labels"] == ["law", "medicine"]
    assert len(found["data"]["probabilities"]) == 256
    # The same process embeds texts; what somebody waits for goes first.
    talk.order(classify={**order, "texts": ["court"] * 3000})
    embed = {"request": 4, "model": job.base_model, "texts": ["court", "fever"], "urgent": True}
    talk.order(embed={**embed, "kind": "query"})
    found = talk.wait("embedded", "failed")
    vectors = np.frombuffer(base64.b64decode(found["data"]["vectors"]), np.float16)
    assert found["data"]["request"] == 4
    assert vectors.reshape(2, found["data"]["dimensions"]).shape == (2, 16)
    talk.order(forget=job.output)
    talk.order(classify={**order, "model": str(tmp_path / "nowhere")})
    failed = talk.wait("failed")
    assert failed["data"]["request"] == 3
    assert failed["data"]["known"] is True

    predict = replace(job, job_id=9, kind="predict", model=job.output, output="", labels=())
    talk.order(run=asdict(predict))
    assert Path(talk.wait("predictions", "failed")["data"]["path"]).is_file()
    assert talk.wait("finished")["job"] == 9

    # The end of the input ends a worker, even one that is busy.
    talk.order(run=asdict(replace(job, job_id=10, output=str(tmp_path / "two"))))
    talk.wait("measured")
    assert talk.end() == 0
    assert not (tmp_path / "two").exists()


def test_a_job_from_a_file_runs_without_an_engine_and_without_a_network(
    job: JobSpec, tmp_path: Path
) -> None:
    """Every attempt to open a connection would end the process with the code 99."""
    path = tmp_path / "job.json"
    path.write_text(json.dumps(asdict(replace(job, settings={"epochs": 1}))))
    guard = tmp_path / "guard"
    guard.mkdir()
    (guard / "sitecustomize.py").write_text(
        "import os, socket\n"
        "def refuse(*arguments, **options):\n"
        "    os._exit(99)\n"
        "socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse\n"
    )
    environment = worker_environment()
    environment["PYTHONPATH"] = os.pathsep.join([str(guard), environment["PYTHONPATH"]])
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE"):
        environment.pop(name, None)
    environment["HOME"] = str(tmp_path / "home")

    done = subprocess.run(
        [sys.executable, "-P", "-m", "engine.jobs.worker", str(path)],
        env=environment,
        cwd=tempfile.gettempdir(),
        capture_output=True,
        timeout=PATIENCE,
    )

    assert done.returncode == 0, done.stderr.decode()[-2000:]
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert [event["event"] for event in events[:2]] == ["started", "progress"]
    assert events[-1]["event"] == "finished"
    left = [one for one in (tmp_path / "home").rglob("*") if one.is_file()]
    assert not [one for one in left if one.stat().st_size > 1000], "texts stay in the job's folder"


def test_a_job_that_cannot_be_run_ends_with_the_code_1(job: JobSpec, tmp_path: Path) -> None:
    path = tmp_path / "job.json"
    path.write_text(json.dumps(asdict(replace(job, method="by magic"))))

    done = subprocess.run(
        [sys.executable, "-P", "-m", "engine.jobs.worker", str(path)],
        env=worker_environment(),
        cwd=tempfile.gettempdir(),
        capture_output=True,
        timeout=PATIENCE,
    )

    assert done.returncode == 1
    (event,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert event["event"] == "failed"
    assert 'the method "by magic"' in event["data"]["message"]
