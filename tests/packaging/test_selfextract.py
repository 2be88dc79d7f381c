"""The self-extracting file: installed for one person, never half, and people's files stay."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

MakeApplication = Callable[..., Path]
Run = Callable[..., subprocess.CompletedProcess[str]]
EPOCH = 1_700_000_000

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="an installer for Linux")
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
SHELLS = [
    pytest.param(
        shell,
        marks=pytest.mark.skipif(shutil.which(shell.split()[0]) is None, reason=f"no {shell} here"),
    )
    for shell in ("dash", "busybox sh", "bash")
]


@pytest.fixture(scope="session")
def files(
    installer_modules: Callable[[str], ModuleType],
    make_application: MakeApplication,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, Path]:
    """The self-extracting files of two versions."""
    made = {}
    for version in ("0.1.0", "0.2.0"):
        folder = tmp_path_factory.mktemp("version")
        folder.parent.chmod(0o755)
        folder.chmod(0o755)
        application = make_application(folder / "application", version.encode())
        payload = installer_modules("payload").write_payload(
            application, folder / "payload.tar.xz", version, EPOCH
        )
        made[version] = installer_modules("selfextract").write_run(payload, folder)
    return made


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A person's own folder, with a name as people have."""
    folder = tmp_path / "Jürgen Groß $1 100%"
    folder.mkdir()
    return folder


@pytest.fixture
def run(files: dict[str, Path], home: Path) -> Run:
    """Starts an installer: ``run("--help", version="0.2.0", shell="bash")``."""

    def start(
        *arguments: str | Path,
        file: Path | None = None,
        version: str = "0.1.0",
        shell: str = "sh",
        path: str = f"{os.defpath}:/usr/bin:/bin",
        before: tuple[str, ...] = (),
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*before, *shell.split(), str(file or files[version]), *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            env={"HOME": str(home), "PATH": path, "LANG": "C.UTF-8"},
        )

    return start


@pytest.fixture
def target(home: Path) -> Path:
    """Where the program comes to lie."""
    return home / ".local/share/glossator/app"


def version_in(target: Path) -> str:
    return (target / "_internal/libone.so.1").read_text(encoding="utf-8")


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """The one line with which an installer refused."""
    assert done.returncode == 1, done
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def leftovers(target: Path) -> list[str]:
    return [path.name for path in target.parent.iterdir() if path.name.startswith(".")]


# --- what it does ------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", SHELLS)
def test_it_installs_for_one_person_and_is_removed(
    run: Run, home: Path, target: Path, shell: str
) -> None:
    done = run(shell=shell)
    assert done.returncode == 0, done.stderr
    assert version_in(target) == "0.1.0"
    assert (target / "_internal/libone.so").readlink() == Path("libone.so.1")
    launcher = home / ".local/bin/glossator"
    assert launcher.resolve() == target / "glossator"
    assert subprocess.run([launcher, "0"], check=True).returncode == 0
    share = home / ".local/share"
    assert (share / "mime/packages/glossator.xml").is_file()
    assert (share / "icons/hicolor/48x48/apps/glossator.png").is_file()
    assert (share / "man/man1/glossator.1.gz").is_file()
    assert leftovers(target) == []

    for folder in ("glossator/models", "../../.config/glossator", "../../letters.models"):
        (share / folder).mkdir(parents=True)
        (share / folder / "kept").touch()
    (home / "letters.glossator").touch()
    done = run("--uninstall", file=target / "install.sh", shell=shell)
    assert done.returncode == 0, done.stderr
    kept = {path.name for path in home.rglob("*") if path.is_file() and "mime" not in str(path)}
    assert kept == {"kept", "letters.glossator"}
    assert not launcher.is_symlink()


def test_the_menu_entry_starts_it_from_a_folder_with_any_name(run: Run, target: Path) -> None:
    assert run().returncode == 0
    entry = target.parents[1] / "applications/glossator.desktop"
    line = next(x for x in entry.read_text(encoding="utf-8").splitlines() if x.startswith("Exec="))
    # As the standard reads it: escapes of the file, then those of the quotes, then the codes.
    words = line.removeprefix("Exec=").replace("\\\\", "\\").removesuffix(" %f")
    assert words[0] == words[-1] == '"'
    path = words[1:-1].replace("\\$", "$").replace("%%", "%")
    assert path == str(target / "glossator-window")
    validator = shutil.which("desktop-file-validate")
    if validator is not None:
        assert subprocess.run([validator, entry], capture_output=True, check=True).stdout == b""


def test_a_newer_version_takes_its_place(run: Run, target: Path) -> None:
    assert run().returncode == 0
    assert run(version="0.2.0").returncode == 0
    assert version_in(target) == "0.2.0"
    assert leftovers(target) == []


def test_another_folder_can_be_named(run: Run, home: Path, tmp_path: Path) -> None:
    prefix = tmp_path / "other place"
    assert run("--prefix", prefix).returncode == 0
    assert version_in(prefix) == "0.1.0"
    assert (home / ".local/bin/glossator").resolve() == prefix / "glossator"
    assert run("--uninstall", f"--prefix={prefix}").returncode == 0
    assert not prefix.exists()
    assert not (home / ".local/bin/glossator").is_symlink()


def test_the_files_can_be_taken_out_without_installing(run: Run, home: Path) -> None:
    assert run("--extract", home / "out").returncode == 0
    assert (home / "out/usr/share/mime/packages/glossator.xml").is_file()
    assert [path.name for path in home.iterdir()] == ["out"]
    assert "is there already" in refusal(run("--extract", home / "out"))


def test_help_names_every_option(run: Run) -> None:
    done = run("--help")
    assert done.returncode == 0
    for option in ("--prefix", "--uninstall", "--extract", "--force"):
        assert option in done.stdout


@pytest.mark.parametrize("arguments", [("--upgrade",), ("--prefix",), ("somewhere",)])
def test_a_wrong_call_is_told_apart(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).returncode == 2


def test_a_program_of_that_name_is_left_as_it_is(run: Run, home: Path) -> None:
    other = home / ".local/bin/glossator"
    other.parent.mkdir(parents=True)
    other.write_text("#!/bin/sh\n")
    done = run()
    assert done.returncode == 0
    assert f"Another program is called {other}" in done.stdout
    assert other.read_text() == "#!/bin/sh\n"
    assert run("--uninstall").returncode == 0
    assert other.is_file()


# --- what it refuses ---------------------------------------------------------------------------


def test_a_damaged_file_is_refused(run: Run, files: dict[str, Path], home: Path) -> None:
    damaged = home / "damaged.run"
    content = bytearray(files["0.1.0"].read_bytes())
    content[-1000] ^= 1
    damaged.write_bytes(content)
    assert "is damaged" in refusal(run(file=damaged))
    damaged.write_bytes(content[:-1000])
    assert f"{len(content) - 1000} of {len(content)} bytes" in refusal(run(file=damaged))
    assert [path.name for path in home.iterdir()] == ["damaged.run"]


@pytest.mark.parametrize("tool", ["tar", "xz", "sha256sum"])
def test_a_missing_tool_is_named(run: Run, tmp_path: Path, tool: str) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in {"sh", "tar", "xz", "sha256sum", "uname", "getconf", "dirname", "basename", "cat"}:
        found = shutil.which(name)
        if name != tool and found is not None:
            (tools / name).symlink_to(found)
    done = run(path=str(tools), shell=str(tools / "sh"))
    assert f"the program {tool} is missing" in refusal(done)


def test_a_running_program_is_not_replaced(run: Run, target: Path) -> None:
    assert run().returncode == 0
    with subprocess.Popen([target / "glossator-window", "60"]) as running:
        for arguments in ((), ("--uninstall",)):
            sentence = refusal(run(*arguments, version="0.2.0"))
            assert f"is running from {target} (process {running.pid})" in sentence
        assert version_in(target) == "0.1.0"
        assert leftovers(target) == []
        assert run("--force", version="0.2.0").returncode == 0
        assert running.poll() is None
        running.kill()
    assert version_in(target) == "0.2.0"


def test_a_folder_of_somebody_else_is_never_replaced(run: Run, home: Path) -> None:
    thesis = home / "thesis"
    thesis.mkdir()
    (thesis / "chapter.txt").write_text("years of work")
    assert "holds something that is not Glossator" in refusal(run("--prefix", thesis))
    assert "no Glossator in" in refusal(run("--uninstall", "--prefix", thesis))
    assert (thesis / "chapter.txt").read_text() == "years of work"


def test_the_installed_script_alone_installs_nothing(run: Run, target: Path) -> None:
    assert run().returncode == 0
    assert "without the program itself" in refusal(run(file=target / "install.sh"))
    assert version_in(target) == "0.1.0"


def test_two_installations_at_once_do_not_meet(run: Run, target: Path) -> None:
    lock = target.parent / ".app.lock"
    lock.mkdir(parents=True)
    (lock / "pid").write_text(str(os.getpid()))
    assert f"another installation (process {os.getpid()})" in refusal(run())
    (lock / "pid").write_text("999999999")  # one that was killed
    assert run().returncode == 0


@pytest.mark.skipif(not IS_ROOT, reason="becoming another person takes root")
def test_a_folder_that_cannot_be_written_is_named(
    files: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = Path(f"/var/tmp/glossator-test-{os.getpid()}")
    home.mkdir(mode=0o755)
    try:
        file = home / "installer.run"
        shutil.copy(files["0.1.0"], file)
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        done = subprocess.run(
            [*nobody, "sh", str(file)],
            capture_output=True,
            text=True,
            check=False,
            env={"HOME": str(home), "PATH": os.defpath},
        )
        sentence = refusal(done)
        assert f"the folder {home}/.local/share/glossator cannot be made" in sentence
        assert "--prefix DIR" in sentence
        assert [path.name for path in home.iterdir()] == ["installer.run"]
    finally:
        shutil.rmtree(home)


# --- what goes wrong on the way ----------------------------------------------------------------


@pytest.fixture
def small_disk(home: Path) -> Iterator[Path]:
    """A disk of 400 kB in the person's folder, which holds one version and no second."""
    if not IS_ROOT:
        pytest.skip("mounting a small disk takes root")
    disk = home / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(disk)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting is not allowed here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_too_little_space_is_told_beforehand(run: Run, small_disk: Path) -> None:
    assert run("--prefix", small_disk / "app").returncode == 0
    (small_disk / "big").write_bytes(bytes(150_000))
    sentence = refusal(run("--prefix", small_disk / "app", version="0.2.0"))
    assert "Glossator needs 1 MB" in sentence
    assert version_in(small_disk / "app") == "0.1.0"


def test_a_disk_that_becomes_full_leaves_the_old_version(
    run: Run, small_disk: Path, tmp_path: Path
) -> None:
    assert run("--prefix", small_disk / "app").returncode == 0
    (small_disk / "big").write_bytes(bytes(150_000))
    # As where somebody else fills the disk while this unpacks.
    (tmp_path / "df").write_text("#!/bin/sh\n")
    (tmp_path / "df").chmod(0o755)
    done = run(
        "--prefix", small_disk / "app", version="0.2.0", path=f"{tmp_path}:{os.defpath}"
    )  # fmt: skip
    assert "the disk became full" in refusal(done)
    assert version_in(small_disk / "app") == "0.1.0"
    assert sorted(path.name for path in small_disk.iterdir()) == ["app", "big"]


def test_an_interruption_leaves_the_old_version(
    run: Run, files: dict[str, Path], home: Path, target: Path, tmp_path: Path
) -> None:
    assert run().returncode == 0
    # An xz that never ends, so that the installer is surely at work when it is interrupted.
    (tmp_path / "xz").write_text(f'#!/bin/sh\ntouch "{tmp_path}/started"\nexec sleep 60\n')
    (tmp_path / "xz").chmod(0o755)
    environment = {"HOME": str(home), "PATH": f"{tmp_path}:{os.defpath}"}
    with subprocess.Popen(
        ["sh", files["0.2.0"]], env=environment, stdout=subprocess.DEVNULL, start_new_session=True
    ) as process:
        while not (tmp_path / "started").exists():
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGTERM)  # as closing a terminal does, to all of it
        assert process.wait(10) == 143
    assert version_in(target) == "0.1.0"
    assert leftovers(target) == []


def test_the_next_start_mends_what_a_killed_one_left(run: Run, target: Path) -> None:
    assert run().returncode == 0
    target.rename(target.parent / ".app.old")  # killed between its two renamings
    (target.parent / ".app.new.a1b2c3/usr").mkdir(parents=True)
    assert run("--uninstall").returncode == 0
    assert not target.exists()
    assert run().returncode == 0
    target.rename(target.parent / ".app.old")
    assert run(version="0.2.0").returncode == 0
    assert version_in(target) == "0.2.0"
    assert leftovers(target) == []
