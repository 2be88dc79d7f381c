"""What the commands of the whole window do: projects, import, undo, colours, help."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from desktop.actions import ACTIONS, VIEWS
from desktop.base_model_commands import BaseModelCommands
from desktop.dialogs import file_choice
from desktop.dialogs.import_dialog import ImportDialog
from desktop.dialogs.import_report import ImportReportDialog
from desktop.dialogs.labels_dialog import LabelsDialog
from desktop.dialogs.project_dialog import ProjectDialog
from desktop.dialogs.rules_dialog import RulesDialog
from desktop.frame.about import AboutCard
from desktop.frame.annotator import AnnotatorCard
from desktop.frame.key_sheet import KeySheet
from desktop.frame.licences import LicencesCard
from desktop.frame.palette import Entry, Palette
from desktop.language import CHOICES as LANGUAGE_CHOICES
from desktop.language import language_of, store_choice
from desktop.preferences import recent_projects, sample_path
from desktop.theme.theme import CHOICES
from engine.api import (
    LANGUAGES,
    TEXT_FORMATS,
    CloseProject,
    CreateSampleProject,
    ExportTexts,
    ImportReport,
    ImportTexts,
    JobsChanged,
    OpenProject,
    ProjectInfo,
    RedoLast,
    Step,
    TextFilter,
    UndoLast,
    chosen_language,
    tr,
)

if TYPE_CHECKING:
    from desktop.window import MainWindow

SUFFIX = ".glossator"


class ShellCommands(QObject):
    """Binds the commands that belong to no single view."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._bridge = window.bridge
        self._palette = Palette(window.theme, window, self._entries, self._search_entries)
        self._keys = KeySheet(window.theme, window)
        self._about = AboutCard(window.theme, window.actions_, window)
        self._licences = LicencesCard(window.theme, window)
        self._annotator = AnnotatorCard(window.theme, window, self._bridge)
        self.base_models = BaseModelCommands(window)
        self._bind()

    def _bind(self) -> None:
        bind = self._window.actions_.bind
        bind("project.new", self.new_project)
        bind("project.open", self._choose_project)
        bind("project.sample", self.open_sample)
        bind("project.sample_spans", lambda: self.open_sample("spans"))
        bind("project.labels", self._edit_labels, self._has_project)
        bind("project.rules", self._edit_rules, self._marks_passages)
        bind("project.annotator", self._annotator.ask, self._has_project)
        bind("project.close", lambda: self._bridge.send(CloseProject()), self._has_project)
        bind("texts.import", self._choose_import, self._has_project)
        bind("texts.export", self._choose_export, self._has_texts)
        bind("app.quit", self._window.close)
        bind("edit.undo", self._undo, lambda: bool(self._project and self._project.undo))
        bind("edit.redo", self._redo, lambda: bool(self._project and self._project.redo))
        bind("app.search", self._search, self._has_project)
        for view in VIEWS:
            bind(f"go.{view}", partial(self._window.open_view, view), self._has_project)
        bind("app.palette", self._palette.open_over)
        for choice in CHOICES:
            bind(f"theme.{choice}", partial(self._window.theme.set_choice, choice))
        for choice in LANGUAGE_CHOICES:
            bind(f"language.{choice}", partial(self._choose_language, choice))
        bind("app.full_screen", self._full_screen)
        bind(
            "job.pause",
            self._window.status.pause_running,
            lambda: self._window.status.can_pause,
        )
        bind("job.cancel", self._window.status.cancel_running, self._has_running_job)
        self._bridge.on(JobsChanged, self._jobs_changed)
        bind("app.help", self._help)
        bind("app.keys", self._show_keys)
        bind("app.licences", self._show_licences)
        bind("app.about", self._about.open_over)

    # --- projects -----------------------------------------------------------------------------

    @property
    def _project(self) -> ProjectInfo | None:
        return self._bridge.project

    def _has_project(self) -> bool:
        return self._project is not None

    def _has_running_job(self) -> bool:
        return self._window.status.running is not None

    def _jobs_changed(self, event: JobsChanged) -> None:
        self._window.actions_.refresh()

    def _has_texts(self) -> bool:
        return self._project is not None and self._project.texts > 0

    def open_project(self, path: Path) -> None:
        """Open a project file."""
        self._bridge.send(OpenProject(path=str(path)))

    def open_sample(self, kind: str = "classification") -> None:
        """Open the sample project of this kind of task, making it first if need be."""
        path = sample_path(kind)
        self._window.strip.show_progress("sample", tr("opening the sample project"), None)
        self._bridge.send(
            CreateSampleProject(path=str(path), kind=kind), self._sample_open, self._sample_failed
        )

    def new_project(self, file: Path | None = None) -> None:
        """Ask for a new project; with a `file`, its texts are imported right after."""
        dialog = ProjectDialog(self._window.context, self._window, file)
        dialog.created.connect(self._project_created)
        dialog.open()

    def take_file(self, path: Path) -> None:
        """Do what is meant by dropping a file on the window."""
        if path.suffix == SUFFIX:
            self.open_project(path)
        elif self._project is None:
            self.new_project(path)
        else:
            self._show_import(path)

    def _sample_open(self, project: ProjectInfo) -> None:
        self._window.strip.end_progress("sample")

    def _sample_failed(self, error: Exception) -> None:
        self._window.strip.end_progress("sample")
        self._bridge.tell(error)

    def _choose_project(self) -> None:
        file_choice.choose_file(
            self._window,
            self._window.settings,
            tr("Open a project"),
            file_choice.PROJECTS,
            self.open_project,
        )

    def _project_created(self, file: Path | None) -> None:
        if file is not None:
            self._show_import(file)

    def _edit_labels(self) -> None:
        LabelsDialog(self._window.context, self._window).open()

    def _edit_rules(self) -> None:
        RulesDialog(self._window.context, self._window).open()

    def _marks_passages(self) -> bool:
        return self._project is not None and self._project.task.kind == "spans"

    # --- texts in and out ---------------------------------------------------------------------

    def _choose_import(self) -> None:
        file_choice.choose_file(
            self._window,
            self._window.settings,
            tr("Import texts"),
            file_choice.TEXTS,
            self._show_import,
        )

    def _show_import(self, path: Path) -> None:
        dialog = ImportDialog(self._window.context, path, self._window)
        dialog.chosen.connect(self._import)
        dialog.open()

    def _import(self, command: ImportTexts) -> None:
        self._bridge.send(command, self._imported)

    def _imported(self, report: ImportReport) -> None:
        dialog = ImportReportDialog(report, self._window)
        self._window.strip.show_message(
            dialog.summary, action=(tr("Report"), dialog.open) if report.read else None
        )
        if report.refused or report.repaired:
            dialog.open()
        view = self._window.view
        if view is not None and view.name != "texts" and report.imported:
            self._window.open_view("texts")

    def _choose_export(self) -> None:
        project = self._project
        if project is None:
            return

        def export(path: Path) -> None:
            suffix = path.suffix.lower().lstrip(".")
            kind = suffix if suffix in TEXT_FORMATS else "jsonl"
            self._bridge.send(ExportTexts(path=str(path), task_id=project.task.id, format=kind))

        kinds = "JSONL (*.jsonl);;CSV (*.csv)"
        if project.task.kind == "spans":
            kinds += ";;CoNLL (*.conll)"
        file_choice.choose_new_file(
            self._window,
            self._window.settings,
            tr("Export texts and labels"),
            kinds,
            f"{project.name}.jsonl",
            export,
        )

    # --- undo ---------------------------------------------------------------------------------

    def _undo(self) -> None:
        self._bridge.send(UndoLast(), self._undone)

    def _redo(self) -> None:
        self._bridge.send(RedoLast(), self._redone)

    def _undone(self, step: Step) -> None:
        self._window.strip.show_message(step.words, action=(tr("Redo"), self._redo))

    def _redone(self, step: Step) -> None:
        self._window.strip.show_message(step.words)

    # --- finding ------------------------------------------------------------------------------

    def _search(self) -> None:
        view = self._window.view
        if view is None or not view.focus_search():
            self._palette.open_search()

    def _search_entries(self, words: str) -> Iterable[Entry]:
        if not self._has_project():
            return
        wanted = TextFilter(search=words)
        for sentence, mode, icon in (
            (tr("Search the texts for “{words}”", words=words), "words", "magnify"),
            (tr("Search the texts for what “{words}” means", words=words), "both", "text-search"),
        ):
            show = partial(self._window.open_view, "texts", filter=wanted, mode=mode)
            yield Entry(sentence, "", show, icon)

    def _entries(self) -> Iterable[Entry]:
        actions = self._window.actions_
        actions.refresh()
        for action in ACTIONS:
            if actions.qaction(action.id).isEnabled() and action.id != "app.palette":
                yield Entry(
                    action.words,
                    action.help,
                    partial(actions.trigger, action.id),
                    action.icon or "chevron-right",
                    actions.key_words(action.id),
                )
        if self._project is not None:
            for label in self._project.task.labels:
                yield Entry(
                    tr("Texts labelled {label}", label=label.name),
                    label.guideline,
                    partial(
                        self._window.open_view, "texts", filter=TextFilter(label_ids=(label.id,))
                    ),
                    key=label.key.upper(),
                    color=label.color,
                )
        for path in recent_projects(self._window.settings):
            if self._project is None or Path(self._project.path) != path:
                yield Entry(
                    tr("Open {project}", project=path.stem),
                    str(path.parent),
                    partial(self.open_project, path),
                    "folder-open-outline",
                )

    # --- the window ---------------------------------------------------------------------------

    def _help(self) -> None:
        help_ = self._window.help
        if help_.isVisible():
            help_.hide()
        else:
            view = self._window.view
            help_.show_page(view.help_page() if view else "getting-started")
            help_.setVisible(True)

    def _show_keys(self) -> None:
        view = self._window.view
        labels = self._project.task.labels if self._project else ()
        self._keys.show_keys(view.place() if view else "", view.title if view else "", labels)

    def _show_licences(self) -> None:
        self._about.close_over()
        self._licences.open_over()

    def _full_screen(self) -> None:
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _choose_language(self, choice: str) -> None:
        store_choice(self._window.settings, choice)
        code = language_of(choice)
        name = LANGUAGES[code].name
        if code == chosen_language():
            sentence = tr("The language stays {name}.", name=name)
        else:
            sentence = tr("The window speaks {name} when it is opened again.", name=name)
        self._window.strip.show_message(sentence)
