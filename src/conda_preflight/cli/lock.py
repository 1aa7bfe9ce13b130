"""``conda-preflight lock``: solve for each platform and write the lock, or check one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from conda_preflight.cli import completion
from conda_preflight.cli.recording import named, recorded, remember
from conda_preflight.cli.repeated import repeated
from conda_preflight.cli.solve_options import NAMES, solving
from conda_preflight.config import Settings, settings


@click.command()
@click.argument("path", default=".", type=click.Path())
@click.option("--manifest", metavar="FILE", default="", help="Which manifest, of several.")
@click.option("--environment", metavar="NAME", default="", help="Which one of a pixi workspace.")
@repeated("--platform", "platforms", metavar="NAME", help="A platform to solve for.")
@repeated(
    "--target",
    "targets",
    metavar="NAME|FILE",
    shell_complete=completion.targets,
    help="Where it must run: a fact sheet.",
)
@solving
@click.option(
    "--format", "form", type=click.Choice(["conda-lock", "explicit", "pixi"]), default="conda-lock"
)
@repeated("--update", metavar="NAME", help="Let this package move; the rest of the lock stays.")
@click.option("--fresh", is_flag=True, help="Let every package move.")
@click.option("--snapshot", is_flag=True, help="Keep the channels' records beside the lock.")
@click.option("--offline", is_flag=True, help="Solve from the snapshot; no network.")
@click.option("--allow-sdists", is_flag=True, help="Let pip's projects be built to be resolved.")
@click.option("--dry-run", is_flag=True, help="Solve and tell, and write nothing.")
@click.option(
    "--check", is_flag=True, help="Is the lock true to its manifest? No solve, no network."
)
@recorded
@click.option("--color/--no-color", "colour", default=None, help="Default: on a terminal.")
@click.option("-q", "--quiet", is_flag=True, help="Only what went wrong.")
def command(  # noqa: PLR0917  (click passes them by name)
    path: str,
    form: str,
    dry_run: bool,  # noqa: FBT001
    check: bool,  # noqa: FBT001
    colour: bool | None,  # noqa: FBT001
    quiet: bool,  # noqa: FBT001
    **given: Any,  # noqa: ANN401
) -> None:
    """Solve the manifest of PATH for each platform, with its pip half, and write the lock.

    Exit code 0: solved, and written unless --dry-run; 1: no solution, with the reason;
    2: it could not be tried.
    """
    where, ledger = Path(path), named(given)
    overrides = {key: given.pop(key) for key in ("manifest", "platforms", "targets", *NAMES)}
    chosen = settings(where if where.is_dir() else where.parent, overrides)
    if check:
        from conda_preflight.cli.lock_check import report

        code = report(where, chosen, ledger, colour=colour, quiet=quiet)
        click.get_current_context().exit(code)
    from conda_preflight.actions import lock
    from conda_preflight.answers import lock_text
    from conda_preflight.output import ink

    wanted = _wanted(form, given, chosen)
    done = lock.solve(where, chosen, wanted)
    changed = [] if dry_run else lock.write(done, wanted)
    text, code = lock_text.write(done, changed, ink(colour=colour), dry_run=dry_run)
    if code or not quiet:
        sys.stdout.write(text)
    if not dry_run:
        from conda_preflight.actions.recording_of_actions import of_lock

        offline = wanted.offline
        remember(ledger, chosen, lambda: of_lock(where, done, code), offline=offline)
    click.get_current_context().exit(code)


def _wanted(form: str, given: dict[str, Any], chosen: Settings) -> Any:  # noqa: ANN401
    from conda_preflight.access import site_of
    from conda_preflight.actions.lock import Wanted

    return Wanted(
        site=site_of(chosen),
        environment=given["environment"],
        format=form,
        update=tuple(given["update"]),
        fresh=given["fresh"],
        offline=given["offline"],
        allow_sdists=given["allow_sdists"],
        keep_snapshot=given["snapshot"],
        seconds=given["seconds"],
        show_progress=sys.stderr.isatty(),
    )
