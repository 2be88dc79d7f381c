"""Settings by intention: a quick look, the usual balance, or thorough.

A preset is nothing but settings; what it does not name is the method's own choice.
"""

from __future__ import annotations

from typing import Any

from engine.training.settings import Settings

PRESETS = ("quick", "balanced", "thorough")
_MOST_PASSES = 40


def preset_settings(method: str, preset: str, texts: int = 0) -> dict[str, Any]:
    """Return the settings of a preset for training on `texts` texts (0: not known yet).

    Raises:
        ValueError: for a preset that is not in `PRESETS`.
    """
    if preset not in PRESETS:
        raise ValueError(f"there is no preset {preset!r}")
    if preset == "balanced":
        return {}
    quick = preset == "quick"
    match method:
        case "fine-tune":
            return {"train": "head"} if quick else _slower(texts)
        case "mlm":
            return {"epochs": 1} if quick else {"epochs": 10}
        case "ner":
            return {"epochs": 1} if quick else _slower(texts)
        case "setfit":
            return {"shots": 8} if quick else {"mode": "exact"}
    raise ValueError(f"there is no method {method!r}")


def _slower(texts: int) -> dict[str, Any]:
    """Twice the passes in smaller steps; the best pass is the one that is kept."""
    passes = min(_MOST_PASSES, 2 * Settings().settled_epochs(max(texts, 1)))
    return {"epochs": passes, "learning_rate": 5e-5}
