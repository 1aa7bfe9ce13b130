"""Packages against advisories: which flaws each of them has, and which only seem so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from conda_preflight.advisories.applicability import Case, Judgement, judged, text_of
from conda_preflight.advisories.grouping import grouped, identifiers
from conda_preflight.advisories.hints import hints
from conda_preflight.advisories.ranges import OPEN, Verdict, evaluate, scheme_of
from conda_preflight.advisories.ranking import REVIEWED, Standing, is_context, standing
from conda_preflight.advisories.scoring import severity
from conda_preflight.advisories.versions import key
from conda_preflight.documents.advisory import Advisory, Identified, Identity, Vulnerability
from conda_preflight.plain import value_type

Lookup = Callable[[str, str], Sequence[Advisory]]


@value_type
class _Said:
    """What one record says of one version."""

    record: Advisory
    verdict: Verdict
    standing: Standing
    scheme: str


def match(identified: Iterable[Identified], lookup: Lookup) -> tuple[Vulnerability, ...]:
    """Every flaw of every package, of every state; records that were withdrawn count for nothing.

    ``lookup`` gives all records about a product by ecosystem and name.
    """
    return tuple(flaw for each in identified for flaw in _of_package(each, lookup))


def _of_package(identified: Identified, lookup: Lookup) -> Iterator[Vulnerability]:
    """The flaws of all products that a package is, each told once."""
    told: set[str] = set()
    for identity in identified.identities:
        for flaw in _of_product(identified, identity, lookup(identity.ecosystem, identity.name)):
            if flaw.state != "affected" or told.isdisjoint(flaw.ids):
                yield flaw
            if flaw.state == "affected":
                told.update(flaw.ids)


def _of_product(
    identified: Identified, identity: Identity, records: Sequence[Advisory]
) -> Iterator[Vulnerability]:
    said = [found for each in records if (found := _said(each, identity))]
    matched = {name for each in said if each.verdict.matched for name in _names(each.record)}
    if not matched:
        return
    by_id = {each.record.id: each for each in said}
    for group in grouped(each.record for each in said):
        members = [by_id[record.id] for record in group]
        if any(each.verdict.matched for each in members):
            yield _flaw(identified, identity, members)


def _names(record: Advisory) -> tuple[str, ...]:
    return (record.id, *record.aliases)


def _said(record: Advisory, identity: Identity) -> _Said | None:
    """None where a record is withdrawn, or says nothing that a version can be compared with."""
    if record.withdrawn or is_context(record):
        return None
    best: _Said | None = None
    for affected in record.affected:
        if affected.name == identity.name and affected.ecosystem == identity.ecosystem:
            verdict = evaluate(affected, identity.version)
            if verdict.decides and (best is None or not best.verdict.matched):
                best = _Said(record, verdict, standing(record), scheme_of(affected))
    return best


def _flaw(identified: Identified, identity: Identity, members: list[_Said]) -> Vulnerability:
    members.sort(key=lambda each: each.standing.place)
    hits = [each for each in members if each.verdict.matched]
    records = [each.record for each in hits]
    ids = identifiers([each.record for each in members])
    text = text_of(records)
    judgement = judged(Case(identified, identity, ids, records, text)) or _doubt(members, hits)
    firm = min(hits, key=lambda each: bool(each.verdict.doubt))
    score, word = severity(records)
    notes = [note for each in hits for note in each.verdict.notes]
    return Vulnerability(
        package=identified.package,
        identity=identity,
        ids=ids,
        records=tuple(each.id for each in records),
        matched=f"{identity.name} {firm.verdict.matched} ({firm.record.id})",
        state=judgement.state if judgement else "affected",
        reason=judgement.reason if judgement else "",
        summary=next((each.summary for each in records if each.summary), records[0].words[:200]),
        score=score,
        rating=word,
        evidence=hits[0].standing.evidence,
        fixed=_fixed(hits),
        notes=tuple(dict.fromkeys((*hints(text, identity.name), *notes))),
    )


def _doubt(members: Sequence[_Said], hits: Sequence[_Said]) -> Judgement | None:
    """Whether who knows better denies it, or only who knows little says it."""
    best = members[0].standing.place
    if hits[0].standing.place > best:
        denier = members[0].record
        return Judgement(
            "contradicted", f"{denier.id} ({denier.source}), which knows better, says no"
        )
    if all(each.verdict.doubt and not _may_be_open(each) for each in hits):
        return Judgement("unconfirmed", hits[0].verdict.doubt)
    if hits[0].standing.evidence == "repackager":
        return Judgement("unconfirmed", "only a repackager says so, of the version it replaced")
    return None


def _may_be_open(said: _Said) -> bool:
    """Whether somebody looked: a flaw that nobody has mended has no end in a good advisory."""
    return said.verdict.doubt == OPEN and said.standing.place <= REVIEWED


def _fixed(hits: Sequence[_Said]) -> tuple[str, ...]:
    """Versions that end the ranges of the best record that has some, lowest first."""
    best = next((each for each in hits if each.verdict.fixed), None)
    if best is None:
        return ()
    return tuple(sorted(best.verdict.fixed, key=lambda one: key(best.scheme, one) or ()))
