"""Files of a git revision, as bytes; git is run so that nothing of the repository acts.

What a repository configures could run programs: filters and textconv (never asked for here),
a file-system monitor, hooks, and the helpers by which a partial clone fetches what it lacks.
All are switched off, the settings of the machine are not read, and time and output are bounded.
Source: git's manual pages of git, git-cat-file, git-ls-tree and gitrevisions.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from conda_preflight.errors import UsageError
from conda_preflight.opening import MAX_BYTES
from conda_preflight.plain import value_type

if TYPE_CHECKING:
    from subprocess import Popen

MAX_LISTING = 64 * 1024 * 1024
MAX_TOTAL = 512 * 1024 * 1024
MAX_NAME = 4096
SECONDS = 60
_IN_PIPE = 4096
_SAFE = (
    "--no-pager",
    "-c",
    "core.fsmonitor=false",
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    "protocol.allow=never",
    "-c",
    "safe.bareRepository=explicit",
    "-c",
    "safe.directory=*",
)
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}


@value_type
class Blob:
    """One regular file of a tree: its path with forward slashes, object id and size in bytes."""

    path: str
    oid: str
    size: int


def has_revision(folder: Path, revision: str) -> bool:
    """Whether the repository around a folder knows the revision; raises UsageError without git."""
    return _plain(revision) and bool(_type(folder, f"{revision}^{{tree}}"))


def tree(folder: Path, revision: str) -> Iterator[Blob]:
    """The regular files that a revision has below a folder, relative to it.

    Raises UsageError when the revision has no such folder, or more than can be read.
    """
    found = _type(folder, f"{revision}:./") if _plain(revision) else None
    if found is None or found[1] != "tree":
        raise UsageError(f"{revision} does not have this directory", "Name it: REVISION:path.")
    listing = question(
        folder, "ls-tree", "-r", "-z", "-l", "--full-tree", found[0], limit=MAX_LISTING
    )
    for row in listing.split(b"\0"):
        about, tab, path = row.partition(b"\t")
        mode, *_, oid, size = about.decode("ascii").split() if tab else ("", "", "")
        if mode in ("100644", "100755"):
            known = int(size) if size.isdigit() else 0  # "BAD" for one that is not here
            yield Blob(path.decode("utf-8", "backslashreplace"), oid, known)


def blob(folder: Path, revision: str, path: str) -> bytes:
    """The content of one file; raises UsageError when it is not there or too large.

    As in git, the path counts from the top of the repository, ``./path`` from the folder, and
    without a revision it is the staged file.
    """
    name = f"{revision}:{path}"
    found = _type(folder, name) if _plain(name) else None
    if found is None or found[1] != "blob":
        here = f"A path counts from the top of the repository; from here: {revision}:./{path}"
        raise UsageError(f"git has no file {name}", "" if path.startswith("./") else here)
    return next(read(folder, [Blob(path, found[0], found[2])]))


def read(folder: Path, blobs: Iterable[Blob]) -> Iterator[bytes]:
    """The contents in the same order; raises UsageError where they are too large or not here."""
    wanted = list(blobs)
    total = sum(each.size for each in wanted)
    if total > MAX_TOTAL or any(each.size > MAX_BYTES for each in wanted):
        raise UsageError("These files are larger than environment files are", "Name one of them.")
    asked = "".join(f"{each.oid}\n" for each in wanted).encode("ascii")
    limit = total + 200 * len(wanted)
    data = question(folder, "cat-file", "--batch", given=asked, limit=limit) if wanted else b""
    at = 0
    for each in wanted:
        start = data.find(b"\n", at) + 1
        if data[at:start] != f"{each.oid} blob {each.size}\n".encode("ascii"):
            raise UsageError(f"The repository does not have {each.path} itself", "Fetch it first.")
        yield data[start : start + each.size]
        at = start + each.size + 1


def objects(folder: Path, names: Iterable[str]) -> list[str]:
    """The object ids of names such as ``HEAD:./file``, empty for what is not there; one question.

    Raises UsageError where git cannot answer.
    """
    return [row[0] if row else "" for row in _rows(folder, names)]


def sized(folder: Path, blobs: Iterable[Blob]) -> list[Blob]:
    """The same blobs with their sizes; 0 for one that is not here. Raises UsageError."""
    wanted = list(blobs)
    rows = _rows(folder, (each.oid for each in wanted))
    return [
        replace(each, size=row[2] if row else 0) for each, row in zip(wanted, rows, strict=True)
    ]


def _rows(folder: Path, names: Iterable[str]) -> list[tuple[str, str, int] | None]:
    """Id, type and size of each name, None for what is not there."""
    asked = [os.fsencode(name if _plain(name) else "-") + b"\n" for name in names]
    limit = sum(map(len, asked)) + 200 * len(asked)
    answer = question(
        folder, "cat-file", "--batch-check", given=b"".join(asked), limit=limit
    ).splitlines()
    if len(answer) != len(asked):
        raise UsageError("git could not say what this revision holds")
    return [_row(each) for each in answer]


def _row(answer: bytes) -> tuple[str, str, int] | None:
    words = answer.decode("utf-8", "replace").rsplit(None, 2)
    plain = len(words) == 3 and words[2].isdigit()  # noqa: PLR2004  (id, type, size)
    return (words[0], words[1], int(words[2])) if plain else None


def _type(folder: Path, name: str) -> tuple[str, str, int] | None:
    """Id, type and size of an object, None where there is none."""
    try:
        asked = os.fsencode(name) + b"\n"
        answer = question(folder, "cat-file", "--batch-check", given=asked, limit=MAX_NAME * 2)
    except UsageError:
        return None
    return _row(answer)


def _plain(name: str) -> bool:
    return name.isprintable() and 0 < len(name) < MAX_NAME and not name.startswith("-")


def question(folder: Path, *arguments: str, given: bytes = b"", limit: int) -> bytes:
    """What git answers; raises UsageError when it fails, takes too long or says too much."""
    import subprocess

    with _holding(given) as stdin:
        try:
            process = subprocess.Popen(  # noqa: S603  (fixed words; names go through stdin)
                ["git", *_SAFE, *arguments],  # noqa: S607  (git is where the person has it)
                cwd=folder,
                env=_environment(),
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            raise UsageError("git does not run here", "Revisions are read with git.") from None
        data, code = _answer(process, limit)
    if code:
        raise UsageError("git could not say what this revision holds", "Name one file of it.")
    return data


@contextmanager
def _holding(given: bytes) -> Iterator[int]:
    """A descriptor to read the bytes from: a pipe where they fit into any, else a file."""
    if len(given) <= _IN_PIPE:
        descriptor, entrance = os.pipe()
        os.write(entrance, given)
        os.close(entrance)
        try:
            yield descriptor
        finally:
            os.close(descriptor)
        return
    import tempfile  # costs as much as a question to git

    with tempfile.TemporaryFile() as file:
        file.write(given)
        file.seek(0)
        yield file.fileno()


def _answer(process: Popen[bytes], limit: int) -> tuple[bytes, int]:
    """The output and the exit code; the process is killed when it is slow or says too much."""
    from threading import Timer

    timer = Timer(SECONDS, process.kill)
    timer.start()
    try:
        data = process.stdout.read(limit + 1) if process.stdout else b""
        if len(data) > limit:
            process.kill()
        return data, process.wait()
    finally:
        timer.cancel()
        if process.stdout:
            process.stdout.close()


def _environment() -> dict[str, str]:
    """The search path and ours; variables such as GIT_DIR would lead elsewhere."""
    kept = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP")
    return {name: os.environ[name] for name in kept if name in os.environ} | _ENVIRONMENT
