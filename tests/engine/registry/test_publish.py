"""A model folder appears whole or not at all."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.core.errors import KnownError
from engine.registry.bin import empty_bin, move_to_bin, restore_from_bin
from engine.registry.manifest import read_manifest, verify
from engine.registry.publish import export_model, publishing, remove_partials

ROOT = Path(__file__).parents[3]


def publish(output: Path, content: bytes = b"weights") -> None:
    with publishing(output) as publication:
        (publication.folder / "model.safetensors").write_bytes(content)
        (publication.folder / "extra").mkdir()
        (publication.folder / "extra" / "note.txt").write_text("a note")
        publication.lineage["labels"] = ["law", "medicine"]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_published_folder_has_a_manifest_of_every_file(tmp_path: Path) -> None:
    publish(tmp_path / "models" / "one")

    manifest = verify(tmp_path / "models" / "one")
    assert set(manifest["files"]) == {"model.safetensors", "extra/note.txt"}
    assert manifest["files"]["model.safetensors"]["bytes"] == 7
    assert manifest["lineage"] == {"labels": ["law", "medicine"]}
    assert names(tmp_path / "models") == ["one"]


def test_an_error_while_writing_leaves_nothing(tmp_path: Path) -> None:
    def fail_in_the_middle() -> None:
        with publishing(tmp_path / "models" / "one") as publication:
            (publication.folder / "model.safetensors").write_bytes(b"half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_in_the_middle()

    assert names(tmp_path / "models") == []


def test_what_is_there_is_never_overwritten(tmp_path: Path) -> None:
    publish(tmp_path / "one")

    with pytest.raises(KnownError, match="already a model"):
        publish(tmp_path / "one", b"other")
    assert (tmp_path / "one" / "model.safetensors").read_bytes() == b"weights"


def test_a_full_disk_is_told_in_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    """The limit of a file's size stands for the full disk: a write fails in the same place."""
    resource = pytest.importorskip("resource", reason="this system has no limit of file sizes")
    publish(tmp_path / "models" / "old")
    before, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(KnownError, match=r"is full, so the model was not published"):
            publish(tmp_path / "models" / "new", b"x" * 200_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, hard))
        signal.signal(signal.SIGXFSZ, handler)

    assert names(tmp_path / "models") == ["old"]
    verify(tmp_path / "models" / "old")


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(os, "geteuid") or os.geteuid() != 0,
    reason="only root may mount a small disk",
)
def test_a_really_full_disk_publishes_nothing_of_safetensors(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        import numpy as np
        from safetensors.numpy import save_file

        with (
            pytest.raises(KnownError, match="is full, so the model was not published"),
            publishing(disk / "one") as publication,
        ):
            save_file({"w": np.ones(100_000)}, publication.folder / "model.safetensors")
        assert names(disk) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_kill_in_the_middle_leaves_no_model_and_the_rest_is_swept_up(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path\n"
        "from engine.registry.publish import publishing\n"
        "with publishing(Path(sys.argv[1])) as publication:\n"
        "    (publication.folder / 'model.safetensors').write_bytes(b'half')\n"
        "    print('writing', flush=True); time.sleep(60)\n"
    )
    models = tmp_path / "models"
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(models / "one")], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline().strip() == b"writing"
    process.kill()
    process.wait(10)

    assert not (models / "one").exists()
    assert len(names(models)) == 1
    assert remove_partials(models) == 1
    assert names(models) == []
    publish(models / "one")
    verify(models / "one")


def test_a_changed_file_is_found(tmp_path: Path) -> None:
    publish(tmp_path / "one")
    (tmp_path / "one" / "model.safetensors").write_bytes(b"WEIGHTS")

    with pytest.raises(KnownError, match=r"damaged: model.safetensors was changed"):
        verify(tmp_path / "one")


def test_a_missing_file_is_found(tmp_path: Path) -> None:
    publish(tmp_path / "one")
    (tmp_path / "one" / "extra" / "note.txt").unlink()

    with pytest.raises(KnownError, match=r"damaged: extra/note.txt is missing"):
        verify(tmp_path / "one")


def test_a_pickle_that_was_slipped_in_is_found(tmp_path: Path) -> None:
    publish(tmp_path / "one")
    (tmp_path / "one" / "head.pkl").write_bytes(b"x")

    with pytest.raises(KnownError, match=r"not safe: head.pkl"):
        verify(tmp_path / "one")


def test_a_folder_without_a_manifest_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="not a published model"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("content", ["{", "[]", "{}", json.dumps({"format": 1, "files": []})])
def test_a_broken_manifest_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content)

    with pytest.raises(KnownError, match="cannot be read"):
        read_manifest(tmp_path)


def test_an_export_is_a_checked_copy(tmp_path: Path) -> None:
    publish(tmp_path / "one")
    export_model(tmp_path / "one", tmp_path / "copy")

    assert verify(tmp_path / "copy") == verify(tmp_path / "one")
    with pytest.raises(KnownError, match="exists already"):
        export_model(tmp_path / "one", tmp_path / "copy")


def test_a_damaged_model_is_not_exported(tmp_path: Path) -> None:
    publish(tmp_path / "one")
    (tmp_path / "one" / "model.safetensors").write_bytes(b"WEIGHTS")

    with pytest.raises(KnownError, match="damaged"):
        export_model(tmp_path / "one", tmp_path / "copy")
    assert names(tmp_path) == ["data", "one"] or names(tmp_path) == ["one"]


def test_a_deleted_model_comes_back_until_the_bin_is_emptied(tmp_path: Path) -> None:
    publish(tmp_path / "one")
    move_to_bin(tmp_path / "one")
    assert not (tmp_path / "one").exists()
    restore_from_bin(tmp_path / "one")
    verify(tmp_path / "one")

    move_to_bin(tmp_path / "one")
    assert empty_bin(tmp_path) == 1
    with pytest.raises(KnownError, match="no longer in the bin"):
        restore_from_bin(tmp_path / "one")
