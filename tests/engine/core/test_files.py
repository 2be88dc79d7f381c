"""A file is whole or it is not there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.core.errors import KnownError
from engine.core.files import atomic_write, write_text_atomically

ROOT = Path(__file__).parents[3]


def test_the_file_appears_when_the_block_ends(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    with atomic_write(path) as file:
        file.write("Grüße\r\n😀\n")
        assert not path.exists()
    assert path.read_bytes() == "Grüße\r\n😀\n".encode()
    assert [left.name for left in tmp_path.iterdir()] == ["out.txt"]


def test_an_error_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "out.bin"
    path.write_bytes(b"old")

    def fail() -> None:
        with atomic_write(path, "wb") as file:
            file.write(b"new")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert path.read_bytes() == b"old"
    assert [left.name for left in tmp_path.iterdir()] == ["out.bin"]


def test_a_missing_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"out\.txt could not be written .* does not exist"):
        write_text_atomically(tmp_path / "nowhere" / "out.txt", "x")


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is one of Linux")
def test_a_disk_that_takes_no_more_is_a_sentence(tmp_path: Path) -> None:
    # A limit on the size of files stands in for the full disk; it holds for a whole process.
    code = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from engine.core.files import write_text_atomically\n"
        "from engine.core.errors import KnownError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: write_text_atomically(Path(sys.argv[1]), 'x' * 5000)\n"
        "except KnownError as error: print(error)\n"
    )
    path = tmp_path / "out.txt"
    path.write_text("old")
    answer = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert "out.txt could not be written" in answer.stdout
    assert path.read_text() == "old"
    assert [left.name for left in tmp_path.iterdir()] == ["out.txt"]
