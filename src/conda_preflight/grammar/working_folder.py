"""Where each command of a text runs, as far as the ``cd`` before it say."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import replace

from conda_preflight.documents import Command
from conda_preflight.pattern import lazy_pattern

UNKNOWN = "$"
MAX_PATH = 4096
_CHANGES = frozenset(("cd", "pushd", "chdir"))
_OPEN = lazy_pattern(r"[$*?{}<>`~%]")


def placed(commands: Iterable[Command], start: str = "") -> Iterator[Command]:
    """The commands with their folders; ``start`` is that of the first.

    A subshell is not told apart from the shell around it.
    """
    folder = start
    for command in commands:
        yield replace(command, folder=folder) if folder else command
        if command.words[0] in _CHANGES:
            folder = joined(folder, "".join([w for w in command.words[1:] if w[:1] != "-"][:1]))
        elif command.words[0] == "popd":
            folder = UNKNOWN


def joined(folder: str, written: str) -> str:
    """The folder that a path means in a folder; UNKNOWN where variables say it."""
    known = written and not _OPEN.search(written) and len(written) + len(folder) < MAX_PATH
    if not known or (folder == UNKNOWN and not written.startswith("/")):
        return UNKNOWN
    path = posixpath.normpath(posixpath.join(folder, written.replace("\\", "/")))
    return "" if path == "." else path
