"""Settings by intention: a quick look, the usual balance, or thorough.

A preset is nothing but settings; what it does not name is the method's own choice.
"""

from __future__ import annotations

from typing import Any

from engine.training.mlm_settings import MlmSettings
from engine.training.ner_settings import NerSettings
from engine.training.settings import Settings

PRESETS = ("quick", "balanced", "thorough")
_MOST_PASSES = 40


def preset_settings(method: str, preset: str, texts: int = 0) -> dict[str, Any]:
    """Return the settings of a preset for training on `texts` texts (0: not known yet).

    Raises:
        ValueError: for a preset that is not in `PRESETS`, or an unknown method.
    """
    if preset not in PRESETS:
        raise ValueError(f"there is no preset {preset!r}")
    if preset == "balanced":
        return {}
    quick = preset == "quick"
    texts = max(texts, 1)
    match method:
        case "fine-tune" if quick:
            return {"train": "head"}
        case "fine-tune":
            return {**_passes(Settings().settled_epochs(texts), quick), "learning_rate": 5e-5}
        case "setfit":
            return {"shots": 8} if quick else {"mode": "exact"}
        case "ner":
            return _passes(NerSettings().settled_epochs(texts), quick)
        case "mlm":
            return _passes(MlmSettings().settled_epochs(texts), quick)
    raise ValueError(f"there is no method {method!r}")


def _passes(usual: int, quick: bool) -> dict[str, Any]:
    """A third of the usual passes, or twice as many: the best pass is the one that is kept."""
    return {"epochs": max(1, usual // 3) if quick else min(_MOST_PASSES, 2 * usual)}
