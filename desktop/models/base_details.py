"""A base model of this machine: what it is, and how it leaves the list."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.actions import ActionSet
from desktop.models.fact_list import FactList
from desktop.models.lineage import Branch
from desktop.models.words import Fact, number_words, size_words, tokens_words
from desktop.widgets.buttons import ActionButton
from desktop.widgets.elided_label import ElidedLabel
from engine.api import BaseModel, tr, trn


class BaseDetails(QWidget):
    """Name and kind above, facts below."""

    train_wanted = Signal(str)
    """A model shall be trained from the base model of this name."""

    def __init__(self, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("models.base")
        self.setAccessibleName(tr("The chosen base model"))
        self._name = ElidedLabel(parent=self)
        self._name.setObjectName("models.base_name")
        self._name.setProperty("role", "title")
        self._words = QLabel(self)
        self._words.setObjectName("models.base_words")
        self._words.setWordWrap(True)
        self._facts = FactList(
            "models.base_facts", tr("Facts about the base model"), self, inset=24
        )
        self._remove = ActionButton(actions, "models.remove_base")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        self._train = QPushButton(tr("Train from it"), self)
        self._train.setObjectName("models.train_from_base")
        self._train.setProperty("role", "primary")
        self._train.clicked.connect(lambda: self.train_wanted.emit(self._name.text()))
        buttons.addWidget(self._train)
        buttons.addWidget(ActionButton(actions, "models.search_with"))
        buttons.addWidget(self._remove)
        buttons.addStretch(1)
        head = QVBoxLayout()
        head.setContentsMargins(24, 16, 16, 8)
        head.setSpacing(12)
        head.addWidget(self._name)
        head.addWidget(self._words)
        head.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._facts, 1)

    def show_base(self, branch: Branch) -> None:
        """Show the base model of a branch, which the library may not know any more."""
        base = branch.base
        trained = sum(1 for inner in branch.walk() if inner.model is not None)
        self._name.setText(branch.name)
        self._words.setText(_what_it_is(branch))
        missing = base is not None and not base.present
        self._words.setProperty("role", "danger" if missing else "muted")
        self._words.style().polish(self._words)
        self._train.setEnabled(base is not None and not missing)
        self._remove.setVisible(base is not None and base.origin != "starter")
        self._facts.set_facts([*(base_facts(base) if base else ()), _trained_fact(trained)])


def base_facts(base: BaseModel) -> list[Fact]:
    """Return what is known of a base model, in words."""
    return [
        Fact(tr("Architecture"), base.architecture),
        Fact(tr("Layers"), _layer_words(base)),
        Fact(tr("Parameters"), number_words(base.parameters)),
        Fact(tr("Size"), size_words(base.bytes)),
        Fact(tr("Reads at most"), tokens_words(base.max_length), "max_length"),
        Fact(tr("Languages"), base.languages),
        Fact(tr("Licence"), base.licence),
        Fact(tr("Folder"), base.folder, copied=True),
        Fact(tr("Hash of the weights"), base.sha256, "sha256", copied=True),
    ]


def _layer_words(base: BaseModel) -> str:
    return tr("{layers} of {numbers} numbers each", layers=base.layers, numbers=base.hidden_size)


def _trained_fact(trained: int) -> Fact:
    count = trn("1 model of this project", "{n:,} models of this project", trained)
    return Fact(tr("Trained from it"), count if trained else tr("nothing yet"))


def _what_it_is(branch: Branch) -> str:
    base = branch.base
    if base is None:
        return tr(
            "Models of this project were trained from it, and work without it. To train from it "
            "again, add its folder to the base models of this machine."
        )
    if not base.present:
        return tr(
            "The folder of this base model is missing. Put it back, or take the model off the list "
            "and add it again where it is now."
        )
    if base.origin == "starter":
        return tr("A base model to start training from. It came with the program.")
    return tr("A base model to start training from. It was added to this machine.")
