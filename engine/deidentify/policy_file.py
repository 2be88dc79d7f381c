"""A policy as JSON, in which people write down what is done with which label."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.deidentify.records import OPERATORS, OperatorChoice, Policy


def read_policy(path: Path, default: OperatorChoice | None = None) -> Policy:
    """Return the policy in a JSON file; `default` is for labels that it does not name.

    The file is one object, from a label to an operator, or to an object with ``operator`` and its
    settings; the label ``*`` stands for all that are not named::

        {"PERSON": "pseudonymise", "ID": {"operator": "mask", "keep_last": 4}, "*": "redact"}

    Raises:
        KnownError: if it cannot be read, or names no operator where one is needed.
    """
    try:
        written = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise KnownError(tr("There is no file {path}.", path=path)) from None
    except OSError as error:
        raise KnownError(
            tr("{path} cannot be read: {reason}.", path=path, reason=error.strerror)
        ) from None
    except ValueError as error:
        raise KnownError(
            tr("The policy in {name} is not valid JSON: {error}.", name=path.name, error=error)
        ) from None
    if not isinstance(written, dict):
        raise KnownError(
            tr("The policy in {name} is not one object from labels to operators.", name=path.name)
        )
    choices = {label: _choice(path.name, label, value) for label, value in written.items()}
    otherwise = choices.pop("*", None) or default or OperatorChoice()
    return Policy(choices, otherwise)


def _choice(name: str, label: str, value: Any) -> OperatorChoice:
    settings = {"operator": value} if isinstance(value, str) else value
    if not isinstance(settings, dict) or settings.get("operator") not in OPERATORS:
        raise KnownError(
            tr(
                "The policy in {name} names no operator for the label “{label}”; choose one of "
                "{operators}.",
                name=name,
                label=label,
                operators=", ".join(OPERATORS),
            )
        )
    rest = {key: setting for key, setting in settings.items() if key != "operator"}
    return OperatorChoice(settings["operator"], rest)
