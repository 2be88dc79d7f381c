"""Paragraphs are read whole, and replaced without their neighbours noticing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.core.errors import BugError, KnownError
from engine.deidentify.documents.opening import open_document

Parts = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a random paragraph: how it is marked up, and how many characters it has."""

    kind: str
    length: int
    bold: bool
    sign: str


def run_xml(run: Run, text: str) -> str:
    tag = "delText" if run.kind in ("deleted", "inserted, then deleted") else "t"
    style = "<w:rPr><w:b/></w:rPr>" if run.bold else ""
    sign = {"": "", "\t": "<w:tab/>", "\n": "<w:br/>"}[run.sign]
    inner = f"<w:r>{style}<w:{tag}>{text}</w:{tag}>{sign}</w:r>"
    return {
        "plain": inner,
        "linked": f'<w:hyperlink w:anchor="a">{inner}</w:hyperlink>',
        "inserted": f'<w:ins w:id="1" w:author="A">{inner}</w:ins>',
        "deleted": f'<w:del w:id="1" w:author="A">{inner}</w:del>',
        "inserted, then deleted": f'<w:ins w:id="1" w:author="A"><w:del w:id="2" w:author="A">'
        f"{inner}</w:del></w:ins>",
        "moved away": f'<w:moveFrom w:id="1" w:author="A">{inner}</w:moveFrom>',
        "boxed": "<w:r><w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox>"
        f"<w:txbxContent><w:p>{inner}</w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>",
    }[run.kind]


RUNS = st.builds(
    Run,
    st.sampled_from(
        ["plain", "plain", "linked", "inserted", "deleted", "inserted, then deleted",
         "moved away", "boxed"]
    ),
    st.integers(0, 4),
    st.booleans(),
    st.sampled_from(["", "", "\t", "\n"]),
)  # fmt: skip


@st.composite
def paragraphs(draw: Any) -> list[list[tuple[Run, str]]]:
    """Paragraphs of runs in which no character comes twice."""
    code = 0x4E00
    found = []
    for runs in draw(st.lists(st.lists(RUNS, min_size=1, max_size=6), min_size=1, max_size=3)):
        paragraph = []
        for run in runs:
            paragraph.append((run, "".join(map(chr, range(code, code + run.length)))))
            code += run.length
        found.append(paragraph)
    return found


@st.composite
def ranges(draw: Any, length: int) -> list[tuple[int, int]]:
    """Ranges of a text that share no character."""
    cuts = sorted(draw(st.sets(st.integers(0, length), max_size=6)))
    return list(zip(cuts[::2], cuts[1::2], strict=False))


def bold_and_text(body: str) -> list[tuple[bool, str]]:
    return [
        ("<w:b/>" in run, "".join(re.findall(r"[\u4e00-\u9fff]", run)))
        for run in re.findall(r"<w:r>(?:(?!<w:r>).)*?</w:r>", body)
    ]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data(), found=paragraphs())
def test_no_character_of_a_replaced_range_survives_and_no_other_is_touched(
    make_word: Callable[..., Path],
    parts_of: Callable[[Path], Parts],
    data: st.DataObject,
    found: list[list[tuple[Run, str]]],
) -> None:
    body = "".join(
        f"<w:p>{''.join(run_xml(run, text) for run, text in paragraph)}</w:p>"
        for paragraph in found
    )
    path = make_word(body)
    document = open_document(path)
    said = "".join(document.texts)
    everything = {character for paragraph in found for _, text in paragraph for character in text}
    assert everything <= set(said)

    edits: list[list[tuple[int, int, str]]] = [
        [(start, end, "X") for start, end in data.draw(ranges(len(text)))]
        for text in document.texts
    ]
    replaced = {
        character
        for text, changes in zip(document.texts, edits, strict=True)
        for start, end, _ in changes
        for character in text[start:end]
    }
    target = path.with_name("out.docx")
    document.write(target, edits, overwrite=True)
    parts = parts_of(target)
    for character in replaced & everything:
        assert not any(character.encode() in part for part in parts.values())

    before = bold_and_text(parts_of(path)["word/document.xml"].decode())
    after = bold_and_text(parts["word/document.xml"].decode())
    kept = [(bold, c) for bold, text in before for c in text if c not in replaced]
    assert [(bold, c) for bold, text in after for c in text] == kept
    docx.Document(str(target))


def test_a_name_torn_into_runs_is_one_string(make_word: Callable[..., Path]) -> None:
    path = make_word(
        "<w:p><w:r><w:t>Ms Ok</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>af</w:t></w:r>"
        '<w:r><w:t xml:space="preserve">or wrote</w:t><w:tab/><w:t>soon</w:t></w:r></w:p>'
    )
    document = open_document(path)
    assert document.texts == ("Ms Okafor wrote\tsoon",)
    target = path.with_name("out.docx")
    document.write(target, [[(3, 9, "Ada"), (15, 16, "–")]])
    (paragraph,) = docx.Document(str(target)).paragraphs
    assert [(run.text, run.bold) for run in paragraph.runs] == [
        ("Ms Ada", None),
        ("", True),
        (" wrote–soon", None),
    ]


def test_a_revised_paragraph_is_read_as_it_is_and_as_it_was(
    make_word: Callable[..., Path], parts_of: Callable[[Path], Parts]
) -> None:
    path = make_word(
        '<w:p><w:r><w:t>Jo</w:t></w:r><w:del w:id="1" w:author="A"><w:r><w:delText>hn</w:delText>'
        '</w:r></w:del><w:ins w:id="2" w:author="B"><w:r><w:t>e</w:t></w:r></w:ins></w:p>'
    )
    document = open_document(path)
    assert document.texts == ("Joe", "John")
    target = path.with_name("out.docx")
    document.write(target, [[], [(0, 4, "[P]")]])
    body = parts_of(target)["word/document.xml"].decode()
    assert "<w:t>[P]</w:t>" in body
    assert "hn" not in re.sub("<[^>]*>", "", body)
    # What both say is replaced once, by the text of the paragraph as it is.
    document.write(target, [[(0, 3, "[Q]")], [(0, 4, "[P]")]], overwrite=True)
    assert re.sub("<[^>]*>", "", parts_of(target)["word/document.xml"].decode()).strip() == "[Q]"


def test_authors_get_numbers_that_are_the_same_in_all_parts(
    make_word: Callable[..., Path], parts_of: Callable[[Path], Parts]
) -> None:
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    path = make_word(
        '<w:p><w:ins w:id="1" w:author="Ada" w:date="2026-01-01T00:00:00Z"><w:r><w:t>a</w:t></w:r>'
        '</w:ins><w:ins w:id="2" w:author="Bo"><w:r><w:t>b</w:t></w:r></w:ins></w:p>',
        parts={
            "word/comments.xml": (
                "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml",
                "comments",
                f'<w:comments {w}><w:comment w:id="0" w:author="Bo" w:initials="B" '
                'w:date="2026-01-01T00:00:00Z"><w:p/></w:comment></w:comments>',
            )
        },
    )
    document = open_document(path)
    target = path.with_name("out.docx")
    document.write(target, [[] for _ in document.texts])
    parts = parts_of(target)
    body = parts["word/document.xml"].decode()
    assert re.findall(r'w:author="([^"]*)"', body) == ["Author 1", "Author 2"]
    comment = parts["word/comments.xml"].decode()
    assert 'w:author="Author 2" w:initials="A2"' in comment
    assert "2026" not in body + comment


def test_what_is_not_touched_stays_byte_for_byte(
    make_word: Callable[..., Path], parts_of: Callable[[Path], Parts]
) -> None:
    path = make_word("<w:p><w:r><w:t>a</w:t></w:r></w:p>")
    document = open_document(path)
    target = path.with_name("out.docx")
    document.write(target, [[] for _ in document.texts])
    before, after = parts_of(path), parts_of(target)
    same = {name for name in after if after[name] == before[name]}
    assert {"word/document.xml", "word/styles.xml", "word/numbering.xml"} <= same
    document.write(target, [[(0, 1, "b")]], overwrite=True)
    assert {name for name in parts_of(target) if parts_of(target)[name] == before[name]} == (
        same - {"word/document.xml"}
    )


def test_what_could_not_be_looked_into_is_told(make_word: Callable[..., Path]) -> None:
    path = make_word(
        '<w:p><w:pPr><w:pStyle w:val="Zyxwitsch"/></w:pPr><w:r><w:t>Zyxwitsch</w:t></w:r></w:p>',
        parts={
            "word/media/a.png": ("image/png", "image", b"\x89PNG"),
            "word/media/b.png": ("image/png", "image", b"\x89PNG Zyxwitsch"),
            "word/embeddings/c.xlsx": ("application/vnd.ms-excel", "package", b"PK"),
            "word/notes.txt": ("text/plain", "aFChunk", b"text"),
        },
    )
    document = open_document(path)
    told = document.write(path.with_name("out.docx"), [[(0, 9, "[P]")]])
    assert told[:2] == (
        "letter.docx has 2 pictures, which were kept as before and not looked into.",
        "letter.docx has 2 embedded files, which were kept as before and not looked into.",
    )
    assert [re.findall(r"found in (\S+),", sentence) for sentence in told[2:]] == [
        ["word/document.xml"],
        ["word/media/b.png"],
    ]


def test_a_part_that_nothing_leads_to_is_left_out(
    make_word: Callable[..., Path], parts_of: Callable[[Path], Parts]
) -> None:
    def change(parts: dict[str, Any]) -> None:
        parts["word/old.xml"] = "<a>secret</a>"

    path = make_word("<w:p/>", change=change)
    document = open_document(path)
    assert document.texts == ()
    document.write(path.with_name("out.docx"), [])
    assert "word/old.xml" not in parts_of(path.with_name("out.docx"))


def test_edits_that_do_not_fit_are_a_mistake_of_the_program(
    make_word: Callable[..., Path],
) -> None:
    document = open_document(make_word("<w:p><w:r><w:t>abc</w:t></w:r></w:p>"))
    target = document.path.with_name("out.docx")
    for edits in ([], [[(0, 4, "")]], [[(1, 1, "")]], [[(0, 2, ""), (1, 3, "")]]):
        with pytest.raises(BugError):
            document.write(target, edits)
    assert not target.exists()


def test_no_file_is_lost_to_a_result(make_word: Callable[..., Path]) -> None:
    path = make_word("<w:p/>")
    document = open_document(path)
    for target, words in ((path, "would take the place"), (path.with_name("o.docx"), "is already")):
        if target != path:
            target.write_text("mine")
        before = target.read_bytes()
        with pytest.raises(KnownError, match=words):
            document.write(target, [])
        with pytest.raises(KnownError, match="would take the place"):
            document.write(path, [], overwrite=True)
        assert target.read_bytes() == before
