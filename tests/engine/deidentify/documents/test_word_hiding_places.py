"""A string that is replaced wherever a Word document says it is in no part of the result."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest

from engine.deidentify.documents.opening import open_document

SECRET = "Zyxwitsch"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
OOXML = "application/vnd.openxmlformats-officedocument"
WML = f"{OOXML}.wordprocessingml"


def run(text: str, tag: str = "t") -> str:
    return f'<w:r><w:{tag} xml:space="preserve">{text}</w:{tag}></w:r>'


def paragraph(inside: str) -> str:
    return f"<w:p>{inside}</w:p>"


DRAWING = (
    '<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/'
    'wordprocessingDrawing"><wp:extent cx="9" cy="9"/><wp:docPr id="1" name="{0}" descr="{1}" '
    'title="{2}"/></wp:inline></w:drawing></w:r>'
)
TEXT_BOX = (
    '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/'
    '2006"><mc:Choice Requires="wps" xmlns:wps="http://schemas.microsoft.com/office/word/2010/'
    'wordprocessingShape"><wps:txbx><w:txbxContent>{0}</w:txbxContent></wps:txbx></mc:Choice>'
    '<mc:Fallback><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" alt="{1}">'
    "<v:textbox><w:txbxContent>{0}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback>"
    "</mc:AlternateContent></w:r>"
)
BODIES = {
    "one run": paragraph(run(f"Dear {SECRET}, hello")),
    "torn into runs": paragraph(run("Dear Zy") + run("xw") + run("itsch") + run("!")),
    "torn by a link": paragraph(
        run("Zyx") + f'<w:hyperlink w:anchor="a" w:tooltip="{SECRET}">{run("witsch")}</w:hyperlink>'
    ),
    "a table": f"<w:tbl><w:tr><w:tc>{paragraph(run(SECRET))}</w:tc></w:tr></w:tbl>",
    "an insertion": paragraph(
        f'<w:ins w:id="1" w:author="{SECRET}" w:date="2026-01-01T00:00:00Z">{run(SECRET)}</w:ins>'
    ),
    "a deletion": paragraph(
        f'{run("a")}<w:del w:id="1" w:author="A">{run(SECRET, "delText")}</w:del>{run("b")}'
    ),
    "torn by a deletion": paragraph(
        f'{run("Zyx")}<w:del w:id="1" w:author="A">{run("wit", "delText")}</w:del>{run("sch")}'
    ),
    "torn by an insertion": paragraph(
        f'{run("Zyx")}<w:ins w:id="1" w:author="A">{run("wit")}</w:ins>{run("sch")}'
    ),
    "moved": paragraph(f'<w:moveFrom w:id="1" w:author="{SECRET}">{run(SECRET)}</w:moveFrom>')
    + paragraph(f'<w:moveTo w:id="2" w:author="{SECRET}">{run(SECRET)}</w:moveTo>'),
    "changed formatting": paragraph(
        f'<w:r><w:rPr><w:rPrChange w:id="1" w:author="{SECRET}"><w:rPr/></w:rPrChange></w:rPr>'
        "<w:t>a</w:t></w:r>"
    ),
    "a field": paragraph(
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        + run(f' HYPERLINK "mailto:{SECRET[:4]}', "instrText")
        + run(f'{SECRET[4:]}@example.org" ', "instrText")
        + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + run(SECRET)
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    ),
    "a field's data": paragraph(
        f'<w:r><w:fldChar w:fldCharType="begin"><w:fldData>{SECRET}</w:fldData></w:fldChar></w:r>'
    ),
    "a simple field": paragraph(
        f'<w:fldSimple w:instr=" AUTHOR {SECRET} ">{run(SECRET)}</w:fldSimple>'
    ),
    "a form": paragraph(
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="{SECRET}"/><w:enabled/>'
        f'<w:helpText w:type="text" w:val="{SECRET}"/><w:statusText w:val="{SECRET}"/>'
        f'<w:textInput><w:default w:val="{SECRET}"/></w:textInput></w:ffData></w:fldChar></w:r>'
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:listEntry w:val="{SECRET}"/>'
        "</w:ddList></w:ffData></w:fldChar></w:r>"
    ),
    "a content control": (
        f'<w:sdt><w:sdtPr><w:alias w:val="{SECRET}"/><w:tag w:val="{SECRET}"/>'
        f'<w:dataBinding w:xpath="/{SECRET}" w:storeItemID="x"/><w:comboBox><w:listItem '
        f'w:displayText="{SECRET}" w:value="{SECRET}"/></w:comboBox></w:sdtPr><w:sdtContent>'
        f"{paragraph(run(SECRET))}</w:sdtContent></w:sdt>"
    ),
    "a smart tag": paragraph(
        f'<w:smartTag w:uri="u" w:element="e"><w:smartTagPr><w:attr w:name="n" w:val="{SECRET}"/>'
        f"</w:smartTagPr>{run(SECRET)}</w:smartTag>"
    ),
    "a picture's words": paragraph(DRAWING.format(SECRET, f"Photo of {SECRET}", SECRET)),
    "a table's words": f'<w:tbl><w:tblPr><w:tblCaption w:val="{SECRET}"/>'
    f'<w:tblDescription w:val="{SECRET}"/></w:tblPr><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>',
    "a text box": paragraph(run("a") + TEXT_BOX.format(paragraph(run(SECRET)), SECRET) + run("b")),
    "a shape": paragraph(
        '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" '
        f'xmlns:o="urn:schemas-microsoft-com:office:office" o:gfxdata="{SECRET}" href="{SECRET}">'
        f'<v:imagedata o:title="{SECRET}"/><v:textpath string="{SECRET}"/></v:shape></w:pict></w:r>'
    ),
    "a day that was chosen": paragraph(
        f'<w:sdt><w:sdtPr><w:date w:fullDate="{SECRET}"/></w:sdtPr></w:sdt>'
    ),
    "a bookmark": paragraph(f'<w:bookmarkStart w:id="1" w:name="{SECRET}"/>{run("a")}'),
    "an open passage": paragraph(f'<w:permStart w:id="1" w:ed="D\\{SECRET}"/>{run("a")}'),
    "a remark of XML": paragraph(f"<!-- {SECRET} --><?note {SECRET}?>{run('a')}"),
    "a remark inside a word": paragraph("<w:r><w:t>Zyx<!-- x -->witsch</w:t></w:r>"),
    "torn by a soft hyphen": paragraph(
        "<w:r><w:t>Zyxwit</w:t></w:r>" + run("sch") + "<w:r><w:softHyphen/></w:r>"
    ),
    "a formula": paragraph(
        '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r><m:t>'
        f"{SECRET}</m:t></m:r></m:oMath>"
    ),
    "between the tags": paragraph(f"{SECRET}{run('a')}{SECRET}"),
    "a gloss": paragraph(
        f"<w:r><w:ruby><w:rt>{run(SECRET)}</w:rt><w:rubyBase>{run('Zyx')}</w:rubyBase></w:ruby>"
        f"</w:r>{run('witsch')}"
    ),
}
PARTS = {
    "a header": (f"{WML}.header+xml", "header", f"<w:hdr {W}>{paragraph(run(SECRET))}</w:hdr>"),
    "a footer": (f"{WML}.footer+xml", "footer", f"<w:ftr {W}>{paragraph(run(SECRET))}</w:ftr>"),
    "a footnote": (
        f"{WML}.footnotes+xml",
        "footnotes",
        f'<w:footnotes {W}><w:footnote w:id="2">{paragraph(run(SECRET))}</w:footnote>'
        "</w:footnotes>",
    ),
    "an endnote": (
        f"{WML}.endnotes+xml",
        "endnotes",
        f'<w:endnotes {W}><w:endnote w:id="2">{paragraph(run(SECRET))}</w:endnote></w:endnotes>',
    ),
    "a comment": (
        f"{WML}.comments+xml",
        "comments",
        f'<w:comments {W}><w:comment w:id="0" w:author="{SECRET}" w:initials="{SECRET}" '
        f'w:date="2026-01-01T00:00:00Z">{paragraph(run(SECRET))}</w:comment></w:comments>',
    ),
    "the people": (
        f"{WML}.people+xml",
        "people",
        '<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"><w15:person '
        f'w15:author="{SECRET}"><w15:presenceInfo w15:providerId="AD" w15:userId="S::{SECRET}"/>'
        "</w15:person></w15:people>",
    ),
    "a building block": (
        f"{WML}.document.glossary+xml",
        "glossaryDocument",
        f'<w:glossaryDocument {W}><w:docParts><w:docPart><w:docPartPr><w:name w:val="{SECRET}"/>'
        f'<w:category><w:name w:val="{SECRET}"/></w:category><w:description w:val="{SECRET}"/>'
        f"</w:docPartPr><w:docPartBody>{paragraph(run(SECRET))}</w:docPartBody></w:docPart>"
        "</w:docParts></w:glossaryDocument>",
    ),
    "a chart": (
        f"{OOXML}.drawingml.chart+xml",
        "chart",
        f'<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" {A}>'
        "<c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Zyxw</a:t></a:r><a:r><a:t>itsch</a:t></a:r>"
        f"</a:p></c:rich></c:tx></c:title><c:ser><c:tx><c:strRef><c:f>{SECRET}!$A$1</c:f>"
        f'<c:strCache><c:pt idx="0"><c:v>{SECRET}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
        "</c:ser></c:chart></c:chartSpace>",
    ),
    "a diagram": (
        f"{OOXML}.drawingml.diagramData+xml",
        "diagramData",
        f'<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" {A}>'
        f"<dgm:pt><dgm:t><a:p><a:r><a:t>{SECRET}</a:t></a:r></a:p></dgm:t></dgm:pt>"
        "</dgm:dataModel>",
    ),
    "custom XML": (
        "application/xml",
        "customXml",
        f'<case client="{SECRET}"><name>{SECRET}</name></case>',
    ),
    "an unknown part": (
        "application/vnd.example.notes+xml",
        "notes",
        f"<notes><note>{SECRET}</note>{SECRET}</notes>",
    ),
}


@pytest.fixture
def check(
    tmp_path: Path, masked: Callable[..., Any], parts_of: Callable[[Path], dict[str, bytes]]
) -> Callable[[Path], dict[str, bytes]]:
    """Replace the secret everywhere, look for it, and return the parts of the result."""

    def replace(path: Path) -> dict[str, bytes]:
        document = open_document(path)
        target = tmp_path / "out.docx"
        assert document.write(target, masked(document, SECRET)) == ()
        parts = parts_of(target)
        assert [name for name, data in parts.items() if SECRET.encode() in data] == []
        for name, data in parts.items():
            # Torn into pieces, it would not be found as a whole.
            words = re.sub(r"<[^>]*>", "", data.decode("utf-8", "ignore"))
            assert not re.search("Zyx|witsch", words), name
        docx.Document(str(target))
        return parts

    return replace


@pytest.mark.parametrize("place", BODIES)
def test_nothing_is_left_in_the_body(
    make_word: Callable[..., Path], check: Callable[..., Any], place: str
) -> None:
    check(make_word(BODIES[place]))


@pytest.mark.parametrize("place", PARTS)
def test_nothing_is_left_in_another_part(
    make_word: Callable[..., Path], check: Callable[..., Any], place: str
) -> None:
    check(make_word(paragraph(run("a")), parts={"word/extra1.xml": PARTS[place]}))


def test_nothing_is_left_in_properties_settings_and_the_preview(
    make_word: Callable[..., Path], check: Callable[..., Any], tmp_path: Path
) -> None:
    def change(parts: dict[str, Any]) -> None:
        parts["docProps/core.xml"] = re.sub(
            rb">[^<\s]+<", f">{SECRET}<".encode(), parts["docProps/core.xml"]
        )
        parts["docProps/app.xml"] = parts["docProps/app.xml"].replace(
            b"</Properties>",
            f"<Company>{SECRET}</Company><Manager>{SECRET}</Manager></Properties>".encode(),
        )
        parts["docProps/thumbnail.jpeg"] = SECRET.encode()
        parts["word/settings.xml"] = parts["word/settings.xml"].replace(
            b"</w:settings>",
            f'<w:docVars><w:docVar w:name="{SECRET}" w:val="{SECRET}"/></w:docVars><w:attachedTempl'
            f'ate xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
            f'r:id="t1"/><w:mailMerge><w:query w:val="{SECRET}"/></w:mailMerge><w:rsids>'
            '<w:rsid w:val="00AA11BB"/></w:rsids></w:settings>'.encode(),
        )
        parts["word/_rels/settings.xml.rels"] = (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="t1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            f'relationships/attachedTemplate" Target="file:///C:/{SECRET}.dotm" TargetMode="Externa'
            'l"/></Relationships>'
        )

    parts = check(make_word(paragraph(run("a")), change=change))
    assert "docProps/thumbnail.jpeg" not in parts
    assert not any(name.startswith("customXml") for name in parts)
    assert b"rsid" not in parts["word/settings.xml"]
    properties = docx.Document(str(tmp_path / "out.docx")).core_properties
    assert (properties.author, properties.title, properties.last_modified_by) == ("", "", "")


@pytest.mark.parametrize("target", [f"mailto:{SECRET}@example.org", "file:///C:/%5Ayxwitsch/a"])
def test_nothing_is_left_in_the_address_of_a_link(
    make_word: Callable[..., Path], check: Callable[..., Any], target: str
) -> None:
    def change(parts: dict[str, Any]) -> None:
        name = "word/_rels/document.xml.rels"
        parts[name] = parts[name].replace(
            b"</Relationships>",
            '<Relationship Id="l1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            f'relationships/hyperlink" Target="{target}" TargetMode="External"/>'
            "</Relationships>".encode(),
        )

    parts = check(make_word(paragraph(run("a")), change=change))
    rels = parts["word/_rels/document.xml.rels"].decode()
    (written,) = re.findall(r'Target="([^"]*)" TargetMode', rels)
    assert "yxwitsch" not in written
    assert "%5BX%5D" in written
