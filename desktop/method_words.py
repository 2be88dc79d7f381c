"""The training methods as people read of them, and which of them fit a task."""

from __future__ import annotations

from dataclasses import dataclass

from engine.api import METHODS, TaskInfo


@dataclass(frozen=True, slots=True)
class MethodWords:
    """A method's name for people, its technical name, and what it is for.

    `short` is the name in a table; `rounds` is what one pass of training goes over.
    """

    title: str
    technical: str
    purpose: str
    short: str


METHOD_WORDS = {
    "setfit": MethodWords(
        "Few labels",
        "SetFit",
        "Learns from pairs of texts which belong together. Good from 8 texts of each label.",
        "few labels",
    ),
    "fine-tune": MethodWords(
        "Learn from your labels",
        "fine-tune",
        "The encoder and a new head learn together. Good from about a hundred labels on.",
        "from labels",
    ),
    "ner": MethodWords(
        "Mark names and dates",
        "NER",
        "Learns to find passages such as names, dates and amounts from those that were marked.",
        "passages",
    ),
    "mlm": MethodWords(
        "Learn the language of your texts",
        "MLM",
        "Reads all texts, labelled or not. What comes out is a base model for the other methods.",
        "language",
    ),
}
"""In the order in which they are offered."""
LANGUAGE = "mlm"
"""The method that needs no labels."""
_FITTING = {
    "classification": ("setfit", "fine-tune", "mlm"),
    "spans": ("ner", "mlm"),
}


def methods_for(task: TaskInfo | None) -> tuple[str, ...]:
    """Return the methods that work in this version and fit a task, in the order of the cards."""
    fitting = _FITTING[task.kind if task is not None else "classification"]
    return tuple(method for method in METHOD_WORDS if method in METHODS and method in fitting)


def short_name(method: str) -> str:
    """Return a method's name for a table; one that is unknown keeps its own."""
    words = METHOD_WORDS.get(method)
    return words.short if words is not None else method
