"""How much of what is said has a translation, counted from the code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import click

from conda_preflight.cli import COMMANDS
from conda_preflight.cli import main as program
from conda_preflight.cli.spoken import ERRORS, HELP
from conda_preflight.families import FAMILIES, in_order
from conda_preflight.language import ENGLISH, LANGUAGES, table
from conda_preflight.pattern import lazy_pattern
from conda_preflight.translation import ANY_RULE, choices, sentence
from docs.markup import table as rows_as_table
from docs.rule_pages import rules
from docs.said_texts import of_errors, of_others, of_rules, said_words
from docs.text_values import SOURCES

_HOLE = lazy_pattern(r"\{\d+\}")
_MECHANISM = "from conda_preflight.language import"
Missing = tuple[str, ...]


@cache
def coverage() -> str:
    """A table for each language: what is said, how much of it is translated."""
    return "\n\n".join(_language(language) for language in LANGUAGES if language != ENGLISH)


def _language(language: str) -> str:
    rows = [_row(name, texts, missing) for name, texts, missing in counted(language)]
    return rows_as_table((f"`{language}`", "texts", "translated"), rows)


def _row(name: str, texts: int, missing: Missing) -> tuple[str, str, str]:
    """Rounded, so that a page is not out of date by each sentence that somebody rewords."""
    share = 100 * (texts - len(missing)) // max(texts, 1)
    return name, f"{texts // 20 * 20} or more" if texts > 20 else "up to 20", f"{share} %"  # noqa: PLR2004


def counted(language: str) -> Iterator[tuple[str, int, Missing]]:
    """Each kind of text: its name, how many there are, which have no translation."""
    held = table(language, "frame")
    yield "frame of reports", len(frame()), tuple(text for text in frame() if text not in held)
    yield _count("titles of rules", [(rule.id, rule.summary) for rule in rules()], language)
    for family in in_order(rule.family for rule in rules()):
        texts = [(r, text) for r, own in said().items() for text in own]
        mine = [(r, text) for r, text in texts if r.startswith(f"{family.name}/")]
        yield _count(f"messages and fixes: `{family.name}`", mine, language)
    yield _count("texts that several rules share", [(ANY_RULE, t) for t in of_others()], language)
    yield _count("errors and their hints", [(ERRORS, text) for text in of_errors()], language)
    yield _count("help of commands", [(HELP, text) for text in helps()], language)


def _count(name: str, texts: Sequence[tuple[str, str]], language: str) -> tuple[str, int, Missing]:
    missing = (f"{part}: {text}" for part, text in texts if not is_told(text, part, language))
    return name, len(texts), tuple(missing)


def is_told(template: str, part: str, language: str) -> bool:
    """Whether a sentence of this template is told in the language: one is made, and tried."""
    made = _HOLE.sub("x1", next(choices(template)))
    return sentence(made, language, part) != made


@cache
def said() -> dict[str, tuple[str, ...]]:
    """The templates of every rule."""
    return of_rules()


@cache
def frame() -> tuple[str, ...]:
    """The words of reports and their headings."""
    folders = (SOURCES / "conda_preflight" / name for name in ("answers", "writers", "cli"))
    files = [file for folder in folders for file in sorted(folder.glob("*.py"))]
    told = (file for file in files if _MECHANISM in file.read_text("utf-8"))
    found = [text for file in told for text in said_words(file)]
    titles = [text for family in FAMILIES for text in (family.title, family.sentence)]
    return tuple(dict.fromkeys([*found, *titles]))


def helps() -> tuple[str, ...]:
    """The paragraphs and lines of help, as they stand in it."""
    context = click.Context(program, info_name="conda-preflight", **program.context_settings)
    found = [*COMMANDS.values(), *_helps(program, context)]
    return tuple(text for text in dict.fromkeys(found) if text)


def _helps(command: click.Command, context: click.Context) -> Iterator[str]:
    yield from (" ".join(each.split()) for each in (command.help or "").split("\n\n"))
    options = [param for param in command.get_params(context) if isinstance(param, click.Option)]
    yield from (row[1] for option in options if (row := option.get_help_record(context)))
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            if below := command.get_command(context, name):
                yield from _helps(below, click.Context(below, info_name=name, parent=context))
