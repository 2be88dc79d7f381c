"""The pane one reads in: any length, any script, and nothing lost on the way to the clipboard."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.theme.theme import Theme
from desktop.widgets.reading_pane import LARGEST, SMALLEST, ReadingPane

PARAGRAPHS = "The water damage was reported by telephone on the same evening.\n" * 3000
ONE_PARAGRAPH = "The water damage was reported by telephone on the same evening. " * 3000


@pytest.fixture
def pane(qtbot: QtBot, theme: Theme) -> ReadingPane:
    pane = ReadingPane(theme)
    qtbot.addWidget(pane)
    pane.resize(900, 600)
    pane.show()
    return pane


def copied(pane: ReadingPane) -> str:
    pane.selectAll()
    pane.copy()
    return QGuiApplication.clipboard().text()


@pytest.mark.parametrize(
    "content",
    [PARAGRAPHS, ONE_PARAGRAPH, "x" * 200_000],
    ids=["paragraphs", "one paragraph", "one word"],
)
def test_a_text_of_two_hundred_thousand_characters_is_there_whole(
    pane: ReadingPane, qtbot: QtBot, content: str
) -> None:
    pane.show_text(content)
    assert pane.toPlainText().startswith(content[:1000])
    assert len(pane.toPlainText()) < len(content) / 4, "the beginning first"
    qtbot.waitUntil(lambda: len(pane.toPlainText()) >= len(content), timeout=5000)
    longest = max(map(len, pane.toPlainText().split("\n")))
    assert longest < 10_000, "no paragraph that takes Qt long to lay out"
    assert copied(pane) == content


@pytest.mark.parametrize(
    "content",
    ["a😀b\n👩‍⚖️ ends", "שלום עולם\nמכתב", "  two  spaces\n\n\nlines", "<b>not bold</b> & so on"],
)
def test_what_is_shown_is_what_was_given(pane: ReadingPane, content: str) -> None:
    pane.show_text(content)
    assert pane.toPlainText() == content
    assert copied(pane) == content


def test_a_program_that_copied_a_text_ends_in_peace() -> None:
    program = """
from PySide6.QtWidgets import QApplication
from desktop.preferences import open_settings
from desktop.theme.theme import Theme
from desktop.widgets.reading_pane import ReadingPane

app = QApplication([])
pane = ReadingPane(Theme(app, open_settings()))
pane.show_text("copied, and left on the clipboard")
pane.selectAll()
pane.copy()
print(app.clipboard().text())
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ended.stdout == "copied, and left on the clipboard\n"
    assert ended.returncode == 0, ended.stderr


def test_a_line_holds_what_reads_well(pane: ReadingPane) -> None:
    pane.resize(1600, 900)
    pane.show_text(ONE_PARAGRAPH[:3000])
    block = pane.document().firstBlock()
    QApplication.processEvents()
    lines = [block.layout().lineAt(n).textLength() for n in range(block.layout().lineCount() - 1)]
    assert 55 <= sum(lines) / len(lines) <= 75


def test_right_to_left_texts_begin_at_the_right(pane: ReadingPane) -> None:
    pane.show_text("זה מכתב קצר")
    assert pane.document().firstBlock().textDirection() is Qt.LayoutDirection.RightToLeft


def test_size_stays_within_reason(pane: ReadingPane) -> None:
    pane.show_text("a text")
    pane.set_size_in_pixels(500)
    assert pane.size_in_pixels() == LARGEST
    pane.set_size_in_pixels(1)
    assert pane.size_in_pixels() == SMALLEST
    assert pane.document().defaultFont().pixelSize() == SMALLEST


def test_words_are_marked_also_in_the_part_that_comes_later(
    pane: ReadingPane, qtbot: QtBot
) -> None:
    pane.show_text(PARAGRAPHS + "The zebra.", ("zebra",))
    qtbot.waitUntil(lambda: len(pane.extraSelections()) == 1, timeout=5000)


def test_the_next_text_is_shown_from_its_beginning(pane: ReadingPane, qtbot: QtBot) -> None:
    pane.show_text(PARAGRAPHS)
    qtbot.keyClick(pane, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(pane, Qt.Key.Key_PageDown)
    assert pane.verticalScrollBar().value() > 0
    pane.show_text(ONE_PARAGRAPH)
    assert pane.verticalScrollBar().value() == 0


def test_keys_of_the_program_pass_through(
    pane: ReadingPane, qtbot: QtBot, own_key: Callable[[ReadingPane, Qt.Key], bool]
) -> None:
    assert not own_key(pane, Qt.Key.Key_1)
    assert not own_key(pane, Qt.Key.Key_Space)
    assert not own_key(pane, Qt.Key.Key_Left)
    assert own_key(pane, Qt.Key.Key_PageDown)


@pytest.fixture
def own_key(qtbot: QtBot) -> Callable[[ReadingPane, Qt.Key], bool]:
    """Whether the pane keeps a key for itself."""

    def keeps(pane: ReadingPane, key: Qt.Key) -> bool:
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
        pane.show_text(PARAGRAPHS)
        QApplication.sendEvent(pane, event)
        return event.isAccepted()

    return keeps
