"""A base model that comes in a zip, and zips that are refused with nothing left behind."""

from __future__ import annotations

import json
import pickle
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.core.errors import KnownError
from engine.registry.base_models import STARTER, find_base_model, list_base_models
from engine.registry.model_zip import add_zipped_model

Pack = Callable[..., Path]


@pytest.fixture
def pack(tiny_encoder: Path, tmp_path: Path) -> Pack:
    """Pack the tiny encoder: ``pack(top="legal-bert/", without=("tokenizer.json",), **more)``."""

    def pack_(top: str = "legal-bert/", without: tuple[str, ...] = (), **more: bytes) -> Path:
        archive = tmp_path / "model.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            for path in tiny_encoder.iterdir():
                if path.name not in without:
                    file.write(path, top + path.name)
            for name, content in more.items():
                file.writestr(name, content)
        return archive

    return pack_


@pytest.fixture(autouse=True)
def nothing_is_left_behind(data_folder: Path) -> object:
    """Whatever happens, there are only the models of the library below the folder of arrivals."""
    yield
    there = {str(path) for path in (data_folder / "base-models").glob("*")}
    there |= {str(path) for path in (data_folder / "base-models").glob(".*")}
    added = {model.folder for model in list_base_models() if model.name != STARTER}
    assert there == added
    assert not (data_folder.parent / "evil.json").exists()


def test_a_zip_becomes_a_base_model_named_after_its_folder(pack: Pack, data_folder: Path) -> None:
    model = add_zipped_model(pack())

    assert model.name == "legal-bert"
    assert model.folder == str(data_folder / "base-models" / "legal-bert")
    assert find_base_model("legal-bert") == model
    assert sorted(path.name for path in Path(model.folder).iterdir()) == [
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
    ]


def test_without_a_folder_inside_it_is_named_after_the_zip(pack: Pack) -> None:
    assert add_zipped_model(pack(top="")).name == "model"


def test_a_name_may_be_given_and_is_given_once(pack: Pack) -> None:
    assert add_zipped_model(pack(), "  mine / 1 ").name == "mine / 1"

    with pytest.raises(KnownError, match='"mine / 1" already'):
        add_zipped_model(pack(), "mine / 1")
    with pytest.raises(KnownError, match="already"):
        add_zipped_model(pack(), STARTER)


def test_only_what_a_model_is_made_of_is_taken(pack: Pack) -> None:
    archive = pack(
        **{
            "legal-bert/1_Pooling/config.json": b"{}",
            "legal-bert/modeling.py": b"print('hello')",
            "legal-bert/pytorch_model.bin": b"",
            "legal-bert/onnx/config.json": b"{}",
            "legal-bert/.cache/notes.json": b"{}",
            "__MACOSX/config.json": b"",
            "notes.txt": b"",
        }
    )

    folder = Path(add_zipped_model(archive).folder)

    taken = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert "1_Pooling/config.json" in taken
    assert not any(name.endswith((".py", ".bin")) or "onnx" in name for name in taken)
    assert not (folder / ".cache").exists()


@pytest.mark.parametrize(
    "name",
    [
        "../evil.json",
        "legal-bert/../../../evil.json",
        "/evil.json",
        "..\\evil.json",
        "C:\\evil.json",
        "legal-bert/a:b.json",
        "legal-bert/line\nbreak.json",
    ],
)
def test_a_path_that_leaves_the_folder_is_refused(name: str, pack: Pack) -> None:
    with pytest.raises(KnownError, match=r"is not safe: .* outside of the model's folder"):
        add_zipped_model(pack(**{name: b"{}"}))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO])
def test_a_link_is_refused(kind: int, pack: Pack) -> None:
    archive = pack()
    with zipfile.ZipFile(archive, "a") as file:
        entry = zipfile.ZipInfo("legal-bert/vocab.txt")
        entry.external_attr = (kind | 0o777) << 16
        file.writestr(entry, "/etc/passwd")

    with pytest.raises(KnownError, match=r"“legal-bert/vocab.txt” in it is a link"):
        add_zipped_model(archive)


def test_what_swells_is_refused_before_it_is_unpacked(pack: Pack) -> None:
    archive = pack(**{"legal-bert/vocab.txt": bytes(60_000_000)})

    with pytest.raises(KnownError, match="which no model does; nothing was unpacked"):
        add_zipped_model(archive)


def test_the_same_file_twice_is_refused(pack: Pack) -> None:
    with pytest.raises(KnownError, match=r"legal-bert/CONFIG.json twice"):
        add_zipped_model(pack(**{"legal-bert/CONFIG.json": b"{}"}))


def test_weights_in_pickles_only_are_refused_unread(pack: Pack) -> None:
    archive = pack(
        without=("model.safetensors",),
        **{"legal-bert/pytorch_model.bin": pickle.dumps({"weights": 1})},
    )

    with pytest.raises(KnownError, match=r"only in pytorch_model.bin, a pickle, .* convert it"):
        add_zipped_model(archive)


@pytest.mark.parametrize(
    ("without", "sentence"),
    [
        ("config.json", "holds no config.json"),
        ("tokenizer.json", r"The folder \S+model.zip has no tokenizer"),
        ("model.safetensors", r"The folder \S+model.zip has no weights"),
    ],
)
def test_an_incomplete_model_is_refused(without: str, sentence: str, pack: Pack) -> None:
    with pytest.raises(KnownError, match=sentence):
        add_zipped_model(pack(without=(without,)))


def test_a_decoder_is_refused(pack: Pack) -> None:
    config = json.dumps({"model_type": "mistral", "architectures": ["MistralModel"]}).encode()
    archive = pack(without=("config.json",), **{"legal-bert/config.json": config})

    with pytest.raises(KnownError, match=r"The model in \S+model.zip \(mistral\) is a decoder"):
        add_zipped_model(archive)


def test_several_models_in_one_zip_are_refused(pack: Pack) -> None:
    with pytest.raises(KnownError, match=r"several models \(legal-bert, other\)"):
        add_zipped_model(pack(**{"other/config.json": b"{}"}))


@pytest.mark.parametrize("cut", [0, 100, -100])
def test_a_damaged_zip_is_refused(cut: int, pack: Pack) -> None:
    archive = pack()
    archive.write_bytes(archive.read_bytes()[:cut] if cut else b"not a zip")

    with pytest.raises(KnownError, match="damaged or not a zip"):
        add_zipped_model(archive)


def test_damage_inside_is_found_while_it_is_unpacked(pack: Pack) -> None:
    archive = pack()
    content = bytearray(archive.read_bytes())
    with zipfile.ZipFile(archive) as file:
        at = file.getinfo("legal-bert/model.safetensors").header_offset + 2000
    content[at : at + 50] = bytes(50)
    archive.write_bytes(content)

    with pytest.raises(KnownError, match="damaged or not a zip"):
        add_zipped_model(archive)


def test_a_full_disk_is_told_before_anything_is_written(
    pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.registry.arrivals.SPARE", 10**18)

    with pytest.raises(KnownError, match=r"needs \d+ MB, and the disk .* free some space"):
        add_zipped_model(pack())


def test_a_model_off_the_list_is_not_written_over(pack: Pack, data_folder: Path) -> None:
    from engine.registry.base_models import add_base_model, remove_base_model

    first = add_zipped_model(pack())
    remove_base_model(first.name)
    second = add_zipped_model(pack())

    assert (second.name, Path(second.folder).name) == ("legal-bert", "legal-bert-2")
    add_base_model(Path(first.folder), "the first")


def test_what_a_killed_program_left_is_removed(pack: Pack, data_folder: Path) -> None:
    left = data_folder / "base-models" / ".legal-bert.partial-99999999"
    left.mkdir(parents=True)

    add_zipped_model(pack())

    assert not left.exists()


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="There is no file"):
        add_zipped_model(tmp_path / "nothing.zip")
