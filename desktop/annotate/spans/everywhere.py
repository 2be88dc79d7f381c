"""One label for the same words wherever they stand in a text: shown first, then given."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from desktop.annotate.span_canvas import Mark
from desktop.annotate.spans.marking import Marking
from desktop.annotate.spans.page import SpanPage
from desktop.annotate.spans.same_words import same_words


@dataclass(frozen=True, slots=True)
class Preview:
    """Where else a label would be given; `of` is the passage whose words these are."""

    of: tuple[int, int]
    places: tuple[tuple[int, int], ...]
    label_id: int


class Everywhere(QObject):
    """Frames the places that would be marked, and marks them when it is asked a second time."""

    changed = Signal()
    """There is a preview, or there is none any more: `preview`."""
    marked = Signal(int)
    """A label was given everywhere: its id."""
    nothing_found = Signal(str)
    """These words stand nowhere else, or nowhere where they are not marked."""

    def __init__(self, page: SpanPage, marking: Marking, parent: QObject) -> None:
        super().__init__(parent)
        self._page = page
        self._canvas = page.canvas
        self._marking = marking
        self.preview: Preview | None = None
        self._canvas.everywhere_wanted.connect(self._clicked)
        page.left_off.connect(self.leave)

    def show(self, mark: Mark) -> None:
        """Show where else the words of a passage stand unmarked."""
        self.leave()
        content = self._canvas.content()
        of = (mark.start, mark.end)
        places = same_words(content, of, [(span.start, span.end) for span in self._marking.spans()])
        if mark.kind == "suggestion":
            places = (*places, of)
        if not places:
            self.nothing_found.emit(" ".join(content[mark.start : mark.end].split()))
            return
        self.preview = Preview(of, tuple(sorted(places)), mark.label_id)
        self._page.takes_escape = True
        self._canvas.set_highlight(self.preview.places)
        self.changed.emit()

    def mark(self) -> None:
        """Mark all that is shown, in one step."""
        preview = self.preview
        if preview is not None:
            self.leave()
            spans = [(start, end, preview.label_id) for start, end in preview.places]
            self._marking.add_all(spans, "bulk")
            self.marked.emit(preview.label_id)

    def leave(self) -> None:
        """Show nothing and mark nothing."""
        if self.preview is not None:
            self.preview = None
            self._page.takes_escape = False
            self._canvas.set_highlight(())
            self.changed.emit()

    def _clicked(self, mark: Mark) -> None:
        if self.preview is not None and self.preview.of == (mark.start, mark.end):
            self.mark()
        else:
            self.show(mark)
