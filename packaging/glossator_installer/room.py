"""An empty system to try an installation in: a Debian root without Python, network or files.

Made with debootstrap, entered with chroot in a mount and network namespace of its own; only the
socket of the test's own screen leads out of it. Needs root, as every chroot does.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from pip_process import BootstrapError

MIRROR = "http://deb.debian.org/debian"
SCREENS = Path("/tmp/.X11-unix")
PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"
_ENTER = f"""
mount -t proc proc "$1/proc" && mount -t tmpfs -o mode=1777 tmpfs "$1/dev" || exit 125
mkdir "$1/dev/shm" && mount -t tmpfs -o mode=1777 tmpfs "$1/dev/shm" || exit 125
for name in null zero full random urandom tty; do
    touch "$1/dev/$name" && mount --bind "/dev/$name" "$1/dev/$name" || exit 125
done
ln -s /proc/self/fd "$1/dev/fd"
mkdir -p "$1/tmp/.X11-unix"
[ ! -d {SCREENS} ] || mount --bind {SCREENS} "$1/tmp/.X11-unix" || exit 125
root="$1"; shift
exec chroot "$root" "$@"
"""


class Room:
    """The root folder of an empty system, and programs that run in it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def build(cls, root: Path, suite: str = "bookworm") -> Room:
        """Make the root with Debian's smallest system, for which the network is needed.

        Raises:
            BootstrapError: if there is no debootstrap, or it failed.
        """
        if shutil.which("debootstrap") is None:
            raise BootstrapError(
                "An empty system is made with debootstrap, which is missing here: "
                "apt-get install debootstrap"
            )
        command = ["debootstrap", "--variant=minbase", suite, str(root), MIRROR]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode != 0:
            last = "\n".join(made.stdout.splitlines()[-5:])
            raise BootstrapError(f"debootstrap could not make an empty system:\n{last}")
        return cls(root)

    def path(self, inside: str) -> Path:
        """Where a path of the room lies outside it."""
        return self.root / inside.lstrip("/")

    def add_user(self, name: str) -> None:
        """Add a person with an empty home."""
        self.run(["useradd", "--create-home", "--skel", "/nonexistent", name])

    def run(
        self,
        command: Sequence[str],
        user: str = "root",
        *,
        variables: dict[str, str] | None = None,
        network: bool = False,
        timeout: float = 900.0,
        check: bool = True,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program in the room to its end.

        Raises:
            BootstrapError: if it fails and `check` is set; what it said is in the message.
        """
        done = subprocess.run(
            self._command(command, user, variables, network),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if check and done.returncode != 0:
            said = (done.stdout + done.stderr).strip().splitlines()[-15:]
            words = shlex.join(command)
            raise BootstrapError(
                f"“{words}” ended with {done.returncode} in the empty system:\n" + "\n".join(said)
            )
        return done

    def start(
        self, command: Sequence[str], user: str, log: Path, variables: dict[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a program in the room, without a network, and go on; what it says goes to `log`."""
        with log.open("ab") as file:
            return subprocess.Popen(
                self._command(command, user, variables, network=False),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
            )

    def processes(self) -> list[int]:
        """The processes whose root is the room."""
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                if (entry / "root").readlink() == self.root:
                    found.append(int(entry.name))
            except OSError:
                continue
        return found

    def kill_all(self) -> None:
        """Kill every process in the room, as a failing power supply would."""
        for process in self.processes():
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def _command(
        self,
        command: Sequence[str],
        user: str,
        variables: dict[str, str] | None,
        network: bool,
    ) -> list[str]:
        home = "/root" if user == "root" else f"/home/{user}"
        given = {"PATH": PATH, "HOME": home, "USER": user, "LANG": "C.UTF-8", **(variables or {})}
        spaces = ["unshare", "--mount", "--fork", "--kill-child"]
        spaces += [] if network else ["--net"]
        pairs = [f"{name}={value}" for name, value in given.items()]
        as_user = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"]
        program = ["env", "-i", *pairs, *([] if user == "root" else as_user), *command]
        return [*spaces, "sh", "-c", _ENTER, "enter", str(self.root), *program]
