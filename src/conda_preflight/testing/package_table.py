"""Channels and wheels of an example, written as short tables of packages.

``main/linux-64.packages`` is the subdir of a channel, any other ``NAME.packages`` a folder
of wheels, which is an index for pip too. A line is
``NAME VERSION [BUILD] [FIELD=VALUE ...][: NEED, NEED]``; one that begins with a minus names a
file that the channel took back. A comma and a space divide needs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from conda_preflight.documents import PLATFORMS
from conda_preflight.plain import value_type

SUFFIX = ".packages"
_SUBDIRS = frozenset((*PLATFORMS, "noarch"))


@value_type
class Row:
    """One package of a table."""

    name: str
    version: str
    build: str = "0"
    needs: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()


def rows(text: str) -> Iterator[Row]:
    """The packages of a table; raises ValueError for a line without a version."""
    for line in text.splitlines():
        if line.strip() and not line.startswith("-"):
            head, _, needs = line.partition(":")
            name, version, *more = head.split()
            build = next((word for word in more if "=" not in word), "0")
            fields = (word.partition("=") for word in more if "=" in word)
            yield Row(
                name,
                version,
                build,
                needs=tuple(need.strip() for need in needs.split(", ") if need.strip()),
                fields=tuple((key, value) for key, _, value in fields),
            )


def write(tables: Mapping[str, str], folder: Path) -> None:
    """Write the channels and wheels of these tables, by file name, below a folder."""
    for name, text in tables.items():
        place = folder / name.removesuffix(SUFFIX)
        if place.name in _SUBDIRS:
            _write_subdir(place, text)
        else:
            _write_wheels(place, text)


def _write_subdir(place: Path, text: str) -> None:
    from conda_preflight.grammar.conda_url import build_number
    from conda_preflight.testing.channel import record
    from conda_preflight.testing.channel.index import write_repodata

    records = [
        record(
            row.name,
            row.version,
            build=row.build,
            build_number=build_number(row.build) or 0,
            subdir=place.name,
            noarch=_noarch(row) if place.name == "noarch" else "",
            depends=row.needs,
            **_fields(row),
        )
        for row in rows(text)
    ]
    file = write_repodata(place.parent, place.name, records)
    removed = [line[1:].strip() for line in text.splitlines() if line.startswith("-")]
    file.write_text(json.dumps(json.loads(file.read_text()) | {"removed": removed}))
    file.with_name("repodata.json.zst").unlink()
    if not (place.parent / "noarch").exists():
        write_repodata(place.parent, "noarch", ())


def _fields(row: Row) -> dict[str, Any]:
    return dict(row.fields)


def _noarch(row: Row) -> str:
    return "python" if any(need.split()[0] == "python" for need in row.needs) else "generic"


def _write_wheels(place: Path, text: str) -> None:
    from conda_preflight.testing.channel import make_wheel

    pages: dict[str, list[str]] = {}
    for row in rows(text):
        place.mkdir(parents=True, exist_ok=True)
        file = make_wheel(place, row.name, row.version, row.needs)
        yanked = "".join(f' data-yanked="{value}"' for _, value in row.fields)
        pages.setdefault(row.name, []).append(f'<a href="../{file.name}"{yanked}>{file.name}</a>')
    for name, links in pages.items():
        (place / name).mkdir(exist_ok=True)
        (place / name / "index.html").write_text("<!DOCTYPE html>" + "\n".join(links))
