"""One flaw, counted once: records that say they are of the same flaw stand together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from conda_preflight.documents.advisory import Advisory

_CANONICAL = ("CVE-", "GHSA-", "PYSEC-")


def grouped(records: Iterable[Advisory]) -> list[list[Advisory]]:
    """Records of one flaw, by ids and aliases; what is only related to it is another flaw."""
    groups: dict[str, list[Advisory]] = {}
    for record in records:
        names = (record.id, *record.aliases)
        joined = [record]
        for met in {id(groups[name]): groups[name] for name in names if name in groups}.values():
            joined[:0] = met
        for one in joined:
            groups.update(dict.fromkeys((one.id, *one.aliases), joined))
    return list({id(group): group for group in groups.values()}.values())


def identifiers(records: Sequence[Advisory]) -> tuple[str, ...]:
    """All ids of a flaw, the one to call it by first: CVE, GHSA, PYSEC, then any other."""
    names = {name for record in records for name in (record.id, *record.aliases)}
    return tuple(sorted(names, key=_order))


def _order(name: str) -> tuple[int, tuple[int, ...], str]:
    place = next((i for i, start in enumerate(_CANONICAL) if name.startswith(start)), 9)
    numbers = tuple(int(part) for part in name.split("-")[1:] if part.isdecimal())
    return place, numbers if place == 0 else (), name
