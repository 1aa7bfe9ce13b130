"""``conda-lock.yml``, the unified lock; source: CEP 37."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.documents import Document, Name, Source
from conda_preflight.grammar import lock_kind, package_list
from conda_preflight.grammar.lock_record import Record, layout, open_lock, version

TOP = frozenset(("version", "metadata", "package"))
PACKAGE = frozenset(
    (
        "name",
        "version",
        "manager",
        "platform",
        "dependencies",
        "constrains",
        "url",
        "hash",
        "source",
        "build",
        "category",
        "optional",
    )
)
"""The keys of one package: CEP 37's, and ``constrains``, which mamba reads."""


def recognizes(source: Source) -> bool:
    """A YAML text with a ``package`` list and ``metadata``, or a file of that name."""
    return lock_kind.kind_of(source) == lock_kind.CONDA_LOCK


def read(source: Source) -> list[Document]:
    """One Lock for all platforms, and a Layout where the syntax gave something away."""
    stream, top = open_lock(source.text, source.path, "conda-lock.yml")
    number = version(top, range(1, 2), default="1")
    entries = package_list.records(top)
    lock = package_list.lock(top, entries, lock_kind.CONDA_LOCK, number, "")
    return [lock, *layout(stream, source.path, lock_kind.CONDA_LOCK, _unknown(top, entries))]


def _unknown(top: Record, entries: list[Record]) -> Iterator[Name]:
    yield from top.unknown(TOP)
    yield from package_list.metadata(top).unknown(package_list.METADATA)
    for entry in entries:
        yield from entry.unknown(PACKAGE)
