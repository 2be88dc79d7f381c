"""The help beside the view (F1): short pages from ``resources/help``."""

from __future__ import annotations

import re
from importlib.resources import files

from PySide6.QtCore import QUrl
from PySide6.QtGui import (
    QFont,
    QKeySequence,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from desktop.actions import ACTIONS, PLACES
from desktop.frame.key_sheet import keys_of
from desktop.theme.style import GRID
from desktop.theme.theme import Theme
from desktop.widgets.buttons import IconButton
from desktop.widgets.line import hairline
from engine.api import chosen_language, tr

PAGES = (
    ("getting-started", tr("Getting started")),
    ("texts", tr("Texts")),
    ("annotate", tr("Annotate")),
    ("train", tr("Train")),
    ("inspect", tr("Inspect")),
    ("models", tr("Models")),
    ("redact", tr("Redact")),
    ("few-labels", tr("Few labels: SetFit")),
    ("fine-tune", tr("Many labels: fine-tuning")),
    ("language", tr("The language of your texts: MLM")),
    ("passages", tr("Names and dates: NER")),
    ("scores", tr("What the scores mean")),
    ("keys", tr("All keys")),
    ("command-line", tr("The command line")),
)
"""File name without ``.md``, and title, in the order in which they are offered."""

WIDTH = 380
LEADING = 140  # per cent
TITLE, HEADING = 20, 15  # pixels
_KEYS_OF = {
    "": tr("Everywhere"),
    "texts": tr("Texts"),
    "annotate": tr("Annotate"),
    "train": tr("Train"),
    "inspect": tr("Inspect"),
    "models": tr("Models"),
    "redact": tr("Redact"),
    "annotate.documents": tr("Annotate, whole texts"),
    "annotate.spans": tr("Annotate, passages"),
    "inspect.documents": tr("Inspect, whole texts"),
    "inspect.spans": tr("Inspect, passages"),
}
"""The headings of the lists of keys: every place of `PLACES`, and everywhere."""


def page_source(name: str) -> str:
    """Return a page's Markdown in the language chosen (FileNotFoundError if there is none)."""
    folder = files("resources").joinpath("help")
    translated = folder.joinpath(chosen_language(), f"{name}.md")
    path = translated if translated.is_file() else folder.joinpath(f"{name}.md")
    page = path.read_text(encoding="utf-8")
    return page + _key_lists() if name == "keys" else page


def with_keys_as_here(page: str) -> str:
    """Return a page with the names of keys as this system and language write them."""

    def here(found: re.Match[str]) -> str:
        keys = QKeySequence(found[1])
        if keys.toString() != found[1]:  # something else to type
            return found[0]
        return f"`{keys.toString(QKeySequence.SequenceFormat.NativeText)}`"

    return re.sub(r"`([^`]+)`", here, page)


def _key_lists() -> str:
    """Return all keys as Markdown: those that work everywhere, then each view's own."""
    lines = []
    for place in ("", *PLACES):
        part_of_view = "." in place
        lines.append(f"\n## {_KEYS_OF[place]}\n")
        for action in ACTIONS:
            own = action.view == place or (part_of_view and place in dict(action.letters))
            keys = keys_of(action, place or "annotate") if own else ""
            if keys:
                lines.append(f"- `{keys}` {action.words}")
    return "\n".join(lines) + "\n"


class HelpPanel(QFrame):
    """A page of help with a list of the others; hidden until it is asked for."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("help")
        self.setAccessibleName(tr("Help"))
        self.setMinimumWidth(280)
        self.resize(WIDTH, self.height())
        self._pages = QComboBox(objectName="help.pages", accessibleName=tr("Pages of help"))
        for name, title in PAGES:
            self._pages.addItem(title, name)
        self._pages.activated.connect(self._chosen)
        close = IconButton(theme, "close", tr("Close the help (Esc)"), self.hide)
        close.setObjectName("help.close")
        self._text = QTextBrowser(objectName="help.text", openLinks=False)
        self._text.setAccessibleName(tr("Help text"))
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
            with_keys_as_here(page_source(self._pages.currentData())),
            QTextDocument.MarkdownFeature.MarkdownDialectGitHub,
        )
        document.setIndentWidth(2 * GRID)
        _set_as_a_page(document, self._theme)
        self._text.moveCursor(QTextCursor.MoveOperation.Start)


def _set_as_a_page(document: QTextDocument, theme: Theme) -> None:
    """Give the blocks of a Markdown document the window's leading, gaps and weights."""
    block = document.begin()
    while block.isValid():
        level = block.blockFormat().headingLevel()
        cursor = QTextCursor(block)
        layout = QTextBlockFormat()
        layout.setLineHeight(LEADING, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        layout.setTopMargin(2 * GRID if level > 1 else 0)
        layout.setBottomMargin(GRID if block.textList() is None else 4)
        cursor.mergeBlockFormat(layout)
        for piece in block.textFormats():
            # The bundled face has no bold cut; Qt would smear the regular one.
            if level or piece.format.fontWeight() > QFont.Weight.DemiBold:
                strong = QTextCharFormat()
                strong.setFontWeight(QFont.Weight.DemiBold)
                if level:
                    size = TITLE if level == 1 else HEADING
                    strong.setFont(theme.interface_font(size, QFont.Weight.DemiBold))
                cursor.setPosition(block.position() + piece.start)
                cursor.setPosition(
                    block.position() + piece.start + piece.length,
                    QTextCursor.MoveMode.KeepAnchor,
                )
                cursor.mergeCharFormat(strong)
        block = block.next()
