"""Imports that the manifest does not ask for: how bad that is, and what to write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.documents import Manifest
from conda_preflight.errors import Skip
from conda_preflight.facts.names import PIP_ONLY
from conda_preflight.grammar.reach import dependency_name
from conda_preflight.importing.environment import names_of
from conda_preflight.importing.imported import Foreign, Imported
from conda_preflight.importing.role import is_beside
from conda_preflight.report import Problem, Severity

_SHOWN = 2


def undeclared(imported: Imported) -> Iterator[Problem]:
    """One problem for each module that no line asks for, at its worst place."""
    grouped: dict[tuple[str, int], list[tuple[Severity, Foreign]]] = {}
    for each in imported.foreign:
        weight = _weight(each)
        if weight is not None:
            key = ((each.ownership.projects or (each.imported.top,))[0], id(each.environment))
            grouped.setdefault(key, []).append((weight, each))
    if not grouped and any(map(_is_spared, imported.foreign)):
        raise Skip("more is installed than manifest and lock name, and may bring it")
    for group in grouped.values():
        yield _problem(group)


def _is_spared(each: Foreign) -> bool:
    """Whether nothing is said of an import only because what else is installed is not known."""
    told = not each.is_asked and each.imported.how == "always" and not _is_slight(each)
    return told and each.environment.open_ended and not each.is_elsewhere and each.ownership.known


def _weight(each: Foreign) -> Severity | None:
    """How bad it is, None where nothing is to be said."""
    how = each.imported.how
    if each.is_asked or how == "typing":
        return None
    if each.environment.locked is None:
        return _unlocked(each)
    if each.package:
        spared = each.is_elsewhere or each.environment.open_ended
        return None if spared else Severity.NOTE if _is_slight(each) else Severity.WARNING
    known, sure = each.ownership.known, not (each.is_elsewhere or each.environment.open_ended)
    if _is_slight(each):
        return Severity.NOTE if known else None
    if known and sure and how == "always" and not each.perhaps_local:
        return Severity.ERROR
    return Severity.WARNING if known or each.ownership.exact else Severity.NOTE


def _unlocked(each: Foreign) -> Severity | None:
    """Without a lock nobody knows what else comes with the packages that are asked for."""
    if each.is_elsewhere or each.environment.open_ended:
        return None
    if _is_slight(each) or each.imported.how == "lazy":
        return Severity.NOTE if each.ownership.known else None
    return Severity.WARNING if each.ownership.known and not each.perhaps_local else Severity.NOTE


def _is_slight(each: Foreign) -> bool:
    return each.imported.how == "optional" or is_beside(each.imported.location.path)


def _problem(group: Sequence[tuple[Severity, Foreign]]) -> Problem:
    weight, worst = max(group, key=lambda pair: pair[0].rank)
    top = worst.imported.top if worst.imported.top != "google" else worst.imported.module
    return Problem(
        (worst.ownership.projects or (top,))[0],
        f"{_what(worst, [each for _, each in group])} {_why(worst)}",
        worst.imported.location,
        _fix(worst),
        weight,
    )


def _what(worst: Foreign, group: Sequence[Foreign]) -> str:
    each = worst.imported
    name = f"{each.module}.{each.name}".rstrip(".") if "." in each.module else each.module
    others = sorted({e.imported.location.path for e in group} - {each.location.path})
    more = f" and in {len(others)} more file{'s' * (len(others) > 1)}" if others else ""
    how = {"lazy": " inside a function", "optional": " where it is there"}.get(each.how, "")
    cell = f" in code cell {each.cell}" if each.cell else ""
    return f"`{name}` is imported here{cell}{more}{how}"


def _why(each: Foreign) -> str:
    projects = each.ownership.projects
    same = not projects or projects[0] == each.imported.top
    thing = "" if same else f" (`{projects[0]}` brings it)"
    manifest, place = _manifest(each), "the environment" if each.ownership.exact else "the lock"
    if each.environment.locked is None:
        return f"and not asked for in {manifest}{thing}"
    if each.package:
        bringer = _bringers(each)
        return f"and not asked for in {manifest}{thing}: only because {bringer} is it in {place}"
    if each.is_elsewhere:
        return f"and not in {place}{thing}"
    return f"and neither in {manifest} nor in {place}{thing}"


def _bringers(each: Foreign) -> str:
    """The packages that need it, those that are asked for first."""
    environment = each.environment
    wanted = set(each.ownership.projects)
    package = (environment.locked or {})[each.package]
    wanted |= {package.name, *names_of(package)}
    found = [
        name
        for name, other in (environment.locked or {}).items()
        if any(dependency_name(text).lower() in wanted for text in other.depends)
    ]
    ranked = sorted(dict.fromkeys(found), key=lambda name: name not in environment.asked)
    names = [f"`{name}`" for name in ranked[:_SHOWN]]
    if not names:
        return "something else brings it,"
    return f"{' and '.join(names)} need{'s' * (len(names) == 1)} it,"


def _manifest(each: Foreign) -> str:
    manifests = {manifest.path for manifest in each.environment.manifests}
    return manifests.pop() if len(manifests) == 1 else "any of the manifests"


def _fix(each: Foreign) -> str:
    name = (each.ownership.projects or (each.imported.top,))[0]
    package = (each.environment.locked or {}).get(each.package)
    manifest = each.environment.manifests[0]
    is_conda = isinstance(manifest, Manifest) and (package is None or package.manager == "conda")
    called = package.name if package else PIP_ONLY.get(name, name) if is_conda else name
    pin = f"{'=' if is_conda else '=='}{package.version}" if package and package.version else ""
    lock = ", and lock again" if each.environment.locked else ""
    if not isinstance(manifest, Manifest):
        return f"Write `{called}{pin}` in {manifest.path}{lock}."
    where = "among the dependencies of" if is_conda else "under `pip:` in"
    return f"Write `- {called}{pin}` {where} {manifest.path}{lock}."
