"""What an environment is to be called that has a name, or a folder, already."""

from __future__ import annotations

from conda_preflight.grammar.environment_name import (
    PURPOSES,
    REFUSED,
    RESERVED,
    STAGES,
    is_template,
    read,
    suggested,
)


def name_of(found: str, project: str, stage: str, purpose: str) -> str:
    """The name by the scheme where stage and purpose are said, or the name tells them itself.

    Else the name that it has, unless conda refuses that.
    """
    if stage and purpose:
        return f"{project}_{stage}_{purpose}"
    if found and not read(found, STAGES, PURPOSES):
        return found
    if usable := suggested(found, STAGES, PURPOSES):
        return usable
    refused = not found or is_template(found) or found.lower() in RESERVED
    return project if refused or not REFUSED.isdisjoint(found) else found


def purpose_of(name: str) -> str:
    """The purpose that a name by the scheme tells, empty where it is not by the scheme."""
    return "" if read(name, STAGES, PURPOSES) else name.rpartition("_")[2]
