"""A screen for a test: an X server without a monitor, keys pressed on it, and pictures of it."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from pip_process import BootstrapError

TOOLS = {"Xvfb": "xvfb", "xdotool": "xdotool", "import": "imagemagick"}
"""Programs that are needed, and the Debian packages that have them."""
NUMBER = 77


class Screen:
    """The server runs while the object is used as a context manager."""

    def __init__(self, size: str = "1180x780") -> None:
        missing = [package for tool, package in TOOLS.items() if shutil.which(tool) is None]
        if missing:
            raise BootstrapError(
                f"Looking at the window takes programs that are missing here: apt-get install "
                f"{' '.join(missing)}"
            )
        self._size = size
        self._server: subprocess.Popen[bytes] | None = None
        self.display = f":{NUMBER}"

    def __enter__(self) -> Self:
        command = ["Xvfb", self.display, "-screen", "0", f"{self._size}x24", "-nolisten", "tcp"]
        self._server = subprocess.Popen(
            [*command, "-ac", "-noreset"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 20
        while self._tool("getmouselocation", check=False) is None:
            if time.monotonic() > deadline:
                raise BootstrapError("The screen for the test did not come up.")
            time.sleep(0.1)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.terminate()
            self._server.wait()

    def wait_for_window(self, title: str, seconds: float) -> float:
        """Wait until a window with this in its title is shown, and return how long that took.

        Raises:
            BootstrapError: if none came in time.
        """
        started = time.monotonic()
        while time.monotonic() - started < seconds:
            if self._tool("search", "--onlyvisible", "--name", title, check=False):
                return time.monotonic() - started
            time.sleep(0.05)
        raise BootstrapError(f"No window “{title}” was shown within {seconds:g} seconds.")

    def focus(self, title: str) -> None:
        """Give the keyboard to the window."""
        window = (self._tool("search", "--onlyvisible", "--name", title) or "").split()[-1]
        self._tool("windowfocus", "--sync", window)

    def press(self, *keys: str, pause: float = 0.25) -> None:
        """Press keys, one after the other: "1", "ctrl+2", "Return"."""
        for key in keys:
            self._tool("key", key)
            time.sleep(pause)

    def picture(self, file: Path) -> None:
        """Keep what is on the screen in a PNG file."""
        command = ["import", "-display", self.display, "-window", "root", str(file)]
        subprocess.run(command, check=True, timeout=60)

    def _tool(self, *arguments: str, check: bool = True) -> str | None:
        done = subprocess.run(
            ["xdotool", *arguments],
            env={"DISPLAY": self.display, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return done.stdout.strip() or "yes"
        if check:
            raise BootstrapError(f"xdotool {' '.join(arguments)} failed: {done.stderr.strip()}")
        return None
