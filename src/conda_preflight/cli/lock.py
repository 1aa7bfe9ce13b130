"""``conda-preflight lock``: solve for each platform and write the lock, or check one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from conda_preflight.cli.repeated import repeated
from conda_preflight.config import settings
from conda_preflight.errors import UsageError


@click.command()
@click.argument("path", default=".", type=click.Path())
@click.option("--manifest", metavar="FILE", default="", help="Which manifest, of several.")
@repeated("--platform", "platforms", metavar="NAME", help="A platform to solve for.")
@repeated("--target", "targets", metavar="NAME|FILE", help="Where it must run: a fact sheet.")
@repeated("--virtual-package", "virtual", metavar="NAME=VERSION", help="As __cuda=12.8.")
@click.option("--channel-alias", metavar="URL", default="", help="Where bare channel names live.")
@click.option("--channel-priority", type=click.Choice(["strict", "disabled"]), default="strict")
@click.option(
    "--exclude-newer", metavar="TIME", default="", help="ISO 8601; later builds count not."
)
@click.option(
    "--format", "form", type=click.Choice(["conda-lock", "explicit", "pixi"]), default="conda-lock"
)
@repeated("--update", metavar="NAME", help="Let this package move; the rest of the lock stays.")
@click.option("--fresh", is_flag=True, help="Let every package move.")
@click.option("--snapshot", is_flag=True, help="Keep the channels' records beside the lock.")
@click.option("--offline", is_flag=True, help="Solve from the snapshot; no network.")
@click.option("--allow-sdists", is_flag=True, help="Let pip's projects be built to be resolved.")
@click.option("--seconds", type=float, default=300.0, help="For each platform; default 300.")
@click.option("--dry-run", is_flag=True, help="Solve and tell, and write nothing.")
@click.option(
    "--check", is_flag=True, help="Is the lock true to its manifest? No solve, no network."
)
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
    where = Path(path)
    overrides = {key: given.pop(key) for key in ("manifest", "platforms", "targets")}
    chosen = settings(where if where.is_dir() else where.parent, overrides)
    if check:
        from conda_preflight.cli.lock_check import report

        click.get_current_context().exit(report(where, chosen, colour=colour, quiet=quiet))
    from conda_preflight.actions import lock
    from conda_preflight.answers import lock_text
    from conda_preflight.output import ink

    wanted = _wanted(form, given)
    done = lock.solve(where, chosen, wanted)
    changed = [] if dry_run else lock.write(done, wanted)
    text, code = lock_text.write(done, changed, ink(colour=colour), dry_run=dry_run)
    if code or not quiet:
        sys.stdout.write(text)
    click.get_current_context().exit(code)


def _wanted(form: str, given: dict[str, Any]) -> Any:  # noqa: ANN401
    from conda_preflight.actions.lock import Wanted
    from conda_preflight.solving.site import Site
    from conda_preflight.solving.tiers import ALIAS

    site = Site(
        alias=(given["channel_alias"] or ALIAS).rstrip("/"),
        strict=given["channel_priority"] == "strict",
        exclude_newer=_time(given["exclude_newer"]),
        virtual_packages=tuple(_virtual(text) for text in given["virtual"]),
    )
    return Wanted(
        site=site,
        format=form,
        update=tuple(given["update"]),
        fresh=given["fresh"],
        offline=given["offline"],
        allow_sdists=given["allow_sdists"],
        keep_snapshot=given["snapshot"],
        seconds=given["seconds"],
        show_progress=sys.stderr.isatty(),
    )


def _virtual(text: str) -> tuple[str, str, str]:
    name, _, rest = text.partition("=")
    version, _, build = rest.partition("=")
    if not name.startswith("__") or not version:
        raise UsageError(f"--virtual-package takes NAME=VERSION, not {text!r}", "As __cuda=12.8.")
    return name, version, build or "0"


def _time(text: str) -> str:
    from datetime import UTC, datetime

    if not text:
        return ""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--exclude-newer takes a time, not {text!r}", "As 2026-01-31.") from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
