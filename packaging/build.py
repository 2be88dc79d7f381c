"""Build the installer for the system that this runs on.

    python3 packaging/build.py [--output DIR] [--only application]

Makes an environment of its own from the lock, freezes the application with the CPU build of torch,
checks how large it became, and writes the artefacts with their checksums, bill of materials and
licences into dist/. Nothing but Python, a C library's tools (ldd, objdump) and xz is needed.
"""

import sys

from bootstrap import find_supported_python, is_supported

if __name__ == "__main__" and not is_supported(sys.version_info):
    import subprocess

    other = find_supported_python()
    if other is None:
        sys.exit("Building needs Python 3.11 to 3.13.")
    sys.exit(subprocess.call([other, *sys.argv]))

import argparse
import time
from pathlib import Path

from installer import sizes
from installer.freeze import commit_time, freeze_application
from launch import duration
from pip_process import BootstrapError, complain, say
from virtual_environment import INSTALLER, Environment

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "installer"


def main(arguments: list[str]) -> int:
    """Carry out the command line; exit code 0, or 1 with one sentence."""
    parser().parse_args(arguments)
    started = time.monotonic()
    try:
        application = build_application()
        check_sizes(application)
    except BootstrapError as error:
        complain(str(error))
        return 1
    say(f"Built in {duration(time.monotonic() - started)}: {application}")
    return 0


def parser() -> argparse.ArgumentParser:
    """The command line."""
    result = argparse.ArgumentParser(
        prog="build.py",
        description="Build the installer for the system that this runs on.",
        allow_abbrev=False,
    )
    result.add_argument(
        "--output", type=Path, default=ROOT / "dist", help="folder for the artefacts"
    )
    result.add_argument("--only", choices=("application",), help="stop there; nothing is packed")
    return result


def build_application() -> Path:
    """The frozen application's folder."""
    environment = Environment(ROOT, INSTALLER)
    environment.ensure(development=False, torch="cpu")
    say("Freezing the application, which takes some minutes ...")
    started = time.monotonic()
    application = freeze_application(environment.python, ROOT, WORK, commit_time(ROOT))
    say(f"Frozen in {duration(time.monotonic() - started)}.")
    return application


def check_sizes(application: Path) -> None:
    """Show what each library takes; refuse what grew without anybody having looked at it."""
    found = sizes.measure(application)
    budget = sizes.read_budget(sys.platform)
    say(sizes.report(found, budget))
    grown = sizes.growth(found, budget) if budget else []
    if grown:
        words = " ".join(each.words for each in grown)
        raise BootstrapError(
            f"The application is larger than expected. {words} If that has a reason, write the new "
            f"sizes into {sizes.BUDGET.relative_to(ROOT)}:\n\n{sizes.as_toml(found, sys.platform)}"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
