"""What the sample corpus consists of: texts, spans, labels, and the words for the annotator."""

from __future__ import annotations

from dataclasses import dataclass

NEW_CLAIM = "new claim"
CLAIM_STATUS = "claim status"
COMPLAINT = "complaint"
CANCELLATION = "cancellation"
OTHER_QUESTION = "other question"

LABELS: tuple[str, ...] = (NEW_CLAIM, CLAIM_STATUS, COMPLAINT, CANCELLATION, OTHER_QUESTION)

TASK_GUIDELINE = (
    "Each text reached an insurer by letter, e-mail, web portal or telephone. Choose what the "
    "writer wants from the insurer with this message. Do not go by single words: people mention "
    "old claims, grumble, and talk about leaving without wanting any of it today."
)

GUIDELINES: dict[str, str] = {
    NEW_CLAIM: (
        "The writer tells the insurer of a loss for the first time and wants it covered, also "
        "where this is put as a question. Earlier claims that are only mentioned do not matter."
    ),
    CLAIM_STATUS: (
        "The loss is already known to the insurer, and the writer wants to know how the claim "
        "stands, what is missing, or when a decision or a payment will come. Impatience alone "
        "does not make it a complaint."
    ),
    COMPLAINT: (
        "The writer objects to how the insurer behaved or decided, and wants it put right, "
        "explained, or simply heard. Being polite does not make it less of a complaint."
    ),
    CANCELLATION: (
        "The writer ends a policy or declines its renewal, now and definitely. A threat to leave, "
        "or a question about what leaving would mean, is not a cancellation."
    ),
    OTHER_QUESTION: (
        "Anything else the writer wants to know or have changed: cover, price, documents, "
        "address, what would happen if. A loss may be described, but the insurer is not asked "
        "to pay for it."
    ),
}

SPAN_LABELS: tuple[str, ...] = ("PERSON", "DATE", "ADDRESS", "POLICY", "PHONE", "EMAIL")

SPAN_TASK_GUIDELINE = (
    "Mark everything by which a stranger could tell who wrote or who is meant: names, dates, "
    "addresses, and the numbers and addresses that belong to one customer. Mark every mention."
)

SPAN_GUIDELINES: dict[str, str] = {
    "PERSON": "The name of a person, whole or in part, initials too. Titles stay outside.",
    "DATE": "A day, however it is written. A month or a year alone is not marked.",
    "ADDRESS": "Street and number, with postcode and town where they follow.",
    "POLICY": "The number of a policy, without the word before it.",
    "PHONE": "A telephone number, with its spaces.",
    "EMAIL": "An e-mail address.",
}

# A name, a number or an address of one's own tells who is meant; a day or a house only with more.
SPAN_IDENTIFIERS: dict[str, str] = {
    "PERSON": "direct",
    "DATE": "quasi",
    "ADDRESS": "quasi",
    "POLICY": "direct",
    "PHONE": "direct",
    "EMAIL": "direct",
}

# What the passages of a label look like, (kind, value) each, so that they are suggested before any
# model was trained. Names and addresses have no such look.
SPAN_RULES: dict[str, tuple[tuple[str, str], ...]] = {
    "DATE": (("recogniser", "date"),),
    "POLICY": (("expression", r"\b(?:HM|MV|TR|LB|LP)[-/ ]?\d{4}[-/ ]?\d{4}\b"),),
    "PHONE": (("recogniser", "phone"),),
    "EMAIL": (("recogniser", "email"),),
}


@dataclass(frozen=True)
class SampleSpan:
    """One mention of something that identifies a person.

    `start` and `end` count Unicode code points, end exclusive. Titles such as "Mrs" lie outside
    a PERSON. Mentions of the same person, date, … in one text share `entity`, for example
    "person-1"; the numbers follow the order of first mention and start again in every text.
    """

    start: int
    end: int
    label: str
    entity: str


@dataclass(frozen=True)
class SampleText:
    """One letter, e-mail, portal message or call note.

    `intent` is the label that comes with the text and is wrong for one text in twenty;
    `true_intent` is what the writer wants. Texts with the same `document` come from one customer's
    file. `duplicate_of` is the position, in the generated list, of the text that this one repeats
    almost word for word. `metadata` has the keys channel, received (ISO date) and product.
    """

    content: str
    intent: str
    true_intent: str
    spans: tuple[SampleSpan, ...]
    metadata: dict[str, str]
    document: str
    duplicate_of: int | None = None
