"""One worker process under supervision: orders go in, events come out, and its end is told.

Orders wait until the worker has said that it is ready, and in which protocol. So the GPU add-on can
be put to the test by starting it: where it fails, our own worker takes its place and gets all the
orders, and nobody waits on the engine thread meanwhile.
"""

from __future__ import annotations

import json
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from engine.core.language import tr
from engine.jobs import gpu_worker
from engine.jobs.gpu_worker import Refusal
from engine.jobs.launch import kill_tree, start_worker
from engine.jobs.spec import PROTOCOL, JobEvent, JobSpec

LOG_BYTES = 1_000_000
"""What a worker writes to its standard error is kept up to here in its log file."""

LAST_LINES = 30


@dataclass(frozen=True, slots=True)
class WorkerEnd:
    """How a worker process ended: its exit code (negative: the signal) and last words.

    `fault` is what was wrong with it when it was ended because it does not fit this program.
    """

    exit_code: int
    last_lines: str
    fault: str = ""

    @property
    def words(self) -> str:
        """Say in one clause how it ended."""
        if self.fault:
            return tr("the process that computes {fault}", fault=self.fault)
        if self.exit_code == 0:
            return tr("the process that computes ended before its work was done")
        if self.exit_code == -9:
            return tr(
                "the operating system ended the process that computes, probably because the "
                "memory was full"
            )
        if self.exit_code < 0:
            try:
                name = signal.Signals(-self.exit_code).name
            except ValueError:
                name = str(-self.exit_code)
            return tr("the process that computes crashed (signal {name})", name=name)
        return tr("the process that computes stopped with exit code {code}", code=self.exit_code)


class WorkerProcess:
    """A started worker: the GPU add-on where there is one that works, else our own.

    `on_event` receives each `JobEvent`, and `on_end` once a `WorkerEnd` after the last of them;
    both are called on a thread of this object and should only pass the message on. `log` is the
    file for the worker's standard error. Closing standard input ends a worker, so the workers of
    an engine that was killed end too. With `online` it may open connections, and does nothing but
    download.
    """

    def __init__(
        self,
        on_event: Callable[[JobEvent], object],
        on_end: Callable[[WorkerEnd], object],
        log: Path,
        *,
        online: bool = False,
    ) -> None:
        self._online = online
        self._on_event = on_event
        self._on_end = on_end
        self._log = log
        self._last_lines: deque[str] = deque(maxlen=LAST_LINES)
        self._lock = threading.Lock()
        self._settled = threading.Event()  # a worker is ready, or none will be
        self._unwanted = False
        self._refusal: Refusal | None = None
        self._notice = ""
        self._add_on = None if online else gpu_worker.find_gpu_worker()
        self._process = self._start()
        self._orders: SimpleQueue[tuple[int, bytes] | None] = SimpleQueue()
        self._order_thread = self._start_thread("orders", self._pass_on_orders)
        self._event_thread = self._start_thread("events", self._supervise)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs, or another is about to take its place."""
        return self._process.poll() is None or self._on_trial

    def run(self, spec: JobSpec) -> None:
        """Have the worker run a job; why it does so without the GPU add-on is told in its log."""
        self._line_up({"run": json.loads(spec.to_json())}, spec.job_id)

    def send(self, order: dict[str, Any]) -> None:
        """Send one order; a worker that is gone does not get it, and `on_end` tells of that.

        Returns at once, even when the worker is too busy to read.
        """
        self._line_up(order)

    def kill(self) -> None:
        """Kill the process and all that it started, at once."""
        with self._lock:
            self._unwanted = True
            kill_tree(self._process)

    def close(self, patience: float = 0.7) -> None:
        """End the worker: its input is closed, and after `patience` seconds it is killed."""
        with self._lock:
            self._unwanted = True
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

    @property
    def _on_trial(self) -> bool:
        """Whether our own worker would take the place of an add-on that failed now."""
        return self._add_on is not None and not self._settled.is_set() and not self._unwanted

    def _start(self) -> subprocess.Popen[bytes]:
        refusal = gpu_worker.refusal_of(self._add_on)
        if self._add_on is not None and refusal is None:
            try:
                return start_worker(self._add_on)
            except OSError as error:
                refusal = gpu_worker.failed_start(error)
                gpu_worker.remember_refusal(self._add_on, refusal)
        self._add_on = None
        self._notice = refusal.sentence if refusal else ""
        return start_worker(online=self._online)

    def _start_thread(self, role: str, target: Callable[[], None]) -> threading.Thread:
        name = f"glossator-worker-{self._process.pid}-{role}"
        thread = threading.Thread(target=target, name=name, daemon=True)
        thread.start()
        return thread

    def _line_up(self, order: dict[str, Any], job_id: int = 0) -> None:
        line = json.dumps(order, ensure_ascii=False).encode() + b"\n"
        self._orders.put((job_id, line))

    def _pass_on_orders(self) -> None:
        if not self._settled.wait(None if self._add_on is None else gpu_worker.PATIENCE):
            with self._lock:
                if self._on_trial:
                    self._refusal = gpu_worker.silence()
                    kill_tree(self._process)
            self._settled.wait()
        stdin = self._process.stdin
        assert stdin is not None
        try:
            with stdin:
                while (order := self._orders.get()) is not None:
                    job_id, line = order
                    if job_id and self._notice:
                        self._on_event(JobEvent(job_id, "log", {"message": self._notice}))
                    stdin.write(line)
                    stdin.flush()
        except OSError:  # a broken pipe: the worker is gone
            return

    def _supervise(self) -> None:
        end = self._pass_on_events()
        if self._replace_add_on(end):
            end = self._pass_on_events()
        self._settled.set()
        self._orders.put(None)
        self._order_thread.join()
        self._on_end(end)

    def _pass_on_events(self) -> WorkerEnd:
        stdout = self._process.stdout
        assert stdout is not None
        log_thread = self._start_thread("log", self._keep_log)
        with stdout:
            for line in stdout:
                try:
                    event = JobEvent.from_json(line.decode("utf-8", "replace"))
                except ValueError:
                    self._last_lines.append(line.decode("utf-8", "replace").rstrip())
                    continue
                if event.kind != "ready" or self._accept(event.data):
                    self._on_event(event)
        exit_code = self._process.wait()
        log_thread.join()
        fault = self._refusal.reason if self._refusal else ""
        return WorkerEnd(exit_code, "\n".join(self._last_lines), fault)

    def _accept(self, ready: dict[str, Any]) -> bool:
        """Have a worker that is ready begin with the orders, or end one that would not get them."""
        with self._lock:
            if self._refusal is None and ready.get("protocol") != PROTOCOL:
                self._refusal = gpu_worker.other_release(ready)
                kill_tree(self._process)
            if self._refusal is not None:
                return False
            if ready.get("device") == "cpu":
                self._notice = tr(gpu_worker.NO_CARD)
            self._settled.set()
            return True

    def _replace_add_on(self, end: WorkerEnd) -> bool:
        """Have our own worker take the place of an add-on that ended before it was ready."""
        with self._lock:
            if not self._on_trial:
                return False
            assert self._add_on is not None
            assert self._process.stdin is not None
            refusal = self._refusal or gpu_worker.early_end(end.words, end.last_lines)
            try:
                process = start_worker()
            except OSError:
                return False
            gpu_worker.remember_refusal(self._add_on, refusal)
            self._process.stdin.close()
            self._add_on, self._process = None, process
            self._refusal, self._notice = None, refusal.sentence
            self._last_lines.clear()
            return True

    def _keep_log(self) -> None:
        stderr = self._process.stderr
        assert stderr is not None
        written = 0
        with stderr, self._log.open("ab") as file:
            if self._notice:
                file.write(self._notice.encode() + b"\n")
                file.flush()
            for line in stderr:
                self._last_lines.append(line.decode("utf-8", "replace").rstrip())
                if written < LOG_BYTES:
                    file.write(line)
                    file.flush()
                    written += len(line)
