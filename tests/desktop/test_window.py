"""One window: it opens projects, shows views, takes files, and comes back as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.actions import BY_ID, VIEWS
from desktop.app import Desktop
from desktop.dialogs.import_dialog import ImportDialog
from desktop.dialogs.project_dialog import ProjectDialog
from desktop.preferences import recent_projects
from desktop.window import MainWindow
from engine.api import AddLabel, SetLabels

WAIT = 15_000


def drop(window: MainWindow, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    how = (data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, *how))
    QApplication.sendEvent(window, QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, *how))


def test_a_first_start_shows_three_doors(desktop: Desktop) -> None:
    doors = [
        desktop.window.findChild(QPushButton, f"start.project.{what}")
        for what in ("sample", "new", "open")
    ]
    assert all(door.isVisible() for door in doors)
    assert desktop.window.view is None


def test_opening_a_project_shows_its_texts_to_be_labelled(window: MainWindow) -> None:
    assert window.view is not None
    assert window.view.name == "annotate"
    assert window.windowTitle() == "letters – Glossator"
    assert window.findChild(QLabel, "header.project").text() == "letters"


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_by_its_key(window: MainWindow, view: str) -> None:
    number = VIEWS.index(view) + 1
    QTest.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier)
    assert window.view is not None
    assert window.view.name == view
    assert window.findChild(QToolButton, f"rail.{view}").isChecked()


def test_a_view_that_is_made_late_knows_the_project_as_it_is_now(
    window: MainWindow, qtbot: QtBot
) -> None:
    task = window.bridge.project.task if window.bridge.project else None
    assert task is not None
    window.bridge.send(AddLabel(task.id, "cancellation"))
    qtbot.waitUntil(
        lambda: window.bridge.project is not None and len(window.bridge.project.task.labels) == 4,
        timeout=WAIT,
    )
    window.open_view("texts")
    assert window.view is not None
    shown = window.view.findChild(QComboBox, "texts.filter_label")
    assert "cancellation" in [shown.itemText(number) for number in range(shown.count())]


def test_every_command_is_bound_once_all_views_were_seen(window: MainWindow) -> None:
    for view in VIEWS:
        window.open_view(view)
    elsewhere = {id for id in BY_ID if BY_ID[id].view == "annotate.spans"}
    assert set(window.actions_.unbound()) == elsewhere


@pytest.mark.parametrize("view", VIEWS)
def test_everything_one_can_touch_has_a_name(window: MainWindow, view: str) -> None:
    window.open_view(view)
    nameless = [
        widget
        for kind in (QPushButton, QToolButton, QLineEdit)
        for widget in window.findChildren(kind)
        if not (widget.accessibleName() or getattr(widget, "text", str)())
        and not widget.objectName().startswith("qt_")
        and not isinstance(widget.parent(), QLineEdit)  # Qt's own cross in a field
        and widget.isVisibleTo(window)
    ]
    assert [widget.objectName() for widget in nameless] == []


def test_the_strip_counts_labels_as_they_are_given(window: MainWindow, qtbot: QtBot) -> None:
    counts = window.findChild(QLabel, "strip.counts")
    qtbot.waitUntil(lambda: counts.text() == "6 of 20 labelled", timeout=WAIT)
    project = window.bridge.project
    assert project is not None
    window.bridge.send(SetLabels(project.task.id, (12,), (project.task.labels[0].id,)))
    qtbot.waitUntil(lambda: counts.text() == "7 of 20 labelled", timeout=WAIT)
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: counts.text() == "6 of 20 labelled", timeout=WAIT)


def test_a_refused_project_is_told_in_the_strip(
    desktop: Desktop, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "other.glossator"
    path.write_text("not a project")
    drop(desktop.window, path)
    qtbot.waitUntil(lambda: bool(desktop.window.strip.banner.sentence), timeout=WAIT)
    assert "other.glossator" in desktop.window.strip.banner.sentence
    assert desktop.bridge.project is None


def test_a_dropped_file_is_looked_at_before_it_comes_in(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    source = tmp_path / "more.csv"
    source.write_text("text,label\nThe roof leaks.,new claim\n")
    drop(window, source)
    dialog = window.findChild(ImportDialog)
    assert dialog is not None
    qtbot.waitUntil(dialog.agree.isEnabled, timeout=WAIT)
    qtbot.mouseClick(dialog.agree, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: window.bridge.project is not None and window.bridge.project.texts == 21,
        timeout=WAIT,
    )
    qtbot.waitUntil(lambda: window.view is not None and window.view.name == "texts", timeout=WAIT)


def test_a_file_dropped_on_the_start_page_begins_a_project(
    desktop: Desktop, tmp_path: Path, qtbot: QtBot
) -> None:
    source = tmp_path / "claims.csv"
    source.write_text("text,label\nThe roof leaks.,roof\nThe cellar is wet.,cellar\n")
    drop(desktop.window, source)
    dialog = desktop.window.findChild(ProjectDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.label_names() == ("roof", "cellar"), timeout=WAIT)
    assert dialog.name.text() == "claims"
    dialog.reject()


def test_closing_the_project_leads_back_to_the_start(
    window: MainWindow, make_project: Callable[..., Path], qtbot: QtBot
) -> None:
    project = window.bridge.project
    assert project is not None
    window.actions_.trigger("project.close")
    qtbot.waitUntil(lambda: window.bridge.project is None, timeout=WAIT)
    assert window.view is None
    recent = window.findChild(QPushButton, "start.recent.letters")
    qtbot.waitUntil(recent.isVisible, timeout=WAIT)
    qtbot.mouseClick(recent, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.bridge.project is not None, timeout=WAIT)
    assert recent_projects(window.settings) == [Path(project.path)]


def test_the_view_one_left_is_the_view_one_comes_back_to(window: MainWindow, qtbot: QtBot) -> None:
    project = window.bridge.project
    assert project is not None
    window.open_view("texts")
    window.actions_.trigger("project.close")
    qtbot.waitUntil(lambda: window.bridge.project is None, timeout=WAIT)
    window.commands.open_project(Path(project.path))
    qtbot.waitUntil(lambda: window.bridge.project is not None, timeout=WAIT)
    assert window.view is not None
    assert window.view.name == "texts"


def test_the_height_of_the_window_is_remembered(desktop: Desktop) -> None:
    desktop.window.resize(900, 640)
    desktop.window.close()
    again = MainWindow(desktop.bridge, desktop.theme, desktop.settings)
    assert again.height() == 640
    again.deleteLater()


def test_the_palette_runs_what_is_typed(window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    field = window.findChild(QLineEdit, "palette.field")
    assert field.isVisible()
    QTest.keyClicks(field, "models")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert not field.isVisible()
    assert window.view is not None
    assert window.view.name == "models"


def test_the_palette_searches_the_texts(window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    field = window.findChild(QLineEdit, "palette.field")
    QTest.keyClicks(field, "bicycle")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert window.view is not None
    assert window.view.name == "texts"


def test_the_question_mark_shows_all_keys(window: MainWindow) -> None:
    QTest.keyClicks(window, "?")
    sheet = window.findChild(QWidget, "keys")
    assert sheet.isVisible()
    shown = {label.text() for label in sheet.findChildren(QLabel)}
    assert {"Space", "Skip this text", "complaint", "Ctrl+K"} <= shown
    QTest.keyClick(sheet, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert not sheet.isVisible()
    assert window.view is not None
    assert window.view.name == "annotate"


def test_help_opens_at_the_page_of_the_view(window: MainWindow) -> None:
    window.open_view("train")
    QTest.keyClick(window, Qt.Key.Key_F1)
    text = window.findChild(QWidget, "help.text")
    assert text.isVisible()
    assert text.toPlainText().startswith("Train")
    window.open_view("inspect")
    assert text.toPlainText().startswith("Inspect")
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not text.isVisible()


def test_a_tap_on_alt_shows_the_menus(window: MainWindow) -> None:
    QTest.keyPress(window, Qt.Key.Key_Alt)
    QTest.keyRelease(window, Qt.Key.Key_Alt)
    assert window.menuBar().isVisible()
    assert window.menuBar().actions()[0].text() == "&Project"
    QTest.keyPress(window, Qt.Key.Key_Alt)
    QTest.keyRelease(window, Qt.Key.Key_Alt)
    assert not window.menuBar().isVisible()


def test_the_colours_switch_while_it_is_open(window: MainWindow, qtbot: QtBot) -> None:
    before = window.grab(window.rect()).toImage().pixelColor(QPoint(600, 20))
    qtbot.mouseClick(window.findChild(QToolButton, "header.theme"), Qt.MouseButton.LeftButton)
    after = window.grab(window.rect()).toImage().pixelColor(QPoint(600, 20))
    assert before.lightness() > 200
    assert after.lightness() < 60
