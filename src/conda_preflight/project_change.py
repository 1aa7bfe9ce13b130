"""What changed between two states of a project, file by file, however the files are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import TypeVar

from conda_preflight.comparison import Change, Comparison, compare
from conda_preflight.documents import Lock, Manifest, Project, Requirements, Source
from conda_preflight.documents.revision import Revision
from conda_preflight.installation import Installation, of_lock, pip_half, with_pip_half
from conda_preflight.manifest_comparison import LineChange, ManifestChange, compare_manifests
from conda_preflight.plain import document_type
from conda_preflight.report import ChangedLine, ChangedPackage, ChangedSize
from conda_preflight.selection import place_of

D = TypeVar("D", Lock, "Manifest | Requirements")
_SOLVED = ("channel", "platform", "virtual package", "conda", "pip")
_ONE_PLATFORM = ("explicit", "conda-list")


@document_type
class ProjectChange:
    """The changes of each lock and manifest by its path now, and files that came or went.

    ``former`` is the path that a file had, for those that had another.
    """

    manifests: Mapping[str, tuple[ManifestChange, ...]] = field(default_factory=dict)
    locks: Mapping[str, Comparison] = field(default_factory=dict)
    former: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def lines(self) -> Iterator[ChangedLine]:
        """What is asked for otherwise."""
        for path, found in self.manifests.items():
            for change in found:
                where = f"{path} ({change.environment})" if change.environment else path
                yield from (ChangedLine(where, c.part, c.old, c.new) for c in change.lines)
                if change.reordered:
                    yield ChangedLine(where, "channel", "in this order", "in another order")

    @property
    def packages(self) -> Iterator[ChangedPackage]:
        """What is locked otherwise."""
        for path, found in self.locks.items():
            every = [each.place for each in found.places if each.old and each.new]
            for change in found.changes:
                at = [move.place.text for move in change.moves]
                where = ", ".join(filter(None, at)) if len(at) < len(every) else ""
                yield _package(path, where, change)

    @property
    def sizes(self) -> Iterator[ChangedSize]:
        """How much larger the environments of a changed lock are, without those that stayed."""
        for path, found in self.locks.items():
            for each in found.places if found.changes else ():
                old, new = (total.packages if total else 0 for total in (each.old, each.new))
                if old != new or each.growth != 0:
                    yield ChangedSize(path, each.place.text, old, new, each.growth)


def project_change(old: Project, new: Project) -> ProjectChange:
    """Everything that differs between both, by the files that both have."""
    former = former_paths(old, new)
    manifests, locks = {}, {}
    for path in dict.fromkeys(m.path for m in _manifests(new)):
        if before := _at(_manifests(old), former.get(path, path)):
            sides = ([(place_of(m), m) for m in s] for s in (before, _at(_manifests(new), path)))
            manifests[path] = compare_manifests(*sides)
    for path in dict.fromkeys(lock.path for lock in new.of(Lock)):
        if held := _at(old.of(Lock), former.get(path, path)):
            after = _at(new.of(Lock), path)
            lone = held[0].kind in _ONE_PLATFORM or after[0].kind in _ONE_PLATFORM
            locks[path] = compare(_installed(held, old), _installed(after, new), lone=lone)
    return ProjectChange(manifests, locks, former, tuple(_notes(old, new, former)))


def revisions(change: ProjectChange, new: Project, since: str) -> tuple[Revision, ...]:
    """What a check judges: each lock that was there before, with all that it is made from.

    A lock that stayed while another one of the same manifests changed is left out: the change
    may be for another platform.
    """
    owners: dict[str, list[Manifest]] = {}
    for manifest, lock in new.pairs:
        owners.setdefault(lock.path, []).append(manifest)
    found = {}
    for lock in new.of(Lock):
        manifests = owners.get(lock.path, [])
        if manifests and lock.path in change.locks and lock.path not in found:
            found[lock.path] = Revision(
                path=lock.path,
                location=lock.location,
                since=since,
                manifest=manifests[0].location,
                asked=_all_asked(change, new, manifests),
                locked=_locked(change, lock.path),
            )
    moved = {id(m) for m, lock in new.pairs if _locked(change, lock.path)}
    return tuple(
        each
        for path, each in found.items()
        if each.locked or not any(id(m) in moved for m in owners[path])
    )


def _locked(change: ProjectChange, path: str) -> tuple[str, ...]:
    found = change.locks.get(path)
    return tuple(dict.fromkeys(each.name for each in found.changes)) if found else ()


def _all_asked(
    change: ProjectChange, new: Project, manifests: Sequence[Manifest]
) -> tuple[str, ...]:
    """What is asked for otherwise, in the manifests and in files that they may include."""
    files = [m.path for m in manifests]
    files += [each.path for each in new.of(Requirements) if not each.hashed]
    said = []
    for path in dict.fromkeys(files):
        if path in change.manifests:
            said += [line for each in change.manifests[path] for line in _asked(each)]
        else:
            said.append(f"{path} added")
    return tuple(dict.fromkeys(said))


def former_paths(old: Project, new: Project) -> dict[str, str]:
    """The path that a file had before, for each that had another.

    A file was renamed where one of the same bytes went, or the only one of its kind.
    """
    before, after = _kinds(old), _kinds(new)
    gone = {path: kind for path, kind in before.items() if path not in after}
    come = {path: kind for path, kind in after.items() if path not in before}
    digests = {s.sha256: s.path for s in old.of(Source) if s.path in gone}
    found = {
        source.path: digests[source.sha256]
        for source in new.of(Source)
        if source.path in come and source.sha256 in digests
    }
    for kind in set(come.values()):
        left = [path for path, other in gone.items() if other == kind]
        here = [path for path, other in come.items() if other == kind]
        if len(left) == len(here) == 1:
            found.setdefault(here[0], left[0])
    return found


def _kinds(project: Project) -> dict[str, tuple[str, str]]:
    """What each file is; a source alone is of no kind."""
    return {
        doc.path: (type(doc).__name__, str(getattr(doc, "kind", "")))
        for doc in project.documents
        if not isinstance(doc, Source)
    }


def _notes(old: Project, new: Project, former: Mapping[str, str]) -> Iterator[str]:
    before = {doc.path for doc in (*_manifests(old), *old.of(Lock))}
    after = {doc.path for doc in (*_manifests(new), *new.of(Lock))}
    for path in sorted(after):
        if path in former:
            yield f"{former[path]} is now called {path}"
        elif path not in before:
            yield f"{path} is new"
    yield from (f"{path} is gone" for path in sorted(before - after - set(former.values())))


def _manifests(project: Project) -> list[Manifest | Requirements]:
    return [doc for doc in project.documents if isinstance(doc, Manifest | Requirements)]


def _at(documents: Sequence[D], path: str) -> list[D]:
    return [doc for doc in documents if doc.path == path]


def _installed(locks: Sequence[Lock], project: Project) -> list[Installation]:
    return [
        with_pip_half(one, half) if (half := pip_half(lock, project.documents)) else one
        for lock in locks
        for one in of_lock(lock)
    ]


def _asked(change: ManifestChange) -> Iterator[str]:
    yield from (_line(each) for each in change.lines if each.part in _SOLVED)
    if change.reordered:
        yield "the order of the channels"


def _line(each: LineChange) -> str:
    if each.old and each.new:
        return f"{each.old} -> {each.new}"
    return f"{each.new} added" if each.new else f"{each.old} removed"


def _package(path: str, where: str, change: Change) -> ChangedPackage:
    move = change.moves[0]
    old, new = (
        " ".join(filter(None, (side.version, side.detail, side.channel))) if side else ""
        for side in (change.old, change.new)
    )
    licences = [package.licence if package else "" for package in (move.old, move.new)]
    changed = licences if all(licences) and licences[0] != licences[1] else ["", ""]
    return ChangedPackage(
        path, where, change.kind, change.name, old, new, move.growth, changed[0], changed[1]
    )
