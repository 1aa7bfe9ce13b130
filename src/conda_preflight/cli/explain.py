"""``conda-preflight explain``: the manual page of a rule, or the list of rules."""

from __future__ import annotations

from collections.abc import Iterator

import click

from conda_preflight import catalog
from conda_preflight.cli.completion import rules
from conda_preflight.language import ENGLISH, say, spoken, word
from conda_preflight.report import Rule
from conda_preflight.writers.excerpt import cells
from conda_preflight.writers.wording import title


@click.command()
@click.argument("rule", required=False, shell_complete=rules)
def command(rule: str | None) -> None:
    """Show the manual page of RULE, or the list of all rules.

    A family (manifest, lock ...) shows the list of its rules.
    """
    if rule and rule not in catalog.families():
        click.echo(_page(rule))
        return
    click.echo("\n".join(_list(rule)))


def _page(rule_id: str) -> str:
    rule = catalog.find(rule_id).rule
    head = f"{rule.id} ({word(rule.severity.value)})"
    options = [f"  {key} = {_toml(value)}" for key, value in rule.settings.items()]
    under = say('Options, under [rules."{rule}"] in the settings:', rule=rule.id)
    tail = ["", under, "", *options]
    lines = [head, "=" * cells(head), "", *_told(rule), rule.page]
    return "\n".join([*lines, *(tail if options else [])])


def _told(rule: Rule) -> Iterator[str]:
    """The title in another language, before a page that is in English."""
    if spoken() != ENGLISH:
        yield from (title(rule), "", word("The page is in English:"), "")


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(item) for item in value)}]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def _list(family: str | None) -> list[str]:
    rules = [c.rule for c in catalog.checks() if family in (None, c.rule.family)]
    width = max((len(rule.id) for rule in rules), default=0)
    rows = [f"{r.id:{width}}  {_weight(r)}  {title(r)}" for r in rules]
    some = "{count} rules. `conda-preflight explain RULE` shows a page."
    one = "{count} rule. `conda-preflight explain RULE` shows a page."
    return [*rows, "", say(one if len(rows) == 1 else some, count=len(rows))]


def _weight(rule: Rule) -> str:
    told = word(rule.severity.value)
    return told + " " * (7 - cells(told))
