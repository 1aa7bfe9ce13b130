"""The files of a service that go into its image."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from conda_preflight.errors import UsageError
from conda_preflight.grammar.dockerignore import is_ignored, patterns
from conda_preflight.oci.entries import Entry, below

IGNORED = ".dockerignore"
MAX_IGNORED = 1 << 20
_USUAL = "**/.git\n**/__pycache__\n**/.env\n**/.venv\n.dockerignore\n"
"""Version control, caches and secrets of development; a line with ``!`` brings one back."""


def application(folder: Path, workdir: str) -> Iterator[Entry]:
    """The files below a folder, at the working directory, without what is ignored."""
    where = workdir.strip("/")
    ignored = patterns(_USUAL + _text(folder / IGNORED))
    for entry in below(folder, where):
        if not is_ignored(entry.path.removeprefix(where).strip("/"), ignored):
            yield entry


def _text(file: Path) -> str:
    """What the file of ignored paths says, empty where there is none; raises UsageError."""
    if not file.is_file():
        return ""
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_IGNORED + 1)
        if len(data) <= MAX_IGNORED:
            return data.decode("utf-8-sig")
        problem = "it is too long"
    except (OSError, UnicodeDecodeError) as error:
        problem = str(error)
    raise UsageError(f"{file} cannot be read: {problem[:200]}")
