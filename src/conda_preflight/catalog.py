"""Every check there is: ours by walking ``checks/``, other people's by entry point."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

from conda_preflight.check import Check
from conda_preflight.declaration import declared, in_module, indexed
from conda_preflight.errors import UsageError

INDEX = "declarations.txt"
"""What our checks declare, made by ``python -m docs.generate``: to read 264 files takes 9 ms."""

_TOP = f"{os.path.dirname(__file__)}/checks"  # noqa: PTH120  (pathlib costs as much as the rest)
ENTRY_POINT = "conda_preflight.checks"
"""The entry-point group whose names are modules with checks."""


@cache
def checks() -> tuple[Check, ...]:
    """All checks, by rule id; raises UsageError when two have the same id."""
    found: dict[str, Check] = {check.rule.id: check for check in _own()}
    for check in _foreign():
        if other := found.get(check.rule.id):
            origins = " and ".join((other.rule.origin, check.rule.origin))
            hint = f"Call the one of {check.rule.origin} otherwise, or uninstall it."
            raise UsageError(f"Two checks are called {check.rule.id}, of {origins}", hint)
        found[check.rule.id] = check
    return tuple(found[key] for key in sorted(found))


def selected(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> tuple[Check, ...]:
    """The checks that are asked for; words are rule ids or families.

    Raises UsageError with a suggestion for a word that names nothing.
    """
    wanted, unwanted = _known(select), _known(ignore)
    return tuple(
        check
        for check in checks()
        if (not wanted or _named(check, wanted)) and not _named(check, unwanted)
    )


def find(rule_id: str) -> Check:
    """The check of that id, also by a former one; raises UsageError with a suggestion."""
    for check in checks():
        if rule_id == check.rule.id:
            return check
    for check in checks():
        if rule_id in check.rule.formerly:
            return check
    raise UsageError(f"There is no rule {rule_id!r}", _suggestion(rule_id))


def families() -> tuple[str, ...]:
    """The families that have a check, in alphabetical order."""
    return tuple(sorted({check.rule.family for check in checks()}))


def _named(check: Check, words: frozenset[str]) -> bool:
    rule = check.rule
    return rule.id in words or rule.family in words


def _known(words: Iterable[str]) -> frozenset[str]:
    """The words, former ids as those of today; raises UsageError for one that names nothing."""
    chosen = frozenset(word for word in words if word)
    plain = {*families(), *(check.rule.id for check in checks())}
    former = {old: c.rule.id for c in checks() for old in c.rule.formerly} if chosen - plain else {}
    for word in sorted(chosen - plain - former.keys()):
        raise UsageError(f"There is no rule or family {word!r}", _suggestion(word))
    return frozenset(former.get(word, word) for word in chosen)


def _suggestion(word: str) -> str:
    from difflib import get_close_matches

    names = [*families(), *(check.rule.id for check in checks())]
    short = {name.partition("/")[2]: name for name in names if "/" in name}
    near = get_close_matches(word, names, 1) or get_close_matches(word, list(short), 1)
    if near:
        return f"Did you mean {short.get(near[0], near[0])!r}?"
    return "`conda-preflight explain` lists them all."


def _own() -> Iterator[Check]:
    """Those that the index tells, and by its text each module that is not in it."""
    known = indexed(_index())
    for module, file in own_modules():
        yield from (known[module],) if module in known else declared(module, file)


def _index() -> str:
    try:
        with open(f"{_TOP}/{INDEX}", "rb") as stream:  # noqa: PTH123  (as above)
            return stream.read().decode("utf-8")
    except OSError:
        return ""


def own_modules() -> Iterator[tuple[str, str]]:
    """Every module of ours that may hold checks, with its file, by family and name."""
    for family in sorted(entry.name for entry in os.scandir(_TOP) if entry.is_dir()):
        for name in sorted(_modules(f"{_TOP}/{family}")):
            yield f"conda_preflight.checks.{family}.{name}", f"{_TOP}/{family}/{name}.py"


def _modules(folder: str) -> list[str]:
    names = (entry.name for entry in os.scandir(folder))
    return [name[:-3] for name in names if name.endswith(".py") and name != "__init__.py"]


def _foreign() -> Iterator[Check]:
    """Checks of installed plugins; metadata is read only when one is there, it costs 20 ms."""
    if not any(_declares_checks(folder) for folder in sys.path if folder):
        return
    from importlib.metadata import entry_points

    for point in entry_points(group=ENTRY_POINT):
        yield from _plugged(point.value, point.dist.name if point.dist else point.value)


def _plugged(module: str, origin: str) -> tuple[Check, ...]:
    """The checks of another package's module; without them an audit would pass in silence."""
    try:
        found = in_module(module)
    except (Exception, SystemExit) as error:
        raise UsageError(
            f"The checks of {origin} cannot be loaded: {type(error).__name__}: {error}",
            f"Mend {module}, or uninstall {origin}.",
        ) from error
    if not found:
        raise UsageError(f"{origin} names {module} for its checks, which has none")
    return tuple(replace(each, rule=replace(each.rule, origin=origin)) for each in found)


def _declares_checks(folder: str) -> bool:
    try:
        found = [entry.path for entry in os.scandir(folder) if entry.name.endswith(".dist-info")]
    except OSError:
        return False
    return any(_mentions(f"{path}/entry_points.txt") for path in found)


def _mentions(file: str) -> bool:
    try:
        with open(file, "rb") as stream:  # noqa: PTH123  (as above)
            return ENTRY_POINT.encode() in stream.read()
    except OSError:
        return False
