"""One question for everything: an environment, a package, an advisory or a rule by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from conda_preflight.ledger.board import COUNTED, Board
from conda_preflight.ledger.book import Ledger
from conda_preflight.ledger.overview import Located, Sighting, State
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type

_ADVISORY = lazy_pattern(r"(?i)(CVE|GHSA|PYSEC|OSV|RUSTSEC|GO|MAL|BIT)-[\w-]+")
_ROWS = 100
_NAMED = 8


@document_type
class Found:
    """What was found; ``kind`` is package, advisory or rule, or empty where it is none of these.

    ``count`` says in how many places it is, and ``exact`` whether these are all; ``next`` is the
    number of an environment after which the next page begins, 0 at the end; ``alike`` are names
    that begin so.
    """

    query: str
    kind: str
    count: int
    exact: bool
    packages: tuple[Located, ...]
    findings: tuple[Sighting, ...]
    environments: tuple[State, ...]
    versions: Mapping[str, int]
    alike: tuple[str, ...]
    next: int


def search(ledger: Ledger, given: Mapping[str, Any]) -> Found:
    """What the words in the box mean; ``name=version`` is a package of one version."""
    text, after, board = given["q"], given["after"], ledger.board()
    if not text:
        return _found(text, "", 0)
    if _ADVISORY.fullmatch(text):
        return _advisory(board, text, after)
    if "/" in text and (count := board.findings_of_rule(text)):
        findings = board.sightings_of_rule(text, limit=_ROWS, after=after)
        more = findings and board.sightings_of_rule(text, limit=1, after=findings[-1].id)
        return _found(text, "rule", count, findings=findings, more=more)
    return _package(board, text, after)


def _advisory(board: Board, text: str, after: int) -> Found:
    """By the name as it was written, or in capitals; GHSA has small letters."""
    spelled = text[:5].upper() + text[5:].lower() if text[:5].lower() == "ghsa-" else text.upper()
    name = next((each for each in (text, spelled) if board.findings_of_advisory(each)), spelled)
    findings = board.sightings_of_advisory(name, limit=_ROWS, after=after)
    count = board.findings_of_advisory(name)
    alike = () if count else board.advisory_names(spelled)
    more = findings and board.sightings_of_advisory(name, limit=1, after=findings[-1].id)
    return _found(name, "advisory", count, findings=findings, alike=alike, more=more)


def _package(board: Board, text: str, after: int) -> Found:
    name, _, version = text.partition("=")
    version = version.lstrip("=")
    name = next((each for each in (name, name.lower()) if board.places_of_package(each)), name)
    count = board.places_of_package(name)
    packages = board.packages(name, version, limit=_ROWS, after=after) if count else ()
    more = packages and board.packages(name, version, limit=1, after=packages[-1].id)
    states = () if after else board.environments(sort="name", named=text, limit=_NAMED)
    alike = (*board.package_names(name.lower()), *board.rule_names(text))
    return _found(
        text,
        "package" if count else "",
        len(packages) if version and not more else count,
        more=more,
        packages=packages,
        environments=states,
        versions=dict(board.versions(name)) if count and not after else {},
        alike=tuple(each for each in alike if each != name),
    )


def _found(query: str, kind: str, count: int, **more: Any) -> Found:  # noqa: ANN401
    rows: Sequence[Located | Sighting] = more.get("packages") or more.get("findings") or ()
    return Found(
        query=query,
        kind=kind,
        count=min(count, COUNTED - 1),
        exact=count < COUNTED,
        packages=more.get("packages", ()),
        findings=more.get("findings", ()),
        environments=more.get("environments", ()),
        versions=more.get("versions", {}),
        alike=more.get("alike", ()),
        next=rows[-1].id if more.get("more") else 0,
    )
