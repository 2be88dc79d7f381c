"""What was exported comes back with the same texts, labels, splits and metadata."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.core.errors import KnownError
from engine.project.project import ProjectFile, create_project
from engine.project.reading import list_text_ids
from engine.project.rows import SPLITS, ImportReport, TextFilter
from engine.project.tasks import read_tasks
from engine.project.text_rows import get_texts
from engine.project.texts import ImportedRow, begin_import

Import = Callable[..., ImportReport]
Export = Callable[..., int]

characters = st.one_of(
    st.sampled_from(list("\"',;|#\t\n\r =+-@{}[]\\😀é\u202eאب\u2028\x85\ufeff")),
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]),
)
contents = st.text(characters, min_size=1, max_size=40).filter(lambda text: text.strip())
names = st.text(st.sampled_from(list("ab,;#|\"'[]{}😀אé -")), min_size=1, max_size=8).filter(
    lambda name: name.strip() == name and name != "[]"
)
label_sets = st.lists(names, min_size=1, max_size=4, unique_by=lambda name: name.casefold())
meta = st.dictionaries(st.sampled_from(["a", "b c"]), contents | st.integers(-9, 9), max_size=2)


def contents_of(project: ProjectFile) -> list[tuple[object, ...]]:
    task = read_tasks(project.connection)[0]
    ids = list_text_ids(project.connection, task.id)
    return [
        (
            text.content,
            text.row.labelled,
            frozenset(task.label(label_id).name for label_id in text.row.label_ids),
            text.row.split,
            text.document,
            {key: value for key, value in text.meta.items() if key in ("a", "b c")},
        )
        for text in get_texts(project.connection, task.id, ids)
    ]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    drawn=st.data(),
    labels=label_sets,
    multi_label=st.booleans(),
    format=st.sampled_from(["jsonl", "csv"]),
)
def test_export_and_import_again(
    drawn: st.DataObject, labels: list[str], multi_label: bool, format: str,
    import_file: Import, export_file: Export,
) -> None:  # fmt: skip
    with TemporaryDirectory() as name:
        folder = Path(name)
        with create_project(
            folder / "one.glossator", labels=labels, multi_label=multi_label
        ) as one:
            task = read_tasks(one.connection)[0]
            ids = st.lists(
                st.sampled_from([label.id for label in task.labels]),
                max_size=len(labels) if multi_label else 1,
                unique=True,
            ).map(tuple)
            row = st.builds(
                ImportedRow,
                row=st.just(0),
                content=contents,
                meta=meta,
                document=st.none() | st.sampled_from(["D 1", "#2"]),
                split=st.sampled_from(SPLITS),
                label_ids=st.none() | ids,
            )
            rows = drawn.draw(st.lists(row, min_size=1, max_size=5))
            session = begin_import(one, "made.jsonl", task.id)
            session.add(
                [
                    ImportedRow(n, r.content, r.meta, r.document, r.split, r.label_ids)
                    for n, r in enumerate(rows, 1)
                ]
            )
            session.finish()
            before = contents_of(one)
            assert export_file(one, folder / f"out.{format}", format=format) == len(rows)
        with create_project(
            folder / "two.glossator", labels=labels, multi_label=multi_label
        ) as two:
            report = import_file(two, folder / f"out.{format}")
            assert report.problems == ()
            assert contents_of(two) == before


def test_an_export_can_be_narrowed_and_names_what_is_known(
    project: ProjectFile, tmp_path: Path, import_file: Import, export_file: Export
) -> None:
    source = tmp_path / "a.csv"
    source.write_text("text,label,split\na,positive,test\nb,,train\n", encoding="utf-8")
    import_file(project, source)
    out = tmp_path / "out.jsonl"
    assert export_file(project, out, filter=TextFilter(split="test")) == 1
    assert json.loads(out.read_text(encoding="utf-8")) == {
        "text": "a",
        "label": "positive",
        "labelled": True,
        "split": "test",
        "origin": "import",
        "annotator": None,
        "comment": None,
        "flagged": False,
        "skipped": False,
        "document": None,
        "source": "a.csv",
        "row": 1,
        "meta": {},
    }


def test_an_export_that_stops_half_way_leaves_the_old_file(
    project: ProjectFile, tmp_path: Path, import_file: Import
) -> None:
    from engine.interchange.exporting import export_texts
    from engine.service.commands import ExportTexts

    source = tmp_path / "a.csv"
    source.write_text("text\n" + "".join(f"text {n}\n" for n in range(900)), encoding="utf-8")
    import_file(project, source)
    out = tmp_path / "out.jsonl"
    out.write_text("old", encoding="utf-8")
    work = export_texts(project, ExportTexts(str(out), read_tasks(project.connection)[0].id))
    next(work)
    work.close()
    assert out.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.glob("*out*")] == ["out.jsonl"]


def test_an_export_never_overwrites_the_project_or_an_unknown_place(
    project: ProjectFile, tmp_path: Path, export_file: Export
) -> None:
    with pytest.raises(KnownError, match="is the project itself"):
        export_file(project, project.path)
    with pytest.raises(KnownError, match="not a format this program writes"):
        export_file(project, tmp_path / "a.xlsx", format="xlsx")
    with pytest.raises(KnownError):
        export_file(project, tmp_path / "nowhere" / "a.csv", format="csv")
