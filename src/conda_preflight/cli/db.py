"""``conda-preflight db``: the offline database of advisories."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from conda_preflight.cli.repeated import repeated
from conda_preflight.errors import UsageError

_DB = click.option("--db", metavar="FILE", default="", help="Default: CONDA_PREFLIGHT_DB.")
_MAX_AGE = "CONDA_PREFLIGHT_MAX_AGE"


@click.group()
def command() -> None:
    """The offline database of advisories: made new, looked at, carried elsewhere.

    It is one file: --db, else CONDA_PREFLIGHT_DB, else in the cache folder of this program.
    """


@command.command()
@_DB
@click.option(
    "--osv-url", metavar="URL", default="", help="A bucket as OSV lays it out; file:// too."
)
@repeated(
    "--ecosystem", "ecosystems", metavar="NAME", help="As OSV names it; default PyPI, Bitnami."
)
@click.option(
    "--native-url", metavar="URL", default="", help="Records of native products, one file."
)
@click.option(
    "--kev-url", metavar="URL", default="", help="CISA's list of what is exploited, or none."
)
@click.option("--epss-url", metavar="URL", default="", help="The EPSS scores, or none.")
@click.option("--full", is_flag=True, help="Fetch all of it, also what did not change.")
@click.option("--force", is_flag=True, help="Take less than half of what was there before.")
@click.option("--offline", is_flag=True, help="Only addresses that begin with file://.")
@click.option("--seconds", type=click.FloatRange(0.1), default=1800.0, help="For each file.")
@click.option("-q", "--quiet", is_flag=True, help="Only what went wrong.")
def update(db: str, offline: bool, seconds: float, quiet: bool, **given: Any) -> None:  # noqa: ANN401, FBT001
    """Fetch what is new, beside the database in use, which it replaces only when it is whole.

    Each address can be set as CONDA_PREFLIGHT_OSV_URL, _NATIVE_URL, _KEV_URL, _EPSS_URL.
    Exit code 0: every source of advisories is new; 2: not, with the reason.
    """
    from conda_preflight.actions import db_update
    from conda_preflight.answers import db_text
    from conda_preflight.cache_place import advisory_file
    from conda_preflight.cli.progress import Progress
    from conda_preflight.engines.advisory_web import Web
    from conda_preflight.output import say

    urls = {
        key: given.pop(key) or os.environ.get(f"CONDA_PREFLIGHT_{key.upper()}") for key in _URLS
    }
    chosen = {**given, **urls}
    wanted = db_update.Wanted(
        file=advisory_file(db), **{key: value for key, value in chosen.items() if value}
    )
    with Progress() as progress:
        outcome = db_update.update(wanted, Web(offline=offline, seconds=seconds), progress.tell)
    if not quiet:
        sys.stdout.write(db_text.updated(outcome))
    for note in (*outcome.notes, *(_failed(step) for step in outcome.steps if step.error)):
        say(note)
    click.get_current_context().exit(0 if outcome.good else 2)


_URLS = ("osv_url", "native_url", "kev_url", "epss_url")


@command.command()
@_DB
@click.option(
    "--max-age", type=click.FloatRange(0), default=None, help="Refuse it when older, in days."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def status(db: str, max_age: float | None, form: str) -> None:
    """Show what the database holds: sources, counts, ages, digests, licences.

    Exit code 0: it can answer; 2: it is absent, damaged, or older than --max-age
    (CONDA_PREFLIGHT_MAX_AGE).
    """
    from conda_preflight.advisories.age import stale, too_old
    from conda_preflight.answers import db_json, db_text
    from conda_preflight.output import say
    from conda_preflight.toolbox import advisories

    now = datetime.now(UTC)
    most = _max_age() if max_age is None else max_age
    with advisories(db) as store:
        store.check()
        write = db_json.status if form == "json" else db_text.status
        sys.stdout.write(write(store.file, store.feeds, now))
        refusal = "" if most is None else too_old(store.feeds, now, most)
        if warning := refusal or stale(store.feeds, now):
            say(warning)
    click.get_current_context().exit(2 if refusal else 0)


@command.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path())
@_DB
@click.option("--force", is_flag=True, help="Take less than half of what was there before.")
def import_(files: tuple[str, ...], db: str, force: bool) -> None:  # noqa: FBT001
    """Take records from FILE: an export, JSON lines (.jsonl, .jsonl.gz), or an all.zip of OSV.

    An export replaces the sources that it holds; other records are added, or renewed by id.
    """
    from conda_preflight.actions import db_transfer
    from conda_preflight.cache_place import advisory_file
    from conda_preflight.cli.progress import Progress

    with Progress() as progress:
        paths = tuple(Path(file) for file in files)
        held = db_transfer.take(advisory_file(db), paths, progress.tell, force=force)
    for name, count in held.items():
        click.echo(f"{name}: {count} records")


@command.command()
@click.argument("file", metavar="FILE", type=click.Path())
@_DB
def export(file: str, db: str) -> None:
    """Write all that the database holds to FILE (.jsonl.gz), the same bytes each time."""
    from conda_preflight.actions import db_transfer
    from conda_preflight.cli.progress import Progress
    from conda_preflight.toolbox import advisories

    with advisories(db) as store, Progress() as progress:
        count = db_transfer.export(store, Path(file), progress.tell)
    click.echo(f"{count} records")


def _failed(step: Any) -> str:  # noqa: ANN401
    return f"{step.name} stays as it was: {step.error}" + (f". {step.hint}" if step.hint else "")


def _max_age() -> float | None:
    text = os.environ.get(_MAX_AGE)
    try:
        return float(text) if text else None
    except ValueError:
        raise UsageError(f"{_MAX_AGE} is a number of days, not {text!r}") from None
