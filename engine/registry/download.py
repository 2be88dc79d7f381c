"""Fetch a base model from the hub: the one part of the program that opens a connection.

It runs only when somebody asked for a model by name, in a process of its own; every other process
is told to stay offline. Nothing of the person goes along: no token, no telemetry.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.registry.arrivals import has_pickled_name, is_part
from engine.registry.model_folder import require_encoder

PROMISES = {
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    # Its own way of transfer needs another server, and tells no progress.
    "HF_HUB_DISABLE_XET": "1",
}
"""For the environment, before huggingface_hub is imported."""

OnProgress = Callable[[int, int], None]


def download(
    hub_name: str,
    folder: Path,
    on_size: Callable[[int], None],
    on_progress: OnProgress,
    check: Callable[[], None],
) -> None:
    """Write the files that a model is made of into `folder`.

    `on_size` gets the bytes of all of them before the first is written, and may refuse;
    `on_progress` gets the bytes that are there and that number, after every chunk. `check` is
    called as often and may raise, to stop. Nothing but the model `hub_name` is asked for.

    Raises:
        KnownError: if there is no such model, it cannot be used, or the hub cannot be reached.
    """
    os.environ.update(PROMISES)
    from huggingface_hub import HfApi
    from huggingface_hub.errors import (
        EntryNotFoundError,
        GatedRepoError,
        HTTPError,
        RepositoryNotFoundError,
    )

    try:
        info = HfApi(token=False).model_info(hub_name, files_metadata=True)
        sizes = {one.rfilename: int(one.size or 0) for one in info.siblings or ()}
        _Fetching(hub_name, str(info.sha), folder, sizes, on_progress, check).run(on_size)
    except GatedRepoError as error:
        raise KnownError(
            tr(
                "The makers of {model} give it only to those who agree to their conditions on its "
                "page; do so in a browser, download it there, and add the folder.",
                model=hub_name,
            ),
            details=str(error),
        ) from error
    except RepositoryNotFoundError as error:
        raise KnownError(
            tr(
                "There is no model {model} that anybody may download; check the spelling, which is "
                "“makers/model”.",
                model=hub_name,
            ),
            details=str(error),
        ) from error
    except (HTTPError, EntryNotFoundError, ConnectionError, TimeoutError) as error:
        raise KnownError(
            tr(
                "{model} could not be downloaded: the hub cannot be reached or the connection "
                "broke; try again, or bring the model from another computer.",
                model=hub_name,
            ),
            details=str(error),
        ) from error


class _Fetching:
    """The state of one call of `download`."""

    def __init__(
        self,
        hub_name: str,
        revision: str,
        folder: Path,
        sizes: dict[str, int],
        on_progress: OnProgress,
        check: Callable[[], None],
    ) -> None:
        self._hub_name = hub_name
        self._revision = revision
        self._folder = folder
        self._offered = sizes
        self._sizes = {name: size for name, size in sizes.items() if is_part(PurePosixPath(name))}
        self._total = sum(self._sizes.values())
        self._done = 0
        self._on_progress = on_progress
        self._check = check

    def run(self, on_size: Callable[[int], None]) -> None:
        self._require_weights()
        on_size(self._total)
        # What it is stands in its smallest files: a decoder of 14 GB is refused before its weights.
        names = sorted(self._sizes, key=lambda name: (name != "config.json", self._sizes[name]))
        for name in names:
            self._check()
            self._fetch(name)
            if name == "config.json":
                self._require_encoder()
        self._remove_notes()

    def _require_weights(self) -> None:
        top = [name for name in self._offered if "/" not in name]
        if any(name.endswith(".safetensors") for name in top):
            return
        pickles = sorted(name for name in top if has_pickled_name(name))
        if pickles:
            raise KnownError(
                tr(
                    "{model} offers its weights only as {file}, a pickle, and opening a pickle can "
                    "run harmful code; nothing was downloaded. Convert it on a computer you can "
                    "risk with save_pretrained of transformers, and add the folder.",
                    model=self._hub_name,
                    file=pickles[0],
                )
            )
        raise KnownError(
            tr(
                "{model} has no model.safetensors on its page; nothing was downloaded.",
                model=self._hub_name,
            )
        )

    def _require_encoder(self) -> None:
        try:
            config = json.loads((self._folder / "config.json").read_text(encoding="utf-8"))
        except ValueError:
            return  # whoever examines the folder says so
        if isinstance(config, dict) and isinstance(config.get("model_type"), str):
            require_encoder(self._hub_name, config)

    def _fetch(self, name: str) -> None:
        from huggingface_hub import hf_hub_download
        from tqdm.std import tqdm

        before, fetching = self._done, self

        class Counter(tqdm):
            """Draws nothing: the bytes that arrive are told to whoever waits."""

            def __init__(self, *arguments: Any, **options: Any) -> None:
                options["disable"] = True
                options.pop("name", None)
                super().__init__(*arguments, **options)

            def update(self, n: float | None = 1) -> None:
                fetching.arrived(int(n or 0))

        hf_hub_download(
            self._hub_name,
            name,
            revision=self._revision,
            local_dir=self._folder,
            token=False,
            tqdm_class=Counter,
        )
        self._done = before + self._sizes[name]
        self._on_progress(self._done, self._total)

    def arrived(self, size: int) -> None:
        """Count bytes, and stop here when somebody asked for it."""
        self._check()
        self._done += size
        self._on_progress(min(self._done, self._total), self._total)

    def _remove_notes(self) -> None:
        """Remove what the library notes down beside the files, to go on with a broken download."""
        with suppress(OSError):
            shutil.rmtree(self._folder / ".cache")
