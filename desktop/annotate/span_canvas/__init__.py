"""A text to mark passages in, by keyboard or mouse."""

from desktop.annotate.span_canvas.canvas import SpanCanvas
from desktop.annotate.span_canvas.marks import Mark

__all__ = ["Mark", "SpanCanvas"]
