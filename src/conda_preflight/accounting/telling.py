"""How files of a prefix are told of: by whose they are, a few by name and the rest by number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from conda_preflight.documents import Location
from conda_preflight.documents.accounts import Deviation

SHOWN = 3
_CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), 127)}


def by_owner(deviations: Iterable[Deviation]) -> list[list[Deviation]]:
    """The deviations of each package together, by its name; nobody's come first."""
    groups: dict[str, list[Deviation]] = {}
    for each in deviations:
        groups.setdefault(each.owner, []).append(each)
    return [groups[name] for name in sorted(groups)]


def shown(path: str) -> str:
    """A path in which nothing acts on a terminal, and each byte that is no text can be read."""
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return text.translate(_CONTROL)


def place(prefix: str, path: str) -> Location:
    """Where a finding about a file of a prefix stands."""
    return Location(f"{prefix}/{shown(path)}")


def few(names: Sequence[str], limit: int = SHOWN) -> str:
    """``a, b, c and 9 more``."""
    shorter = [shown(name) for name in names[:limit]]
    rest = len(names) - len(shorter)
    if rest:
        return f"{', '.join(shorter)} and {rest:,} more"
    return " and ".join([", ".join(shorter[:-1]), shorter[-1]]) if shorter[1:] else shorter[0]


def sentences(group: Sequence[Deviation]) -> str:
    """``x is missing``, or for several ``x is missing, y is missing and 9 more``."""
    return few([f"{each.path} {each.detail}" for each in group])


def again(owner: str) -> str:
    """What to do about a package whose files are not right."""
    return f"Find out who did it, then reinstall {owner} or make the environment from its lock."
