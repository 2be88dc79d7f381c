"""The command line: which commands there are, and how each of them ends."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.api import WORKER_FLAG, BugError, KnownError, run_worker, write_report
from engine.cli.output import Output, prepare_streams

if TYPE_CHECKING:
    from engine.cli.demo_command import Desktop

_INTERRUPTED = 130

# Command to (module, attribute, help), in the order of a person's work. Modules are imported when
# a command runs, so that --help and the window wait for none of them.
_COMMANDS = {
    "demo": ("demo_command", "demo", "Open the sample project."),
    "new": ("project_commands", "new", "Create a project file."),
    "import": ("project_commands", "import_", "Import texts from a file."),
    "export": ("project_commands", "export", "Write the texts with their labels to a file."),
    "rules": ("rules_command", "rules", "Say what passages of a label look like."),
    "train": ("job_commands", "train", "Train a model from the labels."),
    "sweep": ("sweep_command", "sweep", "Show F1 and time against one setting."),
    "evaluate": ("score_commands", "evaluate", "Score a model against today's labels."),
    "predict": ("score_commands", "predict", "Predict every text of a file."),
    "redact": ("redact_command", "redact", "Write a file without what identifies people."),
    "compare": ("score_commands", "compare", "Compare two models on the same texts."),
    "fill-mask": ("language_commands", "fill_mask_", "Guess the hidden words of sentences."),
    "compare-pretraining": (
        "language_commands",
        "compare_pretraining",
        "Show what continued pretraining is worth.",
    ),
    "jobs": ("job_commands", "jobs", "List, pause, resume and cancel jobs."),
    "models": ("model_commands", "models", "List, show, export and delete models."),
    "search": ("search_command", "search", "Find texts by words, or by meaning."),
    "check": ("care_commands", "check", "Check that a project is whole."),
    "doctor": ("care_commands", "doctor", "Say what this machine can do, and what is missing."),
}


class _Commands(click.Group):
    """The table of commands; a first argument that is a project means "open it"."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, attribute, _ = _COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"engine.cli.{module}"), attribute)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and is_project(args[0]):
            return "open", _open, args
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, _, words) in _COMMANDS.items()])

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return ["[PROJECT | COMMAND [ARGUMENTS]…]"]


def is_project(argument: str) -> bool:
    """Return whether an argument is a project to open, rather than a command."""
    return argument.endswith(".glossator") or Path(argument).is_file()


@click.command("open", hidden=True)
@click.argument("project", type=click.Path(path_type=Path))
@click.pass_obj
def _open(desktop: Desktop | None, project: Path) -> None:
    """Open the window on PROJECT."""
    raise click.exceptions.Exit(_window(desktop).open_window(project))


def _show_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        try:
            number = version("glossator")
        except PackageNotFoundError:  # run from its source, without an installation
            number = "not installed"
        Output(as_json=False).line(f"glossator {number}")
        context.exit()


@click.group(cls=_Commands, invoke_without_command=True)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version,
    help="Show the version.",
)  # fmt: skip
@click.pass_context
def glossator(context: click.Context) -> None:
    """Annotate texts and train models from them; nothing leaves this machine.

    Without a command, the window opens, on PROJECT if one is named. Every command takes --json
    for its result as one JSON object and --help for its options.
    """
    if context.invoked_subcommand is None:
        raise click.exceptions.Exit(_window(context.obj).open_window(None))


def _window(desktop: Desktop | None) -> Desktop:
    if desktop is None:
        raise KnownError("There is no window here; --help lists the commands.")
    return desktop


def run(arguments: Sequence[str] | None = None, desktop: Desktop | None = None) -> int:
    """Run the command line and return its exit code.

    0: done. 1: something in the world prevented it, told in one sentence on standard error.
    2: wrong usage. 130: interrupted.

    Args:
        arguments: without the program's name; None for the process's own.
        desktop: the window, where there is one.
    """
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if arguments[:1] == [WORKER_FLAG]:
        return run_worker(arguments[1:])
    prepare_streams()
    as_json = "--json" in arguments
    try:
        code = glossator.main(arguments, prog_name="glossator", standalone_mode=False, obj=desktop)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _fail("Interrupted.", as_json=as_json, code=_INTERRUPTED)
    except (KnownError, BugError) as error:
        return _fail(error.message, as_json=as_json)
    except Exception as error:  # the program's outermost boundary
        return _fail(_reported(error, arguments), as_json=as_json)
    return code if isinstance(code, int) else 0


def _fail(sentence: str, *, as_json: bool, code: int = 1) -> int:
    output = Output(as_json=as_json)
    output.say(sentence)
    if as_json:
        output.result({"error": sentence})
    return code


def _reported(error: Exception, arguments: list[str]) -> str:
    command = next((argument for argument in arguments if argument in _COMMANDS), "")
    sentence = "Glossator made a mistake of its own; your labels are on disk."
    try:
        report = write_report(error, doing=f"command line: {command}")
    except KnownError as unwritten:
        return f"{sentence} {unwritten.message}"
    return f"{sentence} A report without your texts is in {report}."
