"""The Python modules that a package brings, found in the list of its own files."""

from __future__ import annotations

import csv
import json
import posixpath
from collections.abc import Iterable, Iterator
from pathlib import Path

from conda_preflight.errors import ReadError
from conda_preflight.facts.names import normalized
from conda_preflight.grammar.dist_info import parse

_ENDINGS = (".py", ".so", ".pyd")
_NOT_FOR_IMPORT = frozenset(
    ("test", "tests", "testing", "docs", "doc", "example", "examples", "benchmark", "benchmarks")
)
"""Folders that projects install by mistake; nobody depends on importing them."""

MAX_DEPTH = 3


def modules(files: Iterable[str], site: str) -> tuple[str, ...]:
    """The top-level modules among files (paths in the prefix) below a site-packages folder.

    Of a namespace, which has no ``__init__`` of its own, the packages in it. Names with an
    underscore in front are private, and left out.
    """
    lead = site.rstrip("/") + "/"
    inside = [file.removeprefix(lead) for file in files if file.startswith(lead)]
    found = {name for file in inside if (name := _module(file))}
    return tuple(sorted(name for name in found if not _has_parent(name, found)))


def _module(file: str) -> str:
    """``a.b`` for ``a/b/__init__.py``, ``c`` for ``c.py`` or ``c.cpython-311-x.so``, or empty."""
    folder, name = posixpath.split(file)
    stem = name.partition(".")[0]
    if not name.endswith(_ENDINGS) or (folder and stem != "__init__"):
        return ""
    parts = folder.split("/") if folder else [stem]
    plain = all(p.isidentifier() and not p.startswith("_") for p in parts)
    wanted = plain and len(parts) <= MAX_DEPTH and parts[0] not in _NOT_FOR_IMPORT
    return ".".join(parts) if wanted else ""


def _has_parent(name: str, found: set[str]) -> bool:
    parts = name.split(".")
    return any(".".join(parts[:end]) in found for end in range(1, len(parts)))


def of_conda(prefix: Path, site: str) -> dict[str, tuple[str, ...]]:
    """The modules of each package in conda-meta, by the package's name."""
    found = {}
    for file in sorted((prefix / "conda-meta").glob("*.json")):
        record = json.loads(file.read_bytes())
        found[str(record["name"])] = modules(record["files"], site)
    return found


def of_pip(prefix: Path, site: str) -> dict[str, tuple[str, ...]]:
    """The modules of each project with a RECORD, by its normalized name."""
    found = {}
    for record in sorted((prefix / site).glob("*.dist-info/RECORD")):
        try:
            name = parse((record.parent / "METADATA").read_bytes(), b"", record.parent.name).name
            files = list(_recorded(record, site))
        except (OSError, ReadError, ValueError, csv.Error):
            continue  # what describes itself so badly brings nothing that could be tried
        found[normalized(name)] = modules(files, site)
    return found


def _recorded(record: Path, site: str) -> Iterator[str]:
    with record.open(encoding="utf-8", newline="") as stream:
        yield from (posixpath.normpath(f"{site}/{row[0]}") for row in csv.reader(stream) if row)
