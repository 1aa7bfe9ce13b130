"""``conda-preflight schema``: the JSON schemas of what the other commands write and read."""

from __future__ import annotations

import json

import click

from conda_preflight.schema_files import names, published


@click.command()
@click.argument("name", type=click.Choice(names()), required=False, metavar="[NAME]")
def command(name: str | None) -> None:
    """Show the JSON schema NAME, or the list of schemas.

    A schema is draft 2020-12, and whole: it refers to nothing outside of itself.
    """
    if name:
        click.echo(json.dumps(published(name), indent=2))
        return
    width = max(map(len, names()))
    for each in names():
        click.echo(f"{each:<{width}}  {published(each)['title']}")
