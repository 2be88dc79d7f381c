"""Which parts of an encoder stay as they are while the rest trains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from torch import nn

from engine.core.errors import KnownError
from engine.core.language import tr


class Freezes(Protocol):
    """What the settings of a method say about the parts that stay as they are."""

    @property
    def train(self) -> str:
        """The word "all", or "head" where the whole encoder stays."""
        ...

    @property
    def frozen_blocks(self) -> int:
        """How many blocks stay, from the first."""
        ...

    @property
    def freezes_embeddings(self) -> bool:
        """Whether the embeddings stay."""
        ...


@dataclass(frozen=True, slots=True)
class Frozen:
    """The modules that do not train."""

    modules: tuple[nn.Module, ...]

    def start_training(self, model: nn.Module) -> None:
        """Put the model in training mode, but for the frozen modules, which keep no dropout."""
        model.train()
        for module in self.modules:
            module.eval()


def transformer_blocks(model: Any) -> nn.ModuleList | None:
    """Return the encoder's blocks, first to last, or None where they are not a plain list.

    ALBERT's are none: all of its layers are one block with the same weights.
    """
    depth = getattr(model.config, "num_hidden_layers", 0)
    if _shared_layers(model):
        return None
    for module in model.base_model.modules():
        if isinstance(module, nn.ModuleList) and len(module) == depth:
            return module
    return None


def freeze(model: Any, settings: Freezes, new: frozenset[str] = frozenset()) -> Frozen:
    """Freeze what the settings say and return it.

    `new` names the parameters that the checkpoint did not have: they belong to the head even where
    the architecture puts them into the encoder (BERT's pooler), and train with ``train=head``.
    Frozen modules are a prefix of the encoder, or all of it; torch records no gradient for a
    prefix without trainable parameters, so it costs a forward pass and nothing more (and where it
    is known, not even that: `engine.training.prefix`). To the embeddings belongs all that every
    block reads (`_BESIDE_THE_EMBEDDINGS`): one such table left to train would have gradients travel
    through all blocks again.

    Raises:
        KnownError: if the encoder has fewer blocks than should be frozen, or all its layers share
            one.
    """
    encoder = model.base_model
    blocks = transformer_blocks(model)
    depth = len(blocks) if blocks is not None else 0
    if settings.train == "head":
        for name, parameter in model.named_parameters():
            in_encoder = name.startswith(f"{model.base_model_prefix}.")
            parameter.requires_grad = not in_encoder or name in new
        return Frozen(tuple(_without_training_parts(encoder)))
    if settings.frozen_blocks > depth:
        raise KnownError(_too_many(model, settings.frozen_blocks, depth))
    modules: list[nn.Module] = list(blocks or [])[: settings.frozen_blocks]
    if settings.freezes_embeddings:
        modules.append(embeddings_of(encoder))
        modules.extend(parts_of(encoder, BEHIND_THE_EMBEDDINGS + _BESIDE_THE_EMBEDDINGS))
    if settings.frozen_blocks:
        modules.extend(parts_of(encoder, BEHIND_THE_FIRST_BLOCK))
    for module in modules:
        module.requires_grad_(False)
    return Frozen(tuple(modules))


BEHIND_THE_EMBEDDINGS = (
    "embeddings_project",  # ELECTRA
    "encoder.embedding_hidden_mapping_in",  # ALBERT
)
"""What leads from the width of the embeddings to that of the blocks."""
_BESIDE_THE_EMBEDDINGS = (
    "encoder.relative_attention_bias",  # MPNet, how far apart two tokens are
    "encoder.rel_embeddings",  # DeBERTa, the same
    "encoder.LayerNorm",  # DeBERTa, of the table before
)
BEHIND_THE_FIRST_BLOCK = ("encoder.conv",)
"""What the larger models of DeBERTa have between their first block and the second."""


def embeddings_of(encoder: Any) -> nn.Module:
    """Return the module that turns token ids into what the first block reads."""
    found: nn.Module | None = getattr(encoder, "embeddings", None)
    return encoder.get_input_embeddings() if found is None else found


def parts_of(encoder: nn.Module, names: tuple[str, ...]) -> list[nn.Module]:
    """Return the modules of these names that an encoder has."""
    parts = dict(encoder.named_modules())
    return [parts[name] for name in names if name in parts]


def _shared_layers(model: Any) -> int:
    """Return how many layers share their weights with others, 0 where each has its own."""
    layers = int(getattr(model.config, "num_hidden_layers", 0))
    groups = getattr(model.config, "num_hidden_groups", None)
    return layers if groups is not None else 0


def _too_many(model: Any, asked: int, depth: int) -> str:
    """Say why so many blocks cannot be frozen, and what can be done."""
    shared = _shared_layers(model)
    if shared:
        return tr(
            "This base model shares one block among its {layers} layers, so none of them can stay "
            "as it is while others train, and frozen_blocks cannot be {asked}; set frozen_blocks "
            "to 0, or train to head to keep the whole encoder.",
            layers=shared,
            asked=asked,
        )
    return tr(
        "This base model has {blocks} blocks that can be frozen, so frozen_blocks cannot be "
        "{asked}; choose a number from 0 to {blocks}.",
        blocks=depth,
        asked=asked,
    )


def trained_share(model: Any, settings: Freezes) -> float:
    """Return the share of the encoder's blocks through which gradients travel, 0 to 1."""
    if settings.train == "head":
        return 0.0
    blocks = transformer_blocks(model)
    if not blocks or not settings.freezes_embeddings:
        return 1.0
    return max(0.0, 1 - settings.frozen_blocks / len(blocks))


def _without_training_parts(encoder: nn.Module) -> list[nn.Module]:
    """Return the largest parts of the encoder in which nothing trains."""
    if not any(parameter.requires_grad for parameter in encoder.parameters()):
        return [encoder]
    return [part for child in encoder.children() for part in _without_training_parts(child)]
