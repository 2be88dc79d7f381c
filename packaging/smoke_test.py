"""Try an installer as a person without Python would, in an empty system without a network.

    python3 packaging/smoke_test.py dist/glossator_0.1.0_amd64.deb [--pictures DIR] [--short]

Installs the package, opens the window, labels by keyboard, kills the program, finds the labels
again, trains, inspects, redacts, upgrades over a running window, and uninstalls: the projects stay.
Writes what it measured to report.json and pictures of the window into DIR. Needs root and Debian's
debootstrap, xvfb, xdotool and imagemagick.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from glossator_installer.room import Room
from glossator_installer.screen import Screen
from pip_process import BootstrapError, complain, say

ROOT = Path(__file__).resolve().parent.parent
FIRST_WINDOW_SECONDS = 4.0
ADA, BEA = "ada", "bea"
HOME = f"/home/{ADA}"
PLACE = f"{HOME}/Meine Briefe (Übung)"
LETTERS = f"{PLACE}/briefe.glossator"
PASSAGES = f"{PLACE}/stellen.glossator"
KEYS = ("1", "2", "1", "3", "2", "1")
LABELS = "new claim,claim status,complaint,cancellation,other question"


class SmokeTest:
    """The steps, in a room with the package installed; each returns what it measured."""

    def __init__(self, room: Room, screen: Screen, package: Path, pictures: Path) -> None:
        self._room = room
        self._screen = screen
        self._package = package
        self._pictures = pictures
        self._log = pictures / "window.log"
        self._model = ""

    def run(self, *, short: bool) -> dict[str, Any]:
        """Go through all steps and return the report."""
        steps: list[tuple[str, Callable[[], Any]]] = [
            ("install", self.install),
            ("doctor", self.doctor),
            ("first window", self.open_first_window),
            ("label and kill", self.label_and_kill),
            ("train", self.train),
            ("inspect", self.inspect),
            ("redact", self.redact),
        ]
        if not short:
            steps += [
                ("a second person", self.second_person),
                ("a home that cannot be written", self.home_without_permission),
                ("a full disk", self.full_disk),
                ("upgrade over a running window", self.upgrade_while_running),
            ]
        steps.append(("uninstall", self.uninstall))
        report: dict[str, Any] = {}
        for name, step in steps:
            started = time.monotonic()
            measured = step()
            seconds = round(time.monotonic() - started, 1)
            report[name] = {"seconds": seconds, **(measured or {})}
            say(f"{name}: {json.dumps(report[name], ensure_ascii=False)}")
        return report

    # --- steps ----------------------------------------------------------------------------------

    def install(self) -> dict[str, Any]:
        """Install the package with what it depends on, the last time that a network is there."""
        shutil.copy(self._package, self._room.path("/root/glossator.deb"))
        self._room.run(["apt-get", "update", "-q"], network=True)
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        command = ["apt-get", "install", "-q", "-y", "--no-install-recommends"]
        self._room.run([*command, "/root/glossator.deb"], network=True, variables=quiet)
        if self._room.run(["sh", "-c", "command -v python3 python"], check=False).stdout:
            raise BootstrapError("There is a Python in the system that was to be without one.")
        for name in (ADA, BEA):
            self._room.add_user(name)
        os.umask(0o022)
        return {"version": self._glossator("--version").strip()}

    def doctor(self) -> dict[str, Any]:
        """Ask what the machine can do: the model libraries load, and the GPU is explained."""
        facts = self._json("doctor")
        if facts["problems"] or "The GPU is" not in facts["facts"]["GPU"]:
            raise BootstrapError(f"doctor found in the empty system: {facts}")
        return {"GPU": facts["facts"]["GPU"], "torch": facts["versions"]["torch"]}

    def open_first_window(self) -> dict[str, Any]:
        """Open the window as the menu does, with nothing in HOME, and once more."""
        Path("/proc/sys/vm/drop_caches").write_text("3\n", encoding="ascii")  # as after a boot
        first = self._open()
        time.sleep(1)
        self._picture("1-start")
        self._kill()
        second = self._open()
        self._kill()
        slowest = max(first, second)
        if slowest > FIRST_WINDOW_SECONDS:
            words = f"{slowest:.1f} s; {FIRST_WINDOW_SECONDS:g} are allowed."
            raise BootstrapError(f"The window took {words}")
        return {"first start": round(first, 2), "second start": round(second, 2)}

    def label_and_kill(self) -> dict[str, Any]:
        """Label by keyboard, kill the program, and find all of it again."""
        self._room.run(["mkdir", "-p", PLACE], ADA)
        self._write(f"{PLACE}/briefe.jsonl", _letters(labelled=120, more=20))
        self._glossator("new", LETTERS, "--labels", LABELS)
        self._glossator("import", LETTERS, f"{PLACE}/briefe.jsonl", "--add-labels")
        before = self._labelled()
        self._open(LETTERS)
        self._screen.press("ctrl+2", pause=1.5)
        self._screen.press(*KEYS)
        time.sleep(0.5)
        self._picture("2-annotate")
        self._kill()
        after = self._labelled()
        if after != before + len(KEYS):
            raise BootstrapError(
                f"{len(KEYS)} labels were given before the program was killed, and "
                f"{after - before} are there."
            )
        self._open(LETTERS)
        self._screen.press("ctrl+1", pause=1.5)
        self._picture("3-reopened")
        self._kill()
        return {"labels before": before, "labels after": after}

    def train(self) -> dict[str, Any]:
        """Train a classification head on the starter, without anything to be downloaded."""
        said = self._json("train", LETTERS, "--set", "train=head", "--set", "epochs=1")
        self._model = str(said["model"])
        return {"model": said["model"], "macro F1": said["metrics"]["macro_f1"]}

    def inspect(self) -> dict[str, Any]:
        """Look at the mistakes."""
        scores = self._json("evaluate", LETTERS, "--model", self._model)["metrics"]
        self._open(LETTERS)
        self._screen.press("ctrl+4", pause=3)
        self._picture("4-inspect")
        self._kill()
        return {"macro F1": scores["macro_f1"]}

    def redact(self) -> dict[str, Any]:
        """Mark nothing by hand: patterns find addresses, and what goes out is without them."""
        self._write(f"{PLACE}/stellen.jsonl", _marked(60))
        self._glossator("new", PASSAGES, "--task", "spans", "--labels", "PERSON,DATE,EMAIL,PHONE")
        self._glossator("import", PASSAGES, f"{PLACE}/stellen.jsonl")
        self._write(f"{PLACE}/brief.txt", "Write to jane@okafor.example or call 020 7946 0958.\n")
        clean = f"{PLACE}/brief-clean.txt"
        self._glossator("redact", f"{PLACE}/brief.txt", "--patterns", "email,phone", "--out", clean)
        written = self._room.path(clean).read_text(encoding="utf-8")
        if "okafor" in written or "7946" in written:
            raise BootstrapError(f"The redacted letter still says: {written}")
        self._open(PASSAGES)
        self._screen.press("ctrl+6", pause=3)
        self._picture("5-redact")
        self._screen.press("ctrl+2", pause=2)
        self._picture("6-passages")
        self._kill()
        return {"written": written.strip()}

    def second_person(self) -> dict[str, Any]:
        """Somebody else has settings, projects and a language of their own."""
        seconds = self._open(user=BEA, LANG="de_DE.UTF-8")
        self._screen.press("ctrl+n")
        self._screen.wait_for_window("Neues Projekt", 10)
        time.sleep(1)
        self._picture("7-second-person")
        self._kill()
        refused = self._try("check", LETTERS, user=BEA)
        return {"window": round(seconds, 2), "another's project": _last_line(refused)}

    def home_without_permission(self) -> dict[str, Any]:
        """Where nothing can be written the window still opens, and a command says why it cannot."""
        self._room.run(["chown", "root:root", f"/home/{BEA}"])
        self._room.run(["chmod", "555", f"/home/{BEA}"])
        seconds = self._open(user=BEA)
        time.sleep(1)
        self._picture("8-no-permission")
        self._kill()
        refused = self._try("new", f"/home/{BEA}/x.glossator", "--labels", "a,b", user=BEA)
        if "Traceback" in refused or not refused.strip():
            raise BootstrapError(f"Without a writable home the program said: {refused}")
        return {"window": round(seconds, 2), "command": _last_line(refused)}

    def full_disk(self) -> dict[str, Any]:
        """On a full disk a command says so, and the project stays whole."""
        script = (
            "mkdir -p /mnt/small && mount -t tmpfs -o size=1m,mode=1777 tmpfs /mnt/small && "
            f"cp '{PLACE}/briefe.jsonl' /mnt/small/ && "
            "head -c 2m /dev/zero > /mnt/small/filler; "
            "setpriv --reuid=ada --regid=ada --init-groups env HOME=/home/ada "
            "glossator new /mnt/small/x.glossator --labels a,b"
        )
        done = self._room.run(["sh", "-c", script], check=False)
        said = (done.stdout + done.stderr).strip()
        if done.returncode != 1 or "Traceback" in said:
            raise BootstrapError(f"On a full disk the program ended with {done.returncode}: {said}")
        return {"command": _last_line(said)}

    def upgrade_while_running(self) -> dict[str, Any]:
        """Install once more while the window is open: it goes on, and the labels are safe."""
        before = self._labelled()
        self._open(LETTERS)
        self._screen.press("ctrl+2", pause=1.5)
        self._screen.press("1", "2")
        self._room.run(["dpkg", "--install", "/root/glossator.deb"])
        self._screen.press("1", "2", pause=0.5)
        self._picture("9-upgraded")
        self._kill()
        after = self._labelled()
        if after != before + 4:
            raise BootstrapError(f"4 labels were given around the upgrade; {after - before} stand.")
        return {"labels": after - before}

    def uninstall(self) -> dict[str, Any]:
        """Take the program away; what people made with it stays."""
        self._room.run(["dpkg", "--remove", "glossator"])
        left = [str(path) for path in (self._room.path("/usr/lib/glossator"),) if path.exists()]
        kept = self._room.path(LETTERS)
        if left or not kept.is_file() or kept.stat().st_size < 10_000:
            raise BootstrapError(f"After the removal: left behind {left}, project {kept}.")
        return {"project": kept.stat().st_size}

    # --- inside ---------------------------------------------------------------------------------

    def _open(self, project: str = "", user: str = ADA, **variables: str) -> float:
        """Start the window and return the seconds until it was shown."""
        command = [self._program(), *([project] if project else [])]
        variables["DISPLAY"] = self._screen.display
        self._room.start(command, user, self._log, variables)
        seconds = self._screen.wait_for_window("Glossator", 60)
        self._screen.focus("Glossator")
        time.sleep(1)
        return seconds

    def _program(self) -> str:
        """What the desktop's menu starts."""
        entry = self._room.path("/usr/share/applications/glossator.desktop")
        lines = entry.read_text(encoding="utf-8").splitlines()
        (command,) = (line for line in lines if line.startswith("Exec="))
        return command.removeprefix("Exec=").split()[0]

    def _kill(self) -> None:
        self._room.kill_all()
        time.sleep(0.5)

    def _picture(self, name: str) -> None:
        self._screen.picture(self._pictures / f"{name}.png")

    def _glossator(self, *arguments: str) -> str:
        return self._room.run(["glossator", *arguments], ADA).stdout

    def _try(self, *arguments: str, user: str) -> str:
        done = self._room.run(["glossator", *arguments], user, check=False)
        return done.stdout + done.stderr

    def _json(self, *arguments: str) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self._glossator(*arguments, "--json").splitlines()[-1])
        return said

    def _labelled(self) -> int:
        out = f"{PLACE}/export-{time.monotonic_ns()}.jsonl"
        self._glossator("export", LETTERS, out, "--state", "labelled")
        return len(self._room.path(out).read_text(encoding="utf-8").splitlines())

    def _write(self, inside: str, content: str) -> None:
        path = self._room.path(inside)
        path.write_text(content, encoding="utf-8")
        self._room.run(["chown", f"{ADA}:{ADA}", inside])


def _letters(labelled: int, more: int) -> str:
    """Lines of letters, the first of them labelled by what their writers want."""
    sys.path.insert(0, str(ROOT))
    from resources import sample

    lines = []
    for number, letter in enumerate(sample.generate(labelled + more)):
        row = {"text": letter.content}
        if number < labelled:
            row["label"] = letter.intent
        lines.append(json.dumps(row, ensure_ascii=False))
    return "\n".join(lines) + "\n"


def _marked(count: int) -> str:
    """Lines of letters in which names and dates are marked."""
    sys.path.insert(0, str(ROOT))
    from resources import sample

    wanted = ("PERSON", "DATE", "EMAIL", "PHONE")
    lines = []
    for letter in sample.generate(count):
        spans = [[s.start, s.end, s.label] for s in letter.spans if s.label in wanted]
        lines.append(json.dumps({"text": letter.content, "spans": spans}, ensure_ascii=False))
    return "\n".join(lines) + "\n"


def _last_line(said: str) -> str:
    return (said.strip().splitlines() or [""])[-1]


def main(arguments: list[str]) -> int:
    """Carry out the command line; exit code 0, or 1 with one sentence."""
    parser = argparse.ArgumentParser(prog="smoke_test.py", description=__doc__.split("\n")[0])
    parser.add_argument("package", type=Path, help="the .deb to try")
    parser.add_argument("--pictures", type=Path, default=ROOT / "build" / "smoke")
    parser.add_argument("--short", action="store_true", help="leave out the unhappy cases")
    options = parser.parse_args(arguments)
    if os.geteuid() != 0:
        complain("An empty system is entered with chroot, which only root may do.")
        return 1
    shutil.rmtree(options.pictures, ignore_errors=True)
    options.pictures.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="glossator-smoke-") as folder:
        root = Path(folder) / "root"
        try:
            with Screen() as screen:
                room = Room.build(root)
                test = SmokeTest(room, screen, options.package.resolve(), options.pictures)
                try:
                    report = test.run(short=options.short)
                finally:
                    room.kill_all()
        except BootstrapError as error:
            complain(str(error))
            return 1
    words = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
    (options.pictures / "report.json").write_text(words, encoding="utf-8")
    say(f"All of it works. The report and the pictures are in {options.pictures}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
