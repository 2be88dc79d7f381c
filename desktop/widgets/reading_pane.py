"""A text to be read: a centred column of book width, in the reading face."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QMargins, QMimeData, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from desktop.theme.fonts import READING_LEADING, READING_SIZE, column_width
from desktop.theme.theme import Theme
from desktop.widgets.clipboard import clipboard_data

SMALLEST, LARGEST = 12, 40
PARAGRAPH = 4000
FIRST_PIECE = 6_000
NEXT_PIECE = 20_000
HITS = 200

_SCROLL_KEYS = {
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
}


class ReadingPane(QTextEdit):
    """Shows one text; it can be scrolled, selected and copied, and passes other keys on.

    A very long text appears at once: its beginning is laid out first and the rest when the event
    loop is idle. A paragraph of many thousand characters (scanned documents have them) is shown as
    several, because Qt lays out a paragraph in one go; what is copied is the text as it is.
    """

    zoomed = Signal(int)
    """The size of the letters in pixels has changed."""

    def __init__(
        self, theme: Theme, parent: QWidget | None = None, size: int = READING_SIZE
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._size = size
        self._margin = 24
        self.setProperty("role", "reading")
        self._rest = ""
        self._words: tuple[str, ...] = ()
        self._content = ""
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setLineWrapMode(QTextEdit.LineWrapMode.FixedPixelWidth)
        self.document().setDocumentMargin(0)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self._append_rest)
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_text(self, content: str, words: tuple[str, ...] = ()) -> None:
        """Show a text from its beginning; `words` are marked where they occur."""
        self._idle.stop()
        self._content, self._words = content, words
        first, self._rest = _cut(_in_paragraphs(content), FIRST_PIECE)
        document = self.document()
        document.clear()
        cursor = QTextCursor(document)
        cursor.setBlockFormat(self._block_format())
        cursor.insertText(first)
        self.verticalScrollBar().setValue(0)
        self.setExtraSelections([])
        if self._rest:
            self._idle.start(0)
        else:
            self._mark()

    def content(self) -> str:
        """The text as it was given, whatever is laid out so far."""
        return self._content

    def set_margin(self, pixels: int) -> None:
        """Set the smallest margin at the sides."""
        self._margin = pixels
        self._centre()

    def size_in_pixels(self) -> int:
        """The height of the letters."""
        return self._size

    def set_size_in_pixels(self, size: int) -> None:
        """Set the height of the letters, within reason."""
        size = max(SMALLEST, min(LARGEST, size))
        if size != self._size:
            self._size = size
            self._restyle()
            self.zoomed.emit(size)

    def column_width(self) -> int:
        """The width of the text column in pixels."""
        return column_width(self._font(), self.width() - 2 * self._margin)

    # --- Qt -------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        if plain and event.key() in _SCROLL_KEYS:
            super().keyPressEvent(event)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.selectAll()
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        # A read-only text claims arrows and space for itself; here they are the program's.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            mine = event.key() in _SCROLL_KEYS or event.matches(QKeySequence.StandardKey.Copy)
            if not mine and not event.matches(QKeySequence.StandardKey.SelectAll):
                event.ignore()
                return False
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._centre()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            # Qt has just put the interface face of the style sheet into the document.
            self.document().setDefaultFont(self._font())

    def createMimeDataFromSelection(self) -> QMimeData:  # noqa: N802 - Qt's name
        text = self.textCursor().selection().toPlainText()
        return clipboard_data(text.replace(f"{_SEAM}\n", ""))

    # --- inside ---------------------------------------------------------------------------------

    def _font(self) -> QFont:
        return self._theme.reading_font(self._size)

    def _block_format(self) -> QTextBlockFormat:
        block = QTextBlockFormat()
        # Qt counts from the height that the face asks for, typographers from the size.
        natural = QFontMetricsF(self._font()).height() / self._size
        proportional = QTextBlockFormat.LineHeightTypes.ProportionalHeight
        block.setLineHeight(100 * READING_LEADING / natural, proportional.value)
        return block

    def _restyle(self, *_: object) -> None:
        self.document().setDefaultFont(self._font())
        self._centre()
        self._mark()

    def _centre(self) -> None:
        column = self.column_width()
        side = max(self._margin, (self.width() - column) // 2)
        top = max(self._margin, min(self.height() // 12, 3 * self._margin))
        if self.viewportMargins() != QMargins(side, top, 0, 0):
            self.setViewportMargins(side, top, 0, 0)
        if self.lineWrapColumnOrWidth() != column:
            self.setLineWrapColumnOrWidth(column)

    def _append_rest(self) -> None:
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        piece, self._rest = _cut(self._rest, NEXT_PIECE)
        cursor.insertText(piece)
        if self._rest:
            self._idle.start(0)
        else:
            self._mark()

    def _mark(self) -> None:
        marks: list[QTextEdit.ExtraSelection] = []
        look = QTextCharFormat()
        look.setBackground(self._theme.token("selection"))
        look.setForeground(self._theme.token("text"))
        for word in self._words:
            cursor = QTextCursor(self.document())
            while len(marks) < HITS:
                cursor = self.document().find(word, cursor, QTextDocument.FindFlag(0))
                if cursor.isNull():
                    break
                mark = QTextEdit.ExtraSelection()
                mark.cursor, mark.format = cursor, look
                marks.append(mark)
        self.setExtraSelections(marks)


_SEAM = "\u200b"


def _in_paragraphs(content: str) -> str:
    """Return the text with paragraphs of many thousand characters cut, at a space if there is one.

    A zero-width space marks each cut, so that copying can leave it out again.
    """
    content = content.replace("\r\n", "\n")
    if len(content) <= 2 * PARAGRAPH:
        return content
    return "\n".join(
        line if len(line) <= 2 * PARAGRAPH else f"{_SEAM}\n".join(_pieces(line))
        for line in content.split("\n")
    )


def _pieces(line: str) -> Iterator[str]:
    start = 0
    while len(line) - start > 2 * PARAGRAPH:
        end = line.rfind(" ", start + PARAGRAPH, start + 2 * PARAGRAPH) + 1
        if not end:
            end = start + 2 * PARAGRAPH
            while end < len(line) and not line[end].isalnum():
                end += 1  # an accent or a joiner stays with what it belongs to
        yield line[start:end]
        start = end
    yield line[start:]


def _cut(content: str, length: int) -> tuple[str, str]:
    """Return the first lines, at least `length` characters, and the rest."""
    if len(content) <= 2 * length:
        return content, ""
    end = content.find("\n", length)
    return (content, "") if end < 0 else (content[:end], content[end:])
