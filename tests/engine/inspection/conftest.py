"""Projects of marked passages with models that have already predicted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from engine.project.jobs import add_job
from engine.project.models import add_model
from engine.project.project import ProjectFile, create_project
from engine.project.span_predictions import SpanPrediction, store_span_predictions
from engine.project.texts import ImportedRow, begin_import

Gold = tuple[int, int, int]
Found = tuple[int, int, int, float]

Text = tuple[str, Sequence[Gold] | None]

MakeMarked = Callable[..., ProjectFile]
AddTagger = Callable[..., int]


@pytest.fixture
def make_marked(tmp_path: Path) -> Iterator[MakeMarked]:
    """Make a project: ``make_marked(labels, [(content, [(start, end, label id), …]), …])``.

    All texts are in the test part; None in place of the passages: not labelled. Labels and texts
    have the ids 1, 2, …
    """
    with ExitStack() as stack:

        def make(
            labels: Sequence[str],
            texts: Sequence[tuple[str, Sequence[Gold] | None]],
            name: str = "p",
        ) -> ProjectFile:
            project = stack.enter_context(
                create_project(tmp_path / f"{name}.glossator", labels=labels, kind="spans")
            )
            session = begin_import(project, "texts.jsonl", 1)
            session.add(
                [
                    ImportedRow(
                        number,
                        content,
                        split="test",
                        spans=None if spans is None else tuple(spans),
                    )
                    for number, (content, spans) in enumerate(texts, 1)
                ]
            )
            session.finish()
            return project

        yield make


@pytest.fixture
def add_tagger() -> AddTagger:
    """Register a model that has predicted: ``add_tagger(project, [spans of text 1, …])``.

    Each span is (start, end, position of the label, confidence). Returns the model's id.
    """

    def add(
        project: ProjectFile, said: Sequence[Sequence[Found]], *, fold: int = -1, name: str = "m"
    ) -> int:
        task = project.info().task
        job_id = add_job(project, kind="train", method="ner", name=name, spec={})
        model = add_model(
            project,
            name=name,
            method="ner",
            task_id=task.id,
            base_model="tiny",
            job_id=job_id,
            folder=project.models_folder / f"{name}{job_id}",
            bytes=1,
            label_ids=tuple(label.id for label in task.labels),
            metrics={},
            evaluation="test" if fold < 0 else "cross-validation",
            settings={},
            snapshot_sha256="",
            snapshot_texts=0,
            seconds=1.0,
        )
        store_span_predictions(
            project,
            model.id,
            [SpanPrediction(text_id, spans, fold) for text_id, spans in enumerate(said, 1)],
        )
        return model.id

    return add
