"""The manual page, the menu entry and the type of file say what the program says."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest
from click import Context

from engine.cli.main import glossator
from engine.project.schema import APPLICATION_ID

Script = Callable[[str], ModuleType]
NAMESPACE = "{http://www.freedesktop.org/standards/shared-mime-info}"


@pytest.fixture
def linux(root: Path) -> Path:
    return root / "packaging" / "glossator_installer" / "linux"


@pytest.fixture
def manual(script: Script, tmp_path: Path) -> Path:
    """The manual page as it is installed."""
    page = tmp_path / "glossator.1"
    page.write_text(
        script("glossator_installer.payload").man_page("0.1.0", 1_700_000_000), encoding="utf-8"
    )
    return page


def test_the_manual_lists_every_command_in_its_order_with_its_words(manual: Path) -> None:
    text = manual.read_text(encoding="utf-8")
    section = text.partition(".SH COMMANDS")[2].partition(".SH")[0].replace("\\-", "-")
    listed = re.findall(r"\.TP\n\.B (\S+)\n(.+)", section)
    context = Context(glossator)
    words = dict(re.findall(r"^  ([a-z-]+)  +(.+)$", glossator.get_help(context), re.MULTILINE))
    assert [name for name, _ in listed] == glossator.list_commands(context)
    for name, sentence in listed:
        assert sentence == words[name]


def test_the_examples_of_the_manual_are_commands(manual: Path) -> None:
    text = manual.read_text(encoding="utf-8").replace("\\-", "-")
    for line in text.partition(".EX\n")[2].partition(".EE")[0].splitlines():
        _, name, *arguments = line.split()
        command = glossator.get_command(Context(glossator), name)
        assert command is not None, line
        command.make_context(name, arguments)


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="mandoc is not installed")
def test_the_manual_is_written_as_manuals_are(manual: Path) -> None:
    command = ["mandoc", "-T", "lint", "-W", "style", str(manual)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout + done.stderr == ""


@pytest.mark.skipif(
    shutil.which("desktop-file-validate") is None, reason="no desktop-file-utils here"
)
def test_the_menu_entry_is_valid(linux: Path) -> None:
    command = ["desktop-file-validate", str(linux / "glossator.desktop")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout + done.stderr == ""


def test_the_menu_entry_is_found_for_the_window(linux: Path, root: Path) -> None:
    # The shell of a desktop joins a window to its entry by this name.
    source = (root / "desktop" / "app.py").read_text(encoding="utf-8")
    assert 'setDesktopFileName("glossator")' in source
    entry = (linux / "glossator.desktop").read_text(encoding="utf-8")
    assert "StartupWMClass=glossator\n" in entry
    assert "MimeType=application/x-glossator;\n" in entry


def test_a_project_is_known_by_what_it_begins_with(linux: Path, tmp_path: Path) -> None:
    path = tmp_path / "contracts.glossator"
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("CREATE TABLE texts (id)")
    connection.close()
    header = path.read_bytes()[:100]
    kind = ElementTree.parse(linux / "glossator-mime.xml").find(f"{NAMESPACE}mime-type")
    assert kind is not None
    assert kind.get("type") == "application/x-glossator"
    outer = kind.find(f"{NAMESPACE}magic/{NAMESPACE}match")
    inner = kind.find(f"{NAMESPACE}magic/{NAMESPACE}match/{NAMESPACE}match")
    assert outer is not None
    assert inner is not None
    assert header.startswith(outer.attrib["value"].encode())
    offset = int(inner.attrib["offset"])
    assert header[offset : offset + 4] == int(inner.attrib["value"], 16).to_bytes(4, "big")


@pytest.mark.skipif(shutil.which("update-mime-database") is None, reason="no shared-mime-info here")
def test_the_type_of_file_is_accepted(linux: Path, tmp_path: Path) -> None:
    packages = tmp_path / "mime" / "packages"
    packages.mkdir(parents=True)
    shutil.copy(linux / "glossator-mime.xml", packages)
    command = ["update-mime-database", "-V", str(tmp_path / "mime")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "rror" not in done.stderr
    assert "application/x-glossator:*.glossator" in (tmp_path / "mime/globs").read_text()


@pytest.mark.parametrize("name", ["install.sh", "refresh-caches.sh"])
@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
def test_the_shell_scripts_pass_their_critic(linux: Path, name: str) -> None:
    command = ["shellcheck", "--shell=sh", str(linux / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == ""
