"""Delimited files as people have them: ragged, quoted over lines, with quotes left open."""

from __future__ import annotations

from pathlib import Path

from engine.interchange.csv_dialect import CsvDialect, sniff_dialect
from engine.interchange.csv_format import CsvReader
from engine.interchange.raw_row import RawRow


def read(folder: Path, content: str, dialect: CsvDialect | None = None) -> list[RawRow]:
    path = folder / "table.csv"
    path.write_bytes(content.encode("utf-8"))
    reader = CsvReader(path, "utf-8", dialect or sniff_dialect(content))
    try:
        return list(reader)
    finally:
        reader.close()


def test_cells_keep_line_breaks_quotes_and_outer_blanks(tmp_path: Path) -> None:
    rows = read(tmp_path, 'text,label\r\n" Dear ""Sir"",\r\nand so on \n",claim\r\n')
    assert [row.fields for row in rows] == [
        {"text": ' Dear "Sir",\r\nand so on \n', "label": "claim"}
    ]


def test_blank_lines_are_no_rows_and_rows_count_from_one(tmp_path: Path) -> None:
    rows = read(tmp_path, "text,label\n\na,x\n  \nb,y\n\n")
    assert [(row.row, row.fields["text"]) for row in rows] == [(1, "a"), (2, "b")]


def test_a_short_row_is_repaired_and_a_long_one_refused(tmp_path: Path) -> None:
    short, trailing, long = read(tmp_path, "text,label\nonly text\na,b,,\nI came, I saw,x\n")
    assert short.fields == {"text": "only text"}
    assert short.repairs == ("it ends before “label”, taken as empty",)
    assert trailing.fields == {"text": "a", "label": "b"}
    assert "3 columns where there should be 2" in long.problem


def test_commas_in_the_only_column_belong_to_the_text(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "text\nI came, I saw, I left\n")
    assert row.fields == {"text": "I came, I saw, I left"}


def test_blanks_after_the_delimiter_do_not_hide_quotation_marks(tmp_path: Path) -> None:
    (row,) = read(tmp_path, 'text, label\n"Well, yes", "good"\n')
    assert row.fields == {"text": "Well, yes", "label": "good"}


def test_an_open_quotation_mark_costs_one_row_not_the_rest_of_the_file(tmp_path: Path) -> None:
    rows = read(tmp_path, 'text,label\na,x\n"never closed,x\nb,y\nc,z\n')
    assert [row.fields.get("text") for row in rows] == ["a", None, "b", "c"]
    assert rows[1].problem == "line 3 opens a quotation mark that is never closed"


def test_an_open_quotation_mark_in_a_large_file_is_found_early(tmp_path: Path) -> None:
    filler = "something to read at length and in many words indeed,x\n" * 100_000
    rows = read(tmp_path, 'text,label\n"open,x\n' + filler)
    assert len(rows) == 100_001
    assert [row.row for row in rows if row.problem] == [1]


def test_a_cell_may_be_longer_than_the_parsers_own_limit(tmp_path: Path) -> None:
    (row,) = read(tmp_path, "text,label\n" + "x" * 500_000 + ",a\n")
    assert len(row.fields["text"]) == 500_000


def test_without_a_header_columns_are_numbered_and_the_first_row_counts(tmp_path: Path) -> None:
    rows = read(tmp_path, "It never came.,bad\nIt came at once.,good\nAll fine here.,good\n")
    assert len(rows) == 3
    assert rows[0].fields == {"column 1": "It never came.", "column 2": "bad"}


def test_position_reaches_the_end(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text\n" + "word\n" * 50_000, encoding="utf-8")
    reader = CsvReader(path, "utf-8", CsvDialect(",", ("text",), has_header=True))
    rows = iter(reader)
    next(rows)
    assert 0 < reader.position < path.stat().st_size
    assert sum(1 for _ in rows) == 49_999
    assert reader.position == path.stat().st_size
    reader.close()
