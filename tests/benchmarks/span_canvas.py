"""How fast the canvas for passages is: repaint, caret moves, and opening a long text.

Every figure is taken in a shown window of 1280 by 840 pixels, by real paint events:

- repaint: the whole view of a text of 20,000 characters with 500 passages, some of them nested,
  at places all over the text; jumps from one such place to another; one passage more;
- caret: a key press (by word, line, page and to both ends, with and without Shift) in a text of
  200,000 characters with 2,000 passages, until the view is painted again;
- open: `show_text` of 200,000 characters and the first paint, for a text in paragraphs, one in a
  single paragraph, one of short lines, and one without any space.

    python tests/benchmarks/span_canvas.py [--short]

The last line is JSON with the figures in milliseconds.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
import time
from collections.abc import Callable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from desktop.annotate.span_canvas import Mark, SpanCanvas
from desktop.preferences import open_settings
from desktop.theme.theme import Theme
from engine.api import LabelInfo

REPAINT_LIMIT_MS, CARET_LIMIT_MS, OPEN_LIMIT_MS = 16.0, 16.0, 150.0
_COLORS = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7", "#000000")
_SENTENCE = (
    "the water damage in basement of house was reported by telephone on same evening and our "
    "assessor Okafor visited Mill Lane in March with a letter about policy 4711 from insurance "
    "company that Ms Al-Rashid had signed before flood"
)
_NONE, _SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_KEYS = (
    *((Qt.Key.Key_Right, _NONE),) * 20,
    *((Qt.Key.Key_Right, _SHIFT),) * 6,
    *((Qt.Key.Key_Down, _NONE),) * 30,
    *((Qt.Key.Key_Right, _CTRL),) * 6,
    *((Qt.Key.Key_PageDown, _NONE),) * 10,
    *((Qt.Key.Key_Tab, _NONE),) * 8,
    (Qt.Key.Key_End, _CTRL),
    *((Qt.Key.Key_Left, _NONE),) * 10,
    *((Qt.Key.Key_Up, _SHIFT),) * 4,
    *((Qt.Key.Key_PageUp, _NONE),) * 5,
    (Qt.Key.Key_Home, _CTRL),
)


def prose(length: int, draw: random.Random, paragraph: int = 600) -> str:
    """Return made-up prose of about so many characters in paragraphs of about so many."""
    words = _SENTENCE.split()
    parts: list[str] = []
    size = since = 0
    while size < length:
        word = draw.choice(words)
        parts.append(word)
        size += len(word) + 1
        since += len(word) + 1
        parts.append("\n" if since > paragraph else " ")
        since = 0 if since > paragraph else since
    return "".join(parts)[:length]


def passages(content: str, count: int, draw: random.Random) -> list[Mark]:
    """Return so many passages all over a text; every fifth lies in the one before it."""
    found: list[Mark] = []
    for number in range(count):
        if number % 5 == 4:
            start = found[-1].start
            end = min(start + 4, found[-1].end)
        else:
            start = draw.randrange(len(content) - 40)
            end = start + draw.randint(3, 40)
        kind, sure = ("suggestion", draw.random()) if number % 3 == 2 else ("gold", None)
        found.append(Mark(start, end, draw.randrange(len(_COLORS)), kind, sure))
    return found


def milliseconds(action: Callable[[], object]) -> float:
    """Return how long an action takes."""
    before = time.perf_counter()
    action()
    return (time.perf_counter() - before) * 1000


def report(name: str, times: list[float]) -> tuple[float, float]:
    """Print p50, p99 and the worst, and return the first two."""
    times.sort()
    p50, p99 = times[len(times) // 2], times[min(int(len(times) * 0.99), len(times) - 1)]
    print(
        f"{name:<34} {len(times):>5} times  p50 {p50:6.2f} ms  p99 {p99:6.2f} ms  "
        f"worst {times[-1]:6.2f} ms",
        flush=True,
    )
    return p50, p99


def measure_repaint(canvas: SpanCanvas, times: int, draw: random.Random) -> list[float]:
    """Repaint the whole view at places all over a text with 500 passages."""
    content = prose(20_000, draw)
    canvas.show_text(content)
    canvas.set_marks(passages(content, 500, draw))
    QApplication.processEvents()
    found = []
    bar = canvas.verticalScrollBar()
    for number in range(times):
        bar.setValue(bar.maximum() * number // times)
        found.append(milliseconds(canvas.viewport().repaint))
    return found


def measure_scroll(canvas: SpanCanvas, times: int) -> list[float]:
    """Jump to places all over the text shown last, until the view is painted there."""
    found = []
    bar = canvas.verticalScrollBar()

    def jump(value: int) -> None:
        bar.setValue(value)
        canvas.viewport().repaint()

    for number in range(times):
        value = bar.maximum() * (number * 7 % times) // times
        found.append(milliseconds(lambda v=value: jump(v)))
    return found


def measure_mark(canvas: SpanCanvas, times: int, draw: random.Random) -> list[float]:
    """Add one passage after another to those of the text shown last, each until it is painted."""
    marks = canvas.marks()
    found = []

    def add(mark: Mark) -> None:
        canvas.set_marks([*marks, mark])
        QCoreApplication.sendPostedEvents()

    for number in range(times):
        start = (canvas.caret() + number) % 15_000
        canvas.set_caret(start)
        QApplication.processEvents()
        mark = Mark(start, start + draw.randint(3, 40), 1)
        found.append(milliseconds(lambda m=mark: add(m)))
    return found


def measure_caret(canvas: SpanCanvas, rounds: int, draw: random.Random) -> list[float]:
    """Press keys in a long text, each until what it changed is painted."""
    content = prose(200_000, draw)
    canvas.show_text(content)
    canvas.set_marks(passages(content, 2_000, draw))
    QApplication.processEvents()
    found = []

    def press(key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        QCoreApplication.sendEvent(canvas, QKeyEvent(QEvent.Type.KeyPress, key, modifiers))
        QCoreApplication.sendPostedEvents()

    for _ in range(rounds):
        for key, modifiers in _KEYS:
            found.append(milliseconds(lambda k=key, m=modifiers: press(k, m)))
            QApplication.processEvents()  # the paragraphs out of view are laid out here
    return found


def measure_open(canvas: SpanCanvas, content: str, times: int) -> list[float]:
    """Show a long text, until it is painted."""

    def open_() -> None:
        canvas.show_text(content)
        canvas.viewport().repaint()

    found = []
    for _ in range(times):
        canvas.show_text("")
        QApplication.processEvents()
        found.append(milliseconds(open_))
    return found


def main() -> None:
    """Measure, print, and say whether the limits are kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="a few seconds in all")
    short = parser.parse_args().short
    draw = random.Random(1)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ["GLOSSATOR_CONFIG_DIR"] = folder
        application = QApplication.instance() or QApplication([])
        assert isinstance(application, QApplication)
        theme = Theme(application, open_settings())
        canvas = SpanCanvas(theme)
        canvas.set_labels(
            [
                LabelInfo(number, 1, f"LABEL {number}", str(number), color, "", number)
                for number, color in enumerate(_COLORS)
            ]
        )
        canvas.resize(1280, 840)
        canvas.show()
        canvas.activateWindow()
        canvas.setFocus()
        QApplication.processEvents()
        measure_repaint(canvas, 20, draw)  # faces and glyphs are loaded after this
        repaint = report(
            "repaint, 500 passages", measure_repaint(canvas, 200 if short else 2000, draw)
        )
        scroll = report(
            "jump and repaint, 500 passages", measure_scroll(canvas, 200 if short else 2000)
        )
        mark = report("one passage more", measure_mark(canvas, 50 if short else 500, draw))
        caret = report(
            "key press, 200,000 characters", measure_caret(canvas, 4 if short else 30, draw)
        )
        texts = {
            "paragraphs": prose(200_000, draw),
            "one paragraph": prose(200_000, draw, 1_000_000),
            "short lines": prose(200_000, draw, 8),
            "no space": "x" * 200_000,
        }
        times = 5 if short else 30
        opened = {
            name: report(f"open, {name}", measure_open(canvas, content, times))
            for name, content in texts.items()
        }
        canvas.close()
        theme.close()
    slowest = max(p99 for _, p99 in opened.values())
    kept = (
        max(repaint[1], scroll[1], mark[1]) <= REPAINT_LIMIT_MS
        and caret[1] <= CARET_LIMIT_MS
        and slowest <= OPEN_LIMIT_MS
    )
    print(
        f"limits: repaint {REPAINT_LIMIT_MS:.0f} ms, key press {CARET_LIMIT_MS:.0f} ms, "
        f"open {OPEN_LIMIT_MS:.0f} ms: {'kept' if kept else 'NOT kept'}"
    )
    result = {
        "repaint_p50": repaint[0],
        "repaint_p99": repaint[1],
        "scroll_p50": scroll[0],
        "scroll_p99": scroll[1],
        "mark_p50": mark[0],
        "mark_p99": mark[1],
        "caret_p50": caret[0],
        "caret_p99": caret[1],
        "open_p50": opened["paragraphs"][0],
        "open_p99": slowest,
    }
    print(json.dumps({key: round(value, 2) for key, value in result.items()}))


if __name__ == "__main__":
    main()
