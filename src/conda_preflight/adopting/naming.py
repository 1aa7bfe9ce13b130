"""What an environment is to be called that has a name, or a folder, already."""

from __future__ import annotations

import re

from conda_preflight.grammar.environment_name import (
    PURPOSES,
    RESERVED,
    STAGES,
    read,
    suggested,
)
from conda_preflight.pattern import lazy_pattern

_USABLE = lazy_pattern(r"[A-Za-z0-9_][\w.+-]{0,100}", re.ASCII)


def name_of(found: str, project: str, stage: str, purpose: str) -> str:
    """The name by the scheme where stage and purpose are said, or the name tells them itself.

    Else the name that it has, if conda takes it and nobody has to quote it.
    """
    if stage and purpose:
        return f"{project}_{stage}_{purpose}"
    if found and not read(found, STAGES, PURPOSES):
        return found
    if better := suggested(found, STAGES, PURPOSES):
        return better
    usable = _USABLE.fullmatch(found) and found.lower() not in RESERVED
    return found if usable else project


def told(found: str, named: str, project: str) -> tuple[str, ...]:
    """That it keeps a name that somebody gave it, though the project is called otherwise."""
    plain = found.lower().replace("-", "_")
    if named != found or plain == project or plain.startswith(f"{project}_"):
        return ()
    by_scheme = f"with --stage and --purpose it is called {project}_STAGE_PURPOSE"
    return (f"The environment keeps its name {found}; {by_scheme}",)


def purpose_of(name: str) -> str:
    """The purpose that a name by the scheme tells, empty where it is not by the scheme."""
    return "" if read(name, STAGES, PURPOSES) else name.rpartition("_")[2]
