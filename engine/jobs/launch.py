"""How a worker process is started: its command line, its environment, its place in the system."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

WORKER_FLAG = "--glossator-worker"
"""In the frozen application there is no interpreter: the same program is the worker when this is
its first argument."""

OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}


def worker_command() -> list[str]:
    """Return the command line of a worker that takes its orders on standard input."""
    if getattr(sys, "frozen", False):
        return [sys.executable, WORKER_FLAG]
    # -P: a datasets.py in the working folder must not be imported in the place of the library.
    return [sys.executable, "-P", "-m", "engine.jobs.worker"]


def run_worker(arguments: list[str]) -> int:
    """Be the worker: what the frozen application does when `WORKER_FLAG` is its first argument."""
    from engine.jobs.worker import main

    return main(arguments)


def worker_environment() -> dict[str, str]:
    """Return the worker's environment: ours, offline, UTF-8, and able to import this engine."""
    root = str(Path(__file__).resolve().parents[2])
    inherited = os.environ.get("PYTHONPATH")
    return {
        **os.environ,
        **OFFLINE,
        "PYTHONPATH": os.pathsep.join([root, inherited]) if inherited else root,
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",
        "TOKENIZERS_PARALLELISM": "true",
    }


def start_worker() -> subprocess.Popen[bytes]:
    """Start a worker process with pipes on its three standard streams.

    It stands in a process group of its own, so that Ctrl-C in a terminal reaches the engine alone
    and the whole group can be killed; its working folder is a neutral one.
    """
    windows = sys.platform == "win32"
    return subprocess.Popen(
        worker_command(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tempfile.gettempdir(),
        env=worker_environment(),
        start_new_session=not windows,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0) if windows else 0,
    )


def kill_tree(process: subprocess.Popen[bytes]) -> None:
    """Kill a worker and all that it started, at once; nothing happens if it is gone already."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        _kill_windows_tree(process)
    else:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            process.kill()


def _kill_windows_tree(process: subprocess.Popen[bytes]) -> None:
    import psutil

    try:
        children = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        children = []
    process.kill()
    for child in children:
        try:
            child.kill()
        except psutil.NoSuchProcess:
            continue
