"""An encoder with a head that guesses words, computed only where there is something to guess.

The head's last layer has a row for every word of the vocabulary and costs as much as a whole small
encoder, so it is not asked about the five tokens in six that nobody has hidden.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from transformers.modeling_outputs import BaseModelOutput

from engine.inference.device import autocast
from engine.training.dropout import use_cheap_dropout
from engine.training.masking.choosing import Masked
from engine.training.masking.last_block import LastBlock, shorten_last_block
from engine.training.masking.packing import Batch
from engine.training.resuming.state import State, chance, set_chance
from engine.training.tokens import first_position

_CLOSE = 1e-3
"""Hidden states are of the order of 1; other texts in sight change them by tenths."""


class LanguageModel:
    """Owns a model of the class ``…ForMaskedLM`` while it trains; `finish` gives it back.

    `separates` says whether the texts in a block do not see each other. It is found out by trying:
    an architecture that does not heed the mask and the positions reads a block as one text, which
    is how most encoders were pretrained.
    """

    def __init__(self, model: Any, device: torch.device, precision: str, seed: int) -> None:
        self.model = model
        self.device = device
        self.precision = precision
        self._attention = model.config._attn_implementation
        self._encoder = model.base_model
        self._forward = self._encoder.forward
        self._hidden: torch.Tensor | None = None
        self._last_block: LastBlock | None = None
        self._first_position = first_position(model.config)
        self._dropout = use_cheap_dropout(model, seed) if device.type == "cpu" else None
        self.separates = True

    def prepare(self, ordinary: np.ndarray, length: int) -> None:
        """Find out how blocks of `length` tokens are read, and prepare the model for them.

        `ordinary` are token ids to try it with.
        """
        self.separates = self._try_to_separate(ordinary, length)
        self._last_block = shorten_last_block(self.model)
        # An attribute of the instance hides the method: no parameter changes its name.
        self._encoder.forward = self._encode_or_pass

    def encode(self, batch: Batch, masked: Masked) -> torch.Tensor:
        """Return the encoder's output for the tokens to guess, (guesses, hidden size)."""
        places = torch.from_numpy(masked.places).to(self.device)
        inputs = self._inputs(masked.ids, batch.pieces, batch.positions)
        if self._last_block is not None:
            places = self._last_block.look_at(places, masked.ids.shape[1])
        with autocast(self.device, self.precision):
            hidden = self._forward(**inputs).last_hidden_state
        if self._last_block is not None:
            self._last_block.look_at_all()
        return hidden.flatten(0, 1)[places]

    def guess(self, hidden: torch.Tensor) -> torch.Tensor:
        """Return the head's logits for what `encode` returned, (guesses, vocabulary)."""
        self._hidden = hidden[None]
        nothing = torch.zeros(1, 1, dtype=torch.int64, device=self.device)
        with autocast(self.device, self.precision):
            logits: torch.Tensor = self.model(input_ids=nothing).logits[0]
        self._hidden = None
        return logits

    def loss(self, logits: torch.Tensor, masked: Masked, reduction: str = "mean") -> torch.Tensor:
        """Return the cross-entropy of the hidden tokens."""
        answers = torch.from_numpy(masked.answers).to(self.device)
        return functional.cross_entropy(logits.float(), answers, reduction=reduction)

    def weights(self) -> dict[str, torch.Tensor]:
        """Return all parameters; they change with the next step."""
        return {name: parameter.detach() for name, parameter in self.model.named_parameters()}

    def state(self) -> dict[str, torch.Tensor]:
        """Return copies of all parameters, in main memory."""
        return {name: weight.to("cpu", copy=True) for name, weight in self.weights().items()}

    def load_state(self, state: dict[str, torch.Tensor]) -> None:
        """Take back what `state` returned."""
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                parameter.copy_(state[name])

    def chance(self) -> State:
        """Return where the generators stand that dropout draws from."""
        return chance(self._dropout, self.device)

    def set_chance(self, state: State) -> None:
        """Put the generators where `chance` found them."""
        set_chance(state, self._dropout, self.device)

    def finish(self) -> Any:
        """Return the model as transformers made it, in evaluation mode."""
        self._encoder.__dict__.pop("forward", None)
        if self._last_block is not None:
            self._last_block.restore()
            self._last_block = None
        if self.model.config._attn_implementation != self._attention:
            self.model.set_attn_implementation(self._attention)
        return self.model.eval()

    def _encode_or_pass(self, *arguments: Any, **inputs: Any) -> Any:
        """Be the encoder's forward: for `guess`, pass on what `encode` has computed."""
        if self._hidden is None:
            return self._forward(*arguments, **inputs)
        return BaseModelOutput(last_hidden_state=self._hidden)

    def _inputs(
        self, ids: np.ndarray, pieces: np.ndarray, positions: np.ndarray
    ) -> dict[str, torch.Tensor]:
        inputs = {"input_ids": torch.from_numpy(ids.astype(np.int64)).to(self.device)}
        if not self.separates:
            return inputs
        together = torch.from_numpy(pieces).to(self.device)
        sight = (together[:, :, None] == together[:, None, :])[:, None]
        if self.model.config._attn_implementation == "eager":
            # Attention in plain operations adds the mask to its scores.
            hidden = torch.zeros(sight.shape, device=self.device)
            sight = hidden.masked_fill_(~sight, torch.finfo(hidden.dtype).min)
        places = positions.astype(np.int64) + self._first_position
        return {
            **inputs,
            "attention_mask": sight,
            "position_ids": torch.from_numpy(places).to(self.device),
        }

    def _try_to_separate(self, ordinary: np.ndarray, length: int) -> bool:
        """Return whether two texts in one block give the same as each of them alone."""
        ids = np.random.default_rng(0).choice(ordinary, (1, length))
        # The longer part is as long as texts get: a sliding window would show only there.
        cut = max(1, length // 8)
        pieces = (np.arange(length) >= cut)[None].astype(np.int64)
        positions = np.concatenate([np.arange(cut), np.arange(length - cut)])[None]
        training = self.model.training
        self.model.eval()
        try:
            with torch.no_grad():
                packed = self._forward(**self._inputs(ids, pieces, positions)).last_hidden_state
                alone = [
                    self._forward(
                        input_ids=torch.from_numpy(part.astype(np.int64)).to(self.device)
                    ).last_hidden_state
                    for part in (ids[:, :cut], ids[:, cut:])
                ]
            difference = (packed - torch.cat(alone, dim=1)).abs().max()
            return bool(difference < _CLOSE)
        except (TypeError, ValueError, RuntimeError, IndexError):
            return False  # the architecture takes no such mask, or no positions
        finally:
            self.model.train(training)


def head_parameters(model: Any) -> list[nn.Parameter]:
    """Return the parameters of the head that are not the encoder's, tied ones left out."""
    of_encoder = {id(parameter) for parameter in model.base_model.parameters()}
    return [one for one in model.parameters() if id(one) not in of_encoder]
