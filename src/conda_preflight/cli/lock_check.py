"""``lock --check``: the rules about a lock and its manifest, without a solve."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from conda_preflight.config import Settings
from conda_preflight.output import terminal

FAMILIES = ("lock", "input")
OF_MACHINES = "lock/yanked-or-moved"
"""Whether another machine can fetch the packages: an audit's question, not that of the manifest."""


def report(path: Path, settings: Settings, *, colour: bool | None, quiet: bool) -> int:
    """Print what is not true of the lock any more; returns the exit code of the verdict."""
    from conda_preflight.audit import audit
    from conda_preflight.project import open_project

    ignore = (*settings.ignore, OF_MACHINES)
    chosen = replace(settings, select=FAMILIES, ignore=ignore, require=("lock",))
    found = audit(open_project(path, chosen), chosen, datetime.now().astimezone().date())
    sys.stdout.write(terminal(found, colour=colour, quiet=quiet, verbose=0))
    return found.verdict.exit_code
