"""The trained models that a project knows: rows here, weights in the folder beside the project."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.core.errors import KnownError
from engine.core.language import tr
from engine.core.times import utc_now
from engine.project.training_rows import ModelInfo

if TYPE_CHECKING:
    from engine.project.project import ProjectFile

_COLUMNS = (
    "m.id, m.name, m.method, m.task_id, m.base_model, m.parent_id, m.job_id, m.folder, m.bytes, "
    "m.created, m.label_ids, m.evaluation, m.settings, m.snapshot_sha256, m.snapshot_texts, "
    "m.seconds, m.deleted"
)


def add_model(
    project: ProjectFile,
    *,
    name: str,
    method: str,
    task_id: int,
    base_model: str,
    job_id: int,
    folder: Path,
    bytes: int,
    label_ids: Sequence[int],
    metrics: dict[str, Any],
    evaluation: str,
    settings: dict[str, Any],
    snapshot_sha256: str,
    snapshot_texts: int,
    seconds: float,
    manifest_sha256: str = "",
    parent_id: int | None = None,
) -> ModelInfo:
    """Enter a model whose folder is published, and note it with its job.

    `folder` lies in the project's models folder; `metrics` are by split. A name that is taken gets
    a number.
    """
    with project.transaction() as connection:
        table = project.database.table("models").insert(
            {
                "name": free_model_name(connection, name),
                "method": method,
                "task_id": task_id,
                "base_model": base_model,
                "parent_id": parent_id,
                "job_id": job_id,
                "folder": folder.name,
                "bytes": bytes,
                "created": utc_now(),
                "label_ids": json.dumps(list(label_ids)),
                "evaluation": evaluation,
                "settings": json.dumps(settings, ensure_ascii=False),
                "snapshot_sha256": snapshot_sha256,
                "snapshot_texts": snapshot_texts,
                "manifest_sha256": manifest_sha256,
                "seconds": seconds,
            }
        )
        model_id = table.last_pk
        assert isinstance(model_id, int)
        connection.execute("UPDATE jobs SET model_id = ? WHERE id = ?", (model_id, job_id))
        for split, numbers in metrics.items():
            _write_metrics(connection, model_id, split, numbers)
    return get_model(project.connection, project.models_folder, model_id)


def rename_model(project: ProjectFile, model_id: int, name: str) -> ModelInfo:
    """Give a model another name; its folder keeps its own.

    Raises:
        KnownError: if there is no such model, or the name is empty or taken.
    """
    name = " ".join(name.split())
    if not name:
        raise KnownError(tr("A model needs a name; nothing was changed."))
    model = get_model(project.connection, project.models_folder, model_id)
    with project.transaction() as connection:
        if name != model.name and free_model_name(connection, name) != name:
            raise KnownError(
                tr("There is already a model “{name}”; choose another name.", name=name)
            )
        project.database.table("models").update(model_id, {"name": name})
    return get_model(project.connection, project.models_folder, model_id)


def mark_deleted(project: ProjectFile, model_id: int, deleted: bool = True) -> ModelInfo:
    """Mark a model as deleted, or as there again (under another name if its own was taken since).

    A deleted model makes no suggestions any more.

    Raises:
        KnownError: if there is no such model.
    """
    model = get_model(project.connection, project.models_folder, model_id)
    with project.transaction() as connection:
        values: dict[str, Any] = {"deleted": int(deleted)}
        if model.deleted and not deleted:
            values["name"] = free_model_name(connection, model.name)
        project.database.table("models").update(model_id, values)
        if deleted:
            connection.execute(
                "UPDATE project SET suggestion_model_id = NULL WHERE suggestion_model_id = ?",
                (model_id,),
            )
    return get_model(project.connection, project.models_folder, model_id)


def set_metrics(project: ProjectFile, model_id: int, split: str, metrics: dict[str, Any]) -> None:
    """Store a model's metrics on one split, in place of older ones."""
    with project.transaction() as connection:
        _write_metrics(connection, model_id, split, metrics)


def set_suggestion_model(project: ProjectFile, model_id: int | None) -> None:
    """Let a model suggest labels; None: none does.

    Raises:
        KnownError: if there is no such model, or it was deleted.
    """
    if model_id is not None:
        model = get_model(project.connection, project.models_folder, model_id)
        if model.deleted:
            raise KnownError(
                tr("The model “{model}” was deleted; restore it first.", model=model.name)
            )
    with project.transaction() as connection:
        connection.execute("UPDATE project SET suggestion_model_id = ?", (model_id,))


def free_model_name(connection: sqlite3.Connection, wanted: str) -> str:
    """Return `wanted`, or with the first number from 2 that makes it a name no model has."""
    taken = {name for (name,) in connection.execute("SELECT name FROM models WHERE NOT deleted")}
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    return name


def get_model(connection: sqlite3.Connection, models_folder: Path, model_id: int) -> ModelInfo:
    """Return one model, deleted or not.

    Raises:
        KnownError: if there is no such model.
    """
    found = _select(connection, models_folder, "WHERE m.id = ?", (model_id,))
    if not found:
        raise KnownError(tr("That model is not in this project."))
    return found[0]


def list_models(
    connection: sqlite3.Connection, models_folder: Path, *, deleted: bool = False
) -> list[ModelInfo]:
    """Return the models, oldest first; deleted ones only if asked for."""
    where = "" if deleted else "WHERE NOT m.deleted"
    return _select(connection, models_folder, f"{where} ORDER BY m.id", ())


def _select(
    connection: sqlite3.Connection, models_folder: Path, where: str, values: tuple[int, ...]
) -> list[ModelInfo]:
    rows = connection.execute(f"SELECT {_COLUMNS} FROM models m {where}", values).fetchall()
    metrics: dict[int, dict[str, Any]] = {}
    for model_id, split, data in connection.execute(
        "SELECT model_id, split, data FROM metrics"
    ).fetchall():
        metrics.setdefault(model_id, {})[split] = json.loads(data)
    return [
        ModelInfo(
            id=row[0],
            name=row[1],
            method=row[2],
            task_id=row[3],
            base_model=row[4],
            parent_id=row[5],
            job_id=row[6],
            folder=str(models_folder / row[7]),
            bytes=row[8],
            created=row[9],
            label_ids=tuple(json.loads(row[10])),
            metrics=metrics.get(row[0], {}),
            evaluation=row[11],
            settings=json.loads(row[12]),
            snapshot_sha256=row[13],
            snapshot_texts=row[14],
            seconds=row[15],
            deleted=bool(row[16]),
            present=(models_folder / row[7]).is_dir(),
        )
        for row in rows
    ]


def _write_metrics(
    connection: sqlite3.Connection, model_id: int, split: str, metrics: dict[str, Any]
) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO metrics (model_id, split, data) VALUES (?, ?, ?)",
        (model_id, split, json.dumps(metrics, ensure_ascii=False)),
    )
