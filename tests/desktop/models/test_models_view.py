"""What a person does with trained models, in the real window on a real project."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QTableWidget, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from desktop.inspect.inspection import Inspection
from desktop.models.base_details import BaseDetails
from desktop.models.catalogue import Catalogue
from desktop.models.fact_list import FactList
from desktop.models.guess_panel import GuessPanel
from desktop.models.lineage import base_key
from desktop.models.model_tree import ModelTree
from desktop.models.predict_dialog import PredictDialog
from desktop.models.view import ModelsView
from desktop.preferences import search_encoder
from desktop.train.form import TrainForm
from desktop.window import MainWindow
from engine.api import AddBaseModel, GetProject, ListBaseModels, ListModels

T = TypeVar("T", bound=QWidget)
Open = Callable[[Path], ModelsView]
Make = Callable[..., Path]
WAIT = 15_000
LONG = 60_000  # a worker has to load its libraries first
STARTER = "all-MiniLM-L6-v2"


class Person:
    """Looks at the view, clicks and presses keys."""

    def __init__(self, view: ModelsView, qtbot: QtBot) -> None:
        self.view = view
        self.qtbot = qtbot
        self.tree = self.part(ModelTree)
        found = view.findChild(Catalogue)
        assert isinstance(found, Catalogue)
        self.catalogue = found
        window = view.window()
        assert isinstance(window, MainWindow)
        self.window = window

    def part(self, kind: type[T], name: str = "") -> T:
        found = self.view.findChild(kind, name) if name else self.view.findChild(kind)
        assert isinstance(found, kind), name
        return found

    def button(self, id: str) -> QPushButton:
        return self.part(QPushButton, f"button.{id}")

    def click(self, button: QPushButton) -> None:
        assert button.isVisible()
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    def until(self, condition: Callable[[], bool], timeout: int = WAIT) -> None:
        self.qtbot.waitUntil(condition, timeout=timeout)

    def rows(self) -> list[tuple[str, ...]]:
        """Every line of the tree: name, indented by its depth, and the columns that are shown."""
        items = self.tree.model()

        def below(parent: QModelIndex, depth: int) -> list[tuple[str, ...]]:
            found = []
            for row in range(items.rowCount(parent)):
                cells = [
                    str(items.index(row, column, parent).data())
                    for column in range(items.columnCount())
                    if not self.tree.isColumnHidden(column)
                ]
                found.append(("  " * depth + cells[0], *cells[1:]))
                found += below(items.index(row, 0, parent), depth + 1)
            return found

        return below(QModelIndex(), 0)

    def names(self) -> list[str]:
        return [row[0].strip() for row in self.rows()]

    def choose(self, name: str) -> None:
        """Click a line of the tree."""
        found = self.tree.model().match(
            self.tree.model().index(0, 0),
            Qt.ItemDataRole.DisplayRole,
            name,
            1,
            Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive,
        )
        where = self.tree.visualRect(found[0]).center()
        self.qtbot.mouseClick(self.tree.viewport(), Qt.MouseButton.LeftButton, pos=where)
        assert self.catalogue.chosen is not None
        assert self.catalogue.chosen.name == name

    def text(self, name: str) -> str:
        return str(self.part(QLabel, name).text())

    def fact(self, name: str, words: str) -> str:
        facts = self.part(FactList, name).facts
        return next(fact.value for fact in facts if fact.words == words)

    def message(self) -> str:
        """The sentence in the strip, passing or waiting to be read."""
        passing = self.window.strip.findChild(QLabel, "strip.message")
        assert isinstance(passing, QLabel)
        return str(passing.text()) or self.window.strip.banner.sentence

    def strip_button(self) -> QPushButton:
        found = self.window.strip.findChild(QPushButton, "strip.action")
        assert isinstance(found, QPushButton)
        return found

    def ask(self, query: object) -> list[Any]:
        answers: list[list[Any]] = []
        self.window.bridge.ask(query, answers.append)
        self.until(lambda: bool(answers))
        return answers[0]


Look = Callable[..., Person]


@pytest.fixture
def look(make_models: Make, open_models: Open, qtbot: QtBot) -> Look:
    """Open Models on a project with models of these names (see `make_models`)."""

    def look_(*names: str, **options: Any) -> Person:
        return Person(open_models(make_models(*names, **options)), qtbot)

    return look_


def test_models_are_listed_below_what_they_were_made_from(look: Look) -> None:
    person = look("first", "second")
    names = [row[:2] for row in person.rows()]
    assert names == [(STARTER, ""), ("  first", "F1 0.70"), ("    second", "F1 0.80")]
    assert person.text("models.name") == "second"
    assert person.fact("models.origin", "Made from") == f"{STARTER}  →  first  →  second"


def test_the_chosen_model_is_shown_with_score_labels_and_settings(look: Look) -> None:
    person = look("first", "second")
    person.choose("first")
    assert person.text("models.score") == "0.70"
    assert "200 test texts" in person.text("models.score_words")
    table = person.part(QTableWidget, "models.by_label")
    row = [table.item(0, column).text() for column in range(table.columnCount())]
    assert row == ["new claim", "0.50", "0.25", "0.33", "1,001"]
    assert person.fact("models.settings", "What was trained") == "only the head"
    assert person.fact("models.origin", "Learned from") == "312 labelled texts"


def test_one_model_suggests_and_stops_again(look: Look) -> None:
    person = look("first")
    person.click(person.button("models.suggest"))
    bridge = person.window.bridge
    person.until(lambda: bridge.project is not None and bridge.project.suggestion_model_id == 1)
    person.until(lambda: "Suggests labels" in person.text("models.state"))
    person.click(person.button("models.stop_suggesting"))
    person.until(lambda: bridge.project is not None and bridge.project.suggestion_model_id is None)
    assert not person.button("models.stop_suggesting").isVisible()


def test_a_name_is_written_over_where_it_stands(look: Look) -> None:
    person = look("first")
    person.qtbot.keyClick(person.tree, Qt.Key.Key_F2)
    editor = person.tree.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    editor.clear()
    person.qtbot.keyClicks(editor, "claims of June")
    person.qtbot.keyClick(editor, Qt.Key.Key_Return)
    person.until(lambda: person.text("models.name") == "claims of June")
    assert person.names() == [STARTER, "claims of June"]
    assert [model.name for model in person.ask(ListModels())] == ["claims of June"]


def test_a_name_that_is_taken_is_refused_and_the_old_one_comes_back(look: Look) -> None:
    person = look("first", "second")
    person.view.context.actions.trigger("models.rename")
    editor = person.tree.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    editor.setText("first")
    person.qtbot.keyClick(editor, Qt.Key.Key_Return)
    person.until(lambda: "already a model “first”" in person.window.strip.banner.sentence)
    person.until(lambda: person.names() == [STARTER, "first", "second"])


def test_a_deleted_model_comes_back_from_the_strip(look: Look) -> None:
    person = look("first", "second")
    person.qtbot.keyClick(person.tree, Qt.Key.Key_Delete)
    person.until(lambda: person.names() == [STARTER, "first"])
    assert person.text("models.name") == "first", "the nearest model is chosen"
    person.until(lambda: person.message() == "second was deleted.")
    person.click(person.strip_button())
    person.until(lambda: person.names() == [STARTER, "first", "second"])
    assert person.text("models.name") == "second"
    assert person.ask(ListModels())[1].present


def test_the_last_deleted_model_comes_back_by_command(look: Look) -> None:
    person = look("first")
    actions = person.view.context.actions
    assert not actions.trigger("models.restore"), "nothing was deleted yet"
    person.click(person.button("models.delete"))
    person.until(lambda: person.names() == [STARTER])
    person.until(lambda: actions.trigger("models.restore"))
    person.until(lambda: person.names() == [STARTER, "first"])
    assert not actions.trigger("models.restore")


def test_a_model_is_exported_into_a_folder_of_its_own(look: Look, tmp_path: Path) -> None:
    person = look("first")
    parent = tmp_path / "out"
    (parent / "first").mkdir(parents=True)
    (model,) = person.ask(ListModels())
    person.view._commands.export(model, parent)
    person.until(lambda: person.message() == f"first was copied to {parent / 'first-2'}.")
    assert (parent / "first-2" / "manifest.json").is_file()
    assert list((parent / "first").iterdir()) == [], "what was there is not touched"


def test_a_missing_folder_is_said_and_nothing_that_needs_it_is_offered(look: Look) -> None:
    person = look("first")
    (model,) = person.ask(ListModels())
    shutil.rmtree(model.folder)
    person.view.activated()
    person.until(lambda: "is missing" in person.text("models.state"))
    for id in ("models.suggest", "models.predict_file", "models.export"):
        assert not person.button(id).isEnabled(), id
    assert person.button("models.inspect").isEnabled(), "its predictions are in the project"


def test_enter_inspects_the_model_and_compare_takes_the_other_one(look: Look) -> None:
    person = look("first", "second")
    person.choose("first")
    person.qtbot.keyClick(person.tree, Qt.Key.Key_Return)
    assert person.window.view is not None
    assert person.window.view.name == "inspect"
    inspection = person.window.findChild(Inspection)
    assert isinstance(inspection, Inspection)
    person.until(lambda: inspection.model is not None and inspection.model.name == "first")
    person.window.open_view("models")
    person.click(person.button("models.compare"))
    person.until(lambda: inspection.against is not None and inspection.against.name == "second")


def test_base_models_are_added_described_and_taken_off_the_list(
    look: Look, tiny_base: Path
) -> None:
    person = look("first")
    person.window.bridge.send(AddBaseModel(str(tiny_base)))
    person.until(lambda: person.names() == [STARTER, "first", "tiny-bert"])
    person.choose("tiny-bert")
    assert person.fact("models.base_facts", "Layers") == "1 of 8 numbers each"
    person.click(person.button("models.remove_base"))
    person.until(lambda: "tiny-bert" not in person.names())
    assert tiny_base.is_dir()
    person.until(lambda: "is off the list" in person.message())
    person.click(person.strip_button())
    person.until(lambda: "tiny-bert" in person.names())
    assert person.catalogue.chosen is not None
    assert person.catalogue.chosen.key == base_key("tiny-bert")


def test_texts_are_searched_with_the_encoder_that_was_chosen(look: Look, tiny_base: Path) -> None:
    person = look("first")
    person.window.bridge.send(AddBaseModel(str(tiny_base)))
    person.until(lambda: "tiny-bert" in person.names())
    uuid = person.ask(GetProject()).uuid
    settings = person.window.settings
    person.choose(STARTER)
    button = person.part(BaseDetails).findChild(QPushButton, "button.models.search_with")
    assert isinstance(button, QPushButton)
    assert not button.isEnabled(), "it is the one already"
    person.choose("tiny-bert")
    person.click(button)
    assert search_encoder(settings, uuid) == "tiny-bert"
    assert person.message().startswith("Texts are compared with tiny-bert")
    assert not button.isEnabled()
    person.choose(STARTER)
    person.click(button)
    assert search_encoder(settings, uuid) == ""


def test_a_folder_without_a_model_is_refused_with_a_sentence(look: Look, tmp_path: Path) -> None:
    person = look("first")
    person.window.bridge.send(AddBaseModel(str(tmp_path)))
    person.until(lambda: "has no config.json" in person.window.strip.banner.sentence)
    assert [base.name for base in person.ask(ListBaseModels())] == [STARTER]


def test_the_starter_cannot_be_taken_off_the_list(look: Look) -> None:
    person = look("first")
    person.choose(STARTER)
    assert "came with the program" in person.text("models.base_words")
    assert not person.button("models.remove_base").isVisible()
    assert not person.view.context.actions.trigger("models.remove_base")


@pytest.mark.slow
def test_a_file_is_predicted_into_a_new_file(
    look: Look, save_classifier: Callable[[Path], None], tmp_path: Path
) -> None:
    person = look("first", fill=save_classifier)
    source = tmp_path / "new.csv"
    source.write_text("id,body\n7,the roof leaks\n8,the bicycle is gone\n")
    (model,) = person.ask(ListModels())
    person.view._commands.ask_how_to_predict(model, source)
    dialog = person.window.findChild(PredictDialog)
    assert isinstance(dialog, PredictDialog)
    person.until(lambda: dialog.text_column.count() == 2)
    dialog.text_column.setCurrentText("body")
    assert dialog.command().text_column == "body"
    person.click(dialog.agree)
    result = tmp_path / "new-predicted.csv"
    person.until(result.exists, timeout=LONG)
    with result.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == ["7", "8"]
    assert person.catalogue.project is not None
    labels = {label.name for label in person.catalogue.project.task.labels}
    assert labels & set(rows[0].values()), "each row has one of the labels"
    person.until(lambda: "new-predicted.csv is written: 2 rows." in person.message())


def test_a_language_model_is_trained_from_and_offers_nothing_it_cannot_do(
    look: Look, save_encoder: Callable[[Path], None]
) -> None:
    found = {"texts": 40, "guesses": 300, "perplexity": 31.7, "perplexity_before": 14.2}
    person = look("our letters", method="mlm", metrics={"held-out": found}, fill=save_encoder)
    assert person.text("models.score") == "31.7"
    assert "worse than before training (14.2)" in person.text("models.score_words")
    assert "labels nothing itself" in person.text("models.state")
    assert person.fact("models.language", "Words guessed") == "300"
    for id in ("models.suggest", "models.predict_file", "models.compare"):
        assert not person.button(id).isEnabled(), id
    tabs = person.part(QTabWidget, "models.tabs")
    tabs.setCurrentWidget(person.part(GuessPanel))
    person.part(QLineEdit, "models.sentence").setText("The roof leaks.")
    person.click(person.part(QPushButton, "models.guess"))
    assert "Write [MASK] where" in person.text("models.guess_note")
    person.click(person.part(QPushButton, "models.train_from_model"))
    form = person.window.findChild(TrainForm)
    assert isinstance(form, TrainForm)
    person.until(lambda: form.base_model() == "our letters")
    facts = form.findChild(QLabel, "train.base_facts")
    assert "that learned the language of your texts" in facts.text()


def test_a_model_of_passages_shows_its_mistakes_by_kind(look: Look) -> None:
    errors = {"boundary": 3, "type": 1, "boundary_and_type": 0, "missing": 5, "spurious": 2}
    scores = {"f1": 0.71, "precision": 0.76, "recall": 0.66, "per_label": {}, "texts": 50}
    person = look(
        "passages", method="ner", metrics={"test": {**scores, "correct": 20, "errors": errors}}
    )
    table = person.part(QTableWidget, "models.mistakes")
    rows = {table.item(row, 0).text(): table.item(row, 1).text() for row in range(6)}
    assert (rows["Found exactly"], rows["Missed"], rows["Found too much"]) == ("20", "5", "2")
    assert "Finds passages" in person.text("models.state")
    assert person.button("models.inspect").isEnabled()
    assert person.button("models.suggest").isEnabled()
    assert person.button("models.predict_file").isEnabled()


def test_without_a_model_the_view_says_what_to_do(
    make_project: Make, open_models: Open, qtbot: QtBot
) -> None:
    person = Person(open_models(make_project()), qtbot)
    person.until(lambda: person.names() == [STARTER])
    shown = [label.text() for label in person.view.findChildren(QLabel) if label.isVisible()]
    assert "No model has been trained yet." in shown
    go = [b for b in person.view.findChildren(QPushButton, "button.go.train") if b.isVisible()]
    person.click(go[0])
    assert person.window.view is not None
    assert person.window.view.name == "train"
