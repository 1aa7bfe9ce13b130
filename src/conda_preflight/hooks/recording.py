"""The record of a change that conda makes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from conda_preflight.hooks.protection import reason

MAX_FACT = 4000


def record(prefix: Path, facts: Mapping[str, str | int | bool | None]) -> None:
    """Add what is installed in the prefix to its ledger.

    Whatever goes wrong is a warning: conda would undo its work otherwise. A prefix that holds
    nothing before it is made has no record.
    """
    try:
        _record(prefix, facts)
    except Exception as error:  # noqa: BLE001  (no fault of a ledger may undo an installation)
        from conda_preflight.output import say

        say(f"This was not recorded: {type(error).__name__}: {error}")


def _record(prefix: Path, facts: Mapping[str, str | int | bool | None]) -> None:
    from conda_preflight.actions.recording import environment, of_action
    from conda_preflight.cli.recording import remember
    from conda_preflight.config import settings
    from conda_preflight.documents import Prefix
    from conda_preflight.installation import of_prefix
    from conda_preflight.project import open_project

    if not (prefix / "conda-meta").is_dir():
        return
    chosen = settings(prefix)
    documents = open_project(prefix, chosen).documents
    found = [
        environment(document.path, of_prefix(document))
        for document in documents
        if isinstance(document, Prefix)
    ]
    if facts["moment"] == "before" and not any(each.packages for each in found):
        return
    override = reason(os.environ)
    reasons = (f"changed all the same: {override}",) if override else ()
    told = {key: _told(value) for key, value in facts.items()}
    remember(
        "",
        chosen,
        lambda: of_action("conda", prefix, reasons=reasons, environments=found, facts=told),
    )


def _told(value: str | int | bool | None) -> str | int | bool | None:  # noqa: FBT001
    """A fact without credentials, and of bounded length."""
    from conda_preflight.grammar.url import redact

    return redact(value)[:MAX_FACT] if isinstance(value, str) else value
