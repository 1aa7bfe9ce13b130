"""Commits that changed files, read from git's log; nothing that a repository configures acts.

What ``git log`` could run is switched off beside what ``git_revision`` does: signatures are not
verified (a program of the repository's choice), no patch is made (filters, textconv and external
differences), and no command is given a name. Source: git's manual pages git-log, git-config.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from conda_preflight.errors import UsageError
from conda_preflight.git_revision import Blob, question
from conda_preflight.plain import value_type

MAX_OUTPUT = 64 * 1024 * 1024
MAX_TEXT = 300
_LOG = (
    "-c",
    "log.showSignature=false",
    "--literal-pathspecs",
    "log",
    "--no-show-signature",
    "--no-color",
    "--no-mailmap",
    "--no-notes",
    "--no-ext-diff",
    "--no-textconv",
    "--encoding=UTF-8",
    "-z",
)
_FORMAT = "--format=%x00%H%x00%an%x00%ct%x00%s%x00"
_FIELDS = 4
_HEX = frozenset("0123456789abcdef")
_ABSENT = "0"


@value_type
class Commit:
    """One commit: its id, who made the change, when (seconds since 1970), and its first line."""

    id: str
    author: str
    at: int
    subject: str


@value_type
class FileChange:
    """What a commit did to a file; None for a side on which it is not there."""

    commit: Commit
    old: Blob | None
    new: Blob | None


def changes(folder: Path, path: str, limit: int) -> list[FileChange]:
    """The last commits that changed a file below a folder, the newest first, renames followed.

    Raises UsageError where there is no repository, or no commit yet.
    """
    words = ("--follow", "--raw", "--no-abbrev", "--find-renames", f"--max-count={limit}", _FORMAT)
    data = question(folder, *_LOG, *words, "--", f"./{path}", limit=MAX_OUTPUT)
    return _read(data.decode("utf-8", "replace"))


def order(folder: Path, top_paths: Iterable[str]) -> dict[str, int]:
    """The place in history, 0 for the newest, of the commits that changed any of some files.

    ``top_paths`` count from the top of the repository, as FileChange has them. No commit comes
    before one that was made from it, though both are of one second. Raises UsageError.
    """
    top = question(folder, "rev-parse", "--show-cdup", limit=MAX_TEXT).decode("utf-8").strip()
    paths = [f"{top}{path}" for path in sorted(set(top_paths))]
    words = ("--no-patch", "--date-order", "--format=%H", "--", *paths)
    names = question(folder, *_LOG, *words, limit=MAX_OUTPUT).decode("ascii", "replace").split("\0")
    return {name.strip(): place for place, name in enumerate(names)}


def authors(folder: Path, revisions: Iterable[str]) -> dict[str, str]:
    """Who made the commits, by id, as far as the repository around a path has them."""
    here = folder if folder.is_dir() else folder.parent
    wanted = sorted({each for each in revisions if each and _HEX.issuperset(each)})
    found: dict[str, str] = {}
    for revision in wanted:
        words = ("--no-walk", "--no-patch", _FORMAT, revision, "--")
        try:
            data = question(here, *_LOG, *words, limit=MAX_OUTPUT)
        except UsageError:
            continue
        found |= {c.commit.id: c.commit.author for c in _read(data.decode("utf-8", "replace"))}
    return found


def _read(text: str) -> list[FileChange]:
    """Commits from fields between NULs: a head of four, then ``:mode mode old new status``."""
    fields = text.split("\0")
    found: list[FileChange] = []
    at = 0
    while at < len(fields):
        if not _is_id(fields[at]) or at + _FIELDS > len(fields):
            at += 1
            continue
        commit = _commit(fields[at : at + _FIELDS])
        at += _FIELDS
        while at < len(fields) and not fields[at].lstrip("\n").startswith(":"):
            if _is_id(fields[at]):
                break
            at += 1
        row = fields[at].lstrip("\n") if at < len(fields) else ""
        if row.startswith(":"):
            status = row.split(" ")[-1]
            paths = fields[at + 1 : at + (3 if status[:1] in ("R", "C") else 2)]
            found.append(_change(commit, row, paths))
            at += 1 + len(paths)
        else:
            found.append(FileChange(commit, None, None))
    return found


def _commit(fields: list[str]) -> Commit:
    name, author, at, subject = fields
    seconds = int(at) if at.isdigit() else 0
    return Commit(name, author[:MAX_TEXT], seconds, subject[:MAX_TEXT])


def _change(commit: Commit, row: str, paths: list[str]) -> FileChange:
    _, _, old, new, _ = row.split(" ")
    before, after = paths[0], paths[-1]
    return FileChange(commit, _blob(before, old), _blob(after, new))


def _blob(path: str, oid: str) -> Blob | None:
    """A blob of a size that is not known yet; None for what is not there."""
    return Blob(path, oid, 0) if oid.strip(_ABSENT) else None


def _is_id(text: str) -> bool:
    return len(text) in (40, 64) and _HEX.issuperset(text)
