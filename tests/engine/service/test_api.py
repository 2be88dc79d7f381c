"""The engine's public face is quick to import, and complete."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import engine.api
from engine.service import (
    commands,
    events,
    handlers,
    queries,
    span_commands,
    training_commands,
)
from engine.service.redaction import commands as redaction_commands
from engine.service.redaction import queries as redaction_queries

HEAVY = [
    *("torch", "transformers", "datasets", "setfit", "sentence_transformers", "sklearn"),
    *("pandas", "pyarrow", "numpy", "sqlite_utils", "PySide6"),
]


def concrete(module: object, base: type) -> set[type]:
    """The classes of a module that derive from `base` and have no further children."""
    found = {
        item
        for _, item in inspect.getmembers(module, inspect.isclass)
        if issubclass(item, base) and item is not base
    }
    return {item for item in found if not any(other.__base__ is item for other in found)}


def test_importing_the_public_face_loads_no_heavy_library() -> None:
    code = f"import sys, engine.api; print([name for name in {HEAVY} if name in sys.modules])"
    root = Path(engine.api.__file__).parents[1]
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "[]"


def test_every_command_query_and_event_is_public_and_every_command_has_a_handler() -> None:
    public = set(engine.api.__all__)
    said = concrete(commands, commands.Command) - {commands.LabelCommand}
    said |= concrete(training_commands, commands.Command) - {commands.LabelCommand}
    said |= concrete(span_commands, commands.Command) - {commands.LabelCommand}
    said |= concrete(redaction_commands, commands.Command) - {commands.LabelCommand}
    told = concrete(events, events.Event)
    asked = concrete(queries, queries.Query) - {queries.LongQuery}
    asked |= concrete(redaction_queries, queries.Query) - {queries.LongQuery}
    assert {item.__name__ for item in said | told | asked} <= public
    assert said == set(handlers._HANDLERS)
    assert all(hasattr(engine.api, name) for name in public)
