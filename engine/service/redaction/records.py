"""What the engine answers about de-identification: plain frozen records, safe for any thread.

Offsets are code points, the end exclusive.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.deidentify.records import Replacement
from engine.project.redaction_decisions import RedactionDecision


@dataclass(frozen=True, slots=True)
class LabelRedaction:
    """What is done with the passages of a label, and what that makes of one of them.

    `chosen` is false while nobody decided. `example` is a passage of this project with the label
    and `example_result` what stands in its place; both are "" while no passage has the label.
    `kind` is what the passages are taken for when they get aliases: the setting, or what the name
    of the label says.
    """

    label_id: int
    operator: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    chosen: bool = False
    example: str = ""
    example_result: str = ""
    kind: str = "shape"


@dataclass(frozen=True, slots=True)
class RedactionPreview:
    """A text as it is and as it would be handed out.

    `found_by` is "person" where somebody went through the text, "model" where the chosen model has
    read it, "rules" where no model was chosen and rules alone looked at it, and "nobody" else: such
    a text is not handed out. `decisions` are those that hold.
    """

    text_id: int
    content: str
    redacted: str
    replacements: tuple[Replacement, ...]
    found_by: str
    decisions: tuple[RedactionDecision, ...] = ()


@dataclass(frozen=True, slots=True)
class RedactionDoubt:
    """A passage that somebody should look at before its text is handed out.

    `before` and `after` are what stands around it, on one line. `label_id` is the label it would
    be masked as, where one suggests itself. `risk` is from 0 to 1, and `replaced` says whether
    the passage is replaced as things stand.
    """

    text_id: int
    start: int
    end: int
    passage: str
    before: str
    after: str
    label_id: int | None
    reason: str
    words: str
    risk: float
    replaced: bool = False


@dataclass(frozen=True, slots=True)
class DoubtList:
    """The doubts about some texts, the most risky first.

    `total` counts those that are open, which may be more than `doubts`; `decided` the passages
    about which somebody decided. `unread` texts were gone through by nobody and nothing.
    """

    doubts: tuple[RedactionDoubt, ...]
    total: int
    decided: int
    texts: int
    unread: int


@dataclass(frozen=True, slots=True)
class LabelRisk:
    """How well the passages of a label are found: `mentions` of them are marked, `found` replaced.

    `precision` is the share of what is replaced as this label that identifies somebody, None where
    nothing is.
    """

    label_id: int
    mentions: int
    found: int
    precision: float | None

    @property
    def recall(self) -> float | None:
        """The share of the marked passages that is replaced, None where none is marked."""
        return self.found / self.mentions if self.mentions else None


@dataclass(frozen=True, slots=True)
class RedactionReport:
    """What would have been replaced in texts that somebody went through, against their marks.

    An entity counts as protected only if all its passages are replaced (Pilán et al., "The Text
    Anonymization Benchmark", arXiv 2202.00443). Recalls are None where nothing of the kind is
    marked. `operators` counts the passages of all the texts by what is done with them. `words`
    say what risk is left in one sentence; `log` holds the latest decisions, the newest first.
    """

    model_id: int | None
    split: str
    texts: int
    direct_recall: float | None
    direct_entities: int
    quasi_recall: float | None
    quasi_entities: int
    mention_recall: float | None
    mentions: int
    precision: float | None
    per_label: tuple[LabelRisk, ...]
    operators: dict[str, int]
    open_doubts: int
    decided: int
    unread: int
    words: str
    log: tuple[RedactionDecision, ...] = ()


@dataclass(frozen=True, slots=True)
class RedactionSummary:
    """What was handed out.

    `left_out` texts were gone through by nobody and nothing and are not in the file. `notes` are
    sentences about what a reader should know, such as what of a document could not be looked into.
    """

    path: str
    texts: int
    replaced: int
    kept: int
    left_out: int = 0
    open_doubts: int = 0
    notes: tuple[str, ...] = ()
