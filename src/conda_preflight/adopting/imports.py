"""What the code of a project imports, set against the lines of its environment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from conda_preflight.adopting.brings import package_of
from conda_preflight.adopting.found import CONDA, PIP, Found, Key, Line
from conda_preflight.documents import Location, Manifest, Package, Project
from conda_preflight.grammar import match_spec, requirement
from conda_preflight.importing.environment import names_of
from conda_preflight.importing.imported import Foreign, imported_by
from conda_preflight.importing.role import is_beside
from conda_preflight.importing.sources import Sources
from conda_preflight.plain import value_type

_FILE = "environment.yml"
_PLACE = Location(_FILE)


@value_type
class Wish:
    """Projects of which one brings an imported module, and where that is imported.

    ``must`` is false where the code goes on without it, or runs beside the project; ``known``
    is false where the module's name is all that is known.
    """

    projects: tuple[str, ...]
    place: str
    must: bool
    known: bool


def declared(found: Found) -> Manifest:
    """A manifest that asks for everything that was found."""
    return Manifest(
        path=_FILE,
        kind=_FILE,
        location=_PLACE,
        specs=tuple(match_spec.parse(n.text, _PLACE) for n in found.lines if n.half == CONDA),
        pip=tuple(requirement.parse(n.text, _PLACE) for n in found.lines if n.half == PIP),
    )


def wishes(project: Project, sources: Sources) -> tuple[Wish, ...]:
    """One for each import that is not the project's own nor Python's; raises Skip without code."""
    return tuple(map(_wish, imported_by(project, sources).foreign))


def _wish(foreign: Foreign) -> Wish:
    place = foreign.imported.location
    must = foreign.imported.how == "always" and not (is_beside(place.path) or foreign.perhaps_local)
    known = foreign.ownership.known and not foreign.is_elsewhere
    return Wish(foreign.ownership.projects, f"{place.path}:{place.line}", must, known)


def needed(
    lines: Iterable[Line], wanted: Iterable[Wish]
) -> tuple[dict[Key, str], tuple[Line, ...]]:
    """Where each line is imported, and lines for what is imported and stands in none."""
    bringers: dict[str, list[Key]] = {}
    for line in lines:
        for name in _names(line):
            bringers.setdefault(name, []).append(line.key)
    imported: dict[Key, str] = {}
    new: dict[Key, Line] = {}
    for wish in wanted:
        here = [key for project in wish.projects for key in bringers.get(project, ())]
        for key in here:
            imported.setdefault(key, wish.place)
        if not here and wish.must and wish.known:
            for line in _new(wish):
                new.setdefault(line.key, line)
                imported.setdefault(line.key, wish.place)
    return imported, tuple(new.values())


def _names(line: Line) -> tuple[str, ...]:
    manager = "conda" if line.half == CONDA else "pypi"
    return names_of(Package(manager, line.name, line.version, _PLACE))


def _new(wish: Wish) -> Iterator[Line]:
    for project in wish.projects[:1]:
        package = package_of(project)
        yield Line(CONDA, package, package) if package else Line(PIP, project, project)
