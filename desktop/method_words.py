"""The training methods as people read of them, and which of them fit a task."""

from __future__ import annotations

from dataclasses import dataclass

from engine.api import METHODS, TaskInfo, tr, trc


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
        tr("Few labels"),
        "SetFit",
        tr("Learns from pairs of texts which belong together. Good from 8 texts of each label."),
        tr("few labels"),
    ),
    "fine-tune": MethodWords(
        tr("Learn from your labels"),
        "fine-tune",
        tr("The encoder and a new head learn together. Good from about a hundred labels on."),
        tr("from labels"),
    ),
    "ner": MethodWords(
        tr("Mark names and dates"),
        "NER",
        tr("Learns to find passages such as names, dates and amounts from those that were marked."),
        trc("a method", "passages"),
    ),
    "mlm": MethodWords(
        tr("Learn the language of your texts"),
        "MLM",
        tr(
            "Reads all texts, labelled or not. What comes out is a base model for the other "
            "methods."
        ),
        trc("a method", "language"),
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
