"""The command line: one module per command, imported when it is called."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

import click

from conda_preflight import __version__
from conda_preflight.cli.spoken import (
    holds_all_scripts,
    show,
    told,
    with_language,
)
from conda_preflight.errors import PreflightError
from conda_preflight.language import ENGLISH, of_environment, speaking

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "init": "Write the files of a new project, or of one that is there already.",
    "audit": "Judge a project: GO or NO-GO.",
    "lock": "Solve for each platform and write the lock, or check it.",
    "rebuild": "Make a lock twice in clean prefixes, try it, compare byte for byte.",
    "why": "Say why a package is there: the shortest chains of dependencies.",
    "diff": "Show what changed between two environments.",
    "image": "Plan a layered image from a lock.",
    "sbom": "Write the software bill of materials.",
    "probe": "Write what this machine is as a fact sheet.",
    "attest": "Sign a verdict for a lock, and an image made from it.",
    "verify": "Accept a signed verdict before deployment, or refuse it.",
    "admission": "Let a cluster run only images with a fresh, signed GO.",
    "db": "Make the offline database of advisories, look at it, carry it elsewhere.",
    "docs": "Keep the section about the environment in a README true.",
    "freeze": "Keep conda, mamba, pip and uv from changing an environment.",
    "unfreeze": "Make a frozen environment what it was before.",
    "clean": "Show what caches and stale environments hold, and free it.",
    "history": "Show past audits, and what changed between two of them.",
    "fleet": "Ask many nodes, or audit many projects; say which differ.",
    "serve": "Show the ledger in a browser, and take reports from elsewhere.",
    "explain": "Show the manual page of a rule, or the list of rules.",
    "schema": "Show the JSON schema of what a command writes, or the list of schemas.",
    "completion": "Write the script by which a shell completes what is typed.",
}
"""Each command with one line about it; the module of that name holds ``command``."""


class Commands(click.Group):
    """A group whose commands are imported only when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """The names in the order of COMMANDS."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"conda_preflight.cli.{cmd_name}")
        command: click.Command = module.command
        return with_language(command)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands and options that begin so, without importing the commands."""
        from click.shell_completion import CompletionItem

        found = [
            CompletionItem(name, help=line)
            for name, line in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of commands, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="conda-preflight", message="%(prog)s %(version)s")
def main() -> None:
    """Pre-flight checklist for conda environments that carry large models."""


with_language(main)


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code, 2 for wrong use, and never shows a traceback."""
    with speaking(_language()):
        return _run(arguments)


def _language() -> str:
    """That of the environment, and English where the output cannot hold Chinese."""
    return of_environment(os.environ) if holds_all_scripts() else ENGLISH


def _run(arguments: Sequence[str]) -> int:
    try:
        code = main.main(list(arguments), prog_name="conda-preflight", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 2
    except click.ClickException as error:
        show(error)
        return 2
    except click.Abort:
        click.echo(told("Stopped."), err=True)
        return 2
    except PreflightError as error:
        _tell(error)
        return 2
    except BrokenPipeError:
        sys.stderr.close()
        return 2
    except OSError as error:  # a full disk, a folder that may not be read
        _tell(PreflightError(f"{error.filename or 'The output'}: {error.strerror or error}"))
        return 2
    return int(code or 0)


def _tell(error: PreflightError) -> None:
    """The sentence and the hint, in which names of audited files cannot act."""
    from conda_preflight.writers.escaping import visible

    for text, lead in ((error.message, "conda-preflight: "), (error.hint, "  ")):
        for line in told(text).split("\n") if text else ():
            click.echo(lead + visible(line), err=True)
