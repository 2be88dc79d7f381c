"""Draw the installers' icons from resources/icons/glossator.svg into the folder icons beside this.

    python packaging/glossator_installer/draw_icons.py

To be run, and its results committed, when the drawing changes. Needs the program's environment, for
Qt; the installers themselves are then built without it.
"""

from __future__ import annotations

import struct
from pathlib import Path

HERE = Path(__file__).resolve().parent
DRAWING = HERE.parents[1] / "resources" / "icons" / "glossator.svg"
TARGET = HERE / "icons"

WINDOWS_SIZES = (16, 32, 48, 256)
# Apple's names for PNG pictures of these sizes; those of retina screens are twice as large.
APPLE_TYPES = {128: b"ic07", 256: b"ic08", 512: b"ic09", 1024: b"ic10", 32: b"ic11", 64: b"ic12"}


def png(size: int) -> bytes:
    """The drawing as a PNG of `size` pixels."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(DRAWING)).render(painter)
    painter.end()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(content.data())


def ico(pictures: dict[int, bytes]) -> bytes:
    """An icon for Windows of PNG pictures by their size (256 pixels are written as 0)."""
    head = struct.pack("<HHH", 0, 1, len(pictures))
    offset = len(head) + 16 * len(pictures)
    for size, picture in sorted(pictures.items()):
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), offset)
        offset += len(picture)
    return head + b"".join(picture for _, picture in sorted(pictures.items()))


def icns(pictures: dict[int, bytes]) -> bytes:
    """An icon for macOS of PNG pictures by their size."""
    parts = [
        APPLE_TYPES[size] + struct.pack(">I", len(picture) + 8) + picture
        for size, picture in sorted(pictures.items())
    ]
    body = b"".join(parts)
    return b"icns" + struct.pack(">I", len(body) + 8) + body


def main() -> None:
    """Write all of them."""
    TARGET.mkdir(exist_ok=True)
    for size in (48, 128):
        (TARGET / f"glossator-{size}.png").write_bytes(png(size))
    (TARGET / "glossator.ico").write_bytes(ico({size: png(size) for size in WINDOWS_SIZES}))
    (TARGET / "glossator.icns").write_bytes(icns({size: png(size) for size in APPLE_TYPES}))


if __name__ == "__main__":
    main()
