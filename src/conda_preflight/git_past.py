"""The history of manifests and locks as git has it, read as the history of an environment.

Each file that the project has now is followed back through its commits and renames. What a
file said before and after a commit is read and compared as ``diff`` does. A merge shows nothing
of its own. Works where this tool was never used before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from conda_preflight.config import settings
from conda_preflight.difference import Difference, difference
from conda_preflight.documents import Lock, Manifest, Project
from conda_preflight.errors import PreflightError, UsageError
from conda_preflight.git_log import Commit, FileChange, changes, order
from conda_preflight.git_revision import Blob, has_revision, read, sized
from conda_preflight.intake import read_content
from conda_preflight.plain import document_type
from conda_preflight.project import open_project
from conda_preflight.selection import Choice, Subject, select

MAX_FILES = 50
LONE_LOCK = "The lock changed without its manifest."
LONE_MANIFEST = "The manifest changed without its lock."
Told = Callable[[str, int, int], None]


@document_type
class PastFile:
    """What a commit did to one file; ``event`` is "added", "removed" or "changed".

    ``difference`` is None where one side is not there or cannot be read, which ``note`` tells;
    ``packages`` counts those of all its platforms, None for a manifest.
    """

    path: str
    event: str
    difference: Difference | None = None
    packages: int | None = None
    note: str = ""


@document_type
class PastCommit:
    """One commit with the files it changed, and sentences about what does not fit together."""

    commit: Commit
    files: tuple[PastFile, ...]
    flags: tuple[str, ...]


def past(path: Path, limit: int, told: Told) -> Iterator[PastCommit]:
    """The last commits that changed the environment, the newest first.

    ``told`` hears how far it is. Raises UsageError where there is no repository, or no file.
    """
    folder = path if path.is_dir() else path.parent
    if not has_revision(folder, "HEAD"):
        raise UsageError(f"{path} is in no git repository that has a commit")
    project = open_project(path, settings(folder))
    files = _files(project)
    found: dict[str, list[FileChange]] = {}
    for done, file in enumerate(files):
        told("Reading git's log", done, len(files))
        found[file] = changes(folder, file, limit)
    yield from _told_commits(folder, found, _Pairs(project, found), limit, told)


def _files(project: Project) -> list[str]:
    manifests = [doc.path for doc in project.of(Manifest) if not doc.partial]
    files = list(dict.fromkeys([*manifests, *(doc.path for doc in project.of(Lock))]))
    if not files:
        raise UsageError("There is neither a manifest nor a lock here", "Name a project.")
    if len(files) > MAX_FILES:
        raise UsageError(f"There are {len(files)} manifests and locks here", "Name one of them.")
    return files


def _told_commits(
    folder: Path, found: dict[str, list[FileChange]], pairs: _Pairs, limit: int, told: Told
) -> Iterator[PastCommit]:
    by_commit: dict[str, list[tuple[str, FileChange]]] = {}
    for file, some in found.items():
        for change in some:
            by_commit.setdefault(change.commit.id, []).append((file, change))
    paths = {b.path for some in found.values() for c in some for b in (c.old, c.new) if b}
    place = order(folder, paths) if paths else {}
    ordered = sorted(by_commit.values(), key=lambda rows: _age(rows[0][1].commit, place))[:limit]
    for done, rows in enumerate(ordered):
        told("Comparing commits", done, len(ordered))
        commit = rows[0][1].commit
        files = tuple(_file(folder, file, change) for file, change in rows)
        yield PastCommit(commit, files, pairs.flags(commit, {file for file, _ in rows}))


def _age(commit: Commit, place: Mapping[str, int]) -> tuple[int, int]:
    return (place.get(commit.id, len(place)), -commit.at)


class _Pairs:
    """Which lock belongs to which manifest, and since when there is one."""

    def __init__(self, project: Project, found: dict[str, list[FileChange]]) -> None:
        self._pairs = {(m.path, lock.path) for m, lock in project.pairs if m.path != lock.path}
        self._since = {
            file: min((c.commit.at for c in some), default=0) for file, some in found.items()
        }

    def flags(self, commit: Commit, changed: set[str]) -> tuple[str, ...]:
        """What changed alone in a commit."""
        locks = {lock for _, lock in self._pairs}
        owners = {
            lock: {m for m, other in self._pairs if other == lock} for lock in locks & changed
        }
        lone = any(owned.isdisjoint(changed) for owned in owners.values())
        left = [
            lock
            for manifest, lock in self._pairs
            if manifest in changed and commit.at >= self._since.get(lock, 0)
        ]
        unlocked = bool(left) and changed.isdisjoint(left)
        return (*[LONE_LOCK] * lone, *[LONE_MANIFEST] * unlocked)


def _file(folder: Path, path: str, change: FileChange) -> PastFile:
    event = "added" if change.old is None else "removed" if change.new is None else "changed"
    try:
        old, new = (_subject(folder, blob) for blob in (change.old, change.new))
        found = difference(old, new) if old and new else None
    except PreflightError as error:
        return PastFile(path, event, note=error.message)
    there = new or old
    side = there.installations if there else ()
    packages = sum(len(one.packages) for one in side) if side else None
    return PastFile(path, event, found, packages)


def _subject(folder: Path, blob: Blob | None) -> Subject | None:
    """What one side of a file says."""
    if blob is None:
        return None
    known = sized(folder, [blob])
    data: Sequence[bytes] = list(read(folder, known))
    return select(blob.path, read_content(blob.path, data[0], named=True), Choice())
