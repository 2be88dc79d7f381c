"""A model that people bring, in words."""

from __future__ import annotations

from desktop.method_words import short_name
from desktop.models.words import Fact
from engine.api import KnownBaseModel

_SEARCH = "search"
_POOLING = {
    "mean": "the mean of its tokens",
    "cls": "its first token",
    "lasttoken": "its last token",
}
GROUPS = ("For labels and passages", "For few labels and search", "Does not work here")


def group_of(model: KnownBaseModel) -> str:
    """Return the group of `GROUPS` that a model is listed in."""
    if not model.works:
        return GROUPS[2]
    return GROUPS[1] if model.pooling else GROUPS[0]


def purposes(model: KnownBaseModel) -> str:
    """Return what a model is good for: "from labels, passages, language"."""
    return ", ".join(_SEARCH if name == _SEARCH else short_name(name) for name in model.good_for)


def weight_words(model: KnownBaseModel) -> str:
    """Return how large a model is, as far as it is known: "438 MB", "about 436 MB", "1.1 GB"."""
    if model.megabytes:
        return _size(model.megabytes)
    return f"about {_size(4 * model.parameters)}" if model.parameters else ""


def known_facts(model: KnownBaseModel) -> list[Fact]:
    """Return what is known of a model, in words."""
    vector = _POOLING.get(model.pooling, model.pooling)
    return [
        Fact("Good for", purposes(model)),
        Fact("Languages", model.languages),
        Fact("Licence", model.licence or "not named on its page"),
        Fact("Size", weight_words(model)),
        Fact("Parameters", _parameters(model.parameters)),
        Fact("Reads at most", f"{model.max_length:,} tokens of a text" if model.max_length else ""),
        Fact("Architecture", model.family),
        Fact("A text’s vector", vector and f"{vector}{', of length 1' * model.normalize}"),
        Fact("Before a question", _quoted(model.query_prefix)),
        Fact("Before what is found", _quoted(model.passage_prefix)),
        Fact("Before other texts", _quoted(model.prefix)),
        Fact("Page", model.page, copied=True),
    ]


def _size(megabytes: int) -> str:
    return f"{megabytes:,} MB" if megabytes < 1000 else f"{megabytes / 1000:.1f} GB"


def _parameters(millions: int) -> str:
    if millions >= 1000:
        return f"{millions / 1000:.1f} billion"
    return f"{millions} million" if millions else ""


def _quoted(words: str) -> str:
    return f"“{words}”" if words else ""
