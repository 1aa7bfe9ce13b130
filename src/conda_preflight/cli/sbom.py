"""``conda-preflight sbom``: a bill of materials of a project, a lock or a prefix."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from conda_preflight.cli.subject_options import prefix_of
from conda_preflight.errors import Skip, UsageError

if TYPE_CHECKING:
    from conda_preflight.advisories.vulnerabilities import Vulnerabilities

FORMATS = ("cyclonedx-1.6", "cyclonedx-1.7", "spdx-2.3")
SCANNERS = ("trivy", "snyk", "grype")
_EPOCH = "SOURCE_DATE_EPOCH"
_LATEST = 253_402_300_799  # the end of the year 9999


@click.command()
@click.argument("path", default=".", type=click.Path())
@click.option("--prefix", metavar="DIR|auto", default="", help="Of an installed environment.")
@click.option("--lock", metavar="FILE", default="", help="Which lock, where there are several.")
@click.option("--manifest", metavar="FILE", default="", help="Which manifest.")
@click.option("--platform", "platforms", metavar="NAME", multiple=True, help="Only this one.")
@click.option(
    "--environment",
    "environments",
    metavar="NAME",
    multiple=True,
    help="Only this one, of a file that has several.",
)
@click.option(
    "--format", "form", type=click.Choice(FORMATS), default=None, help="Default cyclonedx-1.6."
)
@click.option(
    "--for",
    "scanner",
    type=click.Choice(SCANNERS),
    default=None,
    help="With the identities first by which this scanner looks packages up.",
)
@click.option("--vulnerabilities", is_flag=True, help="With what the advisory database knows.")
@click.option("--output", metavar="FILE", default="", help="Default: to standard output.")
def command(  # noqa: PLR0917  (click passes them by name)
    path: str,
    prefix: str,
    lock: str,
    manifest: str,
    platforms: tuple[str, ...],
    environments: tuple[str, ...],
    form: str | None,
    scanner: str | None,
    vulnerabilities: bool,  # noqa: FBT001
    output: str,
) -> None:
    """Write the software bill of materials of PATH: a project, manifest, lock, prefix or SBOM.

    The same input gives the same bytes; a time stands in it where SOURCE_DATE_EPOCH tells one.
    """
    from conda_preflight.actions import sbom
    from conda_preflight.output import say, write_atomically
    from conda_preflight.selection import Choice

    where = Path(prefix_of(prefix) if prefix else path)
    found = sbom.opened(where, Choice(lock, manifest, platforms, environments))
    for note in found.notes:
        say(note)
    known = _known(where) if vulnerabilities else None
    try:
        text = sbom.make(found, sbom.Form(form or "", scanner or "", _moment()), known)
    except Skip as skip:
        raise UsageError(f"Vulnerabilities cannot be told: {skip}") from None
    if output:
        write_atomically(Path(output), text)
    else:
        sys.stdout.write(text)


def _known(where: Path) -> Vulnerabilities:
    from conda_preflight.access import vulnerabilities
    from conda_preflight.config import settings

    known = vulnerabilities(settings(where if where.is_dir() else where.parent))
    if isinstance(known, str):
        raise UsageError(f"Vulnerabilities cannot be told: {known}")
    return known


def _moment() -> int | None:
    """What SOURCE_DATE_EPOCH says; source: https://reproducible-builds.org/specs/."""
    text = os.environ.get(_EPOCH, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text[:20]) <= _LATEST):
        raise UsageError(f"{_EPOCH} is a number of seconds since 1970, not {text[:40]!r}")
    return int(text)
