"""The option for the language, and help and errors in it."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click

from conda_preflight.language import ENGLISH, LANGUAGES, say, speak, spoken, word

ERRORS = "errors/*"
HELP = "help/*"
"""The parts of a table that hold what errors and help say."""


def _chosen(_: click.Context, __: click.Parameter, value: str | None) -> None:
    if value and value != ENGLISH and not holds_all_scripts():
        click.echo("conda-preflight: this output cannot hold Chinese: English it is", err=True)
        value = ENGLISH
    if value:
        speak(value)


def holds_all_scripts() -> bool:
    """Whether the output can hold Chinese."""
    return (getattr(sys.stdout, "encoding", "") or "").lower().startswith("utf")


def language_option() -> click.Option:
    """``--lang``, which is read before all other options."""
    return click.Option(
        ["--lang"],
        type=click.Choice(LANGUAGES),
        expose_value=False,
        is_eager=True,
        callback=_chosen,
        help="The language of what people read.",
    )


def with_language(command: click.Command) -> click.Command:
    """The same command, and those below it, which can be told a language and give help in it."""
    if all(param.name != "lang" for param in command.params):
        command.params.append(language_option())
        command.context_class = Context
    for below in getattr(command, "commands", {}).values():
        with_language(below)
    return command


def told(text: str, part: str = ERRORS) -> str:
    """A finished sentence in the language that is spoken."""
    if spoken() == ENGLISH:
        return text
    from conda_preflight.translation import sentence

    return sentence(text, spoken(), part)


def show(error: click.ClickException) -> None:
    """Tell what was wrong in a command line."""
    if spoken() == ENGLISH:
        error.show()
        return
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context:
        helping = say("Try '{command} --help' for help.", command=context.command_path)
        click.echo(f"{context.get_usage()}\n{helping}\n", err=True)
    click.echo(say("Error: {message}", message=told(error.format_message())), err=True)


class Formatter(click.HelpFormatter):
    """Help in the language that is spoken; English is left to click."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line that begins with ``Usage:``."""
        foreign = None if spoken() == ENGLISH else word("Usage:")
        super().write_usage(prog, args, prefix or foreign)

    def write_heading(self, heading: str) -> None:
        """The line above a list."""
        if spoken() == ENGLISH:
            super().write_heading(heading)
        else:
            self.write(" " * self.current_indent + say("{heading}:", heading=word(heading)) + "\n")

    def write_text(self, text: str) -> None:
        """Paragraphs, each translated as a whole."""
        if spoken() == ENGLISH:
            super().write_text(text)
            return
        paragraphs = [told(" ".join(each.split()), HELP) for each in text.split("\n\n")]
        self.write("\n\n".join(self._wrapped(each, self.current_indent) for each in paragraphs))
        self.write("\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Two columns: what is written, and what it does."""
        if spoken() == ENGLISH:
            super().write_dl(rows, col_max, col_spacing)
            return
        pairs = list(rows)
        column = min(max(len(left) for left, _ in pairs), col_max) + col_spacing
        at = self.current_indent + column
        for left, right in pairs:
            text = self._wrapped(told(right, HELP), at)
            lead = " " * self.current_indent + left
            fits = len(left) + col_spacing <= column or not right
            self.write(f"{lead.ljust(at)}{text.lstrip()}\n" if fits else f"{lead}\n{text}\n")

    def _wrapped(self, text: str, indent: int) -> str:
        from conda_preflight.writers.ink import Ink

        pen = Ink(max(self.width, indent + 20), colour=False, unicode=True)
        return "\n".join(pen.wrap(text, indent=" " * indent))


class Context(click.Context):
    """A context whose help is written so."""

    formatter_class = Formatter
