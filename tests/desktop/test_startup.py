"""The window starts fast because it leaves the heavy libraries to others."""

from __future__ import annotations

import subprocess
import sys

HEAVY = (
    "torch", "transformers", "datasets", "setfit", "sentence_transformers", "sklearn", "pandas",
    "sqlite_utils", "pyqtgraph", "numpy", "pyarrow",
)  # fmt: skip


def test_the_window_imports_no_heavy_library() -> None:
    code = f"import sys, desktop.app; print([m for m in {HEAVY!r} if m in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert result.stdout.strip() == "[]"
