"""Recall and precision of masking, computed by hand."""

from __future__ import annotations

import pytest

from engine.core.errors import KnownError
from engine.deidentify.records import Found, Replacement
from engine.deidentify.risk import privacy_report

TYPES = {"PERSON": "direct", "POLICY": "direct", "DATE": "quasi", "TOPIC": "none"}

#       0         1         2         3         4         5
#       0123456789012345678901234567890123456789012345678901234567
TEXT = "Jane Okafor, MV-12: Jane fell on 3 March. Ms Okafor cares."
GOLD = [
    Found(0, 11, "PERSON", entity="person-1"),
    Found(13, 18, "POLICY"),
    Found(20, 24, "PERSON", entity="person-1"),
    Found(33, 40, "DATE"),
    Found(45, 51, "PERSON", entity="person-1"),
    Found(25, 29, "TOPIC"),
]


def masked(*ranges: tuple[int, int], label: str = "PERSON") -> list[Found]:
    return [Found(start, end, label) for start, end in ranges]


def test_an_entity_counts_only_if_all_its_mentions_are_masked() -> None:
    report = privacy_report([TEXT], [GOLD], [masked((0, 11), (20, 24), (13, 18))], TYPES)
    assert report["entities"]["direct"] == {"recall": 1 / 2, "masked": 1, "total": 2}
    assert report["mentions"]["direct"] == {"recall": 3 / 4, "masked": 3, "total": 4}
    assert report["entities"]["quasi"] == {"recall": 0.0, "masked": 0, "total": 1}
    assert report["entities"]["all"] == {"recall": 1 / 3, "masked": 1, "total": 3}
    assert report["texts_at_risk"] == 1
    assert report["residual_risk"] == (
        "At least one mention of 1 of 2 direct identifiers and 1 of 1 quasi identifiers can still "
        "be read, in 1 of 1 texts."
    )


def test_all_mentions_masked_leave_no_risk() -> None:
    ranges = [(span.start, span.end) for span in GOLD if span.label != "TOPIC"]
    report = privacy_report([TEXT], [GOLD], [masked(*ranges)], TYPES)
    assert report["entities"]["all"] == {"recall": 1.0, "masked": 3, "total": 3}
    assert report["precision"] == 1.0
    assert report["texts_at_risk"] == 0
    assert report["residual_risk"] == "Every mention of all 3 identifiers is masked."


def test_a_mention_masked_in_part_is_not_masked() -> None:
    report = privacy_report([TEXT], [GOLD], [masked((0, 10), (13, 17), (33, 34))], TYPES)
    assert report["mentions"]["all"] == {"recall": 0.0, "masked": 0, "total": 5}


def test_a_space_or_a_dash_that_stays_gives_nothing_away() -> None:
    report = privacy_report([TEXT], [GOLD], [masked((0, 4), (5, 11), (13, 15), (16, 18))], TYPES)
    assert report["mentions"]["direct"]["masked"] == 2


def test_precision_is_the_share_of_masked_tokens_that_gold_masks() -> None:
    # Masked tokens: Jane, Okafor | fell (a topic need not be masked), on | 3, March.
    report = privacy_report([TEXT], [GOLD], [masked((0, 11), (25, 32), (33, 40))], TYPES)
    assert report["precision"] == 4 / 6


def test_each_label_is_told_apart() -> None:
    found = [Found(0, 11, "PERSON"), Found(13, 18, "POLICY"), Found(52, 57, "POLICY")]
    report = privacy_report([TEXT], [GOLD], [found], TYPES)["per_label"]
    assert report == {
        "DATE": {
            "type": "quasi",
            "entities": {"recall": 0.0, "masked": 0, "total": 1},
            "mentions": {"recall": 0.0, "masked": 0, "total": 1},
            "precision": None,
        },
        "PERSON": {
            "type": "direct",
            "entities": {"recall": 0.0, "masked": 0, "total": 1},
            "mentions": {"recall": 1 / 3, "masked": 1, "total": 3},
            "precision": 1.0,
        },
        "POLICY": {
            "type": "direct",
            "entities": {"recall": 1.0, "masked": 1, "total": 1},
            "mentions": {"recall": 1.0, "masked": 1, "total": 1},
            "precision": 2 / 3,
        },
    }


def test_entities_without_an_id_are_those_of_equal_strings() -> None:
    text = "Jane, JANE, June"
    gold = [Found(0, 4, "PERSON"), Found(6, 10, "PERSON"), Found(12, 16, "PERSON")]
    report = privacy_report([text], [gold], [masked((0, 4), (12, 16))], TYPES)
    assert report["entities"]["direct"] == {"recall": 1 / 2, "masked": 1, "total": 2}


def test_the_ids_of_two_texts_are_two_entities() -> None:
    gold = [[Found(0, 4, "PERSON", entity="person-1")], [Found(0, 5, "PERSON", entity="person-1")]]
    report = privacy_report(["Jane", "Peter"], gold, [masked((0, 4)), []], TYPES)
    assert report["entities"]["direct"] == {"recall": 1 / 2, "masked": 1, "total": 2}
    assert (report["texts_at_risk"], report["texts"]) == (1, 2)


def test_an_entity_has_the_most_sensitive_type_of_its_mentions() -> None:
    text = "Jane on 3 March"
    gold = [Found(8, 15, "DATE", entity="x"), Found(0, 4, "PERSON", entity="x")]
    report = privacy_report([text], [gold], [masked((0, 4))], TYPES)
    assert report["entities"]["direct"] == {"recall": 0.0, "masked": 0, "total": 1}
    assert report["entities"]["quasi"] == {"recall": None, "masked": 0, "total": 0}


def test_what_was_kept_is_not_masked() -> None:
    kept = Replacement(0, 4, "Jane", "PERSON", "keep", 1.0, "model", 0, 4)
    report = privacy_report(["Jane"], [[Found(0, 4, "PERSON")]], [[kept]], TYPES)
    assert report["entities"]["direct"]["recall"] == 0.0
    assert report["precision"] is None


def test_nothing_to_protect_is_no_success() -> None:
    report = privacy_report(["fell"], [[Found(0, 4, "TOPIC")]], [[]], TYPES)
    assert report["entities"]["all"] == {"recall": None, "masked": 0, "total": 0}
    assert "no identifier" in report["residual_risk"]


def test_gold_that_cannot_be_counted_is_refused() -> None:
    with pytest.raises(KnownError, match="The label “PET”"):
        privacy_report(["Rex"], [[Found(0, 3, "PET")]], [[]], TYPES)
    with pytest.raises(KnownError, match="PERSON 0–9"):
        privacy_report(["Rex"], [[Found(0, 9, "PERSON")]], [[]], TYPES)
