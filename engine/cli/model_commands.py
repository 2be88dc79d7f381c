"""models: the base models of this machine, and the trained models of a project."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from engine.api import (
    EXPORT_FORMATS,
    AddBaseModel,
    BaseModel,
    DeleteModel,
    DownloadBaseModel,
    DownloadProgressed,
    EmptyCache,
    Event,
    ExportModel,
    GetProject,
    KnownBaseModel,
    KnownError,
    ListBaseModels,
    ListKnownModels,
    ListModels,
    ModelInfo,
    ProjectInfo,
    RemoveBaseModel,
)
from engine.cli.options import ProjectGroup, existing, needed, with_output
from engine.cli.output import Output, counted
from engine.cli.shell import Shell

_MEGABYTE = 1_000_000


def find_model(shell: Shell, name: str) -> ModelInfo:
    """Return the project's model of this name.

    Raises:
        KnownError: if there is none, naming those there are.
    """
    models: list[ModelInfo] = shell.ask(ListModels())
    for model in models:
        if model.name == name:
            return model
    names = ", ".join(f"“{model.name}”" for model in models)
    there_are = f"its models are {names}" if models else "it has no model yet"
    raise KnownError(f"The project has no model “{name}”: {there_are}.")


@click.group("models", cls=ProjectGroup)
def models() -> None:
    """List, show, export and delete models.

    Base models, which training starts from, are the machine's; trained models are a project's.
    """


@models.command("list")
@click.pass_obj
@with_output
def list_(output: Output, project: Path | None) -> None:
    """List the base models, and the trained models of PROJECT."""
    with Shell(project) as shell:
        base_models: list[BaseModel] = shell.ask(ListBaseModels())
        trained: list[ModelInfo] = shell.ask(ListModels()) if project else []
    words = [
        f"{model.name}\tbase model\t{model.bytes / _MEGABYTE:,.0f} MB\t{model.folder}"
        for model in base_models
    ]
    words += [
        f"{model.name}\t{model.method} on {model.base_model}\t{_score(model)}\t{model.created}"
        for model in trained
    ]
    data: dict[str, Any] = {"base_models": [asdict(model) for model in base_models]}
    if project:
        data["models"] = [asdict(model) for model in trained]
    output.result(data, *words)


def _score(model: ModelInfo) -> str:
    metrics = model.metrics.get(model.evaluation, {})
    # Of passages, the F1 over all of them is the one that everybody reports.
    main = ("f1", "F1") if "errors" in metrics else ("macro_f1", "macro F1")
    for key, words in (main, ("perplexity", "perplexity")):
        if key in metrics:
            return f"{words} {metrics[key]:.3f}"
    return "no score"


@models.command("show")
@click.argument("name")
@click.pass_obj
@with_output
def show(output: Output, project: Path | None, name: str) -> None:
    """Show all that is known of the model NAME."""
    with Shell(project) as shell:
        if project is None:
            data = asdict(_find_base_model(shell, name))
        else:
            info: ProjectInfo = shell.ask(GetProject())
            model = find_model(shell, name)
            data = asdict(model)
            named = {label.id: label.name for task in info.tasks for label in task.labels}
            data["labels"] = [named.get(label_id, "") for label_id in model.label_ids]
    output.result(data, *(f"{key.replace('_', ' ')}: {value}" for key, value in data.items()))


def _find_base_model(shell: Shell, name: str) -> BaseModel:
    found: list[BaseModel] = shell.ask(ListBaseModels())
    for model in found:
        if model.name == name:
            return model
    names = ", ".join(f"“{model.name}”" for model in found)
    raise KnownError(f"There is no base model “{name}”: there are {names}.")


@models.command("delete")
@click.argument("name")
@click.pass_obj
@with_output
def delete(output: Output, project: Path | None, name: str) -> None:
    """Delete the model NAME of PROJECT; without PROJECT, take a base model off the list.

    The folder of a base model stays where it is.
    """
    with Shell(project) as shell:
        if project is None:
            shell.do(RemoveBaseModel(name))
        else:
            shell.do(DeleteModel(find_model(shell, name).id))
    output.result({"deleted": name}, f"Deleted {name}.")


@models.command("export")
@click.argument("name")
@click.argument("folder", type=existing)
@click.option(
    "--format",
    "format_",
    type=click.Choice(EXPORT_FORMATS),
    default="folder",
    show_default=True,
    help="As it is, or as setfit keeps its own models.",
)
@click.pass_obj
@with_output
def export(output: Output, project: Path | None, name: str, folder: Path, format_: str) -> None:
    """Copy the model NAME of PROJECT to the new folder FOLDER.

    The folder loads in transformers as it is: pipeline("text-classification", FOLDER), or
    "token-classification" of a model that marks passages. A model of the method setfit loads in
    sentence-transformers, which gives vectors; with --format setfit it loads in setfit, labels and
    all. The head is a pickle then, as setfit wants it: give it to people who trust you.
    """
    with Shell(needed(project)) as shell:
        model = find_model(shell, name)
        shell.do(ExportModel(model.id, str(folder), format_))
    output.result({"model": name, "folder": str(folder)}, f"Copied {name} to {folder}.")


@models.command("empty-cache")
@click.pass_obj
@with_output
def empty_cache(output: Output, project: Path | None) -> None:
    """Remove what frozen layers computed for trainings of PROJECT.

    It only saves time: the next training with frozen layers computes it again. It says much about
    the texts, lies in the folder .cache beside the models, and never takes more than 8 GB.
    """
    with Shell(needed(project)) as shell:
        freed: int = shell.do(EmptyCache())
    output.result({"bytes": freed}, f"{freed / _MEGABYTE:,.0f} MB are free again.")


@models.command("add")
@click.argument("folder", type=existing)
@click.option("--name", default="", help="The name in the list; the folder's if not given.")
@click.pass_obj
@with_output
def add(output: Output, project: Path | None, folder: Path, name: str) -> None:
    """Add FOLDER, with safetensors weights and a tokenizer, to this machine's base models.

    A zip of such a folder is taken as well: it is checked, and unpacked into Glossator's own
    folder. "glossator models known" lists models that work, and how to bring them.
    """
    with Shell() as shell:
        model: BaseModel = shell.do(AddBaseModel(str(folder), name))
    output.result(
        asdict(model),
        f"Added {model.name} ({model.architecture}, {counted(model.layers, 'layer')}).",
    )


@models.command("download")
@click.argument("name")
@click.option(
    "--as", "called", default="", help="The name in the list; the last part if not given."
)
@click.pass_obj
@with_output
def download(output: Output, project: Path | None, name: str, called: str) -> None:
    """Fetch the model NAME, such as intfloat/e5-base-v2, and add it to this machine's base models.

    The one command that opens a connection, to huggingface.co (or HF_ENDPOINT) and for this model
    alone. Only safetensors weights, settings and word lists are fetched: no code and no pickles.
    """

    def show_progress(event: Event) -> None:
        if isinstance(event, DownloadProgressed) and event.running:
            output.progress(f"downloading {event.hub_name}", event.done, event.total)

    with Shell() as shell:
        model: BaseModel = shell.do(DownloadBaseModel(name, called), show_progress)
    output.result(
        asdict(model),
        f"Added {model.name} ({model.architecture}, {model.bytes / _MEGABYTE:,.0f} MB).",
    )


@models.command("known")
@click.argument("name", default="")
@click.pass_obj
@with_output
def known(output: Output, project: Path | None, name: str) -> None:
    """List models that work, or show of NAME what it is good for and how to bring it.

    They are not on this machine yet: each of them is brought, and then added.
    """
    with Shell() as shell:
        found: list[KnownBaseModel] = shell.ask(ListKnownModels())
    if not name:
        words = [f"{model.hub_name}\t{_size(model)}\t{model.about}" for model in found]
        output.result({"known_models": [asdict(model) for model in found]}, *words)
        return
    for model in found:
        if name.casefold() in (model.name.casefold(), model.hub_name.casefold()):
            data = asdict(model)
            facts = {key: value for key, value in data.items() if value and key != "steps"}
            words = [f"{key.replace('_', ' ')}: {_words(facts[key])}" for key in facts]
            steps = [f"{number}. {step}" for number, step in enumerate(model.steps, start=1)]
            output.result(data, *words, *steps)
            return
    raise KnownError(
        f'"{name}" is not among the models that Glossator knows; any other encoder with '
        "safetensors weights can be added all the same."
    )


def _size(model: KnownBaseModel) -> str:
    if not model.works:
        return "does not work"
    return f"{model.megabytes:,} MB" if model.megabytes else f"{model.parameters:,} million numbers"


def _words(value: Any) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)
