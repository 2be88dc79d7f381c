"""Freeze the application with PyInstaller: one folder that runs without Python.

What varies from run to run is fixed: the seed of hashes, which orders sets, and the time of files.
The environment is made from the lock and holds nothing else, so that the same commit gives the
same folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from pip_process import BootstrapError
from system_packages import parse_missing

NAME = "glossator"
WINDOW = "glossator-window"
"""The same program for a desktop's menus: on Windows it has no console, elsewhere it is a link."""
GPU_NAME = "glossator-gpu"
OF_THE_DRIVER = ("libcuda.so.1", "libnvidia-ml.so.1")
"""Libraries that come with a graphics card's driver, and are found where there is one."""
RECIPES = Path(__file__).resolve().parent


def freeze_application(python: Path, root: Path, folder: Path, epoch: int) -> Path:
    """Freeze the application of the checkout in `root` below `folder` and return its folder.

    `python` is the interpreter of an environment with PyInstaller; `epoch` is the time, in
    seconds, that all files are said to be from. The log lies in `folder`.

    Raises:
        BootstrapError: if PyInstaller failed.
    """
    application = _freeze(python, root, folder, "glossator.spec", NAME, epoch)
    if sys.platform != "win32":
        (application / WINDOW).symlink_to(NAME)
    settle_times(application, epoch)
    return application


def freeze_gpu_worker(python: Path, root: Path, folder: Path, epoch: int) -> Path:
    """Freeze the GPU add-on likewise; the environment has the CUDA build of torch."""
    worker = _freeze(python, root, folder, "gpu_worker.spec", GPU_NAME, epoch)
    settle_times(worker, epoch)
    return worker


def work_folder(folder: Path, name: str) -> Path:
    """Where PyInstaller works on a program; it refuses a name that begins like the program's."""
    return folder / f"work-{name}"


def _freeze(python: Path, root: Path, folder: Path, recipe: str, name: str, epoch: int) -> Path:
    target = folder / name
    shutil.rmtree(target, ignore_errors=True)
    work = work_folder(folder, name)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    log = folder / f"{name}-freeze.log"
    command = [str(python), "-P", "-m", "PyInstaller", "--noconfirm", "--log-level", "INFO"]
    command += ["--distpath", str(folder), "--workpath", str(work), str(RECIPES / recipe)]
    with log.open("wb") as file:
        code = subprocess.call(
            command, cwd=root, env=environment(os.environ, epoch), stdout=file, stderr=file
        )
    if code != 0 or not target.is_dir():
        last = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:])
        raise BootstrapError(f"PyInstaller could not freeze the program; {log} says why:\n{last}")
    strip_python(target)
    missing = [name for name in missing_libraries(target) if name not in OF_THE_DRIVER]
    if missing:
        raise BootstrapError(
            f"The frozen program lacks libraries that its own files need: {', '.join(missing)}. "
            "Look at LEFT_OUT_FILES in packaging/glossator_installer/contents.py."
        )
    return target


def missing_libraries(application: Path) -> list[str]:
    """Names of shared libraries that files of an application need and do not find; on Linux only.

    Looked for as when it runs: beside the file, in the application, then in the system.
    """
    linker = shutil.which("ldd")
    if linker is None or not sys.platform.startswith("linux"):
        return []
    inside = application / "_internal"
    files = sorted(str(path) for path in inside.rglob("*.so*") if path.is_file())
    answer = subprocess.run(
        [linker, *files],
        env={**os.environ, "LD_LIBRARY_PATH": str(inside)},
        capture_output=True,
        text=True,
        check=False,
    )
    return parse_missing(answer.stdout)


def strip_python(application: Path) -> None:
    """Take the symbols for debuggers off Python's library, if it was built with them.

    The libraries' own files were stripped by those who made them, and some break when it is done
    again.
    """
    tool = shutil.which("strip")
    if tool is not None and sys.platform.startswith("linux"):
        for file in (application / "_internal").glob("libpython*"):
            subprocess.run([tool, "--strip-unneeded", str(file)], check=True)


def environment(variables: Mapping[str, str], epoch: int) -> dict[str, str]:
    """The variables under which PyInstaller runs: ours, offline, and the same every time."""
    kept = {key: value for key, value in variables.items() if not key.startswith(("PYTHON", "HF_"))}
    return {
        **kept,
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": str(epoch),
        "QT_QPA_PLATFORM": "offscreen",
    }


def settle_times(folder: Path, epoch: int) -> None:
    """Say of every file and folder that it is from `epoch`."""
    for path in sorted(folder.rglob("*"), reverse=True):
        os.utime(path, (epoch, epoch), follow_symlinks=sys.platform == "win32")
    os.utime(folder, (epoch, epoch))


def commit_time(root: Path) -> int:
    """The time of the commit that is checked out, in seconds; of pyproject.toml without git."""
    answer = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=root, capture_output=True, text=True, check=False
    )
    if answer.returncode == 0 and answer.stdout.strip().isdigit():
        return int(answer.stdout)
    return int((root / "pyproject.toml").stat().st_mtime)
