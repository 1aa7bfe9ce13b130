"""Policies that the settings or a person name, read within bounds."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from conda_preflight.documents import Source
from conda_preflight.errors import ReadError, UsageError
from conda_preflight.opening import open_source
from conda_preflight.policy_setting import PolicySetting

MAX_FILES = 200
MAX_BYTES = 1 << 20
"""Of all policies together."""

_TESTS = "_test.rego"
"""How files of OPA's tests end, which are for ``opa test``."""


def read_policies(named: PolicySetting) -> tuple[Source, ...]:
    """Each policy by its name in reports.

    Raises UsageError where one cannot be read and where a glob finds none: what was to be
    judged would not be.
    """
    read: dict[str, Source] = {}
    left = MAX_BYTES
    for file in _files(named):
        try:
            inside = Path(named.folder) if named.folder else None
            source = open_source(file, _name(file, named), inside)
        except ReadError as error:
            raise UsageError(f"{file}: {error.message}", error.hint) from None
        read[source.path] = source
        left -= source.size
        if left < 0:
            raise UsageError(f"The policies have more than {MAX_BYTES >> 20} MiB")
    return tuple(read.values())


def _files(named: PolicySetting) -> list[Path]:
    found: dict[Path, None] = {}
    for glob in named.rego:
        matching = sorted(islice(_matching(glob, named.folder), MAX_FILES + 1))
        if not matching:
            where = f" in {named.folder}" if named.folder else ""
            hint = (
                "[policy] rego takes globs from the folder of the settings; --policy takes files."
            )
            raise UsageError(f"There is no policy {glob}{where}", hint)
        found |= dict.fromkeys(matching)
    if len(found) > MAX_FILES:
        raise UsageError(f"There are more than {MAX_FILES} policies")
    return list(found)


def _matching(glob: str, folder: str) -> Iterator[Path]:
    """The files of a glob; a folder stands for all policies in it."""
    place = Path(folder, glob)
    if place.is_dir():
        yield from _policies(place, "**/*.rego")
    elif not folder:
        yield from (place,) if place.is_file() else ()
    else:
        yield from _policies(Path(folder), glob)


def _policies(folder: Path, glob: str) -> Iterator[Path]:
    try:
        yield from (f for f in folder.glob(glob) if f.is_file() and not f.name.endswith(_TESTS))
    except (ValueError, NotImplementedError) as error:
        raise UsageError(f"{glob!r} of policy is no glob: {error}") from None


def _name(file: Path, named: PolicySetting) -> str:
    """The path from the settings, else as a person wrote it: the same for an earlier revision."""
    folder = Path(named.folder)
    inside = bool(named.folder) and file.is_relative_to(folder)
    return (file.relative_to(folder) if inside else file).as_posix()
