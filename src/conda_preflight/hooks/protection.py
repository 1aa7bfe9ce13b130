"""Which environments conda may not change, and what is said to who tries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

PROTECTED = ("*_prod",)
SETTING = "preflight_protect"
OVERRIDE = "CONDA_PREFLIGHT_OVERRIDE"
"""Holds the reason why a protected environment is changed all the same; the ledger keeps it."""
MAX_REASON = 1000


def refusal(
    prefix: Path, patterns: Sequence[str], variables: Mapping[str, str], *, frozen_counts: bool
) -> str:
    """Why this prefix may not be changed, with the way round it; empty where it may.

    ``patterns`` are names as a shell matches them. A prefix without packages is being made and
    may be; ``frozen_counts`` is false where the user overrides the mark of CEP 22.
    """
    if reason(variables) or not _has_packages(prefix):
        return ""
    why = _why(prefix, patterns, frozen_counts=frozen_counts)
    if not why:
        return ""
    return (
        f"{why}, so it is not changed.\n"
        "Change the manifest, lock it and make a new environment:\n"
        "    conda preflight lock && conda preflight rebuild --keep DIR\n"
        f"To change this one all the same, say why; the ledger keeps it:\n"
        f'    {OVERRIDE}="reason" conda ...'
    )


def reason(variables: Mapping[str, str]) -> str:
    """The reason of an override in one line, or nothing."""
    return " ".join(variables.get(OVERRIDE, "").split())[:MAX_REASON]


def _why(prefix: Path, patterns: Sequence[str], *, frozen_counts: bool) -> str:
    name = prefix.name
    if frozen_counts and (prefix / "conda-meta" / "frozen").is_file():
        return f"{name!r} is frozen (conda-meta/frozen; `conda preflight unfreeze` takes it away)"
    for pattern in patterns:
        if fnmatchcase(name, pattern):
            return f"{name!r} is protected by its name ({pattern!r} in plugins.{SETTING})"
    return ""


def _has_packages(prefix: Path) -> bool:
    return any((prefix / "conda-meta").glob("*.json"))
