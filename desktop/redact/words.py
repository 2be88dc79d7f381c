"""What the view says: of operators, of what a label gives away, of doubts and of texts."""

from __future__ import annotations

from engine.api import DoubtList, RedactionSummary, TextFilter

MOST_LISTED = 100
"""Doubts that are listed in the strip."""
OPERATORS = {
    "redact": ("Redact", "The label stands in its place: “[PERSON]”."),
    "mask": ("Mask", "Five blocks stand in its place, however long it is."),
    "hash": (
        "Hash",
        "A code stands in its place: the same for the same words, and nobody can read it back "
        "without this project.",
    ),
    "pseudonymise": (
        "Pseudonymise",
        "Another name stands in its place, the same in the whole project; dates move by a number "
        "of days.",
    ),
    "keep": ("Keep", "It stays as it is."),
}
KINDS = {
    "": "by the label's name",
    "person": "as a person",
    "date": "as a date",
    "phone": "as a telephone number",
    "email": "as an e-mail address",
    "address": "as an address",
    "shape": "as a number or code",
}
"""What a passage is taken for when it gets an alias."""
DATE_ORDERS = {
    "day": ("day first: 3/4 is in April", "Dates in figures are read with the day first."),
    "month": ("month first: 3/4 is in March", "Dates in figures are read with the month first."),
}
IDENTIFIERS = {
    "direct": ("direct", "Tells by itself who somebody is, as a name or a policy number does."),
    "quasi": ("quasi", "Tells together with others who somebody is, as a date or a place does."),
    "none": ("none", "Does not tell who somebody is."),
}
RECOGNISERS = {
    "email": ("E-mail addresses", ("mail",)),
    "phone": ("Telephone numbers", ("phone", "tel", "fax", "mobile")),
    "iban": ("Bank accounts (IBAN)", ("iban", "account", "bank")),
    "card": ("Payment cards", ("card",)),
    "date": ("Dates", ("date", "dob", "birth")),
    "reference": ("References, policies", ("policy", "reference", "claim", "number")),
    "nhs": ("NHS numbers", ("nhs", "patient")),
    "idnr": ("German tax numbers", ("tax", "idnr")),
    "url": ("Web addresses", ("url", "web", "link")),
    "ip": ("Network addresses", ("ip",)),
}
"""What each recogniser finds, and words in the name of a label that it suits."""
SCOPES: tuple[tuple[str, TextFilter], ...] = (
    ("All texts", TextFilter()),
    ("Texts nobody has marked", TextFilter(state="not labelled")),
    ("Marked texts", TextFilter(state="labelled")),
    ("Training texts", TextFilter(split="train")),
    ("Validation texts", TextFilter(split="validation")),
    ("Test texts", TextFilter(split="test")),
)
FOUND_BY = {
    "person": "marked by a person",
    "model": "read by the model",
    "rules": "looked at by patterns only",
    "nobody": "looked at by nobody yet, and not exported",
}


def number(count: int, one: str, several: str = "") -> str:
    """Say how many: "1 passage", "1,204 passages"."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def reviewed_words(doubts: DoubtList | None) -> str:
    """Say how much of what is doubtful somebody has looked at."""
    if doubts is None:
        return ""
    if not doubts.total and not doubts.decided:
        return "Nothing is in doubt." if doubts.texts else ""
    whole = doubts.decided + doubts.total
    return f"{doubts.decided:,} of {whole:,} reviewed"


def unread_words(unread: int) -> str:
    """Say what is left out because nobody and nothing has looked at it; "" if nothing is."""
    if not unread:
        return ""
    verb, they = ("was", "it is") if unread == 1 else ("were", "they are")
    return (
        f"{number(unread, 'text')} {verb} looked at by nobody: neither marked nor read by a model. "
        f"Without that {they} not exported."
    )


def not_reviewed_words(doubts: DoubtList | None) -> str:
    """Say in one sentence what is exported without anybody having reviewed it."""
    if doubts is None:
        return "What is in doubt has not been counted yet."
    if not doubts.total:
        return "Nothing that is in doubt was left unreviewed."
    verb = "was" if doubts.total == 1 else "were"
    return f"{number(doubts.total, 'doubt')} {verb} not reviewed."


def open_words(doubts: DoubtList | None) -> str:
    """List what was not reviewed, a line each."""
    if doubts is None:
        return ""
    lines = [
        f"text {doubt.text_id}, “{doubt.passage}”: {doubt.words}"
        for doubt in doubts.doubts[:MOST_LISTED]
    ]
    left = doubts.total - len(lines)
    return "\n".join([*lines, f"and {left:,} more"] if lines and left else lines)


def summary_words(summary: RedactionSummary) -> str:
    """Say what was written."""
    words = (
        f"{number(summary.texts, 'text')} went to {summary.path} with "
        f"{number(summary.replaced, 'passage')} replaced."
    )
    if summary.left_out:
        words += f" {number(summary.left_out, 'text')} that nobody has looked at stayed behind."
    return words


def share(value: float | None) -> str:
    """Write a share of one as a figure, or a dash where there is none."""
    return "–" if value is None else f"{value:.2f}"
