"""``history --git``: the commits that changed the environment, told one after another."""

from __future__ import annotations

import sys
from pathlib import Path

from conda_preflight.answers import history_git
from conda_preflight.cli.progress import Progress
from conda_preflight.errors import UsageError
from conda_preflight.git_past import past
from conda_preflight.output import ink


def show(path: Path, *, limit: int, form: str, colour: bool | None) -> None:
    """Write the commits to stdout; text and Markdown appear as they are compared."""
    if not path.exists():
        raise UsageError(f"There is no {path}", "Name a project, a manifest or a lock.")
    with Progress() as progress:
        found = past(path, limit, progress.tell)
        if form == "json":
            sys.stdout.write(history_git.document(list(found), str(path)))
            return
        pen = ink(colour=colour)
        sys.stdout.write(history_git.table_head() if form == "markdown" else "")
        for each in found:
            told = history_git.markdown(each) if form == "markdown" else history_git.text(each, pen)
            sys.stdout.write(told)
            sys.stdout.flush()
