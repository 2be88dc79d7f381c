"""models add of a zip, and models known, as a shell calls them."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path


def test_a_zip_is_added_and_an_unsafe_one_refused(
    glossator: Callable, tiny_encoder: Path, tmp_path: Path
) -> None:
    archive = Path(shutil.make_archive(str(tmp_path / "legal-bert"), "zip", tiny_encoder))
    added = glossator("models", "add", archive, "--json")
    assert (added.code, added.data["name"], added.data["layers"]) == (0, "legal-bert", 4)
    assert "base-models" in added.data["folder"]

    with zipfile.ZipFile(archive, "a") as file:
        file.writestr("../evil.json", "{}")
    refused = glossator("models", "add", archive, "--name", "another")
    assert refused.code == 1
    assert refused.err.count("\n") == 1
    assert "is not safe" in refused.err


def test_known_models_are_listed_and_shown_with_the_way_to_bring_them(glossator: Callable) -> None:
    listed = glossator("models", "known", "--json")
    names = [model["hub_name"] for model in listed.data["known_models"]]
    assert "FacebookAI/roberta-base" in names

    shown = glossator("models", "known", "e5-base-v2")
    assert shown.code == 0
    assert "licence: MIT" in shown.out
    assert "query prefix: query: " in shown.out
    assert "1. On a computer with internet" in shown.out

    assert "does not work" in glossator("models", "known").out
    assert "decoder" in glossator("models", "known", "e5-mistral-7b-instruct").out
    unknown = glossator("models", "known", "no-such-bert")
    assert (unknown.code, "can be added all the same" in unknown.err) == (1, True)
