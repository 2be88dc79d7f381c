"""A real window on a real project, under a platform without a screen.

Every test starts with settings and folders of its own, and fails if it leaves a window, an active
timer, or (see the root's conftest) a thread or a process behind.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.app import Desktop, build
from desktop.bridge import Bridge
from desktop.preferences import open_settings
from desktop.theme.theme import Theme
from desktop.window import MainWindow
from engine.api import CreateProject, Engine, ImportTexts, ProjectInfo

LABELS = ("new claim", "claim status", "complaint")
WAIT = 15_000  # milliseconds; a loaded machine is slow
_SYLLABLES = ("ba", "del", "fi", "gor", "ha", "kim", "lo", "mar", "ne", "sul")

MakeProject = Callable[..., Path]


def pytest_configure(config: pytest.Config) -> None:
    # What the platform without a screen says of every window with a smallest size.
    config.addinivalue_line("qt_log_ignore", "propagateSizeHints")


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings, the sample and all reports of a test in its own folder."""
    monkeypatch.setenv("GLOSSATOR_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("GLOSSATOR_SAMPLE_DIR", str(tmp_path / "sample"))
    monkeypatch.setenv("GLOSSATOR_LOG_DIR", str(tmp_path / "log"))
    monkeypatch.setenv("GLOSSATOR_REDUCED_MOTION", "1")


@pytest.fixture(autouse=True)
def no_widget_is_left(qapp: QApplication) -> Iterator[None]:
    """Fail the test that leaves a window open or a timer running."""
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    windows = [widget for widget in qapp.topLevelWidgets() if widget.isVisible()]
    timers = [
        timer
        for parent in (qapp, *qapp.topLevelWidgets())
        for timer in parent.findChildren(QTimer)
        if timer.isActive()
    ]
    for widget in windows:
        widget.close()
    assert not windows, f"windows left open: {[widget.objectName() for widget in windows]}"
    assert not timers, f"timers left running in {[timer.parent() for timer in timers]}"


@pytest.fixture
def settings(own_folders: None) -> QSettings:
    """Settings as on a first start."""
    return open_settings()


@pytest.fixture
def theme(qapp: QApplication, settings: QSettings) -> Iterator[Theme]:
    """The theme, light."""
    settings.setValue("theme", "light")
    theme = Theme(qapp, settings)
    yield theme
    theme.close()


@pytest.fixture
def bridge(qapp: QApplication) -> Iterator[Bridge]:
    """A bridge to an engine of its own, without a project."""
    bridge = Bridge()
    yield bridge
    bridge.close()


@pytest.fixture
def make_project(tmp_path: Path) -> MakeProject:
    """Make a project file and return its path.

    ``make_project(texts=20, labelled=6, labels=LABELS, multi_label=False, contents=None)``: the
    first `labelled` texts carry the labels in turn; `contents` replaces the made-up texts.
    """

    def make(
        texts: int = 20,
        labelled: int = 6,
        labels: Sequence[str] = LABELS,
        multi_label: bool = False,
        contents: Sequence[str] | None = None,
        name: str = "letters",
    ) -> Path:
        path = tmp_path / f"{name}.glossator"
        contents = contents or [_letter(number) for number in range(texts)]
        source = tmp_path / f"{name}.jsonl"
        with source.open("w", encoding="utf-8") as file:
            for number, content in enumerate(contents):
                row = {"text": content}
                if number < labelled:
                    row["label"] = labels[number % len(labels)]
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        with Engine(suggestions=False) as engine:
            project: ProjectInfo = engine.submit(
                CreateProject(str(path), tuple(labels), multi_label=multi_label)
            ).result(WAIT / 1000)
            if contents:
                engine.submit(ImportTexts(str(source), project.task.id)).result(WAIT / 1000)
        return path

    return make


@pytest.fixture(scope="session")
def modules_at_rest() -> None:
    """Leave modules, which never go, out of collections: those take a third of the time then."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def desktop(
    qapp: QApplication, settings: QSettings, qtbot: QtBot, modules_at_rest: None
) -> Iterator[Desktop]:
    """The whole program without a project: the start page is shown."""
    settings.setValue("theme", "light")
    desktop = build(settings)
    desktop.window.resize(1180, 780)
    desktop.window.show()
    yield desktop
    desktop.close()
    desktop.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    # Plots stand in reference cycles; the next test's engine thread must not be who frees them.
    gc.collect()


@pytest.fixture
def open_window(desktop: Desktop, qtbot: QtBot) -> Callable[[Path], MainWindow]:
    """Open a project file in the window and wait until it is there."""

    def open_(path: Path) -> MainWindow:
        desktop.window.commands.open_project(path)
        qtbot.waitUntil(lambda: desktop.bridge.project is not None, timeout=WAIT)
        return desktop.window

    return open_


@pytest.fixture
def window(open_window: Callable[[Path], MainWindow], make_project: MakeProject) -> MainWindow:
    """The window on a project of twenty texts, six of them labelled."""
    return open_window(make_project())


def _letter(number: int) -> str:
    subjects = ("the flooded cellar", "my stolen bicycle", "the policy from last year")
    wishes = ("Please open a claim.", "When will I hear from you?", "I am not content at all.")
    # Texts that differ in their digits alone count as copies and share a split.
    street = "".join(_SYLLABLES[number // 10**place % 10] for place in (2, 1, 0))
    return (
        f"Dear all, this is letter number {number} about {subjects[number % 3]} in "
        f"{street.capitalize()} Road. {wishes[number % 3]}"
    )
