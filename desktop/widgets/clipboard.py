"""Texts on their way to the clipboard."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QStringListModel


def clipboard_data(text: str) -> QMimeData:
    """`text` for the clipboard, in an object that Qt made.

    The clipboard outlives the interpreter on some platforms, and an object made in Python is then
    taken apart without one: the program ended with a segmentation fault after a copy.
    """
    model = QStringListModel([""])
    data = model.mimeData([model.index(0)])
    data.clear()
    data.setText(text)
    return data
