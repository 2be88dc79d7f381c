"""The sample corpus: an insurer's post, written by a grammar, the same on every machine."""

from resources.sample.corpus import generate
from resources.sample.files import write_jsonl, write_spans_jsonl
from resources.sample.schema import (
    GUIDELINES,
    LABELS,
    SPAN_GUIDELINES,
    SPAN_IDENTIFIERS,
    SPAN_LABELS,
    SPAN_RULES,
    SPAN_TASK_GUIDELINE,
    TASK_GUIDELINE,
    SampleSpan,
    SampleText,
)

__all__ = [
    "GUIDELINES",
    "LABELS",
    "SPAN_GUIDELINES",
    "SPAN_IDENTIFIERS",
    "SPAN_LABELS",
    "SPAN_RULES",
    "SPAN_TASK_GUIDELINE",
    "TASK_GUIDELINE",
    "SampleSpan",
    "SampleText",
    "generate",
    "write_jsonl",
    "write_spans_jsonl",
]
