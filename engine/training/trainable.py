"""A model set up for training: frozen parts, cheap dropout, and only the embeddings it needs."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import torch

from engine.training.checkpoint import Checkpoint
from engine.training.dropout import use_cheap_dropout
from engine.training.first_token import restore_last_block, shorten_last_block
from engine.training.freezing import Freezes, Frozen, freeze, trained_share
from engine.training.resuming.state import State, chance, set_chance
from engine.training.vocabulary import keep_seen_embeddings, restore_embeddings


class TrainableSettings(Freezes, Protocol):
    """What the settings of a method say about setting up a model."""

    @property
    def seed(self) -> int:
        """The seed of dropout."""
        ...


class Recalled(Protocol):
    """A part of a model that answers with what it once computed."""

    def compute_again(self) -> None:
        """Have it compute again."""
        ...


class KnownPrefix(Protocol):
    """What the frozen part of a model computed; see `engine.training.prefix`."""

    def recall(self, model: Any, device: torch.device) -> Recalled:
        """Have a model read it."""
        ...


class Trainable:
    """Owns a model while it trains; `finish` gives it back as transformers made it.

    `ids` are the token ids that can occur while it trains. `reads_first` says that a
    classification head sits on the model, which reads the first token alone. `trained_share` of the
    blocks train, and `known_share` of a forward pass need not be computed.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        settings: TrainableSettings,
        device: torch.device,
        precision: str,
        ids: np.ndarray,
        pad_id: int,
        reads_first: bool = True,
    ) -> None:
        self.model: Any = checkpoint.model
        self.device = device
        self.precision = precision
        self._attention = self.model.config._attn_implementation
        self.trained_share = trained_share(self.model, settings)
        self.known_share = 0.0
        self._recalled: Recalled | None = None
        self._frozen: Frozen = freeze(self.model, settings, checkpoint.new)
        self._embeddings = (
            None if settings.freezes_embeddings else keep_seen_embeddings(self.model, ids, [pad_id])
        )
        self._last_block = shorten_last_block(self.model) if reads_first else None
        self._dropout = (
            use_cheap_dropout(self.model, settings.seed) if device.type == "cpu" else None
        )

    @property
    def shortened(self) -> bool:
        """Whether the last block computes the first token alone."""
        return self._last_block is not None

    @property
    def frozen_names(self) -> set[str]:
        """The names of the parameters that do not train."""
        return {name for name, one in self.model.named_parameters() if not one.requires_grad}

    def recall(self, known: KnownPrefix) -> None:
        """Read from now on what the frozen blocks computed before, until `finish`."""
        self._recalled = known.recall(self.model, self.device)
        self.known_share = 1.0 - self.trained_share

    def start_training(self) -> None:
        """Put all but the frozen parts in training mode."""
        if not self.model.training:
            self._frozen.start_training(self.model)

    def weights(self) -> dict[str, torch.Tensor]:
        """Return the parameters that train; they change with the next step."""
        return {
            name: parameter.detach()
            for name, parameter in self.model.named_parameters()
            if parameter.requires_grad
        }

    def trained_state(self) -> dict[str, torch.Tensor]:
        """Return copies of the parameters that train, in main memory."""
        return {name: weight.to("cpu", copy=True) for name, weight in self.weights().items()}

    def load_trained_state(self, state: dict[str, torch.Tensor]) -> None:
        """Take back what `trained_state` returned."""
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                if name in state:
                    parameter.copy_(state[name])

    def chance(self) -> State:
        """Return where the generators stand that dropout draws from."""
        return chance(self._dropout, self.device)

    def set_chance(self, state: State) -> None:
        """Put the generators where `chance` found them."""
        set_chance(state, self._dropout, self.device)

    def finish(self) -> Any:
        """Return the model in evaluation mode with its whole embedding table."""
        if self._recalled is not None:
            self._recalled.compute_again()
            self._recalled = None
        if self._embeddings is not None:
            restore_embeddings(self.model, self._embeddings)
            self._embeddings = None
        if self._last_block is not None:
            restore_last_block(self._last_block)
            self._last_block = None
        if self.model.config._attn_implementation != self._attention:
            self.model.set_attn_implementation(self._attention)
        return self.model.eval()
