"""What one part of the code may import: what its manifests ask for, and what their lock holds."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence

from conda_preflight.documents import Lock, Manifest, Package, Project, Requirement, Requirements
from conda_preflight.documents.code import Code, Modules
from conda_preflight.facts.names import normalized, projects_of
from conda_preflight.facts.not_imported import BROUGHT_TOGETHER
from conda_preflight.grammar.included import followed
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type

_ASIDE = lazy_pattern(
    r"(?:^|/)(?:docs?|\.readthedocs|tests?|ci|\.[a-z]+|binder|examples?|devtools?|dev|benchmarks?"
    r"|tutorials?|third_party|external)(?:/|$)"
)
_MINOR = lazy_pattern(r"(?:==?|~=)?\s*3\.([0-9]{1,2})(?:\..*|\*)?")
_UNNAMED = ("url", "vcs", "path", "invalid")


@document_type
class Environment:
    """What is asked for and locked for some files; names are those of PyPI, and conda's own.

    ``asked`` are the names that ``manifests`` ask for; ``elsewhere`` those of the project's
    other files (packaging files, requirements that no manifest includes). ``locked`` maps the
    names that are locked or installed to their packages, and is None where that is not known;
    ``minor`` is Python's minor version, None unknown. ``open_ended`` is true where a line may
    bring what nobody can tell.
    """

    manifests: tuple[Manifest | Requirements, ...]
    asked: frozenset[str]
    elsewhere: frozenset[str]
    locked: dict[str, Package] | None
    minor: int | None
    open_ended: bool

    @property
    def present(self) -> frozenset[str]:
        """All names that are known to be there or asked for."""
        return self.asked | self.elsewhere | frozenset(self.locked or ())


class Environments:
    """The environment of each file of the code."""

    def __init__(self, project: Project, code: Code, modules: Modules | None) -> None:
        self._project, self._code, self._modules = project, code, modules
        self._made: dict[tuple[int, ...], Environment] = {}
        whole = [m for m in project.of(Manifest) if m.specs or m.pip]
        self._all: list[Manifest | Requirements] = [*whole] or [*project.of(Requirements)]

    def of(self, path: str) -> Environment | None:
        """The environment that a file of the project runs in, None where none is declared."""
        manifests = self.manifests_of(path)
        if not manifests:
            return None
        key = tuple(map(id, manifests))
        if key not in self._made:
            self._made[key] = self._make(manifests)
        return self._made[key]

    def manifests_of(self, path: str) -> tuple[Manifest | Requirements, ...]:
        """The manifests in the folders above a file, or all that are not for docs and tests."""
        folders = set(_above(posixpath.dirname(path)))
        above = tuple(m for m in self._all if posixpath.dirname(m.path) in folders)
        main = tuple(m for m in above if not _ASIDE.search(posixpath.dirname(m.path)))
        return main + tuple(m for m in above if m not in main) or self._main

    @property
    def _main(self) -> tuple[Manifest | Requirements, ...]:
        return tuple(m for m in self._all if not _ASIDE.search(posixpath.dirname(m.path)))

    def _make(self, manifests: tuple[Manifest | Requirements, ...]) -> Environment:
        lines = [r for m in manifests for r in self._lines(m)]
        installs_itself = any(
            r.kind == "path" and r.url.rstrip("/") in ("", ".", "..") for r in lines
        )
        own = _named(self._code.requirements)
        asked = {n for m in manifests if isinstance(m, Manifest) for n in _conda_names(m)}
        asked |= _named(lines) | (own if installs_itself else set())
        others = {n for doc in self._project.of(Requirements) for n in _named(doc.pip)}
        unknown = any(r.kind in _UNNAMED and not r.name and not installs_itself for r in lines)
        locks = _locks(manifests, self._project)
        locked = _locked(locks, self._project) if _is_whole(locks, manifests) else None
        return Environment(
            manifests=manifests,
            asked=frozenset(_with_parts(asked)),
            elsewhere=frozenset((own | others) - asked),
            locked=self._installed or locked,
            minor=_minor(locks, manifests),
            open_ended=unknown or (installs_itself and bool(self._code.open_ended)),
        )

    def _lines(self, manifest: Manifest | Requirements) -> Iterator[Requirement]:
        yield from manifest.pip
        for file in followed(manifest, self._project):
            yield from file.pip

    @property
    def _installed(self) -> dict[str, Package] | None:
        """The names of what is installed, where a prefix is audited."""
        if self._modules is None:
            return None
        from conda_preflight.documents import Prefix

        found: dict[str, Package] = {}
        for prefix in self._project.of(Prefix):
            for package in prefix.packages:
                found.update(dict.fromkeys(names_of(package), package))
        return found


def names_of(package: Package) -> tuple[str, ...]:
    """The PyPI names of what a package brings, by its purls or by tables, and its own name."""
    own = normalized(package.name)
    if package.manager == "pypi":
        return (own,)
    purls = [p.removeprefix("pkg:pypi/") for p in package.purls if p.startswith("pkg:pypi/")]
    named = [normalized(p.partition("@")[0].partition("?")[0]) for p in purls]
    return tuple(dict.fromkeys((*(named or projects_of(package.name)), own)))


def _conda_names(manifest: Manifest) -> Iterator[str]:
    for spec in manifest.specs:
        if spec.name:
            yield from (*projects_of(spec.name), normalized(spec.name))


def _named(lines: Iterable[Requirement]) -> set[str]:
    """The projects of pip lines, and their extras, which are often called as what they bring."""
    found = {r.name for r in lines if r.name}
    return found | {normalized(extra) for r in lines for extra in r.extras}


def _with_parts(names: set[str]) -> set[str]:
    return names | {part for name in names for part in BROUGHT_TOGETHER.get(name, ())}


def _locks(manifests: Sequence[Manifest | Requirements], project: Project) -> list[Lock]:
    found = [x for m in manifests if isinstance(m, Manifest) for x in project.locks_of(m)]
    return list(dict.fromkeys(found))


def _is_whole(locks: Sequence[Lock], manifests: Sequence[Manifest | Requirements]) -> bool:
    """Whether locks hold all that the manifests bring, pip's half too."""
    if not locks or any(not lock.packages for lock in locks):
        return False
    asks = any(r.name for m in manifests for r in m.pip)
    pins = any(p.manager == "pypi" for lock in locks for p in lock.packages)
    return pins or not asks


def _locked(locks: Iterable[Lock], project: Project) -> dict[str, Package]:
    found: dict[str, Package] = {}
    for lock in locks:
        for package in lock.packages:
            for name in names_of(package):
                found.setdefault(name, package)
    for half in project.of(Requirements):
        if half.hashed:
            pins = (Package("pypi", r.name, "", r.location) for r in half.pip if r.name)
            found.update({pin.name: pin for pin in pins if pin.name not in found})
    return found


def _minor(locks: Iterable[Lock], manifests: Iterable[Manifest | Requirements]) -> int | None:
    versions = [p.version for lock in locks for p in lock.named("python")]
    whole = [m for m in manifests if isinstance(m, Manifest)]
    versions = versions or [s.version or "" for m in whole for s in m.named("python")]
    minors = {int(found[1]) for v in versions if (found := _MINOR.fullmatch(v[:40]))}
    return minors.pop() if len(minors) == 1 and all(map(_MINOR.fullmatch, versions)) else None


def _above(folder: str) -> Iterator[str]:
    yield folder
    while folder:
        folder = posixpath.dirname(folder)
        yield folder
