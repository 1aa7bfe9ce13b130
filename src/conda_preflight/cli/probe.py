"""``conda-preflight probe``: this machine as a fact sheet."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from conda_preflight.answers import probe_text
from conda_preflight.documents import Host
from conda_preflight.output import write_atomically
from conda_preflight.probing import sheet_json
from conda_preflight.probing.sheet import SECONDS, probe


@click.command()
@click.option("--output", metavar="FILE", help="Write the sheet there, not to stdout.")
@click.option("--name", default="", help="What the target is called.")
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default="/",
    metavar="DIR",
    help="Read the machine whose root directory that is, as in a container that mounts it.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "text"]),
    default="json",
    help="json is the sheet, text a short summary of it.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.1),
    default=SECONDS,
    show_default=True,
    help="How long each library of the driver may take to answer.",
)
def command(output: str | None, name: str, root: Path, form: str, seconds: float) -> None:
    """Write what this machine is as a fact sheet, which ``audit --target FILE`` reads.

    Needs no rights and no GPU. What cannot be read is left out, and the sheet says why.
    """
    host = probe(root, name=name, seconds=seconds)
    text = sheet_json.write(host)
    if output:
        write_atomically(Path(output), text)
    sys.stdout.write(_shown(host, text, form, is_written=bool(output)))
    if form == "json" and sys.stdout.isatty():
        sys.stderr.write(probe_text.write(host))


def _shown(host: Host, text: str, form: str, *, is_written: bool) -> str:
    if form == "text":
        return probe_text.write(host)
    return "" if is_written else text
