"""One document against what the sources know: identified, matched, and what is left counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from conda_preflight.advisories.identity import NATIVE, identify, in_prefix
from conda_preflight.advisories.ranking import is_context
from conda_preflight.advisories.source import Source
from conda_preflight.advisories.subjects import Subject, packages_of, unpinned
from conda_preflight.documents import Package, Prefix
from conda_preflight.documents.advisory import Assessment, Identified, Vulnerability
from conda_preflight.facts.branch_ends import end_of

Patches = Callable[[Prefix, Package], Sequence[str]]


def assess(
    subject: Subject, source: Source, today: date, patches: Patches | None = None
) -> Assessment:
    """What is known of the packages of a document; raises what the source raises."""
    identified = _identified(subject)
    source.prepare((i.ecosystem, i.name, i.version) for each in identified for i in each.identities)
    found = matched(identified, source)
    if isinstance(subject, Prefix) and patches is not None:
        identified = _patched(subject, identified, found, patches)
        found = matched(identified, source)
    return Assessment(
        vulnerabilities=_ranked(found, identified, source),
        identified=identified,
        uncovered=tuple(_uncovered(identified, source)),
        unpinned=unpinned(subject),
        ended=tuple(_ended(identified, today)),
        sources=tuple(feed.name for feed in source.feeds if feed.kind == "advisories"),
    )


def matched(identified: Sequence[Identified], source: Source) -> tuple[Vulnerability, ...]:
    """All flaws of these packages, of every state."""
    from conda_preflight.advisories.matching import match

    return tuple(match(identified, source.lookup))


def _identified(subject: Subject) -> tuple[Identified, ...]:
    if isinstance(subject, Prefix):
        return in_prefix(subject)
    return identify(packages_of(subject))


def _patched(
    prefix: Prefix,
    identified: Iterable[Identified],
    found: Iterable[Vulnerability],
    patches: Patches,
) -> tuple[Identified, ...]:
    """With the patches in the recipes of those packages of which there is something to mend."""
    flawed = {id(each.package) for each in found}
    return tuple(
        replace(each, patches=tuple(patches(prefix, each.package)))
        if id(each.package) in flawed
        else each
        for each in identified
    )


def _uncovered(identified: Iterable[Identified], source: Source) -> Iterator[tuple[Package, str]]:
    """Packages of which every product is one that no source has any record of."""
    for each in identified:
        names = [i.name for i in each.identities]
        if names and not any(_is_covered(i.ecosystem, i.name, source) for i in each.identities):
            yield each.package, names[0]


def _ended(identified: Iterable[Identified], today: date) -> Iterator[tuple[Package, str]]:
    """Packages of branches that had their end before this day."""
    for each in identified:
        for identity in each.identities:
            branch, day = end_of(identity.name, identity.version)
            if identity.ecosystem == NATIVE and "" < day < today.isoformat():
                told = f"{each.package.name} {each.package.version} is of the branch {branch} of"
                why = "what was found since then may be in it, and no advisory names it"
                yield each.package, f"{told} {identity.name}, which ended on {day}: {why}."


def _is_covered(ecosystem: str, name: str, source: Source) -> bool:
    """Whoever covers PyPI covers all of it; of a native product a record must tell releases."""
    if ecosystem != NATIVE:
        return True
    return any(not is_context(record) for record in source.lookup(ecosystem, name))


def _ranked(
    found: Sequence[Vulnerability], identified: Iterable[Identified], source: Source
) -> tuple[Vulnerability, ...]:
    """By package in their order, the gravest first, with what CISA and FIRST say of them."""
    names = {name for each in found for name in each.ids if name.startswith("CVE-")}
    exploited, likely = source.exploited(names), source.likelihoods(names)
    place = {id(each.package): number for number, each in enumerate(identified)}
    told = [
        replace(
            each,
            exploited=next((exploited[i] for i in each.ids if i in exploited), ""),
            likelihood=max((likely[i] for i in each.ids if i in likely), default=None),
        )
        for each in found
    ]
    return tuple(sorted(told, key=lambda e: (place[id(e.package)], *_gravest_first(e))))


def _gravest_first(found: Vulnerability) -> tuple[bool, float, tuple[str, ...]]:
    return not found.exploited, -(found.score or 0.0), found.ids
