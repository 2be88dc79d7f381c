"""Print, as one line of JSON, every text that a window shows: what stands in it and in its dialogs.

``python shown_texts.py LANGUAGE PROJECT…``: a language of the program, or "brackets", which puts
every text that goes through the translation between ⟦ and ⟧. Words that come from a project, and
those that are the same in every language, are left out.
"""

from __future__ import annotations

import gettext
import html
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from engine.api import ProjectInfo, choose_language, use_catalogue

WAIT = 30  # seconds
TECHNICAL = {
    "Glossator", "SetFit", "MLM", "NER", "F1", "GPU", "CSV", "JSONL", "fine-tune",
    "all-MiniLM-L6-v2", "Language: English", "Sprache: Deutsch",
    "Vom nächsten Start an Deutsch sprechen.", "Speak English from the next start on.",
    "Scroll Left", "Scroll Right", "DE", "GB",
}  # fmt: skip
KEY = (
    r"(Ctrl|Alt|Shift|Return|Enter|Esc|Del|Ins|Space|Tab|Home|End|Up|Down|Left|Right|PgUp|PgDown"
    r"|Backspace|F\d+|\S)"
)
KEYS = re.compile(rf"{KEY}([+ ,…–-]+{KEY})*")
DIALOGS = ("project.new", "project.labels", "project.rules", "project.annotator")
CARDS = ("app.palette", "app.keys", "app.about", "app.help")


class Brackets(gettext.NullTranslations):
    """A language that shows which texts it was asked for."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"

    def pgettext(self, context: str, message: str) -> str:
        return f"⟦{message}⟧"


def main() -> None:
    language, *projects = sys.argv[1:]
    if language == "brackets":
        use_catalogue(language, Brackets())
    else:
        choose_language(language)
    # Constants of the window's modules are words of the language.
    from PySide6.QtWidgets import QApplication

    from desktop.app import build

    desktop = build()
    window = desktop.window
    window.resize(1180, 780)
    window.show()
    shown: dict[str, str] = {}
    own: set[str] = set()

    def wait(done: Callable[[], bool]) -> None:
        end = time.monotonic() + WAIT
        while not done() and time.monotonic() < end:
            QApplication.processEvents()
            time.sleep(0.005)
        assert done()

    def look() -> None:
        pause = time.monotonic() + 0.1
        wait(lambda: time.monotonic() > pause)
        for where, text in texts_of(window):
            shown.setdefault(text, where)

    look()
    for path in map(Path, projects):
        window.commands.open_project(path)
        wait(lambda path=path: _is_open(desktop.bridge.project, path))
        assert desktop.bridge.project is not None
        own |= words_of(desktop.bridge.project)
        for view in ("texts", "annotate", "train", "inspect", "models", "redact"):
            window.actions_.trigger(f"go.{view}")
            look()
        for command in (*DIALOGS, *CARDS):
            window.actions_.trigger(command)
            look()
            for widget in QApplication.topLevelWidgets():
                if widget is not window and widget.isVisible():
                    widget.close()
    desktop.close()
    print(
        json.dumps(
            [
                {"text": text, "where": where}
                for text, where in shown.items()
                if not is_everywhere(text, own)
            ],
            ensure_ascii=False,
        )
    )


def _is_open(project: ProjectInfo | None, path: Path) -> bool:
    return project is not None and Path(project.path) == path


def words_of(project: ProjectInfo) -> set[str]:
    """What a project brings: its name, its folder, its labels, who annotates."""
    path = Path(project.path)
    labels = {label.name for label in project.task.labels}
    return {path.stem, path.name, str(path.parent), *labels}


def is_everywhere(text: str, own: set[str]) -> bool:
    """Whether a text is the same in every language: keys, numbers, words of the project."""
    plain = html.unescape(re.sub(r"<[^>]*>", "", text)).strip()
    plain = re.sub(r"^\(\w+\)$", "", plain)  # the name of a setting for those who look it up
    for word in sorted(own | TECHNICAL, key=len, reverse=True):
        plain = plain.replace(word, "")
    return not re.search(r"[^\W\d_]{2}", plain) or KEYS.fullmatch(plain.strip()) is not None


def texts_of(widget: object) -> Iterator[tuple[str, str]]:
    """Yield where, and what, for each text of a widget and all that is in it."""
    from PySide6.QtWidgets import (
        QAbstractButton,
        QAbstractItemView,
        QComboBox,
        QGroupBox,
        QLabel,
        QLineEdit,
        QPlainTextEdit,
        QTabBar,
        QWidget,
    )  # fmt: skip

    assert isinstance(widget, QWidget)
    for child in (widget, *widget.findChildren(QWidget)):
        where = f"{type(child).__name__} {child.objectName()}"
        yield where, child.toolTip()
        yield where, child.accessibleName()
        yield where, child.accessibleDescription()
        yield where, child.windowTitle() if child.isWindow() else ""
        for action in child.actions():
            yield f"{where} action", action.text().replace("&", "")
            yield f"{where} action", action.toolTip()
        if isinstance(child, (QLabel, QAbstractButton)):
            yield where, child.text().replace("&", "")
        if isinstance(child, QGroupBox):
            yield where, child.title()
        if isinstance(child, (QLineEdit, QPlainTextEdit)):
            yield where, child.placeholderText()
        if isinstance(child, QComboBox):
            yield from ((where, child.itemText(row)) for row in range(child.count()))
        if isinstance(child, QTabBar):
            yield from ((where, child.tabText(tab)) for tab in range(child.count()))
        if isinstance(child, QAbstractItemView) and child.model() is not None:
            yield from _headers(child)


def _headers(view: object) -> Iterator[tuple[str, str]]:
    from PySide6.QtCore import QAbstractListModel, Qt
    from PySide6.QtWidgets import QAbstractItemView

    assert isinstance(view, QAbstractItemView)
    model = view.model()
    if isinstance(model, QAbstractListModel):  # it has no headers
        return
    for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
        for column in range(model.columnCount()):
            said = model.headerData(column, Qt.Orientation.Horizontal, role)
            yield f"header of {view.objectName()}", said if isinstance(said, str) else ""


if __name__ == "__main__":
    main()
