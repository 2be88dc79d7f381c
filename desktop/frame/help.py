"""The help beside the view (F1): ten short pages from ``resources/help``."""

from __future__ import annotations

from importlib.resources import files

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextBlockFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from desktop.theme.fonts import READING_LEADING
from desktop.theme.style import GRID
from desktop.theme.theme import Theme
from desktop.widgets.buttons import IconButton
from desktop.widgets.line import hairline

PAGES = (
    ("getting-started", "Getting started"),
    ("texts", "Texts"),
    ("annotate", "Annotate"),
    ("train", "Train"),
    ("inspect", "Inspect"),
    ("models", "Models"),
    ("fine-tune", "Many labels: fine-tuning"),
    ("scores", "What the scores mean"),
    ("keys", "All keys"),
    ("command-line", "The command line"),
)
"""File name without ``.md``, and title, in the order in which they are offered."""

WIDTH = 380


def page_source(name: str) -> str:
    """Return a page's Markdown (FileNotFoundError if there is none called so)."""
    return files("resources").joinpath("help", f"{name}.md").read_text(encoding="utf-8")


class HelpPanel(QFrame):
    """A page of help with a list of the others; hidden until it is asked for."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("help")
        self.setAccessibleName("Help")
        self.setMinimumWidth(280)
        self.resize(WIDTH, self.height())
        self._pages = QComboBox(objectName="help.pages", accessibleName="Pages of help")
        for name, title in PAGES:
            self._pages.addItem(title, name)
        self._pages.activated.connect(self._chosen)
        close = IconButton(theme, "close", "Close the help (Esc)", self.hide)
        close.setObjectName("help.close")
        self._text = QTextBrowser(objectName="help.text", openLinks=False)
        self._text.setAccessibleName("Help text")
        self._text.setProperty("role", "reading")
        self._text.document().setDocumentMargin(0)
        self._text.anchorClicked.connect(self._follow)
        top = QHBoxLayout()
        top.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        top.addWidget(self._pages, 1)
        top.addWidget(close)
        page = QVBoxLayout()
        page.setContentsMargins(3 * GRID, 2 * GRID, GRID, GRID)
        page.addWidget(self._text)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(hairline())
        column.addLayout(page, 1)
        theme.changed.connect(self._draw)
        self.hide()

    def show_page(self, name: str) -> None:
        """Show a page by its name; an unknown one shows the first."""
        self._pages.setCurrentIndex(max(0, self._pages.findData(name)))
        self._draw()

    def _chosen(self) -> None:
        self._draw()

    def _follow(self, link: QUrl) -> None:
        self.show_page(link.toString().removesuffix(".md"))

    def _draw(self) -> None:
        document = self._text.document()
        document.setDefaultFont(self._theme.interface_font(14))
        document.setMarkdown(
            page_source(self._pages.currentData()),
            QTextDocument.MarkdownFeature.MarkdownDialectGitHub,
        )
        block = document.begin()
        while block.isValid():
            cursor = QTextCursor(block)
            layout = QTextBlockFormat()
            layout.setLineHeight(
                READING_LEADING * 100, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value
            )
            layout.setTopMargin(2 * GRID if block.blockFormat().headingLevel() > 1 else 0)
            layout.setBottomMargin(GRID if block.textList() is None else 4)
            cursor.mergeBlockFormat(layout)
            block = block.next()
        self._text.moveCursor(QTextCursor.MoveOperation.Start)
        self._text.setAlignment(Qt.AlignmentFlag.AlignLeft)
