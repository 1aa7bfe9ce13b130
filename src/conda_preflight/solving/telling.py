"""An explanation in one message and one fix, for findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from conda_preflight.documents import Spec
from conda_preflight.solving.explanation import Explanation, Rewrite

MAX_LINES = 5


def message(found: Explanation, platforms: Sequence[str]) -> str:
    """Which lines, where, and why."""
    where = joined(platforms)
    named = joined((quoted(line) for line in found.guilty), MAX_LINES, "lines")
    if not found.guilty:
        head = f"There is no solution on {where}"
    elif found.unmet or len(found.guilty) == 1:
        head = f"{named} cannot be met on {where}"
    elif found.whole:
        head = f"{named} cannot be met together on {where}"
    else:
        head = f"Among {named} are lines that cannot be met together on {where}"
    reasons = " ".join(found.why)
    return f"{head}: {reasons}" if reasons else head


def fix(found: Explanation) -> str:
    """The machine on which it has a solution, else changes that were tried and solve it."""
    if found.machine:
        stated = f'write `virtual-packages = ["{found.machine}"]` in the settings'
        target = "name a target that has it"
        return f"It has a solution on a machine with {found.machine}: {target}, or {stated}."
    changes = found.changes
    if not changes:
        return "No small change that solves it was found: loosen or drop one of these lines."
    steps = joined((_step(change) for change in changes), MAX_LINES, "of this kind")
    return f"{steps[0].upper()}{steps[1:]}; with that it solves, as was tried."


def _step(change: Rewrite) -> str:
    if change.new:
        return f"write `{change.new}` instead of {quoted(change.line)}"
    return f"leave out {quoted(change.line)}"


def quoted(line: Spec) -> str:
    """A line of a manifest as it is written, with its place."""
    return f"`{line.text.strip()}` (line {line.location.line})"


def joined(texts: Iterable[str], limit: int = 10, noun: str = "") -> str:
    """``a, b and c``, or ``a, b and 5 more lines`` where the noun is "lines"."""
    words = list(texts)
    if len(words) > limit + 1:
        words = [*words[:limit], f"{len(words) - limit} more{noun and ' '}{noun}"]
    head, last = words[:-1], words[-1] if words else ""
    return f"{', '.join(head)} and {last}" if head else last
