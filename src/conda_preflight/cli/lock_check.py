"""``lock --check``: the rules about a lock and its manifest, without a solve."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from conda_preflight.cli.recording import remember
from conda_preflight.config import Settings
from conda_preflight.output import terminal

FAMILIES = ("lock", "input")
OF_MACHINES = "lock/yanked-or-moved"
"""Whether another machine can fetch the packages: an audit's question, not that of the manifest."""


def report(path: Path, settings: Settings, ledger: str, *, colour: bool | None, quiet: bool) -> int:
    """Print what is not true of the lock any more; returns the exit code of the verdict.

    ``ledger`` is where it is recorded, as the command line says.
    """
    from conda_preflight.actions.recording import of_report
    from conda_preflight.audit import audit
    from conda_preflight.project import open_project

    ignore = (*settings.ignore, OF_MACHINES)
    chosen = replace(settings, select=FAMILIES, ignore=ignore, require=("lock",))
    project = open_project(path, chosen)
    found = audit(project, chosen, datetime.now().astimezone().date())
    sys.stdout.write(terminal(found, colour=colour, quiet=quiet, verbose=0))
    documents = project.documents
    remember(
        ledger,
        chosen,
        lambda: of_report(found, path, chosen, documents, command="lock --check", whole=False),
    )
    return found.verdict.exit_code
