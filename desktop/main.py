"""The console script: opens the window, or hands over to the command line.

Nothing heavy is imported before it is known which: a command never waits for Qt, and neither the
window nor a command loads a model library into this process.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any


class Window:
    """What the command line may ask of the window (`engine.cli.demo_command.Desktop`)."""

    def open_window(self, project: Path | None) -> int:
        """Open the window, on a project or on the start page."""
        _choose_language()
        from desktop.app import run

        return run(project)

    def open_sample(self, folder: Path | None) -> int:
        """Open the window on the sample project, which is made if it is not there yet."""
        if folder is not None:
            os.environ["GLOSSATOR_SAMPLE_DIR"] = str(folder.absolute())
        _choose_language()
        from desktop.app import run

        return run(sample=True)

    def take_pictures(self, folder: Path) -> dict[str, Any]:
        """Drive the window through the sample project without a screen."""
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        from desktop.demo import run

        return run(headless=True, directory=folder)


def _choose_language() -> None:
    # Before the window's modules are imported: words of the language are constants of theirs.
    from desktop.language import choose_for_window
    from desktop.preferences import open_settings

    choose_for_window(open_settings())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code."""
    from engine.cli.main import run

    return run(arguments, desktop=Window())


if __name__ == "__main__":
    sys.exit(main())
