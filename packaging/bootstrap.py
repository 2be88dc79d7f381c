"""Run or test Glossator from a fresh clone; nothing but Python is needed beforehand.

    python3 packaging/bootstrap.py run [--dir DIR]
    python3 packaging/bootstrap.py test [arguments for pytest]
    python3 packaging/bootstrap.py plan

The first start makes an environment in .venv and installs what is needed into it, with the CPU or
the CUDA build of torch as this machine has a graphics card or not. Later starts take no time.

This file is read by whatever Python is at hand, so it keeps to the syntax of Python 3.6. The work
is done by launch.py beside it.
"""

import shutil
import subprocess
import sys

OLDEST = (3, 11)
NEWEST = (3, 13)


def is_supported(version: tuple) -> bool:
    """Whether (major, minor, ...) is a Python that the locked libraries are made for."""
    return OLDEST <= tuple(version[:2]) <= NEWEST


def find_supported_python() -> "str | None":
    """Path of a supported Python under its usual name on PATH, the newest first, or None."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        path = shutil.which(f"python3.{minor}")
        # A name on PATH may be a version manager's stand-in for a Python that is not there.
        if path is not None and subprocess.call([path, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            return path
    return None


def main() -> int:
    """Hand over to launch.py under a supported Python; the exit code."""
    if is_supported(sys.version_info):
        import launch

        return launch.main(sys.argv[1:])
    running = ".".join(map(str, sys.version_info[:2]))
    other = find_supported_python()
    if other is not None:
        print(f"This is Python {running}; going on with {other}.", flush=True)
        return subprocess.call([other, *sys.argv])
    sys.stderr.write(
        f"Glossator needs Python 3.{OLDEST[1]} to 3.{NEWEST[1]}, and this is Python {running}. "
        "Install one of them from python.org or with your system's package manager, and start "
        f"this file with it, for example: python3.{NEWEST[1]} packaging/bootstrap.py run\n"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
