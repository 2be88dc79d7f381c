"""What both pages of Inspect have: the choice at the top, the state of what is below it."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.inspect.choice_bar import ChoiceBar
from desktop.inspect.model_choice import ModelChoice
from desktop.widgets.buttons import ActionButton
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.line import hairline
from desktop.widgets.view import Context
from engine.api import PredictSplit, ProjectInfo, TaskInfo, tr

ASKED_BY = "inspect"


class InspectPage(QWidget):
    """The frame of a page: figures in tabs on the left, a list and the chosen text on the right.

    A page fills it and says what it shows; `name` tells its parts and settings from the other's.
    """

    place: ClassVar[str]
    """Where its commands find themselves, one of `desktop.actions.PLACES`."""

    def __init__(
        self,
        context: Context,
        inspection: ModelChoice,
        name: str,
        no_model: tuple[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.context = context
        self.inspection = inspection
        self._name = name
        self._setting = f"{name.replace('.', '/')}/splitter"
        self.choice = ChoiceBar(context.actions, name, self)
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName(f"{name}.tabs")
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.caption = QLabel(self)
        self.caption.setObjectName(f"{name}.caption")
        self.caption.setWordWrap(True)
        self.caption.setTextFormat(Qt.TextFormat.PlainText)
        self.all = QPushButton(tr("Show all mistakes"), self)
        self.all.setObjectName(f"{name}.all_mistakes")
        self.all.setProperty("role", "quiet")
        self.all.hide()
        self._frame(no_model)
        inspection.models_changed.connect(self.show_state)
        inspection.choice_changed.connect(self.show_state)
        inspection.evaluation_changed.connect(self.show_evaluation)
        inspection.comparison_changed.connect(self.show_comparison)
        inspection.rows_changed.connect(self.show_rows)
        self.choice.model_chosen.connect(inspection.choose_model)
        self.choice.against_chosen.connect(self._compare)
        self.choice.split_chosen.connect(inspection.choose_split)
        context.bridge.project_changed.connect(self._project_changed)

    # --- what a page says -----------------------------------------------------------------------

    def clear_rows(self) -> None:
        """Show no rows: another project comes."""
        raise NotImplementedError

    def take_task(self, task: TaskInfo) -> None:
        """Show the labels of a task, and bind their keys."""
        raise NotImplementedError

    def clear_choice(self) -> None:
        """Show no figure as the chosen one."""
        raise NotImplementedError

    def show_evaluation(self) -> None:
        """Show the scores; `show_frame` does what is alike."""
        raise NotImplementedError

    def show_comparison(self) -> None:
        """Show what changed, or how to compare."""
        raise NotImplementedError

    def show_rows(self) -> None:
        """Show the list."""
        raise NotImplementedError

    def comparison_tab(self) -> QWidget:
        """The tab that a comparison is shown in."""
        raise NotImplementedError

    # --- what the view calls --------------------------------------------------------------------

    def set_project(self, project: ProjectInfo | None) -> None:
        """Look at another project, or at none."""
        self.inspection.set_project(project)
        self.clear_rows()
        if project is not None:
            self.take_task(project.task)
        self.show_state()

    def save_state(self) -> None:
        """Remember the splitter."""
        self.context.settings.setValue(self._setting, self.splitter.saveState())

    def has_missing(self) -> bool:
        """Whether there are labelled texts that the model has not predicted."""
        evaluation = self.inspection.evaluation
        return evaluation is not None and evaluation.missing > 0

    def predict(self) -> None:
        """Have the model predict what it has not."""
        model = self.inspection.model
        if model is not None:
            self.context.bridge.send(
                PredictSplit(model.id, self.inspection.split, asked_by=ASKED_BY)
            )

    def train(self) -> None:
        """Go to Train with the settings of the model."""
        model = self.inspection.model
        if model is not None:
            self.context.navigate("train", method=model.method, settings=dict(model.settings))

    # --- for the pages --------------------------------------------------------------------------

    def fill(self, rows: QWidget, panel: QWidget, sizes: tuple[int, int]) -> None:
        """Put a list and the chosen text into the right half; `sizes` are those of the halves."""
        self.splitter.setSizes(list(sizes))
        self._list.addWidget(rows, 1)
        self._right.addWidget(panel)
        self._right.setSizes([240, 400])
        self._right.setStretchFactor(1, 1)
        state = self.context.settings.value(self._setting)
        if state is not None:
            self.splitter.restoreState(state)

    def show_state(self) -> None:
        """Show which model is looked at, and everything about it."""
        inspection = self.inspection
        self.choice.show_choice(inspection)
        self.clear_choice()
        self._stack.setCurrentWidget(
            self._page if inspection.model or not inspection.loaded else self._no_model
        )
        self.show_evaluation()
        self.show_comparison()

    def show_frame(self, evaluation: Any) -> bool:
        """Show whether there is anything to look at; False if there is not."""
        self.context.actions.refresh()
        self._missing.setVisible(bool(evaluation and evaluation.texts and evaluation.missing))
        if evaluation is None:
            self.caption.setText(tr("Reading the predictions …"))
            return False
        self._missing_words.setText(
            tr(
                "{n:,} more labelled texts of this part are not predicted yet.",
                n=evaluation.missing,
            )
        )
        self._body.setCurrentWidget(self.splitter if evaluation.texts else self._no_texts)
        if evaluation.texts:
            return True
        if evaluation.missing:
            self._no_texts.set_words(
                tr(
                    "This model has not predicted the {n:,} labelled texts of this part yet.",
                    n=evaluation.missing,
                ),
                tr("It takes moments, and nothing that a person labelled is touched."),
            )
        else:
            self._no_texts.set_words(
                tr("This part has no labelled texts."),
                tr("Label some of them in Annotate, or look at another part above."),
            )
        return False

    # --- inside ---------------------------------------------------------------------------------

    def _frame(self, no_model: tuple[str, str]) -> None:
        actions, theme = self.context.actions, self.context.theme
        left = QWidget(self)
        left_column = QVBoxLayout(left)
        left_column.setContentsMargins(16, 8, 8, 8)
        left_column.addWidget(self.tabs)
        above = QHBoxLayout()
        above.setContentsMargins(16, 12, 12, 8)
        above.addWidget(self.caption, 1)
        above.addWidget(self.all)
        top = QWidget(self)
        self._list = QVBoxLayout(top)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self._list.addLayout(above)
        self._list.addWidget(hairline())
        self._right = QSplitter(Qt.Orientation.Vertical, self)
        self._right.addWidget(top)
        self._right.setChildrenCollapsible(False)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setObjectName(f"{self._name}.splitter")
        self.splitter.addWidget(left)
        self.splitter.addWidget(self._right)
        self.splitter.setChildrenCollapsible(False)
        self._no_model = EmptyState(theme, "table-search", *no_model, self)
        self._no_model.add_button(ActionButton(actions, "go.train", "primary", tr("Go to Train")))
        self._no_texts = EmptyState(theme, "clipboard-text-search-outline", "", "", self)
        self._no_texts.add_button(ActionButton(actions, "inspect.predict", "primary"))
        self._missing = QWidget(self)
        self._missing_words = QLabel(self._missing)
        self._missing_words.setProperty("role", "muted")
        row = QHBoxLayout(self._missing)
        row.setContentsMargins(24, 0, 16, 8)
        row.addWidget(self._missing_words, 1)
        row.addWidget(ActionButton(actions, "inspect.predict", "quiet"))
        self._body = QStackedWidget(self)
        self._body.addWidget(self.splitter)
        self._body.addWidget(self._no_texts)
        self._page = QWidget(self)
        column = QVBoxLayout(self._page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.choice, self._missing, hairline()):
            column.addWidget(part)
        column.addWidget(self._body, 1)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._page)
        self._stack.addWidget(self._no_model)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def _project_changed(self, project: ProjectInfo | None) -> None:
        before = self.inspection.project
        if project is not None and before is not None and project.uuid == before.uuid:
            self.inspection.project = project
            if project.tasks != before.tasks:
                self.take_task(project.task)

    def _compare(self, model_id: int | None) -> None:
        self.inspection.choose_against(model_id)
        if model_id is not None:
            self.tabs.setCurrentWidget(self.comparison_tab())
