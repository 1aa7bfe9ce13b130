"""Releases that commands install by an exact version, beside those that an environment holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conda_preflight.documents import Location, Lock, Manifest
from conda_preflight.facts.names import normalized, projects_of
from conda_preflight.grammar import match_spec, requirement
from conda_preflight.grammar.installs import Install
from conda_preflight.grammar.pip_constraint import to_conda
from conda_preflight.grammar.pip_deviation import brought
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

_CONDAS = ("conda", "mamba", "micromamba")
_PIPS = ("pip", "uv")
_EXACT = lazy_pattern(r"={0,3}[0-9]{1,6}(?:\.[0-9]{1,6}){0,3}(?:\.\*)?")
_OPEN = lazy_pattern(r"[${<>%`(]")
_APART = frozenset(("--dry-run", "--download-only", "--apart", "--clone", "--target"))


@value_type
class ToldVersion:
    """A package that a command installs: ``release`` in conda's language, "" for any."""

    name: str
    release: str
    written: str
    location: Location


def told_versions(install: Install) -> Iterator[ToldVersion]:
    """What a command installs by name; nothing with variables, ranges, paths and URLs."""
    adds = install.action in ("create", "install", "update")
    flags = {flag.partition("=")[0] for flag in install.flags}
    if not adds or flags & _APART:
        return
    for word in install.names:
        if _OPEN.search(word) or len(word) > 200:  # noqa: PLR2004  (no package is called so)
            continue
        if install.tool in _CONDAS:
            yield from _by_conda(word, install.location)
        elif install.tool in _PIPS:
            yield from _by_pip(word, install.location)


def _by_conda(word: str, at: Location) -> Iterator[ToldVersion]:
    spec = match_spec.parse(word, at)
    if spec.name and not (spec.error or spec.url):
        version = spec.version or ""
        if not version or _EXACT.fullmatch(version):
            yield ToldVersion(spec.name, version, word, at)


def _by_pip(word: str, at: Location) -> Iterator[ToldVersion]:
    found = requirement.parse(word, at)
    if found.kind == "name" and found.name:
        release = to_conda(found.specifier)
        if not release or (release.startswith("==") and _EXACT.fullmatch(release)):
            yield ToldVersion(found.name, release, word, at)


def told_by_name(installs: Iterable[Install]) -> dict[str, list[ToldVersion]]:
    """Everything that commands install by name, by its normalized name."""
    found: dict[str, list[ToldVersion]] = {}
    for install in installs:
        for one in told_versions(install):
            found.setdefault(normalized(one.name), []).append(one)
    return found


def held_releases(locks: Iterable[Lock], manifests: Iterable[Manifest]) -> dict[str, set[str]]:
    """The releases that the locks hold, by every name that a package has.

    Where there are none, those to which the manifests pin it.
    """
    found: dict[str, set[str]] = {}
    packages = {id(package): package for lock in locks for package in lock.packages}
    for package in packages.values():
        also = {normalized(package.name), *brought(package)}
        _hold(found, also, f"=={package.version.partition('+')[0]}")
    for manifest in manifests if not packages else ():
        for spec in manifest.specs:
            names = {normalized(spec.name), *projects_of(spec.name)}
            _hold(found, names, spec.version or "")
        for req in manifest.pip:
            _hold(found, (req.name,), to_conda(req.specifier))
    return found


def _hold(found: dict[str, set[str]], names: Iterable[str], release: str) -> None:
    for name in names:
        found.setdefault(name, set()).add(release)
