"""Lists beside the advisories: what changed, what is exploited, how likely that is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress

from conda_preflight.advisories.record import record_id
from conda_preflight.errors import ReadError
from conda_preflight.pattern import lazy_pattern

_MANY = 2_000_000
_MOMENT = 19
_DAY = lazy_pattern(r"\d{4}-\d{2}-\d{2}")
_CVE = lazy_pattern(r"CVE-\d{4}-\d{4,9}")


def listing(content: bytes) -> dict[str, str]:
    """When each record was modified, by id, from OSV's ``modified_id.csv``; raises ReadError.

    Source: https://google.github.io/osv.dev/data/; lines are ``<modified>,<id>``.
    """
    found = {}
    for line in content.decode("utf-8", "replace").splitlines()[:_MANY]:
        modified, comma, identifier = line.partition(",")
        if line.strip():
            if not comma:
                raise ReadError("the list of what changed is no list of times and ids")
            with suppress(ReadError):  # what cannot be an id cannot be asked for
                found[record_id(identifier.strip().rpartition("/")[2])] = modified[:40]
    return found


def changed(listed: Mapping[str, str], held: Mapping[str, str]) -> tuple[str, ...]:
    """The ids that are new or were modified, newest first; parts of seconds do not count."""
    found = [i for i, when in listed.items() if held.get(i, "")[:_MOMENT] != when[:_MOMENT]]
    return tuple(sorted(found, key=lambda i: listed[i], reverse=True))


def exploited(content: bytes) -> dict[str, str]:
    """The day on which CISA listed each CVE, from the JSON of its catalogue; raises ReadError."""
    try:
        rows = json.loads(content)["vulnerabilities"]
        found = {row["cveID"]: row["dateAdded"] for row in rows}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ReadError("the list of exploited vulnerabilities is not CISA's catalogue") from None
    days = {cve: day for cve, day in found.items() if _is(cve, _CVE) and _is(day, _DAY)}
    if not days:
        raise ReadError("the list of exploited vulnerabilities is empty")
    return days


def likelihoods(lines: Iterable[bytes]) -> dict[str, float]:
    """The EPSS score of each CVE, 0 to 1, from the lines of FIRST's file; raises ReadError.

    Source: https://www.first.org/epss/data_stats; a comment, ``cve,epss,percentile``, rows.
    """
    found = {}
    for line in lines:
        cve, _, rest = line.decode("ascii", "replace").partition(",")
        score = _number(rest.partition(",")[0])
        if score is not None and _CVE.fullmatch(cve):
            found[cve] = score
    if not found:
        raise ReadError("the list of likelihoods is not that of EPSS")
    return found


def _is(value: object, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _number(text: str) -> float | None:
    try:
        score = float(text)
    except ValueError:
        return None
    return score if 0 <= score <= 1 else None
