"""``conda-preflight rebuild``: make a lock twice in clean prefixes, try it, compare."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from conda_preflight.cli.recording import named, recorded, remember
from conda_preflight.config import settings
from conda_preflight.errors import PreflightError

if TYPE_CHECKING:
    from conda_preflight.actions.rebuild import Wanted

_CACHE = "CONDA_PREFLIGHT_CACHE"


@click.command()
@click.argument("path", default=".", type=click.Path())
@click.option("--lock", metavar="FILE", default="", help="Which lock, where there are several.")
@click.option("--manifest", metavar="FILE", default="", help="The manifest that it was made from.")
@click.option("--platform", metavar="NAME", default="", help="Default: that of this machine.")
@click.option("--environment", metavar="NAME", default="", help="Of a lock with several.")
@click.option(
    "--keep", metavar="DIR", default="", help="Leave a prefix for use in a new directory."
)
@click.option("--once", is_flag=True, help="Make and try it once; nothing is compared.")
@click.option(
    "--cache", metavar="DIR", default="", help="Where archives are kept and work is done."
)
@click.option("--offline", is_flag=True, help="Only what the cache and local channels have.")
@click.option("--allow-link-scripts", "link_scripts", is_flag=True, help="Let packages run theirs.")
@click.option("--allow-unverified", is_flag=True, help="Take packages that have no digest.")
@click.option("--allow-sdists", is_flag=True, help="Let pip's projects be built, by their code.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=None, help="Default: one per processor."
)
@click.option(
    "--seconds", type=click.FloatRange(0.1), default=1800.0, help="For each step; default 1800."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@recorded
@click.option("--color/--no-color", "colour", default=None, help="Default: on a terminal.")
def command(
    path: str,
    platform: str,
    environment: str,
    form: str,
    colour: bool | None,  # noqa: FBT001
    **given: Any,  # noqa: ANN401
) -> None:
    """Make the lock of PATH, a project or a lock, twice in clean prefixes, and compare them.

    Every digest is verified before anything is unpacked. Exit code 0: both are the same, and
    the smoke test passed; 1: not, with the reason; 2: it could not be tried.
    """
    from conda_preflight.actions import chosen_lock, rebuild
    from conda_preflight.actions.recording_of_actions import of_failed_rebuild, of_rebuild
    from conda_preflight.cli.progress import Progress
    from conda_preflight.engines.archive_contents import ArchiveError
    from conda_preflight.engines.download import DigestError
    from conda_preflight.engines.rattler_install import LinkError
    from conda_preflight.output import say

    where, ledger = Path(path), named(given)
    overrides = {key: given.pop(key) or None for key in ("lock", "manifest")}
    read = settings(where if where.is_dir() else where.parent, overrides)
    chosen = chosen_lock.choose(where, read, platform, environment)
    context = click.get_current_context()
    try:
        with Progress() as progress:
            outcome = rebuild.rebuild(chosen, read, _wanted(given), progress.tell)
    except (DigestError, ArchiveError, LinkError) as error:
        failure = error
        _tell(failure, say)
        remember(ledger, read, lambda: of_failed_rebuild(where, chosen, failure))
        context.exit(1)
    sys.stdout.write(_written(outcome, form, colour))
    remember(ledger, read, lambda: of_rebuild(where, chosen, outcome))
    context.exit(0 if outcome.good else 1)


def _wanted(given: dict[str, Any]) -> Wanted:
    from conda_preflight.actions.rebuild import Wanted

    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    usual = os.environ.get(_CACHE) or home / "conda-preflight"
    return Wanted(
        cache=Path(given["cache"] or usual),
        keep=Path(given["keep"]) if given["keep"] else None,
        once=given["once"],
        offline=given["offline"],
        link_scripts=given["link_scripts"],
        allow_unverified=given["allow_unverified"],
        allow_sdists=given["allow_sdists"],
        jobs=given["jobs"] or os.cpu_count() or 2,
        seconds=given["seconds"],
    )


def _tell(error: PreflightError, say: Any) -> None:  # noqa: ANN401
    say(error.message)
    if error.hint:
        say(error.hint)


def _written(outcome: Any, form: str, colour: bool | None) -> str:  # noqa: ANN401, FBT001
    if form == "json":
        from conda_preflight.answers import rebuild_json

        return rebuild_json.write(outcome)
    from conda_preflight.answers import rebuild_text
    from conda_preflight.output import ink

    return rebuild_text.write(outcome, ink(colour=colour))
