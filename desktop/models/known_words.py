"""A model that people bring, in words."""

from __future__ import annotations

from desktop.method_words import short_name
from desktop.models.words import Fact, tokens_words
from engine.api import KnownBaseModel, number_text, tr, trc

_SEARCH = "search"
_POOLING = {
    "mean": tr("the mean of its tokens"),
    "cls": tr("its first token"),
    "lasttoken": tr("its last token"),
}
GROUPS = (
    tr("For labels and passages"),
    tr("For few labels and search"),
    tr("Does not work here"),
)


def group_of(model: KnownBaseModel) -> int:
    """Return the place in `GROUPS` of the group that a model is listed in."""
    if not model.works:
        return 2
    return 1 if model.pooling else 0


def purposes(model: KnownBaseModel) -> str:
    """Return what a model is good for: "from labels, passages, language"."""
    search = trc("what a model is good for", "search")
    return ", ".join(search if name == _SEARCH else short_name(name) for name in model.good_for)


def weight_words(model: KnownBaseModel) -> str:
    """Return how large a model is, as far as it is known: "438 MB", "about 436 MB", "1.1 GB"."""
    if model.megabytes:
        return _size(model.megabytes)
    return tr("about {size}", size=_size(4 * model.parameters)) if model.parameters else ""


def known_facts(model: KnownBaseModel) -> list[Fact]:
    """Return what is known of a model, in words."""
    return [
        Fact(tr("Good for"), purposes(model)),
        Fact(tr("Languages"), model.languages),
        Fact(tr("Licence"), model.licence or tr("not named on its page")),
        Fact(tr("Size"), weight_words(model)),
        Fact(tr("Parameters"), _parameters(model.parameters)),
        Fact(tr("Reads at most"), tokens_words(model.max_length) if model.max_length else ""),
        Fact(tr("Architecture"), model.family),
        Fact(tr("A text’s vector"), _vector(model)),
        Fact(tr("Before a question"), _quoted(model.query_prefix)),
        Fact(tr("Before what is found"), _quoted(model.passage_prefix)),
        Fact(tr("Before other texts"), _quoted(model.prefix)),
        Fact(tr("Page"), model.page, copied=True),
    ]


def _vector(model: KnownBaseModel) -> str:
    vector = _POOLING.get(model.pooling, model.pooling)
    return tr("{vector}, of length 1", vector=vector) if vector and model.normalize else vector


def _size(megabytes: int) -> str:
    if megabytes < 1000:
        return f"{megabytes} MB"
    return f"{number_text(megabytes / 1000, '.1f')} GB"


def _parameters(millions: int) -> str:
    if millions >= 1000:
        return tr("{n:.1f} billion", n=millions / 1000)
    return tr("{n} million", n=millions) if millions else ""


def _quoted(words: str) -> str:
    return tr("“{words}”", words=words) if words else ""
