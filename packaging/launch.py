"""The commands of bootstrap.py: `run`, `test` and `plan`."""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path

import system_packages
import torch_build
from pip_process import BootstrapError, Pip, complain, say
from virtual_environment import Environment, Stamp, choose, find_torch

ROOT = Path(__file__).resolve().parent.parent
# A start that changed nothing is not worth a line about it.
WORTH_TELLING_SECONDS = 3.0


def main(arguments: list[str]) -> int:
    """Carry out the command line; exit code 0, 1 with one sentence, 2 wrong usage, or the child's.

    Interrupted with Ctrl+C it is 130, and the next start repairs what was left.
    """
    options, rest = parser().parse_known_args(arguments)
    if rest and options.command != "test":
        parser().error(f"unrecognized arguments: {' '.join(rest)}")
    try:
        if options.command == "plan":
            return plan(options.torch)
        environment = prepare(options.torch, development=options.command == "test")
        if options.command == "test":
            return run_tests(environment, rest)
        return run_demo(environment, options.dir)
    except BootstrapError as error:
        complain(str(error))
        return 1
    except BrokenPipeError:
        # Whoever read the output has gone, as in `bootstrap.py plan | head -1`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        complain(f"The computer refused: {error}. Nothing but .venv was written.")
        return 1
    except KeyboardInterrupt:
        complain("Interrupted. The next start goes on from here.")
        return 130


def parser() -> argparse.ArgumentParser:
    """The command line."""
    result = argparse.ArgumentParser(
        prog="bootstrap.py",
        description="Run or test Glossator from a fresh clone.",
        allow_abbrev=False,
    )
    commands = result.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="open the sample project", allow_abbrev=False)
    run.add_argument("--dir", type=Path, help="folder for the sample project and its pictures")
    test = commands.add_parser(
        "test", help="run the tests; further arguments go to pytest", allow_abbrev=False
    )
    show = commands.add_parser(
        "plan", help="say what would be installed, and install nothing", allow_abbrev=False
    )
    for command in (run, test, show):
        command.add_argument(
            "--torch",
            choices=("auto", "cpu", "cuda"),
            default="auto",
            help="build of torch; auto takes CUDA where there is an NVIDIA card",
        )
    return result


def prepare(torch: str, development: bool) -> Environment:
    """The environment, complete and with all that Qt needs from the system."""
    started = time.monotonic()
    environment = Environment(ROOT)
    stamp = environment.ensure(development=development, torch=torch)
    check_qt(environment, stamp)
    seconds = time.monotonic() - started
    if seconds > WORTH_TELLING_SECONDS:
        say(f"Ready after {duration(seconds)}.")
    return environment


def check_qt(environment: Environment, stamp: Stamp) -> None:
    """Refuse to start where system libraries are missing; look once for each Qt platform."""
    platform = system_packages.qt_platform()
    if platform in stamp.qt_platforms:
        return
    missing = system_packages.missing_libraries(environment.python, platform)
    if missing:
        manager = system_packages.package_manager()
        raise BootstrapError(system_packages.explain_missing(missing, manager))
    stamp.qt_platforms.append(platform)
    environment.write_stamp(stamp)


def run_tests(environment: Environment, arguments: list[str]) -> int:
    """Run pytest with `arguments`; its exit code."""
    return start([str(environment.python), "-m", "pytest", *arguments])


def run_demo(environment: Environment, folder: Path | None) -> int:
    """Open the sample project; without a display, take its pictures instead."""
    program = [str(environment.script("glossator")), "demo"]
    if system_packages.has_display():
        return start([*program, *(["--dir", str(folder.resolve())] if folder else [])])
    say("There is no display here: the program runs the sample project and takes pictures.")
    folder = (folder or ROOT / "build" / "demo").resolve()
    code = start([*program, "--headless", "--dir", str(folder)])
    if code == 0:
        pictures = len(list(folder.glob("*.png")))
        say(f"The report is {folder / 'report.json'}; {pictures} pictures lie beside it.")
    return code


def start(command: list[str]) -> int:
    """Run `command` in the project's folder to its end; its exit code as a shell would give it."""
    code = subprocess.call(command, cwd=ROOT, env=child_environment(dict(os.environ)))
    return 128 - code if code < 0 else code


def child_environment(variables: dict[str, str]) -> dict[str, str]:
    """`variables` as the program should see them."""
    # Both would mix another installation's modules into this one.
    result = {k: v for k, v in variables.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    if not system_packages.has_display():
        result.setdefault("QT_QPA_PLATFORM", "offscreen")
    return result


def plan(torch: str) -> int:
    """Say what `run` would install here."""
    environment = Environment(ROOT)
    gpus = torch_build.find_gpus()
    build = choose(torch, gpus)
    stamp = environment.read_stamp()
    say(f"Python {sys.version.split()[0]} ({sys.executable})")
    if stamp is not None and environment.is_usable(stamp):
        current = environment.is_current(stamp, development=False, torch=torch)
        say(f"{environment.folder}: {'complete' if current else 'to be brought up to date'}")
    else:
        say(f"{environment.folder}: to be made")
    say(torch_build.explain(build, gpus))
    say("Places to ask for torch, in this order:")
    for number, source in enumerate(torch_build.sources(build), start=1):
        say(f"  {number}. {source}")
    if importlib.util.find_spec("pip") is not None:
        say(f"Found: {find_torch(Pip(Path(sys.executable), Path(os.devnull)), build)}")
    return 0


def duration(seconds: float) -> str:
    """Words for a time span."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
