"""The test part is settled before anyone labels, and no group of texts is cut by it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

from engine.project.annotations import set_labels
from engine.project.project import ProjectFile, create_project
from engine.project.reading import list_text_ids
from engine.project.snapshot import snapshot_slice
from engine.project.splits import draw_split
from engine.project.texts import ImportedRow, ImportSummary

BringIn = Callable[..., ImportSummary]
LONG = "The surveyor never came although two dates had been agreed with your office in {place}"


def splits(project: ProjectFile) -> dict[int, str]:
    return {row.text_id: row.split for row in snapshot_slice(project.connection, 1)}


def test_about_a_fifth_is_for_the_test_and_a_tenth_for_validation() -> None:
    drawn = Counter(draw_split("seed", f"text {number}") for number in range(20_000))
    assert abs(drawn["test"] / 20_000 - 0.2) < 0.01
    assert abs(drawn["validation"] / 20_000 - 0.1) < 0.01


def test_the_split_is_settled_at_import_and_labels_do_not_move_it(letters: ProjectFile) -> None:
    before = splits(letters)
    set_labels(letters, 1, range(1, 13), [1])
    assert splits(letters) == before


def test_the_same_texts_fall_the_same_way_in_any_order(tmp_path: Path, bring_in: BringIn) -> None:
    contents = [f"letter {number:b} about the matter {number:x}" for number in range(60)]
    found = []
    for name, ordered in (("a", contents), ("b", contents[::-1])):
        with create_project(tmp_path / f"{name}.glossator", labels=["x", "y"]) as project:
            project.connection.execute("UPDATE project SET seed = 'abcd'")
            bring_in(project, ordered)
            found.append({row.text: row.split for row in snapshot_slice(project.connection, 1)})
    assert found[0] == found[1]
    assert len(set(found[0].values())) == 3


def test_texts_of_one_document_share_group_and_split(
    project: ProjectFile, bring_in: BringIn
) -> None:
    bring_in(
        project,
        [
            ImportedRow(n, f"sentence {n:b} that differs", document=f"case {n % 20}")
            for n in range(1, 201)
        ],
    )
    parts = defaultdict(set)
    for row in snapshot_slice(project.connection, 1):
        parts[row.group].add(row.split)
    assert len(parts) == 20
    assert all(len(found) == 1 for found in parts.values())
    bring_in(project, [ImportedRow(1, "one more of it", document="case 7")], "later.csv")
    groups = {row.text_id: row.group for row in snapshot_slice(project.connection, 1)}
    assert groups[201] == groups[7]


def test_short_answers_do_not_chain_documents_together(
    project: ProjectFile, bring_in: BringIn
) -> None:
    rows = []
    for case in range(10):
        rows.append(ImportedRow(2 * case + 1, "Yes, I agree.", document=f"case {case}"))
        rows.append(ImportedRow(2 * case + 2, f"long sentence {case:b}", document=f"case {case}"))
    bring_in(project, rows)
    assert len({row.group for row in snapshot_slice(project.connection, 1)}) == 10


def test_near_duplicates_share_group_and_split_over_imports(
    project: ProjectFile, bring_in: BringIn
) -> None:
    text = LONG.format(place="Leeds") + " and again in writing on the fourth of May last year"
    bring_in(project, [text, "What a relief that the hire car stood at the door"])
    near = text.replace("year", "spring").upper().replace("AGREED", "agreed!")
    summary = bring_in(project, [near], "second.csv")
    assert summary.near_duplicates == 1
    rows = snapshot_slice(project.connection, 1)
    assert rows[2].group == rows[0].group != rows[1].group
    assert rows[2].split == rows[0].split


def test_imported_splits_win_and_their_leaks_are_counted(
    project: ProjectFile, bring_in: BringIn
) -> None:
    text = LONG.format(place="Leeds")
    bring_in(project, [ImportedRow(1, text, split="train")], "train.csv")
    summary = bring_in(
        project,
        [ImportedRow(1, text, split="test"), ImportedRow(2, "A clean one", split="test")],
        "test.csv",
    )
    assert summary.split_leaks == 1
    assert splits(project) == {1: "train", 2: "test", 3: "test"}


def test_rows_without_a_split_follow_the_imported_split_of_their_group(
    project: ProjectFile, bring_in: BringIn
) -> None:
    text = LONG.format(place="Leeds")
    rows = [ImportedRow(1, text), ImportedRow(2, text, split="test"), ImportedRow(3, text)]
    assert bring_in(project, rows).split_leaks == 0
    assert set(splits(project).values()) == {"test"}


def test_groups_in_the_project_never_change(project: ProjectFile, bring_in: BringIn) -> None:
    words = [f"word{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(80)]
    left, right = " ".join(words[:60]), " ".join(words[12:72])
    bring_in(
        project, [ImportedRow(1, left, split="train"), ImportedRow(2, right, split="test")], "a.csv"
    )
    before = [(row.group, row.split) for row in snapshot_slice(project.connection, 1)]
    assert before[0][0] != before[1][0]
    bring_in(project, [" ".join(words[6:66])], "between.csv")  # similar to both
    after = [(row.group, row.split) for row in snapshot_slice(project.connection, 1)]
    assert after[:2] == before
    assert after[2] in before


def test_the_random_order_is_stable_when_texts_are_added(
    letters: ProjectFile, bring_in: BringIn
) -> None:
    before = list_text_ids(letters.connection, 1, order="random").tolist()
    assert sorted(before) == list(range(1, 13)) != before
    bring_in(letters, [f"one more letter {n:b}" for n in range(30)], "more.csv")
    after = list_text_ids(letters.connection, 1, order="random").tolist()
    assert [text_id for text_id in after if text_id <= 12] == before
