"""Where a repository stands, read from its files without running git: revision, branch, origin.

Source: git's manual pages gitrepository-layout and git-config.
"""

from __future__ import annotations

from pathlib import Path

from conda_preflight.git_index import git_directory, read_bounded, top_of
from conda_preflight.plain import value_type

_MAX_REF = 4096
_MAX_PACKED = 16 * 1024 * 1024
_MAX_CONFIG = 1024 * 1024
_DEPTH = 5
_HEX = frozenset("0123456789abcdef")
_SIZES = (40, 64)


@value_type
class Head:
    """The work tree around a directory; texts are empty where they cannot be told.

    ``origin`` is the address of the remote of that name, as it is written.
    """

    top: Path
    revision: str
    branch: str
    origin: str


def head_of(folder: Path) -> Head | None:
    """Where the repository around a resolved directory stands, None where there is none."""
    try:
        top = top_of(folder)
        git = git_directory(top) if top else None
        if top is None or git is None:
            return None
        shared = _shared(git)
        branch, revision = _resolved(git, shared)
        config = read_bounded(shared / "config", _MAX_CONFIG).decode("utf-8", "replace")
    except (OSError, ValueError, RuntimeError):
        return None
    return Head(top, revision, branch, _origin(config))


def _shared(git: Path) -> Path:
    """The folder of what all work trees of a repository share."""
    named = read_bounded(git / "commondir", _MAX_REF).decode("utf-8").strip()
    return (git / named).resolve() if named else git


def _resolved(git: Path, shared: Path) -> tuple[str, str]:
    """The branch, empty without one, and the revision."""
    text = read_bounded(git / "HEAD", _MAX_REF).decode("utf-8", "replace").strip()
    branch = ""
    for _ in range(_DEPTH):
        if not text.startswith("ref:"):
            return branch, text if _is_id(text) else ""
        name = text.removeprefix("ref:").strip()
        branch = branch or name.removeprefix("refs/heads/")
        text = _loose(git, shared, name) or _packed(shared, name)
    return branch, ""


def _loose(git: Path, shared: Path, name: str) -> str:
    if not name.startswith("refs/") or ".." in name.split("/"):
        return ""
    for folder in (git, shared):
        if found := read_bounded(folder / name, _MAX_REF):
            return found.decode("utf-8", "replace").strip()
    return ""


def _packed(shared: Path, name: str) -> str:
    wanted = b" " + name.encode("utf-8", "replace")
    for line in read_bounded(shared / "packed-refs", _MAX_PACKED).splitlines():
        if line.endswith(wanted) and line[0:1] not in (b"#", b"^"):
            return line.split(b" ", 1)[0].decode("ascii", "replace")
    return ""


def _is_id(text: str) -> bool:
    return len(text) in _SIZES and _HEX.issuperset(text)


def _origin(config: str) -> str:
    """``url`` of ``[remote "origin"]``; files that are included are not read."""
    inside = False
    for line in map(str.strip, config.splitlines()):
        if line.startswith("["):
            inside = line.replace(" ", "").lower() == '[remote"origin"]'
        elif inside and line.partition("=")[0].strip().lower() == "url":
            return line.partition("=")[2].strip().strip('"')
    return ""
