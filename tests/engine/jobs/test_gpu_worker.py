"""The GPU add-on: where it is found, how it is put to the test, and what happens when it fails.

Programs that speak the protocol stand in for it; one of them is the real worker.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from engine.jobs import gpu_worker
from engine.jobs.gpu_worker import PROGRAM, find_gpu_worker
from engine.jobs.spec import PROTOCOL, JobSpec

# Loading torch takes a worker long on a machine that is busy.
pytestmark = pytest.mark.timeout(400)

Install = Callable[[str], Path]
Supervise = Callable[[], Any]


@pytest.fixture
def probe(tmp_path: Path) -> JobSpec:
    """The job that says what its worker computes with."""
    return JobSpec(job_id=3, kind="probe", folder=str(tmp_path), snapshot="", labels=())


@pytest.fixture
def unknown_job(tmp_path: Path) -> JobSpec:
    """A job that our own worker refuses at once, without loading torch."""
    return JobSpec(job_id=4, kind="divine", folder=str(tmp_path), snapshot="", labels=())


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which this process is the installed application, and the person's data."""
    monkeypatch.setattr("sys.frozen", True, raising=False)
    monkeypatch.setattr("sys.executable", str(tmp_path / "application" / "glossator"))
    monkeypatch.setattr(gpu_worker, "SYSTEM_FOLDERS", (tmp_path / "system",))
    monkeypatch.setenv("GLOSSATOR_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("GLOSSATOR_GPU_WORKER", raising=False)
    return tmp_path


def put(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / PROGRAM).touch()
    return folder / PROGRAM


def test_the_add_on_beside_the_application_comes_first(installed: Path) -> None:
    assert find_gpu_worker() is None
    own = put(installed / "data" / "gpu")
    assert find_gpu_worker() == own
    everyones = put(installed / "system")
    assert find_gpu_worker() == everyones
    beside = put(installed / "application" / "gpu")
    assert find_gpu_worker() == beside


def test_a_named_program_counts_even_where_it_is_missing(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(installed / "application" / "gpu")
    monkeypatch.setenv("GLOSSATOR_GPU_WORKER", str(installed / "elsewhere"))
    assert find_gpu_worker() == installed / "elsewhere"


def test_from_source_only_a_named_program_counts(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(installed / "data" / "gpu")
    monkeypatch.setattr("sys.frozen", False)
    assert find_gpu_worker() is None
    monkeypatch.setenv("GLOSSATOR_GPU_WORKER", str(installed / "mine"))
    assert find_gpu_worker() == installed / "mine"


def test_an_add_on_that_is_ready_gets_the_orders(
    install_add_on: Install, supervise: Supervise, probe: JobSpec
) -> None:
    install_add_on("be_ready(); probe()")
    supervised = supervise()
    supervised.worker.run(probe)
    assert supervised.wait_for("ready").data["pid"] == supervised.worker.pid
    finished = supervised.wait_for("log", "finished")
    assert (finished.kind, finished.data["device"]) == ("finished", "NVIDIA H100")


@pytest.mark.slow
def test_a_real_job_runs_in_a_real_worker_in_the_place_of_the_add_on(
    install_add_on: Install,
    supervise: Supervise,
    tmp_path: Path,
    tiny_encoder: Path,
    save_rows: Callable[..., Path],
    make_rows: Callable[..., Any],
) -> None:
    install_add_on(
        "command = [sys.executable, '-P', '-m', 'engine.jobs.worker', *sys.argv[1:]]\n"
        "os.execv(sys.executable, command)"
    )
    job = JobSpec(
        job_id=5,
        kind="train",
        folder=str(tmp_path),
        snapshot=str(save_rows(tmp_path / "snapshot.parquet", make_rows(120, 20, 60))),
        labels=("law", "medicine"),
        base_model=str(tiny_encoder),
        output=str(tmp_path / "models" / "one"),
        settings={"epochs": 1, "learning_rate": 3e-3},
        threads=1,
        device="cpu",
    )
    supervised = supervise()
    supervised.worker.run(job)
    ready = supervised.wait_for("ready").data
    assert ready["protocol"] == PROTOCOL
    assert ready["torch"].startswith("2.")
    assert ready["device"] in ("cpu", "cuda")
    assert supervised.wait_for("started").data["pid"] == ready["pid"]
    assert "test" in supervised.wait_for("finished", "failed").data["metrics"]
    assert (tmp_path / "models" / "one").is_dir()


def test_after_an_add_on_that_crashes_the_job_runs_in_our_own_worker(
    install_add_on: Install, supervise: Supervise, probe: JobSpec, tmp_path: Path
) -> None:
    install_add_on("sys.exit('ImportError: libcudart.so.13: cannot open shared object file')")
    supervised = supervise()
    supervised.worker.send({"device": "cpu"})
    supervised.worker.run(probe)
    assert supervised.wait_for("ready").data["pid"] == supervised.worker.pid
    log = supervised.wait_for("log", "finished")
    assert log.job_id == probe.job_id
    assert "exit code 1, with the words: ImportError: libcudart.so.13" in log.data["message"]
    assert "install the GPU add-on again" in log.data["message"]
    finished = supervised.wait_for("finished", "failed")
    assert (finished.kind, finished.job_id) == ("finished", probe.job_id)
    assert finished.data["versions"]["torch"]
    assert log.data["message"] in (tmp_path / "worker.log").read_text(encoding="utf-8")


def test_an_add_on_of_another_release_is_ended_and_gets_no_order(
    install_add_on: Install, supervise: Supervise, unknown_job: JobSpec, tmp_path: Path
) -> None:
    install_add_on(
        "be_ready(protocol=99, version='7.0')\n"
        "orders = sys.stdin.read()\n"
        f"open({str(tmp_path / 'orders')!r}, 'w').write(orders)"
    )
    supervised = supervise()
    supervised.worker.run(unknown_job)
    assert supervised.wait_for("ready").data["protocol"] == PROTOCOL
    message = supervised.wait_for("log", "failed").data["message"]
    assert "version 7.0 with the protocol 99" in message
    assert "install the GPU add-on of the same release" in message
    assert "cannot run a job" in supervised.wait_for("failed").data["message"]
    assert not (tmp_path / "orders").exists()


def test_an_add_on_that_never_answers_is_ended(
    install_add_on: Install,
    supervise: Supervise,
    unknown_job: JobSpec,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gpu_worker, "PATIENCE", 0.5)
    install_add_on("sys.stdin.read()")
    supervised = supervise()
    supervised.worker.run(unknown_job)
    assert "did not answer" in supervised.wait_for("log", "failed").data["message"]
    assert supervised.wait_for("failed").job_id == unknown_job.job_id


@pytest.mark.parametrize("fault", ["missing", "no program"])
def test_an_add_on_that_the_system_does_not_start_is_told_of(
    install_add_on: Install, supervise: Supervise, unknown_job: JobSpec, fault: str
) -> None:
    program = install_add_on("")
    if fault == "missing":
        program.unlink()
    else:
        program.chmod(0o644)
    supervised = supervise()
    supervised.worker.run(unknown_job)
    assert "cannot be started" in supervised.wait_for("log", "failed").data["message"]
    assert supervised.wait_for("failed").job_id == unknown_job.job_id


def test_a_refused_add_on_is_tried_again_only_when_it_has_changed(
    install_add_on: Install, supervise: Supervise, unknown_job: JobSpec, tmp_path: Path
) -> None:
    starts = tmp_path / "starts"
    program = install_add_on(f"open({str(starts)!r}, 'a').write('x'); sys.exit(3)")
    for _ in range(2):
        supervised = supervise()
        supervised.worker.run(unknown_job)
        assert "exit code 3" in supervised.wait_for("log", "failed").data["message"]
        assert starts.read_text() == "x"
    changed = time.time() + 5
    os.utime(program, (changed, changed))
    supervise().wait_for("ready")
    assert starts.read_text() == "xx"


def test_nothing_takes_the_place_of_an_add_on_that_is_killed(
    install_add_on: Install, supervise: Supervise, probe: JobSpec
) -> None:
    program = install_add_on("sys.stdin.read()")
    supervised = supervise()
    supervised.worker.run(probe)
    supervised.worker.kill()
    assert supervised.wait_for_end().exit_code == -9
    assert not supervised.worker.alive
    assert gpu_worker.refusal_of(program) is None


def test_closing_does_not_wait_for_an_add_on_that_is_not_ready(
    install_add_on: Install, supervise: Supervise
) -> None:
    install_add_on("sys.stdin.read()")
    supervised = supervise()
    started = time.monotonic()
    supervised.worker.close()
    assert time.monotonic() - started < 5.0
    assert not supervised.worker.alive


def test_an_add_on_without_a_usable_card_computes_and_the_job_says_so(
    install_add_on: Install, supervise: Supervise, probe: JobSpec
) -> None:
    install_add_on("be_ready(device='cpu'); probe(device='cpu')")
    supervised = supervise()
    supervised.worker.run(probe)
    assert "no graphics card" in supervised.wait_for("log", "finished").data["message"]
    assert supervised.wait_for("finished").data["versions"]["torch"] == "2.13.0+cu130"


def test_a_worker_of_ours_from_another_release_is_ended_with_a_sentence(
    install_add_on: Install, supervise: Supervise, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = install_add_on("be_ready(protocol=99, version='7.0'); sys.stdin.read()")
    monkeypatch.delenv("GLOSSATOR_GPU_WORKER")
    monkeypatch.setattr("sys.frozen", True, raising=False)
    monkeypatch.setattr("sys.executable", str(other))
    end = supervise().wait_for_end()
    assert "the process that computes belongs to another release (version 7.0" in end.words


def test_a_spec_of_other_fields_needs_another_protocol() -> None:
    """Whoever changes these fields raises PROTOCOL: an add-on of today could not read the spec."""
    assert PROTOCOL == 3
    assert {field.name for field in fields(JobSpec)} == {
        *("job_id", "kind", "folder", "snapshot", "labels", "multi_label", "method"),
        *("base_model", "base_model_name", "output", "name", "model", "settings", "seed"),
        *("threads", "device", "request"),
    }
