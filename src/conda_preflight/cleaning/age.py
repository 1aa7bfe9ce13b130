"""When an environment was last used, by what the disk tells of it."""

from __future__ import annotations

from conda_preflight.cleaning.found import Environment, Usage
from conda_preflight.plain import value_type

_DAY = 86_400
_HOUR = 3_600


@value_type
class LastUse:
    """``when`` is in seconds since 1970; ``why_unknown`` is a sentence where it cannot be told."""

    when: float = 0
    evidence: str = ""
    why_unknown: str = ""


def last_use(environment: Environment, usage: Usage) -> LastUse:
    """The latest sign of use.

    That conda changed it, or Python compiled something, tells when it was used at the earliest;
    that it was not used since only access times can tell, where the file system keeps them
    (``relatime``: within a day).
    """
    if usage.closed:
        return LastUse(why_unknown="when it was last used is not known: parts cannot be read")
    signs = [
        (environment.history, "conda's history"),
        (usage.compiled, "its newest compiled file"),
        (usage.accessed, "the last access to a program, module or library"),
    ]
    when, evidence = max(signs)
    if not environment.true_access or not usage.accessed:
        return LastUse(
            when,
            evidence,
            "when it was last used is not known: its file system keeps no access times",
        )
    return LastUse(when, evidence)


def said(seconds: float) -> str:
    """``3 days``, ``5 hours``, ``less than an hour``."""
    for unit, noun in ((_DAY, "day"), (_HOUR, "hour")):
        if seconds >= unit:
            count = int(seconds // unit)
            return f"{count} {noun}{'s' * (count != 1)}"
    return "less than an hour"
