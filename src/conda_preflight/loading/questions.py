"""What checks ask of the libraries of a prefix: who needs what, and how much that matters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from conda_preflight.documents.libraries import Libraries, Link, Process
from conda_preflight.facts.optional_libraries import DRIVER, OPTIONAL
from conda_preflight.plain import value_type

_KINDS = ("plugin", "tool", "program", "extension")
_VITAL = ("program", "extension")
_SITE = "/site-packages/"


@value_type
class Need:
    """A NEEDED of one object, in the entry point that matters most of those that have it.

    ``kind`` is that of the process, "tool" for a program that lies elsewhere than in ``bin``.
    """

    link: Link
    entry: str
    kind: str
    after: str = ""

    @property
    def is_vital(self) -> bool:
        """Whether a module that is imported, or a command of the prefix, depends on it."""
        return self.kind in _VITAL


def needs(libraries: Libraries) -> list[Need]:
    """Each NEEDED of the prefix's own objects once for each provider, the weightiest first."""
    found: dict[tuple[str, str, str], Need] = {}
    for process in sorted(libraries.processes, key=_rank):
        for link in process.links:
            if not link.needer.startswith("/"):
                key = (link.needer, link.soname, link.provider)
                kind = _kind(process)
                found.setdefault(key, Need(link, process.entry, kind, process.after))
    return list(found.values())


def by_soname(some: Iterable[Need]) -> dict[str, list[Need]]:
    """The needs of each library."""
    found: dict[str, list[Need]] = {}
    for need in some:
        found.setdefault(need.link.soname, []).append(need)
    return found


def by_package(some: Iterable[Need]) -> dict[str, list[Need]]:
    """The needs of each package, by the files that have them."""
    found: dict[str, list[Need]] = {}
    for need in some:
        found.setdefault(package(need.link.needer), []).append(need)
    return found


def missing(libraries: Libraries, optional: tuple[str, ...] = ()) -> Iterator[Need]:
    """The needs that nothing meets, without those of the driver and of known optional parts.

    ``optional`` are further globs of paths, of files that may miss what they need.
    """
    for need in needs(libraries):
        link = need.link
        expected = link.soname in DRIVER or any(
            fnmatchcase(link.needer, row.needer) and fnmatchcase(link.soname, row.soname)
            for row in OPTIONAL
        )
        chosen = any(fnmatchcase(link.needer, pattern) for pattern in optional)
        if not link.how and not expected and not chosen:
            yield need


def mapped(libraries: Libraries) -> dict[str, Need]:
    """The prefix's own objects that are mapped by any entry point, with the weightiest one."""
    found: dict[str, Need] = {}
    for process in sorted(libraries.processes, key=_rank):
        for path in process.mapped:
            if not path.startswith("/"):
                found.setdefault(path, Need(Link("", ""), process.entry, _kind(process)))
    return found


def package(path: str) -> str:
    """What a person calls the place of a file: a package below site-packages, or a folder."""
    _, found, rest = path.partition(_SITE)
    return (rest if found else path).partition("/")[0].removesuffix(".libs")


def _kind(process: Process) -> str:
    is_tool = process.kind == "program" and not process.entry.startswith("bin/")
    return "tool" if is_tool else process.kind


def _rank(process: Process) -> tuple[int, str]:
    return -_KINDS.index(_kind(process)), process.entry
