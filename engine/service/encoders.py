"""All encoders that a training in a project can start from."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from engine.core.errors import KnownError
from engine.project.models import list_models
from engine.registry.base_models import BaseModel, find_base_model, list_base_models
from engine.service.training_material import BASES


def all_encoders(connection: sqlite3.Connection, models_folder: Path) -> list[BaseModel]:
    """Return the base models of this machine, then the project's own, the newest last.

    One of the project's own whose folder is gone or damaged is left out: Models shows what is
    wrong with it.
    """
    found = list_base_models()
    for model in list_models(connection, models_folder):
        if model.method not in BASES:
            continue
        with suppress(KnownError):
            encoder = find_base_model(model.folder)
            found.append(
                replace(encoder, name=model.name, origin="project", made_from=model.base_model)
            )
    return found


def encoder_called(name_or_folder: str, encoders: Sequence[BaseModel]) -> BaseModel:
    """Return the encoder of this name or folder, the project's own first; "" is the starter.

    Raises:
        KnownError: if there is none.
    """
    for encoder in reversed(encoders):
        if name_or_folder in (encoder.name, encoder.folder):
            return encoder
    return find_base_model(name_or_folder)
