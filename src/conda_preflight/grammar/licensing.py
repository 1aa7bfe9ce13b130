"""What the packages of a document say of their licences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from conda_preflight.documents import Lock, Package, Prefix, Project, Sbom
from conda_preflight.errors import Skip
from conda_preflight.grammar.licence import Licence, licence_of, rank
from conda_preflight.grammar.lock_file import packages_of_file
from conda_preflight.plain import value_type


@value_type
class Stated:
    """A package and its licence."""

    package: Package
    licence: Licence


def packages_in(document: Lock | Prefix | Sbom, project: Project) -> list[Package]:
    """Each package once, whatever its platforms; those of a lock with its first environment."""
    found = packages_of_file(document, project) if isinstance(document, Lock) else document.packages
    once = {(p.manager, p.name, p.version, p.licence, p.channel): p for p in reversed(found)}
    return list(reversed(once.values()))


def stated(document: Lock | Prefix | Sbom, project: Project) -> list[Stated]:
    """The packages that say something; raises Skip where none of them does."""
    packages = packages_in(document, project)
    found = [Stated(p, licence_of(p.licence)) for p in packages if p.licence]
    if packages and not any(each.licence.text for each in found):
        what = "format" if isinstance(document, Lock) else "document"
        raise Skip(f"this {what} tells no licences; an installed environment does")
    return [each for each in found if each.licence.text]


def fits(patterns: Iterable[str]) -> Callable[[str], bool]:
    """Whether one licence fits one of some patterns (``GPL-*``), whatever the case."""
    low = tuple(pattern.lower() for pattern in patterns)
    return lambda one: any(fnmatchcase(one.lower(), pattern) for pattern in low)


def bound_by(found: Sequence[Stated], fit: Callable[[str], bool]) -> Iterator[Stated]:
    """Those for which a licence that fits cannot be avoided by choosing another one."""
    for each in found:
        known = each.licence.expression
        if known and rank(known, lambda one: int(fit(one))):
            yield each
