"""A trained model: how good it is, where it comes from, and what can be done with it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.actions import ActionSet
from desktop.dates import moment_words
from desktop.models.fact_list import FactList
from desktop.models.guess_panel import GuessPanel
from desktop.models.kinds import LANGUAGE, PASSAGES, kind_of, limits_of
from desktop.models.mistake_table import MistakeTable
from desktop.models.score_table import ScoreTable
from desktop.models.words import (
    Fact,
    duration_words,
    language_facts,
    score_words,
    setting_facts,
    size_words,
)
from desktop.score_words import headline
from desktop.theme.theme import Theme
from desktop.widgets.buttons import ActionButton
from desktop.widgets.elided_label import ElidedLabel
from desktop.widgets.flow_layout import FlowLayout
from engine.api import ModelInfo, TaskInfo, tr, trn


class ModelDetails(QWidget):
    """Name, score and actions above; what was measured, settings and origin in tabs below."""

    train_wanted = Signal(str)
    """A model shall be trained from the language model of this name."""

    def __init__(self, actions: ActionSet, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("models.details")
        self.setAccessibleName(tr("The chosen model"))
        self._shown: ModelInfo | None = None
        self._name = ElidedLabel(parent=self)
        self._name.setObjectName("models.name")
        self._name.setProperty("role", "title")
        self._state = QLabel(self)
        self._state.setObjectName("models.state")
        self._state.setWordWrap(True)
        self._figure = QLabel(self)
        self._figure.setObjectName("models.score")
        self._figure.setProperty("role", "figure")
        self._meaning = QLabel(self)
        self._meaning.setObjectName("models.score_words")
        self._meaning.setProperty("role", "small")
        self._meaning.setWordWrap(True)
        self._suggest = ActionButton(actions, "models.suggest")
        self._stop = ActionButton(actions, "models.stop_suggesting")
        self._compare = ActionButton(actions, "models.compare", "", tr("Compare…"))
        self._search = ActionButton(actions, "models.search_with")
        self._export_setfit = ActionButton(
            actions, "models.export_setfit", "", tr("Export for setfit…")
        )
        self._train = QPushButton(tr("Train from it"), self)
        self._train.setObjectName("models.train_from_model")
        self._train.setProperty("role", "primary")
        self._train.clicked.connect(lambda: self.train_wanted.emit(self._name.text()))
        self._scores = ScoreTable(self)
        self._mistakes = MistakeTable(self)
        self._language = FactList("models.language", tr("What the language model learned"), self)
        self.guesses = GuessPanel(theme, self)
        self._settings = FactList("models.settings", tr("Settings of the training"), self)
        self._origin = FactList("models.origin", tr("Where the model comes from"), self)
        self._lay_out(actions)

    @property
    def below_compare(self) -> QPoint:
        """The point of the screen where a menu of other models opens."""
        return self._compare.mapToGlobal(self._compare.rect().bottomLeft())

    def show_model(
        self, task: TaskInfo, model: ModelInfo, ancestry: list[str], *, suggests: bool
    ) -> None:
        """Show a model; `ancestry` names what it comes from, the base model first."""
        changed = (self._shown is None) or kind_of(model) != kind_of(self._shown)
        if self._shown is None or model.id != self._shown.id:
            self.guesses.clear()
        self._shown = model
        self._name.setText(model.name)
        self._show_state(model, suggests)
        score = headline(model.metrics)
        self._figure.setText(score.figure if score else "")
        self._figure.setVisible(score is not None)
        self._meaning.setText(score_words(model))
        language = kind_of(model) == LANGUAGE
        self._train.setVisible(language)
        self._train.setEnabled(model.present)
        self._inspect.setVisible(not language)
        self._search.setVisible(language)
        self._export_setfit.setVisible(model.method == "setfit")
        self._suggest.setVisible(not suggests)
        self._stop.setVisible(suggests)
        self._scores.set_model(task, model)
        self._mistakes.set_model(model)
        self._language.set_facts(language_facts(model.metrics))
        for part, shown in (
            (self._scores, not language),
            (self._mistakes, kind_of(model) == PASSAGES),
            (self._language, language),
            (self.guesses, language and model.present),
        ):
            self._tabs.setTabVisible(self._tabs.indexOf(part), shown)
        if changed:
            self._tabs.setCurrentWidget(self._language if language else self._scores)
        self._settings.set_facts(setting_facts(model.settings))
        self._origin.set_facts(origin_facts(model, ancestry))

    # --- inside ---------------------------------------------------------------------------------

    def _lay_out(self, actions: ActionSet) -> None:
        name = QHBoxLayout()
        name.setSpacing(8)
        name.addWidget(self._name, 1)
        name.addWidget(ActionButton(actions, "models.rename", "quiet", tr("Rename")))
        score = QHBoxLayout()
        score.setSpacing(12)
        score.addWidget(self._figure)
        score.addWidget(self._meaning, 1)
        buttons = QWidget(self)
        flow = FlowLayout(buttons, gap=8)
        self._inspect = ActionButton(actions, "models.inspect", "primary", tr("Inspect"))
        for button in (
            self._train,
            self._inspect,
            self._suggest,
            self._stop,
            ActionButton(actions, "models.predict_file"),
            self._compare,
            ActionButton(actions, "models.export", "", tr("Export…")),
            self._search,
            self._export_setfit,
            ActionButton(actions, "models.delete", "danger", tr("Delete")),
        ):
            flow.addWidget(button)
        head = QVBoxLayout()
        head.setContentsMargins(24, 16, 16, 8)
        head.setSpacing(12)
        head.addLayout(name)
        head.addWidget(self._state)
        head.addLayout(score)
        head.addWidget(buttons)
        self._origin.add_button(ActionButton(actions, "models.training"))
        self._origin.add_button(ActionButton(actions, "models.folder"))
        self._tabs = QTabWidget(self)
        self._tabs.setObjectName("models.tabs")
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setDrawBase(False)
        for part, words in (
            (self._scores, tr("By label")),
            (self._mistakes, tr("Mistakes")),
            (self._language, tr("Language")),
            (self.guesses, tr("Guessed words")),
            (self._settings, tr("Settings")),
            (self._origin, tr("Origin")),
        ):
            self._tabs.addTab(part, words)
        below = QVBoxLayout()
        below.setContentsMargins(16, 0, 8, 8)
        below.addWidget(self._tabs)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(head)
        outer.addLayout(below, 1)

    def _show_state(self, model: ModelInfo, suggests: bool) -> None:
        words, role = "", "muted"
        if not model.present:
            words = tr(
                "The folder of this model, {folder}, is missing. Its scores are kept, but it "
                "cannot predict. Put the folder back, or train again.",
                folder=Path(model.folder).name,
            )
            role = "danger"
        elif suggests:
            words = tr("Suggests labels in Annotate for texts that have none.")
            role = "ok"
        else:
            words = limits_of(model)
        self._state.setText(words)
        self._state.setVisible(bool(words))
        self._state.setTextFormat(Qt.TextFormat.PlainText)
        self._state.setProperty("role", role)
        self._state.style().polish(self._state)


def origin_facts(model: ModelInfo, ancestry: list[str]) -> list[Fact]:
    """Return where a model comes from and where it is, in words."""
    if kind_of(model) == LANGUAGE:
        learned_from = trn(
            "1 text, labelled or not", "{n:,} texts, labelled or not", model.snapshot_texts
        )
    else:
        learned_from = trn("1 labelled text", "{n:,} labelled texts", model.snapshot_texts)
    learned_hash = tr("Hash of what it learned from")
    return [
        Fact(tr("Made from"), "  →  ".join(ancestry)),
        Fact(tr("Method"), model.method),
        Fact(tr("Learned from"), learned_from),
        Fact(tr("Trained on"), moment_words(model.created)),
        Fact(tr("Took"), duration_words(model.seconds)),
        Fact(tr("Size"), size_words(model.bytes)),
        Fact(tr("Folder"), model.folder, copied=True),
        Fact(learned_hash, model.snapshot_sha256, "snapshot_sha256", copied=True),
    ]
