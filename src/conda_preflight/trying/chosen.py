"""Which steps are meant, and which Python is the prefix's."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from conda_preflight.errors import UsageError
from conda_preflight.trying.program.steps import STEPS, needed

_PYTHONS = ("bin/python", "bin/python3", "python.exe")


def steps(names: Sequence[str]) -> tuple[str, ...]:
    """The steps by name or by what stands before their dot, in their order.

    Imports that they need come with them. Raises UsageError for one that is not known.
    """
    wanted: set[str] = set()
    for name in names or STEPS:
        found = {step for step in STEPS if step == name or step.startswith(name + ".")}
        if not found:
            near = get_close_matches(name, STEPS, 1)
            hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(STEPS)}."
            raise UsageError(f"There is no step {name!r}", hint)
        wanted |= found
    wanted |= {f"{framework}.import" for step in wanted for framework in needed(step)}
    return tuple(step for step in STEPS if step in wanted)


def python(prefix: Path) -> Path:
    """The interpreter of a prefix; raises UsageError where there is none."""
    for name in _PYTHONS:
        found = prefix.absolute() / name
        if found.exists():
            return found
    raise UsageError(f"There is no Python in {prefix}", f"Looked for {', '.join(_PYTHONS)}.")
