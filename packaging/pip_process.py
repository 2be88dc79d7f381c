"""Run pip in an environment: progress in plain words, everything in a log, failures explained."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

PROGRESS_SECONDS = 10.0

# First match wins: a full disk may well end in a message about the network.
REASONS: tuple[tuple[str, str], ...] = (
    (
        r"No space left on device|Errno 28\b|not enough space on the disk|disk quota exceeded",
        "The disk is full. Free some space and run the same command again; "
        "what was downloaded already is kept.",
    ),
    (
        r"DO NOT MATCH THE HASHES|Hashes are required in --require-hashes",
        "A downloaded file is not the one this version of Glossator was tested with, so nothing of "
        "it was installed. Try again; if it happens again, the package index in use serves "
        "altered files.",
    ),
    (
        r"Windows Long Path support",
        "Windows refused a long path. Move this folder closer to the root of the drive, "
        "or switch on long paths, and run the same command again.",
    ),
    (
        r"Permission denied|Errno 13\b|Access is denied",
        "Writing was refused. Check that this folder belongs to you and that no other program "
        "is running from it.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError",
        "The secure connection to the package index could not be verified. On a company network, "
        "give pip its certificate: pip config set global.cert FILE",
    ),
    (
        # An index that knows no version at all of a package we lock did not answer.
        r"name resolution|getaddrinfo failed|nodename nor servname|NewConnectionError"
        r"|ConnectTimeout|ReadTimeout|Read timed out|ProxyError|Connection reset|Max retries"
        r"|\(from versions: none\)",
        "The package index could not be reached. The first start needs the network; "
        "check the connection or the proxy and run the same command again.",
    ),
    (
        r"No matching distribution found for (?P<wanted>\S+)",
        "There is no ready-made package of {wanted} for this computer and this Python.",
    ),
)


class BootstrapError(Exception):
    """The world is at fault; the message is one clear sentence for the person at the keyboard."""


def explain_failure(output: str) -> str:
    """One sentence for what pip printed before it failed."""
    for pattern, sentence in REASONS:
        found = re.search(pattern, output, re.IGNORECASE)
        if found is not None:
            return sentence.format(**found.groupdict())
    return "Installing failed for a reason that is not known here; the log has the details."


class Pip:
    """pip of the environment whose interpreter is `python`, writing all it prints to `log`."""

    def __init__(self, python: Path, log: Path) -> None:
        # -I keeps PYTHONPATH, PYTHONHOME and the user's own packages out of it.
        self._command = [str(python), "-I", "-m", "pip", "--disable-pip-version-check"]
        self.log = log

    def install(self, *arguments: str, total: int | None = None) -> None:
        """Install what `arguments` name; `total`, the number of packages, scales the progress.

        Raises:
            BootstrapError: with the reason, and where the log is.
        """
        command = [*self._command, "install", "--no-input", "--progress-bar", "off", *arguments]
        output = self._run(command, Progress(total))
        if output is not None:
            raise BootstrapError(f"{explain_failure(output)}\nThe log: {self.log}")

    def versions(self, package: str, *options: str) -> str:
        """What pip prints of the versions it can find; nothing is installed or downloaded.

        An index that does not answer counts as one that has nothing, after seconds, not minutes.
        """
        patience = ["--retries", "1", "--timeout", "15"]
        command = [*self._command, "index", "versions", package, *patience, *options]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(command)}\n{answer.stdout}{answer.stderr}\n")
        return answer.stdout

    def _run(self, command: list[str], progress: Callable[[str], None]) -> str | None:
        """Run to the end; the last lines printed if it failed, else None."""
        last_lines: deque[str] = deque(maxlen=200)
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {' '.join(command)}\n")
            with subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
            ) as process:
                assert process.stdout is not None
                for line in process.stdout:
                    log.write(line)
                    log.flush()
                    last_lines.append(line)
                    progress(line)
        return "".join(last_lines) if process.returncode else None


class Progress:
    """Says every few seconds how far pip is, from the lines it prints."""

    def __init__(self, total: int | None) -> None:
        self._total = total
        self._fetched = 0
        self._unpacking = False
        self._next = time.monotonic() + PROGRESS_SECONDS

    def __call__(self, line: str) -> None:
        self._fetched += line.startswith(("Collecting ", "Processing "))
        self._unpacking |= line.startswith("Installing collected packages")
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + PROGRESS_SECONDS
        if self._unpacking:
            say("  unpacking ...")
        elif self._total:
            say(f"  {min(self._fetched, self._total)} of {self._total} fetched ...")


def say(sentence: str) -> None:
    """Print at once, also into a pipe."""
    print(sentence, flush=True)


def complain(sentence: str) -> None:
    print(f"\n{sentence}", file=sys.stderr, flush=True)
