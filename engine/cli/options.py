"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from engine.cli.output import Output

existing = click.Path(path_type=Path)
"""A path; the engine itself says in a sentence what is wrong with one."""


class ProjectGroup(click.Group):
    """A group of commands that is written after its project: ``jobs PROJECT list``.

    The project may be left out where a command can do without; without a command, "list" is meant.
    A command finds the project, or None, as the context's object.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the project off the arguments."""
        ctx.obj = None
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            ctx.obj = Path(args[0])
            args = args[1:]
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the pieces of the usage line, the project among them."""
        return ["[PROJECT]", *super().collect_usage_pieces(ctx)]


def needed(project: Path | None) -> Path:
    """Return the project (UsageError if none was given)."""
    if project is None:
        raise click.UsageError("Name the project before the command: PROJECT COMMAND.")
    return project


def with_output(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option --json, and as its first argument the `Output` it writes to."""

    @click.option(
        "--json", "as_json", is_flag=True, help="Write the result as one JSON object, last line."
    )
    @wraps(command)
    def wrapped(*arguments: Any, as_json: bool, **options: Any) -> Any:
        output = Output(as_json=as_json)
        try:
            return command(output, *arguments, **options)
        finally:
            output.close()

    return wrapped
