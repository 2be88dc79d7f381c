"""Which model comes from which: base models, and below them what was trained from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from engine.api import BaseModel, ModelInfo


@dataclass(frozen=True, slots=True)
class Branch:
    """A model and those that were made from it.

    A trained model has `model`; a base model has `base`, or neither where the machine's library
    does not know it (any more). `key` stays the same for as long as the model exists.
    """

    key: str
    name: str
    model: ModelInfo | None = None
    base: BaseModel | None = None
    children: tuple[Branch, ...] = field(default=())

    def walk(self) -> Iterator[Branch]:
        """Yield this branch and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


def lineage(models: Sequence[ModelInfo], base_models: Sequence[BaseModel]) -> tuple[Branch, ...]:
    """Return a branch for each base model: those of the library first, in its order.

    A model whose parent was deleted stands directly below its base model.
    """
    known = {base.name: base for base in base_models}
    ids = {model.id for model in models}
    roots = [model for model in models if model.parent_id not in ids]
    names = dict.fromkeys([*known, *(model.base_model for model in roots)])

    def below(parent_id: int) -> tuple[Branch, ...]:
        return tuple(grow(model) for model in models if model.parent_id == parent_id)

    def grow(model: ModelInfo) -> Branch:
        return Branch(model_key(model.id), model.name, model=model, children=below(model.id))

    return tuple(
        Branch(
            base_key(name),
            name,
            base=known.get(name),
            children=tuple(grow(model) for model in roots if model.base_model == name),
        )
        for name in names
    )


def model_key(model_id: int) -> str:
    """Return the key of a trained model's branch."""
    return f"model:{model_id}"


def base_key(name: str) -> str:
    """Return the key of a base model's branch."""
    return f"base:{name}"


def path_to(branches: Sequence[Branch], key: str) -> list[Branch]:
    """Return the branches from the base model down to the one called `key`; empty without it."""
    for branch in branches:
        if branch.key == key:
            return [branch]
        if below := path_to(branch.children, key):
            return [branch, *below]
    return []
