"""Which function carries out which command, on the engine thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from engine.service import commands as c
from engine.service import (
    compare_pretraining,
    handle_jobs,
    handle_labels,
    handle_models,
    handle_project,
    handle_rules,
    handle_sample,
    handle_texts,
)
from engine.service import span_commands as s
from engine.service import training_commands as t
from engine.service.redaction import commands as r
from engine.service.redaction import handle as handle_redaction

if TYPE_CHECKING:
    from engine.service.session import Session

Handler = Callable[["Session", Any], Any]
"""Returns the command's result; a generator is sliced work that will return it, and a Future will
hold it when others have done the work."""

_HANDLERS: dict[type[c.Command], Handler] = {
    c.CreateProject: handle_project.create_project,
    c.OpenProject: handle_project.open_project,
    c.CreateSampleProject: handle_sample.create_sample_project,
    c.CloseProject: handle_project.close_project,
    c.SetAnnotator: handle_project.set_annotator,
    c.AddLabel: handle_project.add_label,
    c.EditLabel: handle_project.edit_label,
    c.RemoveLabel: handle_project.remove_label,
    c.EditTask: handle_project.edit_task,
    c.SetRules: handle_rules.set_rules,
    c.SetLabels: handle_labels.set_labels,
    c.GiveLabels: handle_labels.give_labels,
    c.TakeLabels: handle_labels.take_labels,
    c.ClearLabels: handle_labels.clear_labels,
    s.SetSpans: handle_labels.set_spans,
    s.AddSpan: handle_labels.add_span,
    s.AddSpans: handle_labels.add_spans,
    s.DismissSpans: handle_labels.dismiss_spans,
    s.SetEntity: handle_labels.set_entity,
    s.RemoveSpan: handle_labels.remove_span,
    s.EditSpan: handle_labels.edit_span,
    c.SetSkipped: handle_labels.set_skipped,
    c.SetFlagged: handle_labels.set_flagged,
    s.MarkAmbiguous: handle_labels.mark_ambiguous,
    c.SetComment: handle_labels.set_comment,
    c.UndoLast: handle_labels.undo_last,
    c.RedoLast: handle_labels.redo_last,
    c.ImportTexts: handle_texts.import_texts,
    c.ExportTexts: handle_texts.export_texts,
    t.StartJob: handle_jobs.start_job,
    t.ComparePretraining: compare_pretraining.compare_pretraining,
    t.StartSweep: handle_jobs.start_sweep,
    t.PauseJob: handle_jobs.pause_job,
    t.ResumeJob: handle_jobs.resume_job,
    t.CancelJob: handle_jobs.cancel_job,
    t.PredictSplit: handle_jobs.predict_split,
    t.PredictFile: handle_jobs.predict_file,
    c.EmbedTexts: handle_texts.embed_texts,
    c.StopEmbedding: handle_texts.stop_embedding,
    t.UseForSuggestions: handle_models.use_for_suggestions,
    t.RequestSuggestions: handle_models.request_suggestions,
    t.RenameModel: handle_models.rename_model,
    t.DeleteModel: handle_models.delete_model,
    t.RestoreModel: handle_models.restore_model,
    t.ExportModel: handle_models.export_model,
    t.EmptyCache: handle_models.empty_cache,
    t.FillMask: handle_models.fill_mask,
    t.AddBaseModel: handle_models.add_base_model,
    t.DownloadBaseModel: handle_models.download_base_model,
    t.StopDownload: handle_models.stop_download,
    t.RemoveBaseModel: handle_models.remove_base_model,
    r.SetPolicy: handle_redaction.set_policy,
    r.DecideRedaction: handle_redaction.decide_redaction,
    r.ReadForRedaction: handle_redaction.read_for_redaction,
    r.ExportRedacted: handle_redaction.export_redacted,
    r.RedactFile: handle_redaction.redact_file,
    r.ExportAliases: handle_redaction.export_aliases,
}


def handler_for(command: c.Command) -> Handler:
    """Return the function that carries out `command`."""
    return _HANDLERS[type(command)]
