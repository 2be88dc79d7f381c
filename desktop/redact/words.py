"""What the view says: of operators, of what a label gives away, of doubts and of texts."""

from __future__ import annotations

from dataclasses import dataclass

from engine.api import DoubtList, RedactionSummary, TextFilter, number_text, tr, trc, trn

MOST_LISTED = 100
"""Doubts that are listed in the strip."""
OPERATORS = {
    "redact": (
        trc("an operator", "Redact"),
        tr("The label stands in its place: “[PERSON]”."),
    ),
    "mask": (tr("Mask"), tr("Five blocks stand in its place, however long it is.")),
    "hash": (
        tr("Hash"),
        tr(
            "A code stands in its place: the same for the same words, and nobody can read it back "
            "without this project."
        ),
    ),
    "pseudonymise": (
        tr("Pseudonymise"),
        tr(
            "Another name stands in its place, the same in the whole project; dates move by a "
            "number of days."
        ),
    ),
    "keep": (tr("Keep"), tr("It stays as it is.")),
}
"""What is done with a passage, and what that means."""
DONE = {
    "redact": trc("before a number of passages", "redact"),
    "mask": trc("before a number of passages", "mask"),
    "hash": trc("before a number of passages", "hash"),
    "pseudonymise": trc("before a number of passages", "pseudonymise"),
    "keep": trc("before a number of passages", "keep"),
}
"""The same before the number of passages that it was done with."""
KINDS = {
    "": tr("by the label's name"),
    "person": tr("as a person"),
    "date": tr("as a date"),
    "phone": tr("as a telephone number"),
    "email": tr("as an e-mail address"),
    "address": tr("as an address"),
    "shape": tr("as a number or code"),
}
"""What a passage is taken for when it gets an alias."""
DATE_ORDERS = {
    "day": (
        tr("day first: 3/4 is in April"),
        tr("Dates in figures are read with the day first."),
    ),
    "month": (
        tr("month first: 3/4 is in March"),
        tr("Dates in figures are read with the month first."),
    ),
}
IDENTIFIERS = {
    "direct": (
        trc("an identifier", "direct"),
        tr("Tells by itself who somebody is, as a name or a policy number does."),
    ),
    "quasi": (
        trc("an identifier", "quasi"),
        tr("Tells together with others who somebody is, as a date or a place does."),
    ),
    "none": (trc("an identifier", "none"), tr("Does not tell who somebody is.")),
}


@dataclass(frozen=True, slots=True)
class RecogniserWords:
    """What a recogniser finds, alone and within a sentence; words in the names of its labels."""

    title: str
    within: str
    hints: tuple[str, ...]


RECOGNISERS = {
    "email": RecogniserWords(tr("E-mail addresses"), tr("e-mail addresses"), ("mail",)),
    "phone": RecogniserWords(
        tr("Telephone numbers"), tr("telephone numbers"), ("phone", "tel", "fax", "mobile")
    ),
    "iban": RecogniserWords(
        tr("Bank accounts (IBAN)"), tr("bank accounts (IBAN)"), ("iban", "account", "bank")
    ),
    "card": RecogniserWords(tr("Payment cards"), tr("payment cards"), ("card",)),
    "date": RecogniserWords(tr("Dates"), tr("dates"), ("date", "dob", "birth")),
    "reference": RecogniserWords(
        tr("References, policies"),
        tr("references, policies"),
        ("policy", "reference", "claim", "number"),
    ),
    "nhs": RecogniserWords(
        tr("NHS numbers"), trc("in a sentence", "NHS numbers"), ("nhs", "patient")
    ),
    "idnr": RecogniserWords(
        tr("German tax numbers"), trc("in a sentence", "German tax numbers"), ("tax", "idnr")
    ),
    "url": RecogniserWords(tr("Web addresses"), tr("web addresses"), ("url", "web", "link")),
    "ip": RecogniserWords(tr("Network addresses"), tr("network addresses"), ("ip",)),
}
SCOPES: tuple[tuple[str, TextFilter], ...] = (
    (tr("All texts"), TextFilter()),
    (tr("Texts nobody has marked"), TextFilter(state="not labelled")),
    (tr("Marked texts"), TextFilter(state="labelled")),
    (tr("Training texts"), TextFilter(split="train")),
    (tr("Validation texts"), TextFilter(split="validation")),
    (tr("Test texts"), TextFilter(split="test")),
)
FOUND_BY = {
    "person": tr("marked by a person"),
    "model": tr("read by the model"),
    "rules": tr("looked at by patterns only"),
    "nobody": tr("looked at by nobody yet, and not exported"),
}


def replaced_words(passages: int) -> str:
    """Say how many: "1 passage replaced", "1,204 passages replaced"."""
    return trn("{n} passage replaced", "{n:,} passages replaced", passages)


def reviewed_words(doubts: DoubtList | None) -> str:
    """Say how much of what is doubtful somebody has looked at."""
    if doubts is None:
        return ""
    if not doubts.total and not doubts.decided:
        return tr("Nothing is in doubt.") if doubts.texts else ""
    whole = doubts.decided + doubts.total
    return tr("{n:,} of {all:,} reviewed", n=doubts.decided, all=whole)


def unread_words(unread: int) -> str:
    """Say what is left out because nobody and nothing has looked at it; "" if nothing is."""
    if not unread:
        return ""
    return trn(
        "{n} text was looked at by nobody: neither marked nor read by a model. Without that it is "
        "not exported.",
        "{n:,} texts were looked at by nobody: neither marked nor read by a model. Without that "
        "they are not exported.",
        unread,
    )


def not_reviewed_words(doubts: DoubtList | None) -> str:
    """Say in one sentence what is exported without anybody having reviewed it."""
    if doubts is None:
        return tr("What is in doubt has not been counted yet.")
    if not doubts.total:
        return tr("Nothing that is in doubt was left unreviewed.")
    return trn("{n} doubt was not reviewed.", "{n:,} doubts were not reviewed.", doubts.total)


def open_words(doubts: DoubtList | None) -> str:
    """List what was not reviewed, a line each."""
    if doubts is None:
        return ""
    lines = [
        tr(
            "text {number}, “{passage}”: {why}",
            number=doubt.text_id,
            passage=doubt.passage,
            why=doubt.words,
        )
        for doubt in doubts.doubts[:MOST_LISTED]
    ]
    left = doubts.total - len(lines)
    more = [tr("and {n:,} more", n=left)] if lines and left else []
    return "\n".join([*lines, *more])


def summary_words(summary: RedactionSummary) -> str:
    """Say what was written."""
    words = trn(
        "{n} text went to {path} with {replaced}.",
        "{n:,} texts went to {path} with {replaced}.",
        summary.texts,
        path=summary.path,
        replaced=replaced_words(summary.replaced),
    )
    if not summary.left_out:
        return words
    left_out = trn(
        "{n} text that nobody has looked at stayed behind.",
        "{n:,} texts that nobody has looked at stayed behind.",
        summary.left_out,
    )
    return f"{words} {left_out}"


def share(value: float | None) -> str:
    """Write a share of one as a figure, or a dash where there is none."""
    return "–" if value is None else number_text(value, ".2f")
