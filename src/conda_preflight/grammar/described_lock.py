"""Which lock files a section about an environment speaks of, and the digests that it tells."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence

from conda_preflight.documents import Lock, Project, Source
from conda_preflight.grammar.meant_path import above
from conda_preflight.grammar.section_cells import Cell
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type

_LABEL = lazy_pattern(r"SHA-256 of (\S.{0,300})")
_DIGEST = lazy_pattern(r"[0-9a-f]{64}")


@document_type
class Told:
    """A digest that a section tells: its cell, the file as written, and that file if it is here."""

    cell: Cell
    written: str
    source: Source | None

    @property
    def is_true(self) -> bool:
        """Whether the file has this digest."""
        return self.source is not None and self.source.sha256 == self.cell.text


def told(found: Iterable[Cell], page: str, project: Project) -> Iterator[Told]:
    """Every digest in the cells; paths count from the page's folder or from one above it."""
    sources = {source.path: source for source in project.of(Source)}
    for cell in found:
        named = _LABEL.fullmatch(cell.label)
        shown_whole = named and "\\" not in named[1]  # else a part of the path is escaped
        if named and shown_whole and _DIGEST.fullmatch(cell.text):
            places = (posixpath.join(folder, named[1]) for folder in above(page))
            here = next((path for path in places if path in sources), "")
            yield Told(cell, named[1], sources.get(here))


def locks_of(digests: Sequence[Told], page: str, project: Project) -> tuple[Lock, ...]:
    """The locks whose digests are told; else those of the only lock file in the page's folder."""
    paths = {each.source.path for each in digests if each.source}
    locks = project.of(Lock)
    if not digests:
        folder = posixpath.dirname(page)
        paths = {lock.path for lock in locks if posixpath.dirname(lock.path) == folder}
        paths = paths if len(paths) == 1 else set()
    return tuple(lock for lock in locks if lock.path in paths)
