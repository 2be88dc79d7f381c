"""What is remembered between two starts."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings

from desktop.preferences import (
    KEPT_RECENT,
    forget_project,
    open_settings,
    recent_projects,
    remember_project,
    sample_path,
)


def projects(folder: Path, count: int) -> list[Path]:
    paths = [folder / f"{number}.glossator" for number in range(count)]
    for path in paths:
        path.touch()
    return paths


def test_the_project_opened_last_comes_first(settings: QSettings, tmp_path: Path) -> None:
    first, second = projects(tmp_path, 2)
    for path in (first, second, first):
        remember_project(settings, path)
    settings.sync()
    assert recent_projects(open_settings()) == [first, second]


def test_only_a_few_are_kept(settings: QSettings, tmp_path: Path) -> None:
    paths = projects(tmp_path, KEPT_RECENT + 2)
    for path in paths:
        remember_project(settings, path)
    assert recent_projects(settings) == paths[:1:-1]


def test_a_project_that_is_gone_is_not_offered(settings: QSettings, tmp_path: Path) -> None:
    (path,) = projects(tmp_path, 1)
    remember_project(settings, path)
    path.unlink()
    assert recent_projects(settings) == []


def test_a_project_can_be_forgotten(settings: QSettings, tmp_path: Path) -> None:
    first, second = projects(tmp_path, 2)
    remember_project(settings, first)
    remember_project(settings, second)
    forget_project(settings, second)
    assert recent_projects(settings) == [first]
    assert second.exists()


def test_the_sample_has_a_place_of_its_own(tmp_path: Path) -> None:
    assert sample_path() == tmp_path / "sample" / "sample letters.glossator"
