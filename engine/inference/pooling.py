"""How an encoder's token vectors become one vector a text, as the base model wants it.

A folder that sentence-transformers made says so in ``modules.json`` and the folders it names. For
one that does not, the catalogue of known base models is asked by name; E5, for example, was
published without the words that it wants before a text. Any other encoder gets the mean of its
tokens. Reading the facts does not load torch.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.registry.known_models import KnownBaseModel, find_known_model

if TYPE_CHECKING:
    import torch

MODES = ("cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken")
_OLD_KEYS = {
    "cls": "pooling_mode_cls_token",
    "max": "pooling_mode_max_tokens",
    "mean": "pooling_mode_mean_tokens",
    "mean_sqrt_len_tokens": "pooling_mode_mean_sqrt_len_tokens",
    "weightedmean": "pooling_mode_weightedmean_tokens",
    "lasttoken": "pooling_mode_lasttoken",
}
"""What sentence-transformers before version 6 wrote, one switch a mode."""


@dataclass(frozen=True, slots=True)
class Pooling:
    """How token vectors become the vector of a text.

    `modes` are names from `MODES`; the vectors of several are joined. With `normalize` the vector
    has length 1. `prompts` are the words that the model wants before a text, by purpose ("query",
    "passage" …), and `prompt` those that it wants where no purpose is given. `max_seq_length` is
    the tokens that it was made to read, 0 where its files do not say.
    """

    modes: tuple[str, ...] = ("mean",)
    normalize: bool = False
    prompts: Mapping[str, str] = field(default_factory=dict)
    prompt: str = ""
    max_seq_length: int = 0

    @property
    def mode(self) -> str:
        """The modes in one word, for logs and keys: "mean", "cls+mean" …"""
        return "+".join(self.modes)


def read_pooling(folder: Path) -> Pooling:
    """Return how the encoder in `folder` is pooled.

    What the folder says holds, then what is known of a model of its name, then the mean.

    Raises:
        KnownError: if its files cannot be read, or it has a layer behind the pooling that this
            version does not know, so that its vectors would be others than its makers meant.
    """
    known = find_known_model(folder)
    if not (folder / "modules.json").is_file():
        if known is None:
            return Pooling()
        mode = known.pooling or "mean"
        return Pooling((mode,), known.normalize, _prompts_of(known), known.prefix)
    modes, normalize, include_prompt = _read_modules(folder)
    model = _read_if_there(folder / "config_sentence_transformers.json")
    prompts = {name: words for name, words in (model.get("prompts") or {}).items() if words}
    prompt = prompts.get(str(model.get("default_prompt_name")), "")
    if known is not None and "prompts" not in model:
        prompts, prompt = _prompts_of(known), known.prefix
    if prompts and not include_prompt:
        raise KnownError(
            tr(
                "The encoder in {folder} wants words before each text that do not count for its "
                "vector, which this version cannot compute; choose another base model.",
                folder=folder,
            )
        )
    limit = _read_if_there(folder / "sentence_bert_config.json").get("max_seq_length")
    return Pooling(
        modes,
        normalize,
        prompts,
        prompt,
        limit if isinstance(limit, int) else 0,
    )


def _prompts_of(known: KnownBaseModel) -> dict[str, str]:
    named = {"query": known.query_prefix, "document": known.passage_prefix}
    if known.prefix and known.prefix not in named.values():
        named["text"] = known.prefix
    return {name: words for name, words in named.items() if words}


def _read_modules(folder: Path) -> tuple[tuple[str, ...], bool, bool]:
    """Return modes, whether vectors get length 1, and whether words before a text count."""
    modes: tuple[str, ...] = ("mean",)
    normalize = False
    include_prompt = True
    for module in _read(folder / "modules.json"):
        kind = str(module.get("type", "")).rsplit(".", 1)[-1]
        place = folder / str(module.get("path", ""))
        if kind == "Pooling":
            config = _read(place / "config.json")
            modes = _modes(config, folder)
            include_prompt = bool(config.get("include_prompt", True))
        elif kind == "Normalize":
            normalize = True
        elif kind != "Transformer":
            raise KnownError(
                tr(
                    "The encoder in {folder} has a layer “{kind}” that this version cannot "
                    "compute; choose a base model that only pools its tokens.",
                    folder=folder,
                    kind=kind,
                )
            )
    return modes, normalize, include_prompt


def pool(hidden: torch.Tensor, mask: torch.Tensor | None, pooling: Pooling) -> torch.Tensor:
    """Return one vector a text, float32 (texts, hidden size × number of modes).

    `hidden` is what the encoder's last block gives, (texts, tokens, hidden size); `mask`, (texts,
    tokens), is 1 at a text's tokens and 0 at the padding behind them, or None where nothing is
    padded. The formulas are those of sentence-transformers' Pooling and Normalize.
    """
    import torch

    hidden = hidden.float()
    if mask is None:
        mask = hidden.new_ones(hidden.shape[:2])
    weights = mask.to(hidden.dtype)[:, :, None]
    vectors = torch.cat([_pooled(hidden, weights, mode) for mode in pooling.modes], dim=1)
    if pooling.normalize:
        vectors = torch.nn.functional.normalize(vectors, dim=-1)
    return vectors


def _pooled(hidden: torch.Tensor, weights: torch.Tensor, mode: str) -> torch.Tensor:
    if mode == "cls":
        return hidden[:, 0]
    if mode == "max":
        return hidden.masked_fill(weights == 0, float("-inf")).amax(dim=1)
    if mode == "lasttoken":
        last = weights.sum(dim=1).long().clamp(min=1) - 1
        return hidden.gather(1, last[:, :, None].expand(-1, 1, hidden.shape[2]))[:, 0]
    if mode == "weightedmean":
        weights = weights * weights.cumsum(dim=1)
    count = weights.sum(dim=1).clamp(min=1e-9)
    if mode == "mean_sqrt_len_tokens":
        count = count.sqrt()
    return (hidden * weights).sum(dim=1) / count


def _modes(config: dict[str, Any], folder: Path) -> tuple[str, ...]:
    named = config.get("pooling_mode")
    if named is None:
        named = [mode for mode, key in _OLD_KEYS.items() if config.get(key)] or ["mean"]
    modes = (named,) if isinstance(named, str) else tuple(named)
    unknown = [mode for mode in modes if mode not in MODES]
    if unknown or not modes:
        raise KnownError(
            tr(
                "The encoder in {folder} joins its tokens in a way that this version does not know "
                "({unknown}); choose another base model.",
                folder=folder,
                unknown=", ".join(map(str, unknown)),
            )
        )
    return modes


def _read_if_there(path: Path) -> dict[str, Any]:
    return dict(_read(path)) if path.is_file() else {}


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise KnownError(tr("{path} cannot be read; the folder is damaged.", path=path)) from error
