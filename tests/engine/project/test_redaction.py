"""A project keeps one secret, a policy for each label, its aliases, and every decision."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.core.errors import KnownError
from engine.project import redaction, tasks
from engine.project.check import check_project
from engine.project.project import ProjectFile, create_project, open_project
from engine.project.redaction import Alias, LabelPolicy
from engine.project.redaction_decisions import decide, decision_log, standing_decisions
from engine.project.texts import ImportedRow, begin_import

TASK = 1
PER, DATE, TOPIC = 1, 2, 3
LETTER = "Dear Ms Okafor 😀, your letter of 3 March reached us at 14 Mill Lane."


@pytest.fixture
def project(tmp_path: Path) -> Iterator[ProjectFile]:
    """One letter in a task whose labels give away everything, something and nothing."""
    with create_project(
        tmp_path / "letters.glossator",
        labels=("PER", "DATE", "TOPIC"),
        kind="spans",
        identifiers=("direct", "quasi", "none"),
        annotator="Ada",
    ) as project:
        session = begin_import(project, "one.jsonl", TASK)
        session.add([ImportedRow(1, LETTER)])
        session.finish()
        yield project
        assert check_project(project) == []


def policies(project: ProjectFile) -> dict[int, LabelPolicy]:
    return redaction.read_policies(project.connection, tasks.read_task(project.connection, TASK))


def standing(project: ProjectFile) -> list[tuple[int, int, str]]:
    found = standing_decisions(project.connection, (1,)).get(1, ())
    return [(each.start, each.end, each.decision) for each in found]


# --- the secret ---------------------------------------------------------------------------------


def test_the_secret_is_drawn_once_and_stays(tmp_path: Path) -> None:
    with create_project(tmp_path / "post.glossator", labels=("PER",), kind="spans") as project:
        assert redaction.read_secret(project.connection) is None
        secret = redaction.secret_of(project)
        assert len(secret) == 32
        assert redaction.secret_of(project) == secret == redaction.read_secret(project.connection)
    with open_project(tmp_path / "post.glossator") as again:
        assert redaction.secret_of(again) == secret


def test_two_projects_have_two_secrets(project: ProjectFile, tmp_path: Path) -> None:
    with create_project(tmp_path / "other.glossator", labels=("PER",), kind="spans") as other:
        assert redaction.secret_of(other) != redaction.secret_of(project)


def test_a_policy_brings_the_secret_with_it(project: ProjectFile) -> None:
    redaction.set_policy(project, PER, "pseudonymise", {})
    secret = redaction.read_secret(project.connection)
    assert secret is not None
    redaction.set_policy(project, DATE, "hash", {})
    assert redaction.read_secret(project.connection) == secret


# --- policies -----------------------------------------------------------------------------------


def test_by_default_all_that_identifies_is_redacted_and_the_rest_is_kept(
    project: ProjectFile,
) -> None:
    assert {key: value.operator for key, value in policies(project).items()} == {
        PER: "redact",
        DATE: "redact",
        TOPIC: "keep",
    }
    assert not any(policy.chosen for policy in policies(project).values())


def test_without_a_choice_the_policy_follows_what_the_label_gives_away(
    project: ProjectFile,
) -> None:
    tasks.edit_label(project, TOPIC, identifier="direct")
    assert policies(project)[TOPIC].operator == "redact"


def test_a_chosen_policy_stays_whatever_the_label_gives_away(project: ProjectFile) -> None:
    redaction.set_policy(project, PER, "mask", {"keep_last": 2})
    tasks.edit_label(project, PER, identifier="none")
    assert policies(project)[PER] == LabelPolicy(PER, "mask", {"keep_last": 2}, chosen=True)
    redaction.set_policy(project, PER, "keep", {})
    assert policies(project)[PER] == LabelPolicy(PER, "keep", {}, chosen=True)


def test_a_label_that_is_gone_gets_no_policy(project: ProjectFile) -> None:
    with pytest.raises(KnownError, match="not in this project any more"):
        redaction.set_policy(project, 99, "redact", {})
    assert redaction.read_secret(project.connection) is None


# --- aliases ------------------------------------------------------------------------------------


def test_an_entity_keeps_the_alias_it_has(project: ProjectFile) -> None:
    first = Alias("PER", "okafor", "Okafor", "Lindqvist")
    assert redaction.store_aliases(project, [first]) == 1
    assert redaction.store_aliases(project, [Alias("PER", "okafor", "Okafor", "Miller")]) == 0
    other = Alias("PLACE", "okafor", "Okafor", "Bridgetown")
    assert redaction.store_aliases(project, [other, first]) == 1
    assert redaction.read_aliases(project.connection) == [first, other]


def test_storing_no_alias_is_fine(project: ProjectFile) -> None:
    assert redaction.store_aliases(project, []) == 0
    assert redaction.read_aliases(project.connection) == []


# --- decisions ----------------------------------------------------------------------------------


def test_the_latest_decision_about_a_range_holds(project: ProjectFile) -> None:
    decide(project, TASK, 1, 8, 14, label_id=None, decision="keep", reason="a brand")
    decide(project, TASK, 1, 34, 41, label_id=DATE, decision="mask")
    assert standing(project) == [(8, 14, "keep"), (34, 41, "mask")]
    decide(project, TASK, 1, 8, 14, label_id=PER, decision="mask")
    assert standing(project) == [(8, 14, "mask"), (34, 41, "mask")]
    decide(project, TASK, 1, 8, 14, label_id=None, decision="withdrawn")
    assert standing(project) == [(34, 41, "mask")]


def test_the_log_forgets_nothing_and_says_who_and_when(project: ProjectFile) -> None:
    decide(project, TASK, 1, 8, 14, label_id=None, decision="keep", reason="a brand")
    project.set_annotator("Ben")
    decide(project, TASK, 1, 8, 14, label_id=None, decision="withdrawn")
    newest, oldest = decision_log(project.connection)
    assert (oldest.annotator, oldest.decision, oldest.reason) == ("Ada", "keep", "a brand")
    assert (newest.annotator, newest.decision) == ("Ben", "withdrawn")
    assert oldest.at <= newest.at
    assert decision_log(project.connection, limit=1) == [newest]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"start": 8, "end": 8}, "it has no characters"),
        ({"start": 14, "end": 8}, "its end is before its beginning"),
        ({"end": 5000}, "it lies outside the text"),
        ({"text_id": 99}, "not in this project any more"),
        ({"label_id": 99}, "not in this task any more"),
        ({"label_id": None}, "as which label"),
        ({"decision": "burn"}, "is no decision"),
        ({"decision": "withdrawn"}, "nothing is decided"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(
    project: ProjectFile, changes: dict[str, object], reason: str
) -> None:
    asked: dict[str, object] = {
        "text_id": 1,
        "start": 8,
        "end": 14,
        "label_id": PER,
        "decision": "mask",
    }
    asked |= changes
    place = (asked.pop("text_id"), asked.pop("start"), asked.pop("end"))
    with pytest.raises(KnownError, match=reason):
        decide(project, TASK, *place, **asked)  # type: ignore[arg-type]
    assert decision_log(project.connection) == []


def test_whole_texts_have_no_passages_to_decide_about(tmp_path: Path) -> None:
    with (
        create_project(tmp_path / "post.glossator", labels=("new", "old")) as project,
        pytest.raises(KnownError, match="whole texts get labels"),
    ):
        decide(project, TASK, 1, 0, 1, label_id=1, decision="mask")
