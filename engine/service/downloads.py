"""Bring a base model over the network: when somebody asks for it by name, and at no other time."""

from __future__ import annotations

import re
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.jobs.spec import JobEvent, JobSpec
from engine.registry.base_models import BaseModel
from engine.service.commands import Priority
from engine.service.events import BaseModelsChanged, DownloadProgressed
from engine.service.lone_job import JOB_ID, run_lone_job

if TYPE_CHECKING:
    from engine.service.session import Session

_ADDRESS = re.compile(r"https?://(?:www\.)?huggingface\.co/", re.IGNORECASE)
_NAME = re.compile(r"(?:[A-Za-z0-9][\w.-]*/)?[A-Za-z0-9][\w.-]*")


def read_hub_name(written: str) -> str:
    """Return the hub name in what a person wrote: a name, or the address of a model's page.

    Raises:
        KnownError: if it is neither.
    """
    name = _ADDRESS.sub("", written.strip()).split("?")[0].rstrip("/")
    name = "/".join(name.split("/")[:2])
    if not _NAME.fullmatch(name) or ".." in name:
        raise KnownError(
            tr(
                "“{name}” is not the name of a model; write it as on its page, such as "
                "intfloat/e5-base-v2.",
                name=written.strip(),
            )
        )
    return name


def download_base_model(
    written: str,
    name: str = "",
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> BaseModel:
    """Fetch a model from the hub, add it to the library, and return it; blocks until it is there.

    `written` is its hub name or the address of its page, and `name` what it is called here: the
    last part of the hub name if "". `on_progress` gets the bytes that arrived, and all bytes.

    Raises:
        KnownError: if there is no such model, it cannot be used, or it was cancelled; then nothing
            is left behind.
    """
    from engine.registry.arrivals import arriving, free_name
    from engine.registry.base_models import require_new_name
    from engine.registry.known_models import find_by_name

    hub_name = read_hub_name(written)
    known = find_by_name(hub_name)
    if known is not None and not known.works:
        raise KnownError(
            tr("{model} was not downloaded. {why}", model=known.hub_name, why=known.limits)
        )
    called = name.strip() or hub_name.rsplit("/", 1)[-1]
    require_new_name(called)

    def hear(event: JobEvent) -> None:
        if event.kind == "progress":
            on_progress(event.data["done"], event.data["total"])

    with (
        arriving(free_name(called), hub_name) as arrival,
        tempfile.TemporaryDirectory(prefix="glossator-") as folder,
    ):
        spec = JobSpec(
            job_id=JOB_ID,
            kind="download",
            folder=folder,
            snapshot="",
            labels=(),
            output=str(arrival.folder),
            settings={"hub_name": hub_name},
        )
        run_lone_job(spec, tr("The download"), on_event=hear, cancelled=cancelled, online=True)
    return arrival.add(called)


class Downloads:
    """The download that somebody asked for, on a thread of its own; nothing waits for it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, hub_name: str, name: str, asked_by: str) -> Future[BaseModel]:
        """Fetch a model; the Future ends as `download_base_model` does.

        Raises:
            KnownError: if another one is under way, or this is no name.
        """
        if self._thread is not None and self._thread.is_alive():
            raise KnownError(
                tr("Another model is being downloaded; wait until it is there, or cancel it.")
            )
        read_hub_name(hub_name)
        future: Future[BaseModel] = Future()
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._run,
            args=(hub_name, name, asked_by, future, self._stop),
            name="glossator-download",
        )
        self._thread.start()
        return future

    def stop(self) -> None:
        """Give the download up; what has arrived of it is removed."""
        self._stop.set()

    def close(self) -> None:
        """Give the download up and wait until it is gone."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(
        self,
        hub_name: str,
        name: str,
        asked_by: str,
        future: Future[BaseModel],
        stop: threading.Event,
    ) -> None:
        tell = partial(self._tell, hub_name)
        result: BaseModel | Exception
        try:
            result = download_base_model(hub_name, name, tell, stop.is_set)
        except Exception as error:  # the thread's outermost boundary: the Future carries it
            result = error
        if not self._session.soon(partial(self._end, hub_name, asked_by, future, result)):
            future.cancel()

    def _tell(self, hub_name: str, done: int, total: int) -> None:
        event = DownloadProgressed(hub_name, done, total)
        self._session.soon(partial(self._session.emit, event), Priority.BULK)

    def _end(
        self, hub_name: str, asked_by: str, future: Future[Any], result: BaseModel | Exception
    ) -> None:
        self._session.emit(DownloadProgressed(hub_name, 0, 0, running=False))
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            self._session.emit(BaseModelsChanged(asked_by=asked_by))
            future.set_result(result)
