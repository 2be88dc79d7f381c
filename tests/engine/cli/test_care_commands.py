"""check: whole projects, damaged ones, and recovered copies."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def test_a_whole_project_is_whole(glossator: Any, project: Path) -> None:
    outcome = glossator("check", project, "--json")
    assert outcome.code == 0
    assert outcome.data == {"project": str(project), "whole": True, "findings": []}


def test_a_recovered_copy_has_the_texts(glossator: Any, project: Path, tmp_path: Path) -> None:
    out = tmp_path / "recovered.glossator"
    assert glossator("check", project, "--repair", out).code == 0
    assert glossator("search", out, "good", "--json").data["found"] == 1
    assert glossator("check", project, "--repair", out).code == 1


def test_damage_is_found(glossator: Any, project: Path) -> None:
    content = bytearray(project.read_bytes())
    content[4096 * 6 : 4096 * 6 + 400] = b"\xff" * 400
    project.write_bytes(content)
    outcome = glossator("check", project)
    assert outcome.code == 1
    assert "Traceback" not in outcome.err
