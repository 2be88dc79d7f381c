"""Take a base model out of a zip: looked at before a byte is written, unpacked whole or not at all.

A zip comes from somewhere else, and what it says is not to be trusted: names that lead out of its
folder, links, and contents that swell to many times their size are refused. Only what a model is
made of is taken; program code and pickles stay where they are.
"""

from __future__ import annotations

import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from engine.core.errors import KnownError
from engine.core.files import explain_os_error
from engine.core.language import tr
from engine.registry.arrivals import arriving, free_name, has_pickled_name, is_part
from engine.registry.base_models import BaseModel, require_new_name

LARGEST_RATIO = 50
"""Weights hardly shrink in a zip and word lists to a quarter: what is made larger is no model."""
SMALL = 50_000_000
"""Bytes that may be unpacked whatever the ratio: they do no harm."""
MOST_ENTRIES = 10_000
_CHUNK = 1 << 20


def add_zipped_model(archive: Path, name: str = "") -> BaseModel:
    """Unpack a model into the folder of base models, add it to the library, and return it.

    The model may lie at the top of the zip or in a folder of it, whose name is then the model's
    unless `name` gives another.

    Raises:
        KnownError: if the zip is unsafe or damaged, holds no model that can be used, or there is no
            room for it; nothing is left behind then.
    """
    archive = archive.expanduser().resolve()
    with _opened(archive) as file:
        entries = _safe_entries(file, archive)
        top = _find_top(entries, archive)
        called = name.strip() or (top.name if top.name else archive.stem)
        require_new_name(called)
        parts = [
            (entry, path.relative_to(top))
            for path, entry in entries.items()
            if path.is_relative_to(top) and is_part(path.relative_to(top))
        ]
        _require_weights(entries, top, archive)
        with arriving(free_name(called), str(archive)) as arrival:
            arrival.require_room(sum(entry.file_size for entry, _ in parts))
            for entry, path in parts:
                _unpack(file, entry, arrival.folder / path)
        return arrival.add(called)


@contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip; whatever it turns out to be while it is read is told in a sentence."""
    try:
        with zipfile.ZipFile(archive) as file:
            yield file
    except FileNotFoundError:
        raise KnownError(tr("There is no file {path}.", path=archive)) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise KnownError(
            tr(
                "{zip} is damaged or not a zip that can be read; pack or copy it again.",
                zip=archive,
            ),
            details=str(error),
        ) from error
    except OSError as error:
        what = tr("The model in {zip} was not added", zip=archive)
        raise explain_os_error(error, what) from error


def _safe_entries(file: zipfile.ZipFile, archive: Path) -> dict[PurePosixPath, zipfile.ZipInfo]:
    """Return the files of a zip by their paths, after a look at every name and size."""
    infos = [info for info in file.infolist() if not info.is_dir()]
    if len(infos) > MOST_ENTRIES:
        raise KnownError(
            tr("{zip} holds {n:,} files, far more than a model has.", zip=archive, n=len(infos))
        )
    found: dict[PurePosixPath, zipfile.ZipInfo] = {}
    spelt: set[str] = set()
    for info in infos:
        path = _safe_path(info, archive)
        if path.as_posix().casefold() in spelt:
            raise KnownError(
                tr(
                    "{zip} holds the file {file} twice, which no proper zip does; pack the model "
                    "again.",
                    zip=archive,
                    file=path,
                )
            )
        spelt.add(path.as_posix().casefold())
        found[path] = info
    size = sum(info.file_size for info in infos)
    packed = archive.stat().st_size
    if size > SMALL and size > LARGEST_RATIO * packed:
        raise KnownError(
            tr(
                "{zip} would grow from {packed:,} to {size:,} bytes, which no model does; nothing "
                "was unpacked.",
                zip=archive,
                packed=packed,
                size=size,
            )
        )
    return found


def _safe_path(info: zipfile.ZipInfo, archive: Path) -> PurePosixPath:
    """Return where a file of the zip lies in it.

    Raises:
        KnownError: if its name leads out of the zip's folder, or it is no ordinary file.
    """
    name = info.filename.replace("\\", "/")
    path = PurePosixPath(name)
    odd = any(ord(sign) < 32 or sign == ":" for sign in name)  # a colon names a drive, on Windows
    shown = "".join(sign if sign.isprintable() else "�" for sign in info.filename)
    if path.is_absolute() or ".." in path.parts or not path.parts or odd:
        raise KnownError(
            tr(
                "{zip} is not safe: the file “{file}” in it would be written outside of the "
                "model's folder; nothing was unpacked.",
                zip=archive,
                file=shown,
            )
        )
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise KnownError(
            tr(
                "{zip} is not safe: “{file}” in it is a link or a device, not a file; nothing was "
                "unpacked. Pack the model again with the files themselves.",
                zip=archive,
                file=shown,
            )
        )
    if info.flag_bits & 0x1:
        raise KnownError(
            tr("{zip} is locked with a password; unpack it and add the folder.", zip=archive)
        )
    return path


def _find_top(entries: Iterable[PurePosixPath], archive: Path) -> PurePosixPath:
    """Return the folder of the model: the highest with a config.json, other systems' litter apart.

    Below a sentence encoder's folder there is another config.json, of its pooling.
    """
    tops = [path.parent for path in entries if path.name == "config.json"]
    tops = [top for top in tops if "__MACOSX" not in top.parts]
    if not tops:
        raise KnownError(
            tr(
                "{zip} holds no config.json, so it is not a model in the transformers format.",
                zip=archive,
            )
        )
    depth = min(len(top.parts) for top in tops)
    highest = sorted({top for top in tops if len(top.parts) == depth})
    if len(highest) > 1:
        names = ", ".join(str(top) for top in highest)
        raise KnownError(
            tr("{zip} holds several models ({names}); pack one alone.", zip=archive, names=names)
        )
    return highest[0]


def _require_weights(
    entries: dict[PurePosixPath, zipfile.ZipInfo], top: PurePosixPath, archive: Path
) -> None:
    """Say of a model with nothing but pickled weights how it is converted: nothing is unpacked."""
    here = [path.name for path in entries if path.parent == top]
    pickles = sorted(name for name in here if has_pickled_name(name))
    if pickles and not any(name.endswith(".safetensors") for name in here):
        raise KnownError(
            tr(
                "The weights in {place} are only in {file}, a pickle, and opening a pickle can run "
                "harmful code; get the model with a model.safetensors file, or convert it on a "
                "computer you can risk with save_pretrained of transformers.",
                place=archive,
                file=pickles[0],
            )
        )


def _unpack(file: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with file.open(entry) as source, target.open("xb") as sink:
        shutil.copyfileobj(source, sink, _CHUNK)
