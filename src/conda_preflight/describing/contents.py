"""How much an environment holds, and which of it was asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from conda_preflight.describing.fact import Fact, fact
from conda_preflight.facts.core_packages import CORE
from conda_preflight.installation import Ask, Installation
from conda_preflight.plain import value_type

MANY = 40
"""More than these were not chosen by hand: the manifest is an export."""
_MANAGERS = {"conda": "conda", "pypi": "pip"}
_UNITS = ("kB", "MB", "GB")


@value_type
class KeyPackage:
    """A package that somebody asked for: by which manager, how, and what is locked."""

    name: str
    manager: str
    asked: str
    locked: tuple[str, ...]


def contents(installations: Sequence[Installation]) -> tuple[Fact, ...]:
    """The numbers of packages and the size of their downloads, as far as the lock tells it."""
    rows = (("Packages", _numbers), ("Download", _size))
    made = (fact(label, [(o.place, read(o)) for o in installations]) for label, read in rows)
    return tuple(each for each in made if each)


def key_packages(installations: Sequence[Installation]) -> tuple[KeyPackage, ...]:
    """What was asked for, once, in the order in which it was; CORE alone where it is very much.

    Where nobody is known to have asked, CORE as far as it is there.
    """
    asked: dict[tuple[str, str], list[Ask]] = {}
    for one in installations:
        for ask in one.asked or _core(one):
            if ask.name:
                asked.setdefault((ask.manager, ask.name), []).append(ask)
    if len(asked) > MANY:
        asked = {key: asks for key, asks in asked.items() if key[1] in CORE}
    return tuple(_key_package(asks, installations) for asks in asked.values())


def _core(one: Installation) -> list[Ask]:
    found = {package.name: package for package in one.packages}
    return [Ask(found[name].manager, name, "", "") for name in CORE if name in found]


def _key_package(asks: Sequence[Ask], installations: Sequence[Installation]) -> KeyPackage:
    first = asks[0]
    texts = " and ".join(dict.fromkeys(ask.text for ask in asks))
    here = [o for o in installations if not o.asked or any(a in o.asked for a in asks)]
    locked = fact(first.name, [(o.place, _version(first, o)) for o in here])
    manager = _MANAGERS.get(first.manager, first.manager)
    return KeyPackage(first.name, manager, texts, locked.lines if locked else ())


def _version(ask: Ask, one: Installation) -> str:
    """The version of the package, by the manager that was asked if it has it."""
    found = {p.manager: p.version for p in reversed(one.packages) if p.name == ask.name}
    return found.get(ask.manager) or next(iter(found.values()), "")


def _numbers(one: Installation) -> str:
    counts = Counter(_MANAGERS.get(p.manager, p.manager) for p in one.packages)
    return ", ".join(f"{counts[name]} {name}" for name in sorted(counts))


def _size(one: Installation) -> str:
    """In decimal units; empty where most sizes are unknown, so that no figure misleads."""
    sizes = [p.size for p in one.packages if p.size]
    lacking = len(one.packages) - len(sizes)
    if not sizes or lacking > len(sizes):
        return ""
    more = f", and {lacking} of unknown size" if lacking else ""
    return f"{_shown(sum(sizes))}{more}"


def _shown(size: int) -> str:
    number = size / 1000
    for unit in _UNITS[:-1]:
        if number < 1000:  # noqa: PLR2004  (decimal units)
            return f"{number:.0f} {unit}"
        number /= 1000
    return f"{number:.1f} {_UNITS[-1]}"
