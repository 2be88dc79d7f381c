"""Build the installer for the system that this runs on.

    python3 packaging/build.py [--output DIR] [--only application|gpu] [--quick]

Makes an environment of its own from the lock, freezes the application with the CPU build of torch,
checks how large it became, and writes the artefacts with their checksums, bill of materials and
licences into dist/. Needed are Python, ldd, strip and xz, and the system libraries of Qt.
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
import platform
import shutil
import subprocess
import time
import tomllib
from pathlib import Path

from glossator_installer import sizes
from glossator_installer.checksums import write_checksums
from glossator_installer.freeze import (
    NAME,
    commit_time,
    freeze_application,
    freeze_gpu_worker,
    work_folder,
)
from launch import duration
from pip_process import BootstrapError, complain, say
from system_packages import MANAGERS, PACKAGES, explain_missing, package_manager
from virtual_environment import GPU_INSTALLER, INSTALLER, Environment

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "installer"
CUDA = "cu130"
"""The build of torch for the GPU add-on; see torch_build.py for the cards it runs on."""
QUICK = 0
"""Preset of xz that packs in a third of the time, into half as much again."""


def main(arguments: list[str]) -> int:
    """Carry out the command line; exit code 0, or 1 with one sentence."""
    options = parser().parse_args(arguments)
    if options.system_packages:
        print(*system_packages_of_debian())
        return 0
    started = time.monotonic()
    try:
        environment = Environment(ROOT, GPU_INSTALLER if options.only == "gpu" else INSTALLER)
        if Path(sys.prefix) != environment.folder:
            # What follows runs in the environment, which has the libraries that it needs.
            check_system()
            environment.ensure(development=False, torch=CUDA if options.only == "gpu" else "cpu")
            command = [str(environment.python), str(Path(__file__).resolve()), *arguments]
            return subprocess.call(command)
        if options.only == "gpu":
            made = build_gpu_worker(environment, options.output.resolve())
        else:
            made = build(environment, options.output.resolve(), options)
    except BootstrapError as error:
        complain(str(error))
        return 1
    say(f"Built in {duration(time.monotonic() - started)}:")
    for path in made:
        size = f"{path.stat().st_size / sizes.MEGABYTE:.0f} MB" if path.is_file() else "a folder"
        say(f"  {path} ({size})")
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
    result.add_argument(
        "--only",
        choices=("application", "gpu"),
        help="only freeze the application; or build the GPU add-on, for which torch for CUDA is "
        "downloaded",
    )
    result.add_argument(
        "--quick", action="store_true", help="pack fast and loosely, to try the artefacts"
    )
    result.add_argument(
        "--system-packages",
        action="store_true",
        help="name the packages of Debian that building needs, and build nothing",
    )
    return result


def system_packages_of_debian() -> list[str]:
    """What has to be installed before `check_system` is content."""
    column = MANAGERS.index("apt")
    return sorted({"binutils", "xz-utils", *(packages[column] for packages in PACKAGES.values())})


def check_system() -> None:
    """Refuse to build where Qt's system libraries, which come along, are missing.

    Raises:
        BootstrapError: with the command that installs them.
    """
    linker = shutil.which("ldconfig") or "/sbin/ldconfig"
    if not sys.platform.startswith("linux") or not Path(linker).is_file():
        return
    known = subprocess.run([linker, "-p"], capture_output=True, text=True, check=False).stdout
    missing = [library for library in PACKAGES if f"\t{library} " not in known]
    if missing:
        raise BootstrapError(explain_missing(missing, package_manager()))


def build(environment: Environment, output: Path, options: argparse.Namespace) -> list[Path]:
    """Freeze, describe and pack the application; the artefacts."""
    epoch = commit_time(ROOT)
    say("Freezing the application, which takes some minutes ...")
    started = time.monotonic()
    application = freeze_application(environment.python, ROOT, WORK, epoch)
    say(f"Frozen in {duration(time.monotonic() - started)}.")
    output.mkdir(parents=True, exist_ok=True)
    described = describe(application, output, epoch)
    check_sizes(application)
    if options.only == "application":
        return [application]
    artefacts = pack(application, output, epoch, quick=options.quick)
    return [*artefacts, *described, write_checksums([*artefacts, *described], output)]


def build_gpu_worker(environment: Environment, output: Path) -> list[Path]:
    """Freeze and pack the GPU add-on; the artefacts.

    Raises:
        BootstrapError: if the torch that was to be had is not the one for CUDA.
    """
    from glossator_installer.gpu_package import write_gpu_packages

    probe = [str(environment.python), "-I", "-c", "import torch; print(torch.version.cuda or '')"]
    if not subprocess.run(probe, capture_output=True, text=True, check=True).stdout.strip():
        raise BootstrapError(
            "The GPU add-on needs torch for CUDA, and no place that pip asks here has it."
        )
    epoch = commit_time(ROOT)
    say("Freezing the GPU add-on, which takes some minutes ...")
    worker = freeze_gpu_worker(environment.python, ROOT, WORK, epoch)
    output.mkdir(parents=True, exist_ok=True)
    say("Packing, which takes some minutes ...")
    return write_gpu_packages(worker, output, program_version(), epoch, platform.machine())


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


def describe(application: Path, output: Path, epoch: int) -> list[Path]:
    """Write the licences into the application, and the bill of materials beside it."""
    import sysconfig
    from importlib.metadata import version

    from glossator_installer.bill import write_bill
    from glossator_installer.freeze import settle_times
    from glossator_installer.licences import collect, write_licences
    from glossator_installer.other_components import other_components, system_libraries
    from glossator_installer.shipped import shipped_distributions, system_library_files

    site_packages = Path(sysconfig.get_path("purelib")).resolve()
    work = work_folder(WORK, NAME)
    components = [
        *collect(site_packages, shipped_distributions(work, site_packages)),
        *other_components(program_version(), version("PySide6-Essentials")),
        *system_libraries(system_library_files(application, work, site_packages)),
    ]
    (_, page) = write_licences(components, application / "_internal" / "resources")
    settle_times(application, epoch)
    stem = f"Glossator-{program_version()}"
    beside = shutil.copy(page, output / f"{stem}-licences.txt")
    bill = write_bill(components, output / f"{stem}-bill-of-materials.cdx.json", epoch)
    say(f"{len(components)} components, each with its licence.")
    return [Path(beside), bill]


def pack(application: Path, output: Path, epoch: int, *, quick: bool) -> list[Path]:
    """Write what people install on this system."""
    if sys.platform == "win32":
        from glossator_installer.nsis import write_setup

        return write_setup(application, output, program_version(), epoch)
    if sys.platform == "darwin":
        from glossator_installer.macos.bundle import write_bundle

        return [write_bundle(application, output, program_version())]
    from glossator_installer.archive import PRESET
    from glossator_installer.deb import write_deb
    from glossator_installer.payload import write_payload
    from glossator_installer.selfextract import write_run

    say("Packing, which takes some minutes ...")
    preset = QUICK if quick else PRESET
    started = time.monotonic()
    target = WORK / "payload.tar.xz"
    payload = write_payload(application, target, program_version(), epoch, preset)
    say(f"Packed in {duration(time.monotonic() - started)}.")
    return [
        write_deb(payload, output, platform.machine()),
        write_run(payload, output, platform.machine()),
    ]


def program_version() -> str:
    """The version that pyproject.toml names."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        version: str = tomllib.load(file)["project"]["version"]
    return version


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
