"""Files are written without what identifies people, as a script would have it done."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import docx
import pytest

LETTER = (
    "Dear Ms Okafor,\r\nwrite to ada.okafor@example.org or call +44 20 7946 0958 "
    "before 3 March 2026.\r\nada.okafor@example.org\r\n"
)
ADDRESS = "ada.okafor@example.org"
NAMES_LEFT = (
    "Something may have been missed (name 1); --report says where. "
    "Read the result before you share it."
)


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A letter with two identifiers of each of several kinds."""
    path = tmp_path / "letter.txt"
    path.write_bytes(LETTER.encode())
    return path


def test_patterns_alone_replace_what_they_find(
    glossator: Any, letter: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.txt"
    done = glossator("redact", letter, "--patterns", "email,phone:CONTACT", "--out", out, "--json")
    assert done.code == 0, done.err
    assert out.read_bytes() == (
        LETTER.replace(ADDRESS, "[EMAIL]").replace("+44 20 7946 0958", "[CONTACT]").encode()
    )
    assert done.data == {
        "out": str(out),
        "texts": 1,
        "passages": 3,
        "by_label": {"CONTACT": 1, "EMAIL": 2},
        "by_operator": {"redact": 3},
        "doubts": {"name": 1},
        "unseen": [],
        "notes": [NAMES_LEFT],
    }
    again = glossator("redact", letter, "--patterns", "email", "--out", tmp_path / "words.txt")
    assert again.out == f"Wrote {tmp_path / 'words.txt'}: 2 passages in 1 text.\nEMAIL\t2\n"


def test_a_policy_says_what_is_done_with_which_label(
    glossator: Any, letter: Path, tmp_path: Path
) -> None:
    policy, out, report = (tmp_path / name for name in ("p.json", "out.txt", "report.json"))
    choices = {"EMAIL": "keep", "PHONE": {"operator": "mask", "character": "x", "length": 3}}
    policy.write_text(json.dumps(choices), encoding="utf-8")
    done = glossator(
        "redact", letter, "--patterns", "all", "--policy", policy, "--out", out,
        "--report", report, "--json",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert out.read_bytes().decode() == LETTER.replace("+44 20 7946 0958", "xxx").replace(
        "3 March 2026", "[DATE]"
    )
    assert done.data["by_operator"] == {"keep": 2, "mask": 1, "redact": 1}
    told = json.loads(report.read_text("utf-8"))
    assert [one["operator"] for one in told["decisions"]] == ["keep", "mask", "redact", "keep"]
    phone = told["decisions"][1]
    assert LETTER[phone["start"] : phone["end"]] == "+44 20 7946 0958"
    assert out.read_bytes().decode()[phone["new_start"] : phone["new_end"]] == phone["new"] == "xxx"
    for string in (ADDRESS, "7946", "March"):
        assert string not in report.read_text("utf-8")


def test_aliases_are_the_same_in_the_whole_file_and_written_when_asked_for(
    glossator: Any, letter: Path, tmp_path: Path
) -> None:
    out, table = tmp_path / "out.txt", tmp_path / "aliases.csv"
    done = glossator(
        "redact", letter, "--patterns", "email", "--operator", "pseudonymise", "--out", out,
        "--aliases", table, "--json",
    )  # fmt: skip
    assert done.code == 0, done.err
    found = re.findall(r"\S+@\S+", out.read_text("utf-8"))
    assert len(found) == 2
    assert len(set(found)) == 1
    assert ADDRESS not in found
    with table.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["label", "original", "alias"],
            ["EMAIL", ADDRESS, found[0]],
        ]
    note = done.data["notes"][0]
    assert "a secret of this run alone" in note
    assert note in done.err


def test_what_is_found_with_little_confidence_can_be_left(
    glossator: Any, letter: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.txt"
    options = ("--patterns", "all", "--min-confidence", "1", "--out", out)
    assert glossator("redact", letter, *options).code == 0
    assert out.read_bytes() == letter.read_bytes()


def test_what_may_have_been_missed_is_told(glossator: Any, letter: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    done = glossator(
        "redact", letter, "--patterns", "email", "--out", tmp_path / "out.txt",
        "--report", report, "--json",
    )  # fmt: skip
    assert done.data["doubts"]["number"] >= 1
    assert "Something may have been missed (" in done.data["notes"][0]
    places = [
        LETTER[doubt["start"] : doubt["end"]] for doubt in json.loads(report.read_text())["doubts"]
    ]
    assert any("7946 0958" in place for place in places)


def test_a_table_and_a_word_document(glossator: Any, tmp_path: Path) -> None:
    table, out = tmp_path / "table.csv", tmp_path / "out.csv"
    table.write_bytes(f"text;by\r\nCall me;{ADDRESS}\r\n{ADDRESS};x\r\n".encode())
    for column, passages in ((), 2), (("--text-column", "text"), 1):
        out.unlink(missing_ok=True)
        done = glossator("redact", table, "--patterns", "email", "--out", out, "--json", *column)
        assert done.data["passages"] == passages
    assert out.read_bytes() == f"text;by\r\nCall me;{ADDRESS}\r\n[EMAIL];x\r\n".encode()
    assert done.data["unseen"] == [
        "Only the column “text” was looked into; all others are as they were."
    ]

    letter, redacted = tmp_path / "letter.docx", tmp_path / "redacted.docx"
    document = docx.Document()
    paragraph = document.add_paragraph("Write to ada.okafor")
    paragraph.add_run("@example.org").bold = True
    document.core_properties.author = "Ada Okafor"
    document.save(str(letter))
    done = glossator("redact", letter, "--patterns", "email", "--out", redacted, "--json")
    assert (done.code, done.data["passages"]) == (0, 1)
    written = docx.Document(str(redacted))
    assert written.paragraphs[0].text == "Write to [EMAIL]"
    assert written.core_properties.author == ""


def test_files_of_a_project_share_its_policy_its_secret_and_its_aliases(
    glossator: Any, letter: Path, tmp_path: Path
) -> None:
    project = tmp_path / "letters.glossator"
    labels = ("--task", "spans", "--labels", "EMAIL,PHONE")
    assert glossator("new", project, *labels).code == 0
    other = tmp_path / "other.txt"
    other.write_text(f"It was {ADDRESS} again.", encoding="utf-8")
    hashes = []
    for source in (letter, other):
        for operator in ("hash", "pseudonymise"):
            out = tmp_path / f"{source.stem}-{operator}.txt"
            done = glossator(
                "redact", source, "--project", project, "--patterns", "email", "--operator",
                operator, "--out", out, "--json",
            )  # fmt: skip
            assert done.code == 0, done.err
            assert not any("of this run alone" in note for note in done.data["notes"])
            text = out.read_text(encoding="utf-8")
            assert ADDRESS not in text
            hashes.append(set(re.findall(r"EMAIL-\w+|\S+@example\.\w+", text)))
    assert hashes[0] == hashes[2]
    assert hashes[1] == hashes[3]
    assert all(len(found) == 1 for found in hashes)
    safest = tmp_path / "safest.txt"
    done = glossator(
        "redact", other, "--project", project, "--patterns", "email", "--out", safest, "--json"
    )
    assert done.data["by_operator"] == {"redact": 1}, "the policy of a new project"


def test_a_command_that_is_not_whole_is_wrong_usage(
    glossator: Any, letter: Path, tmp_path: Path
) -> None:
    out = ("--out", tmp_path / "out.txt")
    assert glossator("redact", letter, *out).code == 2
    assert glossator("redact", letter, "--patterns", "email").code == 2
    assert glossator("redact", letter, "--patterns", "all", "--operator", "burn", *out).code == 2
    assert list(tmp_path.iterdir()) == [letter]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--patterns", "shoe", "--out", "out.txt"), "There is no rule “shoe”"),
        (("--patterns", "all", "--out", "out.csv"), "its name has to end in .txt"),
        (("--patterns", "all", "--out", "letter.txt"), "would take the place of letter.txt"),
        (("--patterns", "all", "--out", "there.txt"), "is already there"),
        (("--patterns", "all", "--out", "no/out.txt"), "There is no folder no"),
        (("--patterns", "all", "--out", "out.txt", "--report", "there.txt"), "is already there"),
        (("--patterns", "all", "--out", "out.txt", "--report", "out.txt"), "a file of their own"),
        (("--patterns", "all", "--out", "out.txt", "--policy", "no.json"), "There is no file"),
        (("--patterns", "all", "--out", "out.txt", "--policy", "there.txt"), "is not valid JSON"),
        (("--patterns", "all", "--out", "out.txt", "--policy", "burn.json"), "names no operator"),
        (("--model", "nowhere", "--out", "out.txt"), "is not a published model"),
    ],
)
def test_what_cannot_be_done_gets_one_sentence(
    glossator: Any,
    letter: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    words: str,
) -> None:
    monkeypatch.chdir(letter.parent)
    Path("there.txt").write_text("mine", encoding="utf-8")
    Path("burn.json").write_text('{"EMAIL": "burn"}', encoding="utf-8")
    refused = glossator("redact", "letter.txt", *options)
    assert refused.code == 1
    assert words in refused.err
    assert refused.err.count("\n") == 1
    assert letter.read_bytes() == LETTER.encode()
    assert Path("there.txt").read_text(encoding="utf-8") == "mine"
    assert {path.name for path in Path().iterdir()} == {"burn.json", "letter.txt", "there.txt"}


def test_a_word_document_that_is_none(glossator: Any, tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    path.write_text("Dear Ms Okafor", encoding="utf-8")
    refused = glossator("redact", path, "--patterns", "all", "--out", tmp_path / "o.docx", "--json")
    assert (refused.code, refused.data) == (
        1,
        {"error": "letter.docx is not a Word document, in spite of its name."},
    )


@pytest.mark.timeout(400)
def test_a_model_finds_the_passages(glossator: Any, tagger: Any, tmp_path: Path) -> None:
    path, out = tmp_path / "letter.docx", tmp_path / "out.docx"
    document = docx.Document()
    document.add_paragraph("the court was with the patient")
    document.add_paragraph("this ruling")
    document.add_paragraph("the court was with the patient")
    document.save(str(path))
    done = glossator(
        "redact", path, "--model", tagger.output, "--patterns", "email", "--out", out, "--json"
    )
    assert done.code == 0, done.err
    texts = [paragraph.text for paragraph in docx.Document(str(out)).paragraphs]
    assert texts[0] == texts[2] == "the [law] was with the [medicine]"
    assert texts[1] == "this [law]"
    assert done.data["by_label"] == {"law": 3, "medicine": 2}
