"""CoNLL files in their many ways of writing the same passages, and with what is broken in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.core.errors import KnownError
from engine.interchange.detect import DetectedFile, detect_file_at_once
from engine.interchange.raw_row import RawRow
from engine.project.check import check_project
from engine.project.counters import get_counts
from engine.project.project import ProjectFile, create_project
from engine.project.reading import list_text_ids
from engine.project.rows import ImportReport
from engine.project.tasks import read_tasks
from engine.project.text_rows import get_texts
from engine.project.texts import ImportedRow, begin_import

Import = Callable[..., ImportReport]

TEXT = "Ada Lovelace met Ben in Lord 's House ."
PASSAGES = [("Ada Lovelace", "PER"), ("Ben", "PER"), ("Lord 's", "LOC"), ("House", "LOC")]
IOB2 = "B-PER I-PER O B-PER O B-LOC I-LOC B-LOC O"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[ProjectFile]:
    """A project that marks persons and places."""
    with create_project(tmp_path / "s.glossator", labels=["PER", "LOC"], kind="spans") as file:
        yield file


def write(folder: Path, content: str, name: str = "a.conll") -> Path:
    path = folder / name
    path.write_bytes(content.encode())
    return path


def lines(tags: str, separator: str = "\t", extra: int = 0, end: str = "\n") -> str:
    columns = separator.join(["X"] * extra + [""])
    pairs = zip(TEXT.split(), tags.split(), strict=True)
    return "".join(f"{token}{separator}{columns}{tag}{end}" for token, tag in pairs)


def rows_of(detected: DetectedFile) -> list[RawRow]:
    with closing(detected.open()) as reader:
        return list(reader)


def passages(project: ProjectFile) -> list[list[tuple[str, str]]]:
    """The marked passages of each text as strings with their labels."""
    task = read_tasks(project.connection)[0]
    return [
        [(text.content[s.start : s.end], task.label(s.label_id).name) for s in text.spans]
        for text in get_texts(project.connection, 1, list_text_ids(project.connection, 1))
    ]


@pytest.mark.parametrize(
    ("tags", "scheme"),
    [
        (IOB2, "IOB2"),
        ("I-PER I-PER O I-PER O I-LOC I-LOC B-LOC O", "IOB1"),
        ("B-PER E-PER O S-PER O B-LOC E-LOC S-LOC O", "IOBES"),
        ("B-PER L-PER O U-PER O B-LOC L-LOC U-LOC O", "IOBES"),
    ],
)
@pytest.mark.parametrize(("separator", "extra"), [("\t", 0), (" ", 0), (" ", 2), ("   ", 7)])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_way_of_tagging_marks_the_same_passages(
    tmp_path: Path, tags: str, scheme: str, separator: str, extra: int, end: str
) -> None:
    content = lines(tags, separator, extra, end)
    detected = detect_file_at_once(write(tmp_path, content + end + content, "tags.txt"))
    assert detected.format == "conll"
    assert detected.notation is not None
    assert (detected.notation.scheme, detected.notation.columns) == (scheme, extra + 2)
    first, second = rows_of(detected)
    assert first.fields == second.fields
    assert first.fields["text"] == TEXT
    spans = first.fields["spans"]
    assert [(TEXT[span["start"] : span["end"]], span["label"]) for span in spans] == PASSAGES
    assert first.repairs == ()


def test_types_without_a_prefix_are_read_too(tmp_path: Path) -> None:
    content = lines("PER PER O PER O LOC LOC O O")
    (row,) = rows_of(detect_file_at_once(write(tmp_path, content)))
    assert [span["label"] for span in row.fields["spans"]] == ["PER", "PER", "LOC"]


def test_every_sentence_counts_as_gone_through(
    project: ProjectFile, tmp_path: Path, import_file: Import
) -> None:
    path = write(tmp_path, f"{lines(IOB2)}\nNothing\tO\nhere\tO\n\n\n\nBen\tB-PER\n")
    report = import_file(project, path)
    assert (report.read, report.imported, report.labelled, report.repaired) == (3, 3, 3, 0)
    assert passages(project) == [PASSAGES, [], [("Ben", "PER")]]
    assert check_project(project) == []


def test_broken_lines_are_told_with_their_numbers_and_the_rest_is_kept(
    project: ProjectFile, tmp_path: Path, import_file: Import
) -> None:
    path = write(
        tmp_path,
        "Ada\tB-PER\nLovelace\nwas\tthere\tO\n\nBen\tB-PER\n\tO\nhere\tB-\n\n"
        "Leeds\tI-LOC\nand\tO\nYork\tB-LOC\n\nUlm\tB-LOC\n",
    )
    report = import_file(project, path)
    assert (report.read, report.imported, report.repaired, report.refused) == (4, 4, 3, 0)
    no_tag = "has no tag and was read as outside of any passage"
    assert [(problem.row, problem.reason) for problem in report.problems] == [
        (1, f"line 2 {no_tag}; line 3 has 3 columns instead of 2"),
        (2, f"line 6 has no token and was left out; line 7 {no_tag}"),
        (3, "line 9 begins a passage, but has I-LOC for B-LOC"),
    ]
    assert passages(project) == [
        [("Ada", "PER")], [("Ben", "PER")], [("Leeds", "LOC"), ("York", "LOC")], [("Ulm", "LOC")],
    ]  # fmt: skip


def test_documents_keep_their_sentences_together(tmp_path: Path) -> None:
    start = "-DOCSTART- -X- O O\n\n"
    body = "Ben NN I-NP I-PER\n\nUlm NN I-NP I-LOC\n\n"
    path = write(tmp_path, start + body + start + body, "eng.train")
    rows = rows_of(detect_file_at_once(path))
    assert [row.fields["text"] for row in rows] == ["Ben", "Ulm"] * 2
    documents = [row.fields["document"] for row in rows]
    assert documents == ["eng, document 1"] * 2 + ["eng, document 2"] * 2
    one = rows_of(detect_file_at_once(write(tmp_path, start + body)))
    assert "document" not in one[0].fields


def test_remarks_on_sentences_are_no_tokens(tmp_path: Path) -> None:
    path = write(tmp_path, f"# id = 7\n# text 7\tdomain=x\n{lines(IOB2)}#tag\tO\n#\tO\n")
    (row,) = rows_of(detect_file_at_once(path))
    assert row.fields["text"] == f"{TEXT} #tag #"
    assert row.repairs == ()


def test_a_file_without_empty_lines_is_one_text_that_may_be_too_long(tmp_path: Path) -> None:
    content = f"{'word' * 250}\tO\n" * 1000 + "\nBen\tB-PER\n"
    long, short = rows_of(detect_file_at_once(write(tmp_path, content)))
    assert "begins in line 1 is longer than 1,000,000 characters" in long.problem
    assert short.fields["text"] == "Ben"


def test_what_only_resembles_conll_is_not_taken_for_it(tmp_path: Path) -> None:
    table = write(tmp_path, "text\tlabel\nGood.\tA\nBad.\tB\n", "a.tsv")
    assert detect_file_at_once(table).format == "tsv"
    assert detect_file_at_once(write(tmp_path, "a\tB-PER\n\nb\tO\n", "b.tsv")).format == "conll"


def test_texts_of_a_file_with_tags_can_be_labelled_as_a_whole(
    tmp_path: Path, import_file: Import
) -> None:
    with create_project(tmp_path / "w.glossator", labels=["a", "b"]) as project:
        report = import_file(project, write(tmp_path, lines(IOB2)))
        assert (report.imported, report.labelled) == (1, 0)


def test_doccano_exports(project: ProjectFile, data: Path, import_file: Import) -> None:
    folder = data / "interchange/doccano"
    report = import_file(project, folder / "sequence_labeling_labeling.trailing.conll")
    assert (report.read, report.imported, report.repaired) == (1, 1, 0)
    report = import_file(project, folder / "sequence_labeling_labeling.invalid.conll")
    assert (report.read, report.imported, report.repaired) == (3, 3, 1)
    assert report.problems[0].reason.startswith("line 1 has no tag")


@pytest.mark.parametrize("part", ["train", "dev", "test"])
def test_wnut17_arrives_whole(tmp_path: Path, data: Path, import_file: Import, part: str) -> None:
    path = data / f"wnut17/{part}.conll"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    sentences: list[list[tuple[str, str]]] = [[]]
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.strip():
            token, tag = line.split("\t")
            sentences[-1].append((token, tag))
        elif sentences[-1]:
            sentences.append([])
    sentences = [sentence for sentence in sentences if sentence]
    # In IOB2 every entity begins with a tag of its own.
    entities = sum(tag.startswith("B-") for sentence in sentences for _, tag in sentence)
    with create_project(tmp_path / "w.glossator", labels=(), kind="spans") as project:
        report = import_file(project, path, split="train", unknown_labels="add")
        assert report.read == report.imported == report.labelled == len(sentences)
        assert (report.refused, report.duplicates) == (0, 0)
        assert sum(get_counts(project.connection, 1).spans_by_label.values()) == entities
        texts = get_texts(project.connection, 1, list_text_ids(project.connection, 1))
        assert [text.content for text in texts] == [
            " ".join(token for token, _ in sentence) for sentence in sentences
        ]


words = st.text(
    st.one_of(
        st.sampled_from(list("ab-#'.,\t\n\r 😀é\u0301\u202e\u2028\x85\ufeff")),
        st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]),
    ),
    min_size=1,
    max_size=30,
).filter(lambda text: not (text.isspace() or set(text) <= {" ", "\ufeff"}))


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(
        st.tuples(words, st.lists(st.integers(0, 30), max_size=6, unique=True).map(sorted)),
        min_size=1,
        max_size=3,
    )
)
def test_what_is_written_is_read_again(
    import_file: Import, export_file: Callable[..., int], rows: list[tuple[str, list[int]]]
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        marked = []
        for number, (text, edges) in enumerate(rows, 1):
            edges = [edge for edge in edges if edge <= len(text)]
            pairs = zip(edges[::2], edges[1::2], strict=False)
            spans = [(start, end, 1 + start % 2) for start, end in pairs if plain(text[start:end])]
            marked.append(ImportedRow(number, text, spans=tuple(spans)))
        with create_project(folder / "a.glossator", labels=["PER", "A B-c"], kind="spans") as first:
            session = begin_import(first, "rows", 1)
            session.add([*marked, ImportedRow(99, "Nobody has looked at this.")])
            session.finish()
            assert export_file(first, folder / "out.conll", format="conll") == len(rows)
            written = passages(first)[:-1]
        with create_project(
            folder / "b.glossator", labels=["PER", "A B-c"], kind="spans"
        ) as second:
            report = import_file(second, folder / "out.conll")
            assert (report.imported, report.repaired, report.refused) == (len(rows), 0, 0)
            read = passages(second)
        assert [[(plain(text), label) for text, label in row] for row in read] == [
            [(plain(text), label) for text, label in row] for row in written
        ]


def plain(text: str) -> str:
    """A text without the white space that CoNLL does not keep."""
    return "".join(char for char in text if not char.isspace() and char != "\ufeff")


@pytest.mark.parametrize(
    ("spans", "reason"),
    [
        (((0, 7, 1), (3, 9, 2)), "overlaps another one, which CoNLL cannot say"),
        (((2, 3, 1),), "is nothing but white space"),
    ],
)
def test_what_conll_cannot_say_is_not_written(
    project: ProjectFile,
    tmp_path: Path,
    export_file: Callable[..., int],
    spans: tuple[tuple[int, int, int], ...],
    reason: str,
) -> None:
    session = begin_import(project, "rows", 1)
    session.add([ImportedRow(1, "Ms Okafor wrote", spans=spans)])
    session.finish()
    with pytest.raises(KnownError, match=reason):
        export_file(project, tmp_path / "out.conll", format="conll")
    assert not (tmp_path / "out.conll").exists()
