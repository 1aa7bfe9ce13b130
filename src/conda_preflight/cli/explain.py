"""``conda-preflight explain``: the manual page of a rule, or the list of rules."""

from __future__ import annotations

import click

from conda_preflight import catalog
from conda_preflight.cli.completion import rules


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
    head = f"{rule.id} ({rule.severity.value})"
    options = [f"  {key} = {_toml(value)}" for key, value in rule.settings.items()]
    tail = ["", f'Options, under [rules."{rule.id}"] in the settings:', "", *options]
    return "\n".join([head, "=" * len(head), "", rule.page, *(tail if options else [])])


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(item) for item in value)}]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def _list(family: str | None) -> list[str]:
    rules = [c.rule for c in catalog.checks() if family in (None, c.rule.family)]
    width = max((len(rule.id) for rule in rules), default=0)
    rows = [f"{r.id:{width}}  {r.severity.value:7}  {r.summary}" for r in rules]
    count = f"{len(rows)} rule{'s' * (len(rows) != 1)}"
    return [*rows, "", f"{count}. `conda-preflight explain RULE` shows a page."]
