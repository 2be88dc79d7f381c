"""How a person brings a base model to this machine, in the real window."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton, QTabWidget
from pytestqt.qtbot import QtBot

from desktop.dialogs.download_dialog import DownloadDialog
from desktop.models.catalogue import Catalogue
from desktop.models.fact_list import FactList
from desktop.models.known_tree import KnownTree
from desktop.models.view import ModelsView
from desktop.window import MainWindow
from engine.registry.base_models import find_base_model

WAIT = 15_000
LONG = 60_000  # a worker has to start first


class Person:
    """Looks at the models that can be brought."""

    def __init__(self, view: ModelsView, qtbot: QtBot) -> None:
        self.view, self.qtbot = view, qtbot
        window = view.window()
        assert isinstance(window, MainWindow)
        self.window = window
        self.tree = view.findChild(KnownTree)
        self.catalogue = view.findChild(Catalogue)
        self.pages = view.findChild(QTabWidget, "models.pages")
        window.actions_.trigger("models.known")
        self.until(lambda: self.tree.current is not None)

    def until(self, condition: Callable[[], bool], timeout: int = WAIT) -> None:
        self.qtbot.waitUntil(condition, timeout=timeout)

    def groups(self) -> dict[str, list[str]]:
        """The names of the models by the headings above them."""
        items = self.tree.model()
        found = {}
        for group in range(items.rowCount(QModelIndex())):
            parent = items.index(group, 0)
            rows = range(items.rowCount(parent))
            found[str(parent.data())] = [str(items.index(row, 0, parent).data()) for row in rows]
        return found

    def choose(self, name: str) -> None:
        first = self.tree.model().index(0, 0)
        flags = Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive
        (index,) = self.tree.model().match(first, Qt.ItemDataRole.DisplayRole, name, 1, flags)
        self.tree.scrollTo(index)
        where = self.tree.visualRect(index).center()
        self.qtbot.mouseClick(self.tree.viewport(), Qt.MouseButton.LeftButton, pos=where)
        assert self.text("name") == name

    def text(self, part: str) -> str:
        label = self.view.findChild(QLabel, f"models.known_{part}")
        return str(label.text()) if label.isVisible() else ""

    def steps(self) -> str:
        page = self.view.findChild(QTabWidget, "models.known_tabs").widget(0)
        words = [label.text() for label in page.findChildren(QLabel) if not label.isHidden()]
        fields = [field for field in page.findChildren(QPlainTextEdit) if not field.isHidden()]
        return "\n".join([*words, *(field.toPlainText() for field in fields)])

    def button(self, id: str) -> QPushButton:
        details = self.view.findChild(FactList, "models.known_facts").parent()
        while details.objectName() != "models.known_details":
            details = details.parent()
        return details.findChild(QPushButton, f"button.{id}")

    def message(self) -> str:
        passing = self.window.strip.findChild(QLabel, "strip.message")
        return str(passing.text()) or self.window.strip.banner.sentence


@pytest.fixture
def person(
    make_models: Callable[..., Path], open_models: Callable[[Path], ModelsView], qtbot: QtBot
) -> Person:
    """Somebody with one trained model, who opened the page of models to bring."""
    return Person(open_models(make_models("first")), qtbot)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A zip with a small model in a folder named roberta-base."""
    from transformers import BertConfig, BertModel

    folder = tmp_path / "packed" / "roberta-base"
    BertModel(
        BertConfig(
            vocab_size=12,
            hidden_size=8,
            num_hidden_layers=1,
            num_attention_heads=1,
            intermediate_size=8,
        )
    ).save_pretrained(str(folder))
    shutil.copy(Path(find_base_model("").folder) / "tokenizer.json", folder)
    return Path(shutil.make_archive(str(tmp_path / "brought"), "zip", folder.parent))


def test_they_are_listed_by_what_they_are_good_for(person: Person) -> None:
    groups = person.groups()
    assert list(groups) == [
        "For labels and passages",
        "For few labels and search",
        "Does not work here",
    ]
    assert "roberta-base" in groups["For labels and passages"]
    assert "e5-base-v2" in groups["For few labels and search"]
    assert "bge-reranker-base" in groups["Does not work here"]

    person.choose("all-MiniLM-L6-v2")
    assert "on this machine" in person.text("state")
    assert (
        person.button("base_model.add").isHidden()
        or not person.button("base_model.add").isVisible()
    )


def test_the_way_to_an_offline_machine_is_told_in_steps(person: Person) -> None:
    person.choose("roberta-base")
    person.until(lambda: "Download model.safetensors" in person.steps())
    assert person.button("base_model.download").isVisible()

    person.choose("biobert-v1.1")
    person.until(lambda: "from_pretrained(name, do_lower_case=False)" in person.steps())
    assert not person.button("base_model.download").isVisible()


def test_what_does_not_work_says_why_and_offers_nothing(person: Person) -> None:
    person.choose("e5-mistral-7b-instruct")
    assert person.text("limits").startswith("Nothing of it works: it is a decoder")
    assert not person.button("base_model.add").isVisible()


def test_nothing_is_done_to_a_model_that_is_out_of_sight(person: Person) -> None:
    actions = person.window.actions_
    assert not actions.trigger("models.delete")

    person.pages.setCurrentIndex(0)
    assert person.catalogue.model is not None
    assert actions.qaction("models.delete").isEnabled()


def test_a_zip_is_unpacked_and_can_be_trained_from(person: Person, archive: Path) -> None:
    person.choose("roberta-base")
    person.window.commands.base_models.add_zip(archive)
    assert person.window.strip.findChild(object, "strip.progress.base_model.zip") is not None

    person.until(lambda: "on this machine" in person.text("state"))
    assert "roberta-base can be trained from now" in person.message()
    person.until(
        lambda: person.window.strip.findChild(object, "strip.progress.base_model.zip") is None
    )
    person.pages.setCurrentIndex(0)
    assert any(branch.name == "roberta-base" for branch in person.catalogue.branches)


def test_an_unsafe_zip_is_refused_in_a_sentence(person: Person, archive: Path) -> None:
    with zipfile.ZipFile(archive, "a") as file:
        file.writestr("../evil.json", "{}")
    person.window.commands.base_models.add_zip(archive)

    person.until(lambda: "is not safe" in person.message())
    person.until(
        lambda: person.window.strip.findChild(object, "strip.progress.base_model.zip") is None
    )


def test_the_address_is_copied_for_another_computer(person: Person) -> None:
    person.choose("bge-m3")
    assert person.window.actions_.trigger("models.copy_page")
    assert QGuiApplication.clipboard().text() == "https://huggingface.co/BAAI/bge-m3"


def test_a_download_is_asked_for_by_name(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")  # nobody listens there
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    person.choose("e5-base-v2")
    person.window.actions_.trigger("base_model.download")
    dialog = person.window.findChild(DownloadDialog)
    name = dialog.findChild(QLineEdit, "download_dialog.name")
    assert name.text() == "intfloat/e5-base-v2"
    name.clear()
    assert not dialog.agree.isEnabled()
    name.setText("intfloat/e5-small-v2")
    person.qtbot.mouseClick(dialog.agree, Qt.MouseButton.LeftButton)

    assert not person.window.actions_.qaction("base_model.download").isEnabled()
    person.until(lambda: "intfloat/e5-small-v2 could not be downloaded" in person.message(), LONG)
    assert person.window.actions_.qaction("base_model.download").isEnabled()
    person.until(
        lambda: person.window.strip.findChild(object, "strip.progress.base_model.download") is None
    )
