"""One dependency of a package, as conda's records and Python's metadata write it."""

from __future__ import annotations

from functools import lru_cache

from conda_preflight.facts.names import normalized
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

MAX_LENGTH = 4096
_NAME = lazy_pattern(r"\s*(?:[^\s\[]*::)?([A-Za-z0-9_][\w.\-]*)")
_EXTRAS = lazy_pattern(r"\s*\[([^\]]*)\]")
_IF_EXTRA = lazy_pattern(r"extra\s*==\s*['\"]([\w.\- ]+)['\"]|['\"]([\w.\- ]+)['\"]\s*==\s*extra")


@value_type
class Need:
    """A needed package with its constraint (``>=1.2``, empty for any), its extras and its marker.

    ``when`` are the extras that the marker speaks of.
    """

    name: str
    constraint: str
    extras: tuple[str, ...] = ()
    marker: str = ""
    when: tuple[str, ...] = ()


@lru_cache(maxsize=65536)
def conda_need(text: str) -> Need | None:
    """``numpy >=1.26,<3``, as MatchSpec has it; None where there is no name."""
    found = _NAME.match(text[:MAX_LENGTH])
    if found is None:
        return None
    return Need(found[1].lower(), " ".join(text[found.end() : MAX_LENGTH].split()))


@lru_cache(maxsize=65536)
def pip_need(text: str) -> Need | None:
    """``numpy[extra]>=1 ; python_version < "3"``, as PEP 508 has it; None without a name."""
    head, _, marker = text[:MAX_LENGTH].partition(";")
    found = _NAME.match(head)
    if found is None:
        return None
    rest = head[found.end() :]
    extras = _EXTRAS.match(rest)
    constraint = rest[extras.end() :] if extras else rest
    return Need(
        normalized(found[1]),
        " ".join(constraint.split()).strip("()"),
        _listed(extras[1]) if extras else (),
        marker.strip(),
        tuple(normalized(a or b) for a, b in _IF_EXTRA.findall(marker)),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(normalized(word.strip()) for word in text.split(",") if word.strip())
