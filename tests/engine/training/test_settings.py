"""What a person may set, and the sentence when they cannot."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.core.errors import KnownError
from engine.jobs.spec import METHODS
from engine.training.method_settings import parse_method_settings
from engine.training.settings import Settings, parse_settings


def test_words_of_the_command_line_become_values() -> None:
    settings = parse_settings(
        {"epochs": "4", "learning_rate": "2e-5", "train": "all", "frozen_embeddings": "false"},
        seed=7,
    )
    assert settings == Settings(epochs=4, learning_rate=2e-5, frozen_embeddings=False, seed=7)


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("epoch", "4", r'no training setting "epoch" for this method; the settings are epochs, '),
        ("epochs", "0.5", 'epochs cannot be "0.5"; it must be a whole number from 1 to 1000'),
        ("epochs", "many", "must be a whole number"),
        ("epochs", True, "must be a whole number"),
        ("learning_rate", "0", "must be a number above 0"),
        ("learning_rate", "nan", "must be a number above 0"),
        ("epochs", "inf", "must be a whole number"),
        ("epochs", [3], "must be a whole number"),
        ("train", "body", "must be all or head"),
        ("class_weights", "maybe", "must be auto, on or off"),
        ("frozen_embeddings", "perhaps", "must be true, false or auto"),
        ("max_length", "3", "must be a number of tokens from 8"),
        ("precision", "int8", "must be auto, fp32, bf16 or fp16"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_allowed(
    key: str, value: object, sentence: str
) -> None:
    with pytest.raises(KnownError, match=sentence):
        parse_settings({key: value})


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("rate", [0, "0", 0.0, -1e-5, "inf"])
def test_no_method_learns_at_a_rate_of_zero(method: str, rate: object) -> None:
    sentence = f'learning_rate cannot be "{rate}"; it must be a number above 0'
    with pytest.raises(KnownError, match=sentence):
        parse_method_settings(method, {"learning_rate": rate})


def test_few_texts_are_read_more_often() -> None:
    settings = Settings()

    assert settings.settled_epochs(50) == 20
    assert settings.settled_epochs(800) == 6
    assert settings.settled_epochs(8000) == 3
    assert Settings(epochs=1).settled_epochs(50) == 1


def test_frozen_blocks_freeze_the_embeddings_unless_told_otherwise() -> None:
    assert Settings(frozen_blocks=2).freezes_embeddings
    assert not Settings(frozen_blocks=2, frozen_embeddings=False).freezes_embeddings
    assert not Settings().freezes_embeddings
    assert Settings(train="head").freezes_embeddings


def test_settings_are_checked_without_the_heavy_libraries() -> None:
    code = (
        "import sys, engine.training.settings; "
        "sys.exit(bool({'torch', 'transformers', 'numpy'} & set(sys.modules)))"
    )
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, timeout=60).returncode == 0
