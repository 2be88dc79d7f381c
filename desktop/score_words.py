"""The one figure by which a training is judged, whatever its method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.api import number_text, tr

_HEADLINES = (
    # key of the metrics, name, short name, decimals, lower is better
    ("macro_f1", tr("macro F1"), "F1", 2, False),
    ("f1", tr("F1 of whole passages"), "F1", 2, False),
    ("perplexity", tr("perplexity"), tr("perplexity"), 1, True),
)
_SOURCES = ("test", "cross-validation", "held-out")


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure with its name; `before` is what it was before training, where that is known.

    `source` is "test", "cross-validation" or "held-out", `texts` how many texts it was measured on.
    """

    key: str
    name: str
    short: str
    value: float
    source: str
    texts: int
    lower_is_better: bool
    decimals: int
    before: float | None = None

    @property
    def figure(self) -> str:
        """The number alone: "0.84", "12.3"."""
        return self._words(self.value)

    @property
    def cell(self) -> str:
        """The number for a table whose column can hold different figures: "F1 0.84"."""
        figure = f"{self.short} {self.figure}"
        return tr("{score} CV", score=figure) if self.source == "cross-validation" else figure

    @property
    def where(self) -> str:
        """On what it was measured."""
        return {
            "test": tr("on the test texts"),
            "cross-validation": tr("by cross-validation"),
            "held-out": tr("on texts held back"),
        }[self.source]

    @property
    def change(self) -> str:
        """What training did to it, a loss said like a gain; "" where nothing was before."""
        if self.before is None:
            return ""
        better = (self.value < self.before) == self.lower_is_better
        was = self._words(self.before)
        if was == self.figure:
            return tr("as before training ({score})", score=was)
        if better:
            return tr("better than before training ({score})", score=was)
        return tr("worse than before training ({score})", score=was)

    def _words(self, value: float) -> str:
        """Write a value; of one above a hundred nobody reads decimals."""
        return number_text(value, f",.{0 if value >= 100 else self.decimals}f")


def headline(metrics: dict[str, Any]) -> Headline | None:
    """Return the figure of metrics by split, or None if they have none."""
    for source in _SOURCES:
        found = metrics.get(source) or {}
        marks_passages = "errors" in found  # and then macro F1 is not the figure that people quote
        for key, name, short, decimals, lower in _HEADLINES[1 if marks_passages else 0 :]:
            value = found.get(key)
            if isinstance(value, int | float):
                return Headline(
                    key=key,
                    name=name,
                    short=short,
                    value=float(value),
                    source=source,
                    texts=int(found.get("texts", 0)),
                    lower_is_better=lower,
                    decimals=decimals,
                    before=found.get(f"{key}_before"),
                )
    return None
