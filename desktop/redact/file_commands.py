"""What leaves the view as a file: texts, single documents, the table of aliases."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from desktop.dialogs import file_choice
from desktop.redact.export_dialog import ExportDialog
from desktop.redact.file_dialog import DOCUMENTS, FileDialog
from desktop.redact.policy import ASKED_BY
from desktop.redact.redaction import Redaction
from desktop.redact.words import not_reviewed_words, open_words, summary_words
from desktop.widgets.view import Context
from engine.api import (
    ExportAliases,
    ExportRedacted,
    ReadForRedaction,
    RedactFile,
    RedactionProgressed,
    RedactionSummary,
    tr,
    trn,
)

EXPORT, FILE, READ = "redact.export", "redact.file", "redact.read"
"""The keys of their progress in the strip."""


class FileCommands(QObject):
    """Binds the commands about files and carries them out."""

    def __init__(self, context: Context, redaction: Redaction, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._bridge = context.bridge
        self._strip = context.strip
        self._redaction = redaction
        self._window = window
        self._reading = False
        bind = context.actions.bind
        bind("redact.export", self.ask_how_to_export, self._has_texts)
        bind("redact.file", self._choose_file, self._has_task)
        bind("redact.aliases", self._choose_aliases, self._has_task)
        bind("redact.read", self.read, self._can_read)
        self._bridge.on(RedactionProgressed, self._progressed)

    def forget(self) -> None:
        """Another project is open."""
        self._reading = False
        for key in (EXPORT, FILE, READ):
            self._strip.end_progress(key)

    # --- what is possible -----------------------------------------------------------------------

    def _has_task(self) -> bool:
        return self._redaction.task is not None

    def _has_texts(self) -> bool:
        return self._has_task() and bool(self._redaction.text_ids)

    def _can_read(self) -> bool:
        doubts = self._redaction.doubts
        has_model = self._redaction.model is not None
        return has_model and not self._reading and doubts is not None and doubts.unread > 0

    # --- reading --------------------------------------------------------------------------------

    def read(self) -> None:
        """Have the model read the texts that nobody went through."""
        task, model = self._redaction.task, self._redaction.model
        if task is None or model is None:
            return
        self._reading = True
        self._strip.show_progress(READ, tr("{model} reads", model=model.name), None, None)
        self._context.actions.refresh()
        command = ReadForRedaction(task.id, model.id, self._redaction.scope, asked_by=ASKED_BY)
        self._bridge.send(command, self._was_read, self._not_read)

    def _progressed(self, event: RedactionProgressed) -> None:
        fraction = event.done / event.total if event.total else None
        if event.done < event.total:
            words = tr("{model} reads", model=event.model)
            self._strip.show_progress(READ, words, fraction, None)
        else:
            self._strip.end_progress(READ)

    def _was_read(self, texts: int) -> None:
        self._reading = False
        self._strip.end_progress(READ)
        self._strip.show_message(
            trn("The model has read {n} text.", "The model has read {n:,} texts.", texts)
        )
        self._redaction.reload()
        self._context.actions.refresh()

    def _not_read(self, error: Exception) -> None:
        self._reading = False
        self._strip.end_progress(READ)
        self._bridge.tell(error)
        self._context.actions.refresh()

    # --- texts ----------------------------------------------------------------------------------

    def ask_how_to_export(self) -> None:
        """Ask in which form the texts are written, and where to."""
        redaction, project = self._redaction, self._redaction.project
        if redaction.task is None or project is None:
            return
        folder = Path(
            str(self._context.settings.value("files_folder") or Path(project.path).parent)
        )
        dialog = ExportDialog(
            self._context,
            redaction.task.id,
            redaction.scope,
            redaction.model_id,
            redaction.patterns,
            redaction.doubts,
            file_choice.free_place(folder / f"{project.name}-redacted.jsonl"),
            self._window,
        )
        dialog.chosen.connect(self.export)
        dialog.open()

    def export(self, command: ExportRedacted) -> None:
        """Write the texts."""
        self._strip.show_progress(EXPORT, tr("exporting redacted texts"), None, None)
        self._bridge.send(command, self._exported, partial(self._failed, EXPORT))

    def _exported(self, summary: RedactionSummary) -> None:
        self._strip.end_progress(EXPORT)
        doubts = self._redaction.doubts
        words = f"{summary_words(summary)} {not_reviewed_words(doubts)}"
        self._say(words, Path(summary.path), open_words(doubts))

    # --- a single file --------------------------------------------------------------------------

    def _choose_file(self) -> None:
        file_choice.choose_file(
            self._window,
            self._context.settings,
            tr("Redact a file"),
            DOCUMENTS,
            self.ask_how_to_redact,
        )

    def ask_how_to_redact(self, path: Path) -> None:
        """Ask which column of a file and where the result goes, then redact it."""
        task = self._redaction.task
        if task is not None:
            dialog = FileDialog(self._context, task.id, self._redaction.model, path, self._window)
            dialog.chosen.connect(self.redact)
            dialog.open()

    def redact(self, command: RedactFile) -> None:
        """Write the file anew."""
        name = Path(command.path).name
        self._strip.show_progress(FILE, tr("redacting {file}", file=name), None, None)
        self._bridge.send(command, self._redacted, partial(self._failed, FILE))

    def _redacted(self, summary: RedactionSummary) -> None:
        self._strip.end_progress(FILE)
        words = trn(
            "{n} passage replaced in {path}.",
            "{n:,} passages replaced in {path}.",
            summary.replaced,
            path=summary.path,
        )
        if summary.notes:
            notes = trn(
                "{n} thing to know about it:", "{n:,} things to know about it:", len(summary.notes)
            )
            words = f"{words} {notes}"
        self._say(words, Path(summary.path), "\n".join(summary.notes))

    # --- aliases --------------------------------------------------------------------------------

    def _choose_aliases(self) -> None:
        project = self._redaction.project
        if project is not None:
            file_choice.choose_new_file(
                self._window,
                self._context.settings,
                tr("Export the alias table: whoever has it can tell who is meant"),
                "CSV (*.csv)",
                f"{project.name}-aliases.csv",
                self.export_aliases,
            )

    def export_aliases(self, path: Path) -> None:
        """Write the alias table to a file of its own."""
        self._bridge.send(
            ExportAliases(str(path), asked_by=ASKED_BY), partial(self._aliases_written, path)
        )

    def _aliases_written(self, path: Path, rows: int) -> None:
        words = trn(
            "{n} alias went to {path}. Keep it away from the texts.",
            "{n:,} aliases went to {path}. Keep it away from the texts.",
            rows,
            path=path,
        )
        self._say(words, path)

    def _failed(self, key: str, error: Exception) -> None:
        self._strip.end_progress(key)
        self._bridge.tell(error)

    def _say(self, words: str, path: Path, details: str = "") -> None:
        folder = QUrl.fromLocalFile(str(path.parent))
        self._strip.show_message(
            words, details, action=(tr("Show"), lambda: QDesktopServices.openUrl(folder))
        )
