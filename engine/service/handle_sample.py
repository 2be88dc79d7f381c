"""The sample project: made from the generator of the sample corpus, imported like any file."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from engine.core.files import make_folder
from engine.core.language import tr
from engine.project.rows import ProjectInfo, Rule
from engine.service import commands as c
from engine.service.handle_project import create_project, open_project
from engine.service.handle_texts import import_texts
from engine.service.slices import SlicedWork

if TYPE_CHECKING:
    from engine.service.session import Session

FILE_NAME = "sample letters.jsonl"


def create_sample_project(session: Session, command: c.CreateSampleProject) -> SlicedWork:
    """Create the sample project and open it; an existing one is opened as it is."""
    path = Path(command.path)
    if path.exists():
        info = open_project(session, c.OpenProject(command.path, asked_by=command.asked_by))
    else:
        info = _create(session, path, command)
    if info.texts:
        return info
    with tempfile.TemporaryDirectory(prefix="glossator-") as folder:
        file = Path(folder) / FILE_NAME
        # Composing two thousand letters takes longer than a slice may.
        yield session.aside(lambda: _write_letters(file, command))
        yield from import_texts(
            session, c.ImportTexts(str(file), info.task.id, asked_by=command.asked_by)
        )
    return session.info


def _create(session: Session, path: Path, command: c.CreateSampleProject) -> ProjectInfo:
    from resources import sample

    make_folder(path.parent, tr("The sample project"))
    if command.kind == "spans":
        content = c.CreateProject(
            str(path),
            tuple(sample.SPAN_LABELS),
            kind="spans",
            name="Names and dates in letters",
            guideline=sample.SPAN_TASK_GUIDELINE,
            label_guidelines=tuple(sample.SPAN_GUIDELINES[label] for label in sample.SPAN_LABELS),
            identifiers=tuple(sample.SPAN_IDENTIFIERS[label] for label in sample.SPAN_LABELS),
            asked_by=command.asked_by,
        )
    else:
        content = c.CreateProject(
            str(path),
            tuple(sample.LABELS),
            name="Letters to an insurer",
            guideline=sample.TASK_GUIDELINE,
            label_guidelines=tuple(sample.GUIDELINES[label] for label in sample.LABELS),
            asked_by=command.asked_by,
        )
    info = create_project(session, content)
    if command.kind == "spans":
        from engine.project.rules import set_rules

        for label in info.task.labels:
            rules = [Rule(label.id, *rule) for rule in sample.SPAN_RULES.get(label.name, ())]
            set_rules(session.project, label.id, rules)
    return info


def _write_letters(file: Path, command: c.CreateSampleProject) -> None:
    from resources import sample

    letters = sample.generate(command.texts)
    if command.kind == "spans":
        sample.write_spans_jsonl(file, letters, command.labelled)
        return
    sample.write_jsonl(
        file,
        [
            letter if number < command.labelled else replace(letter, intent="")
            for number, letter in enumerate(letters)
        ],
    )
