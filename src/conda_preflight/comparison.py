"""What changed between two installations or several, package by package.

The values hold both packages of each change, so that whoever knows more about packages
(advisories, licences) can be asked about what came and what went.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from conda_preflight.documents import Package
from conda_preflight.grammar.channel_identity import same
from conda_preflight.grammar.pip_deviation import brought
from conda_preflight.grammar.url import redact
from conda_preflight.grammar.version_step import version_step
from conda_preflight.installation import Installation, Place
from conda_preflight.plain import document_type, value_type

KINDS = (
    "digest",
    "added",
    "removed",
    "downgraded",
    "upgraded",
    "reversioned",
    "manager",
    "channel",
    "rebuilt",
    "source",
)
"""What can happen to a package, what wants the most attention first.

"digest": other bytes under the same version, build and channel; "reversioned": versions that have
no order; "manager": from conda to pip or back; "source": another repository, commit or path.
"""
_MIRRORED = {
    "added": "removed",
    "removed": "added",
    "upgraded": "downgraded",
    "downgraded": "upgraded",
}
_STEPS = {1: "upgraded", -1: "downgraded", None: "reversioned"}


@value_type
class Side:
    """What a change is shown by; ``channel`` and ``detail`` are empty where they are no news.

    ``detail`` is the number of a build, the build whose bytes changed, or a repository.
    """

    manager: str
    name: str
    version: str
    channel: str
    detail: str = ""


@document_type
class Move:
    """A change at one place: the package before and after, None where it was not or is not."""

    place: Place
    old: Package | None
    new: Package | None

    @property
    def growth(self) -> int | None:
        """How many bytes the package has more, None where a size is not known."""
        if not all(package.size for package in (self.old, self.new) if package):
            return None
        return (self.new.size if self.new else 0) - (self.old.size if self.old else 0)


@document_type
class Change:
    """The same change at one place or several; ``kind`` is one of KINDS."""

    kind: str
    old: Side | None
    new: Side | None
    moves: tuple[Move, ...]

    @property
    def name(self) -> str:
        """The name that it has now, or had."""
        side = self.new or self.old
        return side.name if side else ""


@value_type
class Total:
    """How many packages, how many bytes they have, and how many of unknown size are not in that."""

    packages: int
    size: int
    unsized: int


@document_type
class Compared:
    """One place before and after; one total is None where it is on one side only.

    ``growth`` is how many bytes the packages have more, None where the size of one that came,
    went or changed is not known.
    """

    old_place: Place
    place: Place
    old: Total | None
    new: Total | None
    growth: int | None = None


@document_type
class Comparison:
    """The changes, by kind and name, and the places that were compared."""

    changes: tuple[Change, ...]
    places: tuple[Compared, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing changed, and both sides have the same places."""
        return not self.changes and all(each.old and each.new for each in self.places)


def compare(
    old: Sequence[Installation], new: Sequence[Installation], *, lone: bool = False
) -> Comparison:
    """What changed from the old installations to the new ones, places paired by their names.

    With ``lone`` one side can only hold one platform, and further ones of the other are left
    out. Two single ones are a pair, whatever they are called.
    """
    groups: dict[tuple[str, Side | None, Side | None], list[Move]] = {}
    places = []
    for before, after in _pairs(old, new, lone=lone):
        moves = list(_moves(before, after)) if before and after else []
        for kind, move in moves:
            key = (kind, _side(move.old, kind, move), _side(move.new, kind, move))
            groups.setdefault(key, []).append(move)
        places.append(_compared(before, after, [move for _, move in moves]))
    changes = [Change(*key, tuple(moves)) for key, moves in groups.items()]
    changes.sort(key=lambda c: (KINDS.index(c.kind), c.name, c.moves[0].place.text))
    return Comparison(tuple(changes), tuple(places))


def mirrored(kind: str) -> str:
    """What a change is called when it is looked at from the other side."""
    return _MIRRORED.get(kind, kind)


_Pair = tuple[Installation | None, Installation | None]


def _pairs(old: Sequence[Installation], new: Sequence[Installation], *, lone: bool) -> list[_Pair]:
    if len(old) == len(new) == 1:
        return [(old[0], new[0])]
    before, after = ({_key(one): one for one in side} for side in (old, new))
    both = [key for key in before if key in after]
    keys = both if lone and both else list(dict.fromkeys([*before, *after]))
    return [(before.get(key), after.get(key)) for key in keys]


def _key(one: Installation) -> tuple[str, str]:
    return (one.place.environment or "default", one.place.platform)


def _compared(
    old: Installation | None, new: Installation | None, moves: Sequence[Move]
) -> Compared:
    places = [one.place for one in (old, new) if one]
    steps = [move.growth for move in moves]
    known = [step for step in steps if step is not None]
    growth = sum(known) if len(known) == len(steps) else None
    return Compared(places[0], places[-1], _total(old), _total(new), growth)


def _total(one: Installation | None) -> Total | None:
    if one is None:
        return None
    sizes = [package.size for package in one.packages]
    return Total(len(sizes), sum(sizes), sizes.count(0))


def _moves(old: Installation, new: Installation) -> Iterator[tuple[str, Move]]:
    """Each package that is not as it was, with the kind of its change."""
    before, after = _by_name(old), _by_name(new)
    for key, package in before.items():
        if key in after and (kind := _kind(package, after[key])):
            yield kind, Move(new.place, package, after[key])
    gone = {key: p for key, p in before.items() if key not in after}
    come = {key: p for key, p in after.items() if key not in before}
    for one, other in _handed_over(gone, come):
        yield "manager", Move(new.place, gone.pop(one), come.pop(other))
    yield from (("removed", Move(new.place, package, None)) for package in gone.values())
    yield from (("added", Move(new.place, None, package)) for package in come.values())


_Names = Mapping[tuple[str, str], Package]


def _by_name(one: Installation) -> dict[tuple[str, str], Package]:
    return {(package.manager, package.name): package for package in one.packages}


def _handed_over(gone: _Names, come: _Names) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    """Pairs of a conda package and a project that it brings, one gone and the other come."""
    to_pip = [(conda, pip) for conda, pip in _same_project(gone, come)]
    to_conda = [(pip, conda) for conda, pip in _same_project(come, gone)]
    return to_pip + to_conda


def _same_project(conda: _Names, pip: _Names) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    left = {name: (manager, name) for manager, name in pip if manager == "pypi"}
    found = []
    for key, package in sorted(conda.items(), key=lambda item: item[0]):
        projects = sorted(brought(package) & left.keys()) if package.manager == "conda" else []
        if projects:
            found.append((key, left.pop(projects[0])))
    return found


def _kind(old: Package, new: Package) -> str:
    """What happened to a package of one manager; empty for nothing."""
    if old is new:
        return ""
    step = version_step(old.manager, old.version, new.version)
    if step != 0:
        return _STEPS[step]
    if old.channel and new.channel and not same(old.channel, new.channel):
        return "channel"
    if build(old) and build(new) and build(old) != build(new):
        return "rebuilt"
    if _digests_differ(old, new):
        return "digest"
    return "source" if _origin(old) != _origin(new) else ""


def build(package: Package) -> str:
    """Conda's build, or the file that a project is installed from, empty where none is known."""
    if package.manager == "conda":
        return package.build
    file = package.url.partition("#")[0].partition("?")[0].rpartition("/")[2]
    return file if file.endswith((".whl", ".tar.gz", ".zip")) else ""


def _digests_differ(old: Package, new: Package) -> bool:
    if old.sha256 and new.sha256:
        return old.sha256 != new.sha256
    return bool(old.md5 and new.md5) and old.md5 != new.md5


def _origin(package: Package) -> str:
    """Where a project without a file comes from: a repository with its commit."""
    return package.url if "+" in package.url.partition("://")[0] else ""


def _side(package: Package | None, kind: str, move: Move) -> Side | None:
    if package is None:
        return None
    what = ""
    if kind == "source":
        what = redact(_origin(package)) or "no repository"
    elif kind == "digest":
        what = build(package)
    elif kind == "rebuilt" and move.old and move.new:
        numbers = {move.old.build_number, move.new.build_number}
        what = f"build {package.build_number}" if len(numbers - {None}) > 1 else ""
    channel = redact(package.channel) if _channel_is_news(move) else ""
    return Side(package.manager, package.name, package.version, channel, what)


def _channel_is_news(move: Move) -> bool:
    if move.old is None or move.new is None:
        return True
    channels = (move.old.channel, move.new.channel)
    return all(channels) and not same(*channels)
