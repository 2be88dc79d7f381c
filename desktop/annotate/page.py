"""The page of one text: header, reading pane, facts, labels, hints, and the guideline below."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSplitter, QVBoxLayout, QWidget

from desktop.actions import ActionSet
from desktop.annotate.guideline_drawer import GuidelineDrawer
from desktop.annotate.header import Header
from desktop.annotate.inline_form import InlineForm
from desktop.annotate.labelling import suggested
from desktop.theme.theme import Theme
from desktop.widgets.label_bar import LabelBar
from desktop.widgets.line import hairline
from desktop.widgets.meta_line import MetaLine
from desktop.widgets.reading_pane import ReadingPane
from engine.api import Suggestion, TaskInfo, TextDetail

LABELS_SHARE = 0.28  # of the page's height that many labels may take
NARROWEST = 560  # pixels; labels and facts are as wide as the text, but not narrower


class Page(QWidget):
    """Shows a text and its labels; everything that can be pressed is a public part."""

    def __init__(self, actions: ActionSet, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.header = Header(actions, theme, self)
        self.pane = ReadingPane(theme, self)
        self.pane.setObjectName("annotate.text")
        self.pane.setAccessibleName("The text to label")
        self.meta = MetaLine(theme, self)
        self.labels = LabelBar(theme, "annotate", self)
        self.comment_form = InlineForm("comment", "Comment", "A note that stays with this text")
        self.label_form = InlineForm("new_label", "New label", "Its name, as short as it can be")
        self.drawer = GuidelineDrawer(theme, self)
        self._hints = QLabel(self)
        self._hints.setObjectName("annotate.hints")
        self._hints.setProperty("role", "small")
        self._hints.setWordWrap(True)
        self._shown: tuple[int, str] | None = None
        self._with_bars = False
        self._foot = QWidget(self)
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(0, 12, 0, 12)
        foot.setSpacing(12)
        for part in (self.meta, self.comment_form, self.label_form, self.labels, self._hints):
            foot.addWidget(part)
        above = QWidget(self)
        column = QVBoxLayout(above)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._edge = hairline()
        column.addWidget(self.pane, 1)
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
        self.drawer.hide()
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.header)
        page.addWidget(hairline())
        page.addWidget(self.splitter, 1)
        self.pane.installEventFilter(self)
        self.pane.zoomed.connect(self._align)
        # Where the text goes on below, a line says so; a whole text needs none.
        self.pane.verticalScrollBar().rangeChanged.connect(
            lambda _least, most: self._edge.setVisible(most > 0)
        )
        policy = self._edge.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # or every other text would be laid out twice
        self._edge.setSizePolicy(policy)
        self._edge.hide()
        for part_ in (self.comment_form, self.label_form):
            part_.closed.connect(self.focus_text)
        self.labels.left.connect(self.focus_text)
        self.drawer.left.connect(self.focus_text)

    def set_task(self, task: TaskInfo, *, suggestions: bool) -> None:
        """Show the labels of a task; `suggestions`: some model suggests."""
        self._with_bars = suggestions
        self.labels.set_task(task, with_bars=suggestions)

    def show_text(self, task: TaskInfo, detail: TextDetail) -> None:
        """Show a text; the same text again keeps its place."""
        if self._shown != (detail.id, detail.content):
            self._shown = (detail.id, detail.content)
            self.comment_form.close_form()
            self.pane.show_text(detail.content)
        self.meta.show_text(task, detail)
        self.header.set_flagged(detail.row.flagged)
        suggestion = None if detail.row.labelled else detail.suggestion
        self.labels.show_text(detail.row.label_ids, suggestion)
        self._hints.setText(self._hint(task, detail, suggestion))

    def forget_text(self) -> None:
        """Show no text any more."""
        self._shown = None
        self.comment_form.close_form()
        self.label_form.close_form()

    def focus_text(self) -> None:
        """Give the keyboard to the text."""
        self.pane.setFocus(Qt.FocusReason.OtherFocusReason)

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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.labels.set_room(int(self.height() * LABELS_SHARE))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.pane and event.type() == QEvent.Type.Resize:
            self._align()
        return super().eventFilter(watched, event)

    # --- inside ---------------------------------------------------------------------------------

    def _align(self, *_: object) -> None:
        """Let labels and facts begin where the lines of the text begin."""
        column = self.pane.column_width()
        column = max(column, min(NARROWEST, self.pane.width() - 48))
        side = max(24, (self.pane.width() - column) // 2)
        layout = self._foot.layout()
        if layout is not None:
            layout.setContentsMargins(side, 12, side, 12)

    def _hint(self, task: TaskInfo, detail: TextDetail, suggestion: Suggestion | None) -> str:
        hints = []
        enter = self._actions.key_words("annotate.accept")
        if task.multi_label and (detail.row.labelled or suggestion is None):
            hints.append("Keys give and take labels")
            hints.append(f"{enter} goes on" if detail.row.labelled else f"{enter}: none of them")
        elif suggestion is not None:
            names = [task.label(label_id).name for label_id in suggested(task, suggestion)]
            words = "that none applies" if not names else f"“{'”, “'.join(names)}”"
            hints.append(f"{enter} accepts {words}")
        for action, verb in (
            ("annotate.skip", "skips"),
            ("edit.undo", "undoes"),
            ("app.keys", "all keys"),
        ):
            hints.append(f"{self._actions.key_words(action, 'annotate')} {verb}")
        return "      ".join(hints)
