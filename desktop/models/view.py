"""Models: what was trained, from what, how good it is, and what to do with it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSplitter, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from desktop.models.base_details import BaseDetails
from desktop.models.catalogue import Catalogue
from desktop.models.known_details import KnownDetails
from desktop.models.known_tree import KnownTree
from desktop.models.lineage import model_key
from desktop.models.model_commands import ModelCommands
from desktop.models.model_details import ModelDetails
from desktop.models.model_tree import ModelTree
from desktop.widgets.buttons import ActionButton
from desktop.widgets.clipboard import clipboard_data
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.flow_layout import FlowLayout
from desktop.widgets.line import hairline
from desktop.widgets.view import Context, View
from engine.api import KnownBaseModel, ProjectInfo, tr

_MENU = (
    "models.inspect",
    "models.suggest",
    "models.predict_file",
    "models.compare",
    "models.search_with",
    "models.rename",
    "models.export",
    "models.export_setfit",
    "models.training",
    "models.folder",
    "models.delete",
)
"""What a right click on a model offers."""


class ModelsView(View):
    """The tree of models on the left, the chosen one on the right. `navigate` takes `model_id`.

    Behind the tree, on a page of its own, stand the models that can be brought to this machine.
    """

    name = "models"
    title = tr("Models")

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._catalogue = Catalogue(context.bridge, self)
        self._tree = ModelTree(context.theme, self)
        self._details = ModelDetails(context.actions, context.theme, self)
        self._base = BaseDetails(context.actions, self)
        self._known_tree = KnownTree(context.theme, self)
        self._known = KnownDetails(context.actions, self)
        for part in (self._base, self._details):
            part.train_wanted.connect(lambda name: context.navigate("train", base_model=name))
        self._commands = ModelCommands(context, self._catalogue, self)
        self._lay_out()
        self._connect()
        state = context.settings.value("models/splitter")
        if state is not None:
            self._splitter.restoreState(state)

    # --- what the window calls ------------------------------------------------------------------

    def set_project(self, project: ProjectInfo | None) -> None:
        self._commands.forget()
        self._catalogue.set_project(project)

    def navigate(self, **target: Any) -> None:
        if target.get("model_id") is not None:
            self._pages.setCurrentIndex(0)
            self._catalogue.want(model_key(int(target["model_id"])))

    def activated(self) -> None:
        self._catalogue.reload()
        tree = self._known_tree if self._brings else self._tree
        tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def wanted_model(self) -> str:
        model = self._brought
        return model.hub_name if model is not None and model.works else ""

    def save_state(self) -> None:
        self.context.settings.setValue("models/splitter", self._splitter.saveState())

    # --- building -------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        actions, theme = self.context.actions, self.context.theme
        self._pages = QTabWidget(self)
        self._pages.setObjectName("models.pages")
        self._pages.setProperty("role", "inset")
        self._pages.setDocumentMode(True)
        self._pages.tabBar().setDrawBase(False)
        self._pages.addTab(_page(self._tree), tr("All models"))
        self._pages.addTab(_page(self._known_tree), tr("Models you can bring"))
        bring = QWidget(self)
        ways = FlowLayout(bring, gap=4)
        ways.addWidget(ActionButton(actions, "base_model.add", "quiet"))
        ways.addWidget(ActionButton(actions, "base_model.add_zip", "quiet", tr("From a zip…")))
        ways.addWidget(ActionButton(actions, "base_model.download", "quiet", tr("Download…")))
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 6, 8, 6)
        foot.addWidget(bring)
        left = QWidget(self)
        left.setMinimumWidth(320)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._pages, 1)
        column.addWidget(hairline())
        column.addLayout(foot)
        self._empty = EmptyState(
            theme,
            "family-tree",
            tr("No model has been trained yet."),
            tr(
                "Your models will be listed here with their scores, each below the base model it "
                "was trained from."
            ),
            self,
        )
        self._empty.add_button(ActionButton(actions, "go.train", "primary", tr("Go to Train")))
        self._nothing = QWidget(self)
        self._right = QStackedWidget(self)
        for part in (self._nothing, self._details, self._base, self._known, self._empty):
            self._right.addWidget(part)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setObjectName("models.splitter")
        self._splitter.addWidget(left)
        self._splitter.addWidget(self._right)
        self._splitter.setSizes([480, 600])
        self._splitter.setChildrenCollapsible(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._splitter)

    def _connect(self) -> None:
        catalogue, actions = self._catalogue, self.context.actions
        catalogue.branches_changed.connect(self._show_branches)
        catalogue.chosen_changed.connect(self._show_chosen)
        guesses = self._details.guesses
        catalogue.guesses_changed.connect(guesses.show_sentences)
        catalogue.answered.connect(guesses.show_answer)
        catalogue.refused.connect(guesses.show_refusal)
        guesses.asked.connect(catalogue.guess)
        self._tree.chosen.connect(catalogue.choose)
        self._tree.renamed.connect(self._commands.rename)
        self._tree.doubleClicked.connect(lambda: actions.trigger("models.inspect"))
        self._commands.bind(self._tree.edit_name, lambda: self._details.below_compare)
        self._known_tree.chosen.connect(self._show_chosen)
        catalogue.known_changed.connect(self._list_known)
        self._pages.currentChanged.connect(lambda: catalogue.set_aside(self._brings))
        actions.bind("models.known", lambda: self._pages.setCurrentIndex(1), self._lists_own)
        actions.bind("models.copy_page", self._copy_page, lambda: self._brought is not None)
        self._tree.addActions([actions.qaction(id) for id in _MENU])

    # --- showing --------------------------------------------------------------------------------

    def _show_branches(self) -> None:
        catalogue = self._catalogue
        project, chosen = catalogue.project, catalogue.chosen
        suggesting = project.suggestion_model_id if project else None
        self._tree.show_branches(catalogue.branches, suggesting, chosen.key if chosen else "")

    @property
    def _brings(self) -> bool:
        """Whether the person looks at models that can be brought."""
        return self._pages.currentIndex() == 1

    @property
    def _brought(self) -> KnownBaseModel | None:
        """The model to bring that is chosen."""
        return self._known_tree.current if self._brings else None

    def _lists_own(self) -> bool:
        return not self._brings

    def _list_known(self) -> None:
        self._known_tree.show_models(self._catalogue.known, self._catalogue.here)
        if self._brings:
            self._show_chosen()

    def _show_brought(self) -> None:
        model = self._brought
        if model is not None:
            self._known.show_known(model, here=self._known_tree.is_here(model))
        self._right.setCurrentWidget(self._nothing if model is None else self._known)
        self.context.actions.refresh()

    def _copy_page(self) -> None:
        model = self._brought
        if model is not None:
            QGuiApplication.clipboard().setMimeData(clipboard_data(model.page))
            self.context.strip.show_message(tr("{address} is copied.", address=model.page))

    def _show_chosen(self) -> None:
        if self._brings:
            self._show_brought()
            return
        catalogue = self._catalogue
        project, chosen, model = catalogue.project, catalogue.chosen, catalogue.model
        if project is not None and model is not None:
            suggests = catalogue.suggests(model)
            catalogue.ask_guesses()
            self._details.show_model(project.task, model, catalogue.ancestry, suggests=suggests)
            self._right.setCurrentWidget(self._details)
        elif chosen is not None:
            self._base.show_base(chosen)
            self._right.setCurrentWidget(self._base)
        else:
            self._right.setCurrentWidget(self._empty if catalogue.loaded else self._nothing)
        # The tree may have been asked to go elsewhere than where the person clicked.
        self._tree.go_to(chosen.key if chosen else "")
        self.context.actions.refresh()


def _page(tree: QWidget) -> QWidget:
    """Return a page with nothing but a tree, which stands a little in."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(16, 0, 8, 8)
    column.addWidget(tree)
    return page
