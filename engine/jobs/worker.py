"""The worker process: it owns torch and the GPU, and never opens the project file.

Started as ``python -P -m engine.jobs.worker`` it takes orders as JSON lines on standard input:
``{"run": JobSpec}``, ``{"cancel": job id}``, ``{"pause": job id}``,
``{"classify": {"request", "model", "texts"}}``,
``{"tag": {"request", "model", "texts"}}``,
``{"embed": {"request", "model", "texts", "kind": "document" or "query", "quantised": bool}}``,
``{"forget": model folder}``, ``{"device": "auto" or "cpu"}``, ``{"exit": true}``. What is asked
with ``"urgent": true`` beside its texts overtakes the orders that wait. The end of the input ends
it. With a file as its argument it runs that job and ends: exit code 0, or 1 when the job failed or
was cancelled. A training that is to pause writes a checkpoint first; run again, it goes on there.
With ``--handshake`` as its argument, as the GPU add-on is started, it loads torch before it is
ready, and says what it is and finds; with ``--online`` it may open connections, and runs jobs of
the kind "download" alone. Events go out as JSON lines on a private copy of standard output;
whatever a library prints goes to standard error.
"""

from __future__ import annotations

import errno
import itertools
import json
import os
import queue
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from engine.core.errors import KnownError
from engine.core.language import ENGLISH, ENVIRONMENT, choose_language, tr
from engine.jobs.launch import HANDSHAKE_FLAG, OFFLINE, ONLINE_FLAG
from engine.jobs.memory import is_out_of_memory
from engine.jobs.quick_imports import quick_imports
from engine.jobs.reporting import Cancelled, Paused, Reporter
from engine.jobs.spec import PROTOCOL, JobEvent, JobSpec

ANSWERS = {"classify": "classified", "tag": "tagged", "embed": "embedded"}
"""The orders that a model which stays loaded carries out, and the events that answer them."""
QUIET = {"HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_DATASETS_DISABLE_PROGRESS_BARS": "1"}
"""The libraries' own progress bars would fill the worker's log file."""
# Threads that spin for long while they wait for each other make a step four times as long as soon
# as another program wants one of the cores, and that program is the window. Threads that sleep at
# once take half as long again on a quiet machine. Some microseconds of spinning avoid both; only
# GNU's OpenMP (PyTorch's on Linux) can be told so exactly.
WAITING = (
    {"GOMP_SPINCOUNT": "10000"}
    if sys.platform.startswith("linux")
    else {"OMP_WAIT_POLICY": "PASSIVE"}
)
FULL_DISK = {errno.ENOSPC, errno.EDQUOT}


def main(arguments: list[str] | None = None) -> int:
    """Run the worker; returns the exit code of the process."""
    arguments = sys.argv[1:] if arguments is None else arguments
    online = arguments == [ONLINE_FLAG]
    choose_language(os.environ.get(ENVIRONMENT, ENGLISH))
    os.environ.update(QUIET if online else OFFLINE | QUIET)
    if "OMP_WAIT_POLICY" not in os.environ:
        os.environ.update(WAITING | os.environ)
    output = _private_output()
    _lower_priority()
    worker = Worker(output, online)
    ready: dict[str, Any] = {"protocol": PROTOCOL, "pid": os.getpid()}
    if arguments == [HANDSHAKE_FLAG]:
        with quick_imports():
            from engine.inference.probe import introduction

        ready |= introduction()
    elif arguments and not online:
        return 0 if worker.run(JobSpec.load(Path(arguments[0])), lambda: False) else 1
    worker.send(JobEvent(0, "ready", ready))
    worker.serve(sys.stdin.buffer)
    return 0


class Worker:
    """Carries out orders one after the other, and sends events to `output`."""

    def __init__(self, output: BinaryIO, online: bool = False) -> None:
        self._output = output
        self._online = online
        self._output_lock = threading.Lock()
        self._orders: queue.PriorityQueue[tuple[bool, int, dict[str, Any]]] = queue.PriorityQueue()
        self._order_numbers = itertools.count()
        self._cancelled: set[int] = set()
        self._to_pause: set[int] = set()
        self._ending = threading.Event()
        self._device = "auto"
        self._warm: Any = None

    def send(self, event: JobEvent) -> None:
        """Write one event; when nobody listens any more, the work is to stop."""
        line = event.to_json().encode() + b"\n"
        try:
            with self._output_lock:
                self._output.write(line)
                self._output.flush()
        except OSError:
            self._ending.set()

    def serve(self, source: BinaryIO) -> None:
        """Carry out the orders that arrive on `source`, until it ends or "exit" arrives."""
        reader = threading.Thread(target=self._read, args=(source,), daemon=True)
        reader.start()
        while True:
            _, _, order = self._orders.get()
            if "exit" in order or self._ending.is_set():
                return
            if "run" in order:
                order["run"]["labels"] = tuple(order["run"]["labels"])
                spec = JobSpec(**order["run"])
                self.run(spec, partial(self._cancelled.__contains__, spec.job_id))
            elif "forget" in order:
                if self._warm is not None:
                    self._warm.forget(order["forget"])
            elif "device" in order:
                self._device = order["device"]
                self._warm = None
            else:
                for work in ANSWERS.keys() & order.keys():
                    self._answer(work, **order[work])

    def run(self, spec: JobSpec, cancelled: Callable[[], bool]) -> bool:
        """Run a job to its last event; returns whether it finished."""

        def stops() -> bool:
            # Whoever wants a pause and then ends the worker gets the pause first.
            ending = self._ending.is_set() and spec.job_id not in self._to_pause
            return ending or cancelled()

        report = Reporter(spec.job_id, self.send, stops, partial(self._take_pause, spec.job_id))
        try:
            report.check()
            if self._online != (spec.kind == "download"):
                raise ValueError("only downloads go online, and nothing else does")
            with quick_imports():
                carry_out = runner_of(spec)
            carry_out(spec, report)
        except Cancelled:
            report.send("cancelled")
        except Paused:
            report.send("paused")
        except Exception as error:
            report.send("failed", **failure(error, spec))
        else:
            return True
        return False

    def _take_pause(self, job_id: int) -> bool:
        """Return whether someone asked for a pause since the last time."""
        wanted = job_id in self._to_pause
        self._to_pause.discard(job_id)
        return wanted

    def _read(self, source: BinaryIO) -> None:
        """Take orders while the main thread works; a request to cancel must not wait in line."""
        for line in source:
            order = json.loads(line)
            if "cancel" in order:
                self._cancelled.add(order["cancel"])
            elif "pause" in order:
                self._to_pause.add(order["pause"])
            else:
                self._line_up(order)
        self._ending.set()
        self._line_up({"exit": True})

    def _line_up(self, order: dict[str, Any]) -> None:
        urgent = "device" in order or any(
            order[kind].get("urgent") for kind in ANSWERS.keys() & order.keys()
        )
        self._orders.put((not urgent, next(self._order_numbers), order))

    def _answer(self, work: str, request: int, urgent: bool = False, **wish: Any) -> None:
        try:
            if self._warm is None:
                with quick_imports():
                    from engine.inference.warm_models import WarmModels

                self._warm = WarmModels(self._device)
            for data in getattr(self._warm, work)(**wish):
                self.send(JobEvent(0, ANSWERS[work], {"request": request, **data}))
                if self._ending.is_set():
                    return
        except Exception as error:
            self._warm = None
            self.send(JobEvent(0, "failed", {"request": request, **failure(error)}))


def failure(error: Exception, spec: JobSpec | None = None) -> dict[str, Any]:
    """Return the facts of a "failed" event: message, known, details."""
    details = "".join(traceback.format_exception(error))
    if isinstance(error, KnownError):
        return {"message": error.message, "known": True, "details": error.details or details}
    if is_out_of_memory(error):
        message = tr(
            "The memory was not enough for this job, so it was stopped; nothing else was changed. "
            "Close other programs, or use a smaller batch_size or max_length."
        )
        return {"message": message, "known": True, "details": details}
    if isinstance(error, OSError) and error.errno in FULL_DISK:
        return {"message": _full_disk(spec), "known": True, "details": details}
    message = tr(
        "The job stopped because of a fault in the program; nothing of the project was lost."
    )
    return {"message": message, "known": False, "details": details}


def _full_disk(spec: JobSpec | None) -> str:
    if spec is None:
        return tr("The disk is full, so the job was stopped; free some space and try again.")
    return tr(
        "The disk with {folder} is full, so the job was stopped; free some space and try again.",
        folder=spec.folder,
    )


def runner_of(spec: JobSpec) -> Callable[[JobSpec, Reporter], None]:
    """Return what carries out a job. Imported here: "ready" must not wait for torch."""
    match spec.kind, spec.method:
        case "predict", _:
            from engine.inference import predict

            return predict.run
        case "fill-mask", _:
            from engine.inference import fill_mask

            return fill_mask.run
        case "probe", _:
            from engine.inference import probe

            return probe.run
        case "download", _:
            from engine.jobs import download_job

            return download_job.run
        case "export", _:
            from engine.inference import setfit_export

            return setfit_export.run
        case "sweep", "fine-tune":
            from engine.training import sweep

            return sweep.run
        case "train", "fine-tune":
            from engine.training import fine_tune

            return fine_tune.run
        case "train", "setfit":
            from engine.training import setfit

            return setfit.run
        case "train", "mlm":
            from engine.training import mlm

            return mlm.run
        case "train", "ner":
            from engine.training import ner

            return ner.run
    raise KnownError(
        tr(
            'This version cannot run a job "{kind}" of the method "{method}".',
            kind=spec.kind,
            method=spec.method,
        )
    )


def _private_output() -> BinaryIO:
    """Return a copy of standard output that no library can print to, and point 1 at 2."""
    sys.stdout = sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    private = os.dup(1)
    with suppress(OSError):  # a windowed program on Windows may have no standard error
        os.dup2(2, 1)
    return os.fdopen(private, "wb")


def _lower_priority() -> None:
    """Let the window go first on every core."""
    if sys.platform == "win32":
        import psutil

        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        with suppress(OSError):
            os.nice(10)


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    # Unloading torch can take seconds, and whoever asked the worker to end is waiting.
    os._exit(code)
