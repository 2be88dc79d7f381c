"""One worker process under supervision: orders go in, events come out, and its end is told."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from engine.jobs.launch import kill_tree, start_worker
from engine.jobs.spec import JobEvent, JobSpec

LOG_BYTES = 1_000_000
"""What a worker writes to its standard error is kept up to here in its log file."""

LAST_LINES = 30


@dataclass(frozen=True, slots=True)
class WorkerEnd:
    """How a worker process ended: its exit code (negative: the signal) and last words."""

    exit_code: int
    last_lines: str

    @property
    def words(self) -> str:
        """Say in one clause how it ended."""
        if self.exit_code == 0:
            return "the process that computes ended before its work was done"
        if self.exit_code == -9:
            return (
                "the operating system ended the process that computes, probably because the "
                "memory was full"
            )
        if self.exit_code < 0:
            try:
                name = signal.Signals(-self.exit_code).name
            except ValueError:
                name = str(-self.exit_code)
            return f"the process that computes crashed (signal {name})"
        return f"the process that computes stopped with exit code {self.exit_code}"


class WorkerProcess:
    """A started worker.

    `on_event` receives each `JobEvent`, and `on_end` once a `WorkerEnd` after the last of them;
    both are called on a thread of this object and should only pass the message on. `log` is the
    file for the worker's standard error. Closing standard input ends a worker, so the workers of
    an engine that was killed end too.
    """

    def __init__(
        self,
        on_event: Callable[[JobEvent], object],
        on_end: Callable[[WorkerEnd], object],
        log: Path,
    ) -> None:
        self._on_event = on_event
        self._on_end = on_end
        self._last_lines: deque[str] = deque(maxlen=LAST_LINES)
        self._process: subprocess.Popen[bytes] = start_worker()
        self._orders: SimpleQueue[bytes | None] = SimpleQueue()
        self._order_thread = self._start_thread("orders", self._pass_on_orders)
        self._log_thread = self._start_thread("log", partial(self._keep_log, log))
        self._event_thread = self._start_thread("events", self._pass_on_events)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def run(self, spec: JobSpec) -> None:
        """Have the worker run a job."""
        self.send({"run": json.loads(spec.to_json())})

    def send(self, order: dict[str, Any]) -> None:
        """Send one order; a worker that is gone does not get it, and `on_end` tells of that.

        Returns at once, even when the worker is too busy to read.
        """
        self._orders.put(json.dumps(order, ensure_ascii=False).encode() + b"\n")

    def kill(self) -> None:
        """Kill the process and all that it started, at once."""
        kill_tree(self._process)

    def close(self, patience: float = 0.7) -> None:
        """End the worker: its input is closed, and after `patience` seconds it is killed."""
        self._orders.put(None)
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
        self.join()

    def join(self) -> None:
        """Wait until the process is gone and `on_end` was called."""
        if threading.current_thread() is not self._event_thread:
            self._event_thread.join()

    def _start_thread(self, role: str, target: Callable[[], None]) -> threading.Thread:
        name = f"glossator-worker-{self._process.pid}-{role}"
        thread = threading.Thread(target=target, name=name, daemon=True)
        thread.start()
        return thread

    def _pass_on_orders(self) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        try:
            with stdin:
                while (order := self._orders.get()) is not None:
                    stdin.write(order)
                    stdin.flush()
        except OSError:  # a broken pipe: the worker is gone
            return

    def _pass_on_events(self) -> None:
        stdout = self._process.stdout
        assert stdout is not None
        with stdout:
            for line in stdout:
                try:
                    event = JobEvent.from_json(line.decode("utf-8", "replace"))
                except ValueError:
                    self._last_lines.append(line.decode("utf-8", "replace").rstrip())
                    continue
                self._on_event(event)
        exit_code = self._process.wait()
        self._orders.put(None)
        self._order_thread.join()
        self._log_thread.join()
        self._on_end(WorkerEnd(exit_code, "\n".join(self._last_lines)))

    def _keep_log(self, log: Path) -> None:
        stderr = self._process.stderr
        assert stderr is not None
        written = 0
        with stderr, log.open("ab") as file:
            for line in stderr:
                self._last_lines.append(line.decode("utf-8", "replace").rstrip())
                if written < LOG_BYTES:
                    file.write(line)
                    file.flush()
                    written += len(line)
