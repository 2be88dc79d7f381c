"""Files that are no Word documents, or are made to do harm, get one clear sentence."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.core.errors import KnownError
from engine.deidentify.documents.opening import open_document

BODY = "<w:p><w:r><w:t>a</w:t></w:r></w:p>"


def refusal(path: Path) -> str:
    with pytest.raises(KnownError) as refused:
        open_document(path)
    sentence = refused.value.message
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def damaged(found: dict[str, Any]) -> None:
    found["word/document.xml"] = found["word/document.xml"][:-20]


def test_a_file_that_is_no_word_document(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    assert refusal(path).startswith("There is no file ")
    path.mkdir()
    assert "is a folder" in refusal(path)
    path.rmdir()
    for content, words in (
        (b"", "is empty"),
        (b"Dear Ms Okafor", "is not a Word document, in spite of its name"),
        (b"PK\x03\x04 and nothing more", "its parts cannot be found"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "is in Word's old format"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "is encrypted"),
    ):
        path.write_bytes(content)
        assert words in refusal(path)


def test_another_zip_archive(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "a")
    assert "another zip archive" in refusal(path)


def test_a_document_of_another_program(make_word: Callable[..., Path]) -> None:
    def change(parts: dict[str, Any]) -> None:
        parts["word/document.xml"] = "<workbook xmlns='urn:x'/>"

    assert "of another Office program" in refusal(make_word(BODY, change=change))


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/evil", "word/../../evil", "C:\\evil"])
def test_names_that_lead_out_of_the_document(make_word: Callable[..., Path], name: str) -> None:
    def change(parts: dict[str, Any]) -> None:
        parts[name] = "x"

    assert "leads out of the document" in refusal(make_word(BODY, change=change))


def test_two_parts_of_the_same_name(make_word: Callable[..., Path]) -> None:
    def change(parts: dict[str, Any]) -> None:
        parts["Word/Document.xml"] = parts["word/document.xml"]

    assert "the same name" in refusal(make_word(BODY, change=change))


def test_a_part_that_swells_without_end(make_word: Callable[..., Path]) -> None:
    def change(parts: dict[str, Any]) -> None:
        text = parts["word/document.xml"].decode()
        parts["word/document.xml"] = text.replace(BODY, BODY + "<w:p/>" * 3_000_000)

    assert "is too large" in refusal(make_word(BODY, change=change))


def test_entities(make_word: Callable[..., Path], tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")

    def change(parts: dict[str, Any]) -> None:
        text = parts["word/document.xml"].decode()
        doctype = f'<!DOCTYPE w [<!ENTITY e SYSTEM "{secret.as_uri()}">]><w:document'
        text = text.replace("<w:document", doctype, 1)
        parts["word/document.xml"] = text.replace("<w:t>a<", "<w:t>&e;<")

    assert "declares a document type" in refusal(make_word(BODY, change=change))


def test_damaged_xml(make_word: Callable[..., Path]) -> None:
    sentence = refusal(make_word(BODY, change=damaged))
    assert sentence == "letter.docx is damaged: its part word/document.xml is not valid XML."
