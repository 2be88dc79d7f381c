"""search: find texts by their words, or by what they mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from engine.api import (
    EmbeddingProgressed,
    EmbedTexts,
    Event,
    FoundTexts,
    GetProject,
    GetTextRows,
    KnownError,
    ListTextIds,
    ProjectInfo,
    SearchByMeaning,
    TextFilter,
    TextRow,
)
from engine.cli.options import existing, with_output
from engine.cli.output import Output, counted
from engine.cli.shell import Shell


@click.command("search")
@click.argument("project", type=existing)
@click.argument("query")
@click.option("--semantic", is_flag=True, help="Find by meaning; the words need not occur.")
@click.option("--mixed", is_flag=True, help="Find by words and meaning together.")
@click.option("--encoder", default="", help="The base model that compares meanings; the starter "
              "if not given.")  # fmt: skip
@click.option("--quantised", is_flag=True, help="Compare meanings in eight bits: texts are read "
              "sooner, and the order found is a little coarser.")  # fmt: skip
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True,
              help="The most texts to show.")  # fmt: skip
@with_output
def search(
    output: Output,
    project: Path,
    query: str,
    semantic: bool,
    mixed: bool,
    encoder: str,
    quantised: bool,
    limit: int,
) -> None:
    """Find the texts of PROJECT that hold the words of QUERY, or with --semantic its meaning.

    The first search by meaning has every text embedded, which takes a while; the project keeps
    that. The score of a text is its cosine with QUERY: 1 is the same, 0 has nothing in common.
    """
    if not query.strip():
        raise KnownError("There is nothing to search for; give one word or more.")
    if semantic and mixed:
        raise click.UsageError("Choose --semantic or --mixed, not both.")
    if encoder and not (semantic or mixed):
        raise click.UsageError("--encoder is for --semantic and --mixed.")
    if quantised and not (semantic or mixed):
        raise click.UsageError("--quantised is for --semantic and --mixed.")
    with Shell(project) as shell:
        info: ProjectInfo = shell.ask(GetProject())
        task = info.task
        if semantic or mixed:
            wish = SearchByMeaning(
                task.id, query, limit=limit, mixed=mixed, encoder=encoder, quantised=quantised
            )
            found = _by_meaning(shell, output, wish)
            ids, total = list(found.text_ids), len(found.text_ids)
            scores = found.similarities
        else:
            listed = shell.ask(ListTextIds(task.id, TextFilter(search=query)))
            ids, total = list(listed[:limit]), len(listed)
            scores = (None,) * len(ids)
        rows: list[TextRow] = shell.ask(GetTextRows(task.id, tuple(ids)))
    names = {label.id: label.name for label in task.labels}
    score_of = dict(zip(ids, scores, strict=True))
    texts: list[dict[str, Any]] = []
    words = []
    for row in rows:
        labels = [names[label_id] for label_id in row.label_ids]
        text = {
            "id": row.id,
            "excerpt": row.excerpt,
            "labels": labels,
            "split": row.split,
            "source": row.source,
            "row": row.source_row,
        }
        line = f"{row.id}\t{', '.join(labels) or '–'}\t{row.excerpt}"
        if semantic or mixed:
            score = score_of[row.id]
            text["score"] = None if score is None else round(score, 4)
            line = f"{'–' if score is None else f'{score:.3f}'}\t{line}"
        texts.append(text)
        words.append(line)
    if semantic or mixed:
        end = f"The {counted(len(rows), 'text')} nearest in meaning, by {found.encoder}."
        output.result({"found": total, "encoder": found.encoder, "texts": texts}, *words, end)
        return
    end = f"{counted(total, 'text')} found."
    if total > limit:
        end = f"{counted(total, 'text')} found, the first {limit} shown."
    output.result({"found": total, "texts": texts}, *words, end)


def _by_meaning(shell: Shell, output: Output, wish: SearchByMeaning) -> FoundTexts:
    """Embed what is missing, so that the answer is about all texts."""

    def on_event(event: Event) -> None:
        if isinstance(event, EmbeddingProgressed) and event.running:
            output.progress("Embedding texts", event.done, event.total, event.seconds_left)

    shell.do(EmbedTexts(wish.encoder, wish.quantised), on_event)
    found: FoundTexts = shell.ask(wish)
    return found
