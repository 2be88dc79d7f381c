"""The GPU add-on lies where the application looks for it, and fits its version alone."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from engine.jobs import gpu_worker

Script = Callable[[str], ModuleType]
EPOCH = 1_700_000_000


@pytest.fixture
def package(script: Script) -> ModuleType:
    return script("glossator_installer.gpu_package")


@pytest.fixture
def worker(tmp_path: Path) -> Path:
    """A folder as it comes from the freezing, with a small program."""
    folder = tmp_path / "frozen"
    (folder / "_internal" / "torch").mkdir(parents=True)
    (folder / "_internal" / "torch" / "libtorch_cuda.so").write_bytes(b"\x7fELF" + bytes(2000))
    program = folder / "glossator-gpu-worker"
    program.write_text("#!/bin/sh\necho worker\n")
    program.chmod(0o755)
    return folder


def test_the_package_puts_it_where_the_application_looks(
    package: ModuleType, worker: Path, tmp_path: Path
) -> None:
    assert Path("/", package.PLACE) in gpu_worker.SYSTEM_FOLDERS
    assert package.PROGRAM == gpu_worker.PROGRAM
    output = tmp_path / "dist"
    output.mkdir()
    archive, deb = package.write_gpu_packages(worker, output, "0.1.0", EPOCH)
    assert deb.name == "glossator-gpu_0.1.0_amd64.deb"
    if shutil.which("dpkg-deb") is None:
        pytest.skip("dpkg-deb is not installed")
    root = tmp_path / "root"
    subprocess.run(["dpkg-deb", "--extract", str(deb), str(root)], check=True)
    program = root / package.PLACE / package.PROGRAM
    assert subprocess.check_output([str(program)]) == b"worker\n"
    fields = subprocess.check_output(["dpkg-deb", "--field", str(deb)], text=True)
    assert "Depends: libc6 (>= 2.34), glossator (= 0.1.0)\n" in fields
    again = tmp_path / "again"
    again.mkdir()
    for before, after in zip(
        (archive, deb), package.write_gpu_packages(worker, again, "0.1.0", EPOCH), strict=True
    ):
        assert before.read_bytes() == after.read_bytes()


def test_the_archive_is_unpacked_into_a_folder_of_ones_own(
    package: ModuleType, worker: Path, tmp_path: Path
) -> None:
    archive, _ = package.write_gpu_packages(worker, tmp_path, "0.1.0", EPOCH)
    own = tmp_path / "glossator" / "gpu"
    own.mkdir(parents=True)
    command = ["tar", "-xf", str(archive), "-C", str(own), "--strip-components=4"]
    subprocess.run([*command, f"./{package.PLACE}"], check=True)
    assert (own / package.PROGRAM).is_file()
    assert (own / "_internal" / "torch" / "libtorch_cuda.so").is_file()


def test_another_folder_is_refused(package: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="no folder of the GPU add-on"):
        package.write_gpu_packages(tmp_path, tmp_path, "0.1.0", EPOCH)
