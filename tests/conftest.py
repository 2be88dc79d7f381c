"""Strictness for every test: nothing may be left running, and nothing may reach the network."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import psutil
import pytest

from engine.jobs.quick_imports import quick_imports

# Before any test module is imported: the libraries read these once, on import.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_DATASETS_OFFLINE"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["TRANSFORMERS_OFFLINE"] = "1"

# A run in the background starts with Ctrl-C ignored, and so would the programs under test.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

GRACE_SECONDS = 3.0
LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}
# Threads of libraries that live as long as the process, by the name of their class.
PERMANENT_THREADS = {"TMonitor"}  # tqdm's


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Import all test modules without the garbage collector, a third of the time of doing so."""
    with quick_imports():
        return (yield)


def running_threads() -> set[threading.Thread]:
    """Threads of Python that a test could leave behind."""
    return {
        thread
        for thread in threading.enumerate()
        if type(thread).__name__ not in PERMANENT_THREADS
        # Threads that Python did not start, such as Qt's, get a stand-in when they call into it.
        and not isinstance(thread, threading._DummyThread)
    }


def child_processes() -> set[psutil.Process]:
    """Processes that a test could leave behind, finished ones apart."""
    found = set()
    for process in psutil.Process().children(recursive=True):
        try:
            if process.status() != psutil.STATUS_ZOMBIE:
                found.add(process)
        except psutil.NoSuchProcess:
            continue
    return found


@pytest.fixture(scope="session")
def enter_tagger() -> Callable[..., int]:
    """Enter a model that marks passages into a project's registry, as if it had been trained.

    ``enter_tagger(project, label_ids, name="marks")`` returns its id; `label_ids` are in the order
    of its outputs. Its folder is what is there already, or an empty one.
    """
    return _enter_tagger


def _enter_tagger(project: Any, label_ids: Sequence[int], name: str = "marks") -> int:
    from engine.project.jobs import add_job, set_status
    from engine.project.models import add_model

    folder = project.models_folder / name
    folder.mkdir(parents=True, exist_ok=True)
    job_id = add_job(project, kind="train", method="ner", name=name, spec={})
    set_status(project, job_id, "done")
    return add_model(
        project,
        name=name,
        method="ner",
        task_id=project.info().task.id,
        base_model="tiny",
        job_id=job_id,
        folder=folder,
        bytes=1,
        label_ids=label_ids,
        metrics={},
        evaluation="test",
        settings={},
        snapshot_sha256="",
        snapshot_texts=1,
        seconds=1.0,
    ).id


@pytest.fixture(autouse=True)
def nothing_is_left_running() -> Iterator[None]:
    """Fail the test that leaves a thread or a process running."""
    threads, processes = running_threads(), child_processes()
    yield
    deadline = time.monotonic() + GRACE_SECONDS
    while True:
        left_threads = running_threads() - threads
        left_processes = child_processes() - processes
        if not left_threads and not left_processes:
            return
        if time.monotonic() > deadline:
            break
        time.sleep(0.02)
    names = [thread.name for thread in left_threads]
    commands = [f"{process.pid} {process.name()}" for process in left_processes]
    pytest.fail(f"left running: threads {names}, processes {commands}")


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Refuse every connection that leaves this machine, and every look-up of a foreign name."""
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOCAL_HOSTS:
            raise RuntimeError(f"a test tried to connect to {address}")
        connect(self, address)

    def guarded_look_up(host: Any, *arguments: Any, **options: Any) -> Any:
        if host is not None and host not in LOCAL_HOSTS:
            raise RuntimeError(f"a test tried to look up {host}")
        return look_up(host, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield
