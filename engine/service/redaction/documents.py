"""Writing one file anew with the policy, the secret and the aliases of a project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.deidentify.documents.document import Document, Edits, check_target
from engine.deidentify.documents.opening import open_document
from engine.deidentify.records import Found
from engine.project.rows import TaskInfo
from engine.service.redaction.commands import RedactFile
from engine.service.redaction.finding import project_finders
from engine.service.redaction.material import Finders, TextMaterial
from engine.service.redaction.reading import BATCH, BATCH_CHARACTERS
from engine.service.redaction.records import RedactionSummary
from engine.service.redaction.redacting import ProjectRedactor

if TYPE_CHECKING:
    from engine.project.training_rows import ModelInfo
    from engine.service.session import Session


def redact_document(
    session: Session, task: TaskInfo, model: ModelInfo | None, command: RedactFile
) -> Generator[Any, Any, RedactionSummary]:
    """Write the file anew in slices; the return value says what was done.

    Raises:
        KnownError: if neither a model nor a rule would look into it, it cannot be read, or the
            result cannot be written.
    """
    project = session.project
    path, out = Path(command.path), Path(command.out)
    if out.resolve() == project.path.resolve():
        raise KnownError(
            tr("{file} is the project itself; choose another name for the result.", file=out.name)
        )
    if out.suffix.lower() != path.suffix.lower():
        raise KnownError(
            tr(
                "The result is of the same kind as {file}, so its name has to end in {ending}; "
                "{out} does not.",
                file=path.name,
                ending=path.suffix,
                out=out.name,
            )
        )
    finders = project_finders(
        project.connection,
        task,
        None if model is None else model.id,
        patterns=command.patterns,
    )
    if model is None and finders.rules is None:
        raise KnownError(
            tr(
                "Nobody would look for passages in this file: choose a model, or switch on rules "
                "for the labels. Nothing was written."
            )
        )
    document: Document = yield session.aside(
        lambda: open_document(path, text_column=command.text_column)
    )
    check_target(path, out, overwrite=command.overwrite)
    predicted: list[list[Found]] = [[] for _ in document.texts]
    if model is not None:
        for places in _batches(document.texts):
            answer = session.reading.tag(model, [document.texts[place] for place in places])
            try:
                marked = yield answer
            finally:
                answer.cancel()  # or else whoever closes this work would wait for the worker
            for place, spans in zip(places, marked, strict=True):
                predicted[place] = _found(spans, finders)
    redactor = ProjectRedactor(project.connection, task)
    counts: Counter[str] = Counter()
    edits = yield session.aside(
        lambda: _edits(document, predicted, finders, redactor, counts, path.stem)
    )
    redactor.store_aliases(project)
    notes = yield session.aside(lambda: document.write(out, edits, overwrite=command.overwrite))
    return RedactionSummary(
        path=str(out),
        texts=len(document.texts),
        replaced=counts["replaced"],
        kept=counts["keep"],
        notes=tuple(notes),
    )


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Yield the places of texts that are sent to the model together."""
    batch: list[int] = []
    characters = 0
    for place, text in enumerate(texts):
        if not text.strip():
            continue
        if batch and (len(batch) == BATCH or characters + len(text) > BATCH_CHARACTERS):
            yield batch
            batch, characters = [], 0
        batch.append(place)
        characters += len(text)
    if batch:
        yield batch


def _found(spans: Sequence[Sequence[float]], finders: Finders) -> list[Found]:
    return [
        Found(int(start), int(end), finders.model_labels[int(label)], confidence, "model")
        for start, end, label, confidence in spans
        if finders.model_labels[int(label)]
    ]


def _edits(
    document: Document,
    predicted: Sequence[Sequence[Found]],
    finders: Finders,
    redactor: ProjectRedactor,
    counts: Counter[str],
    name: str,
) -> list[Edits]:
    """Return what changes in each text; a file is taken to be about the same people throughout."""
    edits: list[Edits] = []
    material = []
    for place, text in enumerate(document.texts):
        found = list(predicted[place])
        if finders.rules is not None:
            found += finders.rules(text)
        material.append(TextMaterial(place, text, f"file {name}", tuple(found), "model"))
        redactor.expect(material[-1])
    for each in material:
        redacted = redactor.redact(each)
        changed = [one for one in redacted.replacements if one.operator != "keep"]
        counts["replaced"] += len(changed)
        counts["keep"] += len(redacted.replacements) - len(changed)
        edits.append([(one.start, one.end, one.new) for one in changed])
    return edits
