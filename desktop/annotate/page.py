"""The page of one text: header, reader, facts, labels, hints, and the guideline below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, cast

from PySide6.QtCore import QEvent, QObject, Qt, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QLabel, QSplitter, QVBoxLayout, QWidget

from desktop.actions import ActionSet
from desktop.annotate.guideline_drawer import GuidelineDrawer
from desktop.annotate.header import Header
from desktop.annotate.inline_form import InlineForm
from desktop.theme.theme import Theme
from desktop.widgets.label_bar import LabelBar
from desktop.widgets.line import hairline
from desktop.widgets.meta_line import MetaLine
from engine.api import TaskInfo, TextDetail, tr

LABELS_SHARE = 0.28  # of the page's height that many labels may take
LEAST_GUIDELINE = 80  # pixels of the guideline, where the window is low
FEWEST_LINES = 110  # pixels of the text that are always seen
NARROWEST = 560  # pixels; labels and facts are as wide as the text, but not narrower


class Reader(Protocol):
    """What a page asks of the widget that shows its text."""

    zoomed: SignalInstance

    def show_text(self, content: str) -> None: ...
    def size_in_pixels(self) -> int: ...
    def set_size_in_pixels(self, size: int) -> None: ...
    def column_width(self) -> int: ...


class TextPage(QWidget):
    """Shows a text and its labels; everything that can be pressed is a public part.

    `reader` is a scroll area that is a `Reader` too. `parts` stand between the facts of the text
    and its labels.
    """

    def __init__(
        self,
        actions: ActionSet,
        theme: Theme,
        reader: QAbstractScrollArea,
        parts: Sequence[QWidget] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.actions_ = actions
        self.header = Header(actions, theme, self)
        self.reader = cast(Reader, reader)
        self._area = reader
        reader.setObjectName("annotate.text")
        self.meta = MetaLine(theme, self)
        self.labels = LabelBar(theme, "annotate", self)
        self.comment_form = InlineForm(
            "comment", tr("Comment"), tr("A note that stays with this text")
        )
        self.label_form = InlineForm(
            "new_label", tr("New label"), tr("Its name, as short as it can be")
        )
        self.drawer = GuidelineDrawer(theme, self)
        self._hints = QLabel(self)
        self._hints.setObjectName("annotate.hints")
        self._hints.setProperty("role", "small")
        self._hints.setWordWrap(True)
        self._shown: tuple[int, str] | None = None
        self._foot = QWidget(self)
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(0, 12, 0, 12)
        foot.setSpacing(12)
        forms = (self.comment_form, self.label_form)
        for part in (self.meta, *parts, *forms, self.labels, self._hints):
            foot.addWidget(part)
        self._above = above = QWidget(self)
        column = QVBoxLayout(above)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._edge = hairline()
        column.addWidget(reader, 1)
        column.addWidget(self._edge)
        column.addWidget(self._foot)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.setObjectName("annotate.splitter")
        self.splitter.addWidget(above)
        self.splitter.addWidget(self.drawer)
        self.splitter.setCollapsible(0, False)
        self.splitter.setCollapsible(1, False)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setSizes([600, 220])
        self.drawer.setMinimumHeight(LEAST_GUIDELINE)
        self.drawer.hide()
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.header)
        page.addWidget(hairline())
        page.addWidget(self.splitter, 1)
        reader.installEventFilter(self)
        self.reader.zoomed.connect(self._align)
        # Where the text goes on below, a line says so; a whole text needs none.
        reader.verticalScrollBar().rangeChanged.connect(
            lambda _least, most: self._edge.setVisible(most > 0)
        )
        policy = self._edge.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # or every other text would be laid out twice
        self._edge.setSizePolicy(policy)
        self._edge.hide()
        for form in forms:
            form.closed.connect(self.focus_text)
        self.labels.left.connect(self.focus_text)
        self.drawer.left.connect(self.focus_text)

    def set_task(self, task: TaskInfo, *, suggestions: bool) -> None:
        """Show the labels of a task; `suggestions`: some model suggests."""
        self.labels.set_task(task, with_bars=suggestions)

    def show_text(self, task: TaskInfo, detail: TextDetail) -> bool:
        """Show a text and say whether it is another one; the same again keeps its place."""
        other = self._shown != (detail.id, detail.content)
        if other:
            self._shown = (detail.id, detail.content)
            self.comment_form.close_form()
            self.reader.show_text(detail.content)
        self.meta.show_text(task, detail)
        self.header.set_flagged(detail.row.flagged)
        return other

    def forget_text(self) -> None:
        """Show no text any more."""
        self._shown = None
        self.comment_form.close_form()
        self.label_form.close_form()

    def focus_text(self) -> None:
        """Give the keyboard to the text."""
        self._area.setFocus(Qt.FocusReason.OtherFocusReason)

    def guideline_shown(self) -> bool:
        """Whether the guideline is open."""
        return not self.drawer.isHidden()

    def show_guideline(self, shown: bool) -> None:
        """Open or close the guideline."""
        self.drawer.setVisible(shown)
        self.header.guideline.setChecked(shown)
        if shown:
            self.drawer.to_top()
        else:
            self.focus_text()

    def show_hints(self, place: str, hints: Sequence[str]) -> None:
        """Say what the next keys do: `hints`, and what is always true."""
        key = self.actions_.key_words
        always = (
            tr("{key} skips", key=key("annotate.skip", place)),
            tr("{key} undoes", key=key("edit.undo", place)),
            tr("{key} all keys", key=key("app.keys", place)),
        )
        # A key must not stand on another line than what it does.
        shown = "      ".join(hint.replace(" ", "\u00a0") for hint in (*hints, *always))
        if shown != self._hints.text():
            self._hints.setText(shown)

    def keep_lines(self, lines: int) -> None:
        """Keep room for so many lines of hints, so that the text stays in place as they change."""
        self._hints.ensurePolished()
        self._hints.setMinimumHeight(lines * self._hints.fontMetrics().lineSpacing())
        self._hints.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.labels.set_room(int(self.height() * LABELS_SHARE))
        layout = self._foot.layout()
        if layout is not None:  # what stands under the text is never cut by the guideline
            needed = layout.heightForWidth(self.width()) + FEWEST_LINES
            room = self.splitter.height() - LEAST_GUIDELINE - self.splitter.handleWidth()
            self._above.setMinimumHeight(max(0, min(needed, room)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._area and event.type() == QEvent.Type.Resize:
            self._align()
        return super().eventFilter(watched, event)

    def _align(self, *_: object) -> None:
        """Let labels and facts begin where the lines of the text begin."""
        column = self.reader.column_width()
        column = max(column, min(NARROWEST, self._area.width() - 48))
        side = max(24, (self._area.width() - column) // 2)
        layout = self._foot.layout()
        if layout is not None:
            layout.setContentsMargins(side, 12, side, 12)
