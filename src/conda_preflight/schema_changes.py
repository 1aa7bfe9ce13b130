"""The member ``changes`` of the published report: written and read back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from conda_preflight.report import ChangedLine, ChangedPackage, ChangedSize, Changes, Finding

Json = dict[str, object]
_LINE = ("file", "part", "old", "new")
_PACKAGE = ("file", "where", "name", "old", "new", "old_licence", "new_licence")


def changes_json(
    changes: Changes,
    text: Callable[[str], str],
    places: Callable[[Finding], int],
    finding: Callable[[Finding], Json],
) -> Json:
    """The changes as plain values; what was gained is told by its place among the findings."""
    return {
        "since": text(changes.since),
        "notes": [text(note) for note in changes.notes],
        "lines": [{key: text(getattr(each, key)) for key in _LINE} for each in changes.lines],
        "packages": [
            {
                **{key: text(getattr(each, key)) for key in _PACKAGE},
                "change": text(each.kind),
                "growth": each.growth,
            }
            for each in changes.packages
        ],
        "sizes": [
            {
                "file": text(each.file),
                "where": text(each.where),
                "old": each.old,
                "new": each.new,
                "growth": each.growth,
            }
            for each in changes.sizes
        ],
        "gained": [places(each) for each in changes.gained],
        "lost": [finding(each) for each in changes.lost],
    }


def read_changes(
    data: Json, findings: Sequence[Finding], finding: Callable[[Json], Finding]
) -> Changes:
    """The changes of this JSON; raises KeyError, TypeError or IndexError where they are none."""
    return Changes(
        since=_text(data, "since"),
        lines=tuple(_line(row) for row in _rows(data, "lines")),
        packages=tuple(_package(row) for row in _rows(data, "packages")),
        sizes=tuple(_size(row) for row in _rows(data, "sizes")),
        gained=tuple(findings[_count(place)] for place in _list(data, "gained")),
        lost=tuple(map(finding, _rows(data, "lost"))),
        notes=tuple(_text({"note": note}, "note") for note in _list(data, "notes")),
    )


def _line(row: Json) -> ChangedLine:
    return ChangedLine(*(_text(row, key) for key in _LINE))


def _package(row: Json) -> ChangedPackage:
    file, where, name, old, new, before, after = (_text(row, key) for key in _PACKAGE)
    kind = _text(row, "change")
    return ChangedPackage(file, where, kind, name, old, new, _growth(row), before, after)


def _size(row: Json) -> ChangedSize:
    old, new = _count(row["old"]), _count(row["new"])
    return ChangedSize(_text(row, "file"), _text(row, "where"), old, new, _growth(row))


def _growth(row: Json) -> int | None:
    found = row["growth"]
    if found is None:
        return None
    if not isinstance(found, int) or isinstance(found, bool):
        raise TypeError("growth is no number")
    return found


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError(f"{value!r} is not a number from 0 up")
    return value


def _list(data: Json, key: str) -> list[object]:
    found = data[key]
    if not isinstance(found, list):
        raise TypeError(f"{key} is no list")
    return found


def _rows(data: Json, key: str) -> list[Json]:
    rows = _list(data, key)
    if not all(isinstance(row, dict) for row in rows):
        raise TypeError(f"{key} is no list of objects")
    return cast("list[Json]", rows)


def _text(data: Json, key: str) -> str:
    found = data[key]
    if not isinstance(found, str):
        raise TypeError(f"{key} is no text")
    return found
