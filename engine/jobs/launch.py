"""How a worker process is started: its command line, its environment, its place in the system.

In the frozen application there is no interpreter. The program itself is the worker when it is told
so, and the GPU add-on is another program, which brings an interpreter and libraries of its own.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from engine.core.language import ENVIRONMENT, chosen_language

WORKER_FLAG = "--glossator-worker"
"""The frozen application is the worker when this is its first argument."""

HANDSHAKE_FLAG = "--handshake"
"""With this as its argument a worker loads torch before it is ready, and says what torch finds."""

ONLINE_FLAG = "--online"
"""With this as its argument a worker may open connections, and carries out downloads alone."""

CONSOLE_PROGRAM = "glossator"

OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}


def is_frozen() -> bool:
    """Return whether this is the installed application, rather than Python with our source."""
    return bool(getattr(sys, "frozen", False))


def worker_command() -> list[str]:
    """Return the command line of a worker that takes its orders on standard input."""
    if is_frozen():
        program = Path(sys.executable)
        # On Windows, the program that opens the window has no standard streams to talk over.
        console = program.with_name(CONSOLE_PROGRAM + program.suffix)
        return [str(console if console.is_file() else program), WORKER_FLAG]
    # -P: a datasets.py in the working folder must not be imported in the place of the library.
    return [sys.executable, "-P", "-m", "engine.jobs.worker"]


def run_worker(arguments: list[str]) -> int:
    """Be the worker: what the frozen application does when `WORKER_FLAG` is its first argument."""
    from engine.jobs.worker import main

    return main(arguments)


def outside_environment() -> dict[str, str]:
    """Return our environment as a program should see it that is not a part of this one.

    The frozen application was started with its own folder as the first place for libraries, and
    with the news for its children that they are parts of it.
    """
    environment = dict(os.environ)
    if is_frozen():
        environment.pop("LD_LIBRARY_PATH", None)
        original = environment.pop("LD_LIBRARY_PATH_ORIG", None)
        if original is not None:
            environment["LD_LIBRARY_PATH"] = original
        environment["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
    return environment


def worker_environment(online: bool = False) -> dict[str, str]:
    """Return the worker's environment: offline, UTF-8, our language, able to import this engine.

    With `online` the libraries are not told to stay offline, whatever our own environment says.
    """
    outside = outside_environment()
    environment = {
        **{name: value for name, value in outside.items() if name not in OFFLINE},
        **({} if online else OFFLINE),
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",
        "TOKENIZERS_PARALLELISM": "true",
        ENVIRONMENT: chosen_language(),
    }
    if not is_frozen():
        root = str(Path(__file__).resolve().parents[2])
        inherited = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = os.pathsep.join([root, inherited]) if inherited else root
    return environment


def start_worker(add_on: Path | None = None, *, online: bool = False) -> subprocess.Popen[bytes]:
    """Start a worker process, from the GPU add-on or our own, with pipes on its standard streams.

    Only an `online` worker, always our own, may open connections.
    It stands in a process group of its own, so that Ctrl-C in a terminal reaches the engine alone
    and the whole group can be killed; its working folder is a neutral one.

    Raises:
        OSError: if the system refuses to start the program.
    """
    windows = sys.platform == "win32"
    own = [*worker_command(), *([ONLINE_FLAG] if online else [])]
    return subprocess.Popen(
        own if add_on is None else [str(add_on), HANDSHAKE_FLAG],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tempfile.gettempdir(),
        env=worker_environment(online),
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
