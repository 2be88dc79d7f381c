"""fill-mask and compare-pretraining: what a model knows of a language, and what that is worth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from engine.api import (
    METHODS,
    ComparePretraining,
    GetPretrainingComparison,
    GetProject,
    KnownError,
    ListModels,
    ModelInfo,
    PretrainingComparison,
    ProjectInfo,
    SeedScores,
    fill_mask,
)
from engine.cli.job_commands import job_reporter, read_settings
from engine.cli.options import existing, with_output
from engine.cli.output import Output
from engine.cli.shell import Shell

_COMPARED = tuple(method for method in METHODS if method != "mlm")


@click.command("fill-mask")
@click.argument("model")
@click.argument("sentences", nargs=-1, required=True, metavar="SENTENCE...")
@click.option("--project", type=existing, help="The project that has the model.")
@click.option("--top", type=click.IntRange(1, 100), default=5, show_default=True,
              help="How many words to show for each gap.")  # fmt: skip
@with_output
def fill_mask_(
    output: Output, model: str, sentences: tuple[str, ...], project: Path | None, top: int
) -> None:
    """Say which words MODEL would put into the [MASK] of each SENTENCE.

    MODEL is a base model's name, a folder, or with --project a model of the project.
    """
    output.progress("Loading")
    found = fill_mask(_folder(project, model), sentences, top=top)
    words = [
        line
        for one in found
        for line in (one.text, *(f"  {share:.3f}\t{word}" for word, share in one.words))
    ]
    output.result({"model": model, "sentences": [one.to_json() for one in found]}, *words)


def _folder(project: Path | None, name: str) -> str:
    """Return the folder of a project's model of this name; without one, the name as it is."""
    if project is None:
        return name
    with Shell(project) as shell:
        models: list[ModelInfo] = shell.ask(ListModels())
    found = next((model for model in models if model.name == name), None)
    if found is None:
        return name
    if found.method != "mlm":
        raise KnownError(
            f'The model "{name}" labels texts and has forgotten how to guess words; take one that '
            "comes from continued pretraining (the method mlm)."
        )
    return found.folder


def _seeds(context: click.Context, parameter: click.Parameter, value: str) -> tuple[int, ...]:
    try:
        return tuple(int(seed) for seed in value.split(","))
    except ValueError:
        raise click.BadParameter(f"“{value}” is not a list of whole numbers like 42,43.") from None


@click.command("compare-pretraining")
@click.argument("project", type=existing)
@click.option("--method", type=click.Choice(_COMPARED), default=_COMPARED[0], show_default=True,
              help="How to train after it, and without it.")  # fmt: skip
@click.option("--seeds", default="42,43,44", show_default=True, callback=_seeds,
              help="A training without and one with the step for each of them.")  # fmt: skip
@click.option("--base-model", default="", help="A base model's name or folder; else the starter.")
@click.option("--name", default="", help="What the names of the new models begin with.")
@click.option("--set", "pairs", multiple=True, metavar="KEY=VALUE",
              help="A setting of the method; can be repeated.")  # fmt: skip
@click.option("--mlm-set", "mlm_pairs", multiple=True, metavar="KEY=VALUE",
              help="A setting of the continued pretraining; can be repeated.")  # fmt: skip
@with_output
def compare_pretraining(
    output: Output,
    project: Path,
    method: str,
    seeds: tuple[int, ...],
    base_model: str,
    name: str,
    pairs: tuple[str, ...],
    mlm_pairs: tuple[str, ...],
) -> None:
    """Train on PROJECT with and without continued pretraining before it, and compare the scores."""
    settings, mlm_settings = read_settings(pairs), read_settings(mlm_pairs)
    with Shell(project) as shell:
        info: ProjectInfo = shell.ask(GetProject())
        name = shell.do(
            ComparePretraining(
                info.task.id,
                method=method,
                base_model=base_model,
                seeds=seeds,
                settings=settings,
                mlm_settings=mlm_settings,
                name=name,
            )
        )
        started: PretrainingComparison = shell.ask(GetPretrainingComparison(name))
        shell.wait_for_jobs(started.job_ids, job_reporter(output))
        found: PretrainingComparison = shell.ask(GetPretrainingComparison(name))
    output.result(
        {
            "comparison": name,
            "method": method,
            "seeds": [_scores(one) for one in found.seeds],
            "difference": found.difference,
            "perplexity_before": found.perplexity_before,
            "perplexity": found.perplexity,
            "words": found.words,
        },
        f"Held-out perplexity {found.perplexity_before:.1f} before the continued pretraining, "
        f"{found.perplexity:.1f} after.",
        *(
            f"seed {one.seed}\tF1 {one.without:.3f} without\t{one.with_step:.3f} with"
            for one in found.seeds
        ),
        found.words,
    )


def _scores(one: SeedScores) -> dict[str, Any]:
    return {"seed": one.seed, "without": one.without, "with": one.with_step, "gain": one.gain}
