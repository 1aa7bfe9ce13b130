"""What differs between two records, in flat values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Self

from conda_preflight.comparison import Change, Side
from conda_preflight.plain import value_type
from conda_preflight.record_difference import RecordDifference
from conda_preflight.web.shown import KeptFinding


@value_type
class Moved:
    """One package that came, went or changed; ``old`` or ``new`` is empty for none."""

    kind: str
    manager: str
    name: str
    old: str
    new: str
    places: tuple[str, ...]


@value_type
class Comparison:
    """Two records: findings that came and went, those not asked for again, packages."""

    old: int
    new: int
    old_verdict: str
    new_verdict: str
    came: tuple[KeptFinding, ...]
    went: tuple[KeptFinding, ...]
    unasked: tuple[KeptFinding, ...]
    packages: tuple[Moved, ...]
    packages_known: bool

    @classmethod
    def of(cls, old: int, new: int, found: RecordDifference) -> Self:
        """A difference with the numbers of its records."""
        return cls(
            old=old,
            new=new,
            old_verdict=found.old.verdict,
            new_verdict=found.new.verdict,
            came=tuple(map(KeptFinding.of, found.came)),
            went=tuple(map(KeptFinding.of, found.went)),
            unasked=tuple(map(KeptFinding.of, found.unasked)),
            packages=tuple(_packages(found)),
            packages_known=found.packages is not None,
        )


def _packages(found: RecordDifference) -> Iterator[Moved]:
    told = found.packages.packages if found.packages else None
    for change in told.changes if told else ():
        yield _moved(change)


def _moved(change: Change) -> Moved:
    side = change.new or change.old
    places = tuple(f"{m.place.environment} {m.place.platform}".strip() for m in change.moves)
    return Moved(
        change.kind,
        side.manager if side else "",
        side.name if side else "",
        _said(change.old),
        _said(change.new),
        places,
    )


def _said(side: Side | None) -> str:
    return " ".join(filter(None, (side.version, side.detail))) if side else ""
