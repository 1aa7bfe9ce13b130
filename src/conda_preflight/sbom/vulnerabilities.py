"""Vulnerabilities as CycloneDX has them, with what was found out about each: a VEX as well.

Source: "vulnerabilities" in https://cyclonedx.org/docs/1.7/json/.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from cyclonedx.model import Property, XsUri
from cyclonedx.model.impact_analysis import (
    ImpactAnalysisAffectedStatus,
    ImpactAnalysisJustification,
    ImpactAnalysisResponse,
    ImpactAnalysisState,
)
from cyclonedx.model.vulnerability import (
    BomTarget,
    BomTargetVersionRange,
    VulnerabilityAnalysis,
    VulnerabilityRating,
    VulnerabilityReference,
    VulnerabilitySeverity,
    VulnerabilitySource,
)
from cyclonedx.model.vulnerability import Vulnerability as Entry

from conda_preflight.documents.advisory import Vulnerability
from conda_preflight.plain import value_type
from conda_preflight.sbom.part import PROPERTY

_SOURCES = (
    ("CVE-", "CVE", "https://www.cve.org/CVERecord?id="),
    ("GHSA-", "GitHub", "https://github.com/advisories/"),
)


@value_type
class Analysis:
    """What somebody found out about a vulnerability, in CycloneDX's words.

    ``state`` is "exploitable", "in_triage", "false_positive", "not_affected", "resolved" or
    "resolved_with_pedigree"; ``justification`` and ``responses`` are as the format lists them.
    """

    state: str
    justification: str = ""
    detail: str = ""
    responses: tuple[str, ...] = ()


STATES = {
    "not applicable": ("not_affected", "code_not_present"),
    "contradicted": ("false_positive", ""),
    "unconfirmed": ("in_triage", ""),
    "fixed by a patch": ("resolved_with_pedigree", ""),
    "product only": ("in_triage", ""),
}
"""State and justification of a vulnerability that a version alone would find."""


def entries(
    vulnerabilities: Iterable[Vulnerability],
    refs: Callable[[Vulnerability], Sequence[str]],
    decisions: Mapping[Vulnerability, Analysis] | None = None,
) -> list[Entry]:
    """One entry for each flaw in each package, in the order of ids.

    ``refs`` are those of the components that it is in; one without any is left out.
    ``decisions`` are what people found out, which goes before what the matching did.
    """
    known = decisions or {}
    found = [
        _entry(each, targets, known.get(each) or analysis_of(each))
        for each in vulnerabilities
        if (targets := refs(each))
    ]
    return sorted(found, key=lambda entry: str(entry.bom_ref.value))


def analysis_of(vulnerability: Vulnerability) -> Analysis | None:
    """What the matching found out beyond the version, None where nothing."""
    if vulnerability.state not in STATES:
        return None
    state, justification = STATES[vulnerability.state]
    return Analysis(state, justification, vulnerability.reason)


def _entry(flaw: Vulnerability, refs: Sequence[str], analysis: Analysis | None) -> Entry:
    first, *others = flaw.ids
    names = dict.fromkeys((*others, *flaw.records))
    names.pop(first, None)
    return Entry(
        bom_ref=f"{first}:{refs[0]}",
        id=first,
        source=_source(first),
        references=[VulnerabilityReference(id=name, source=_source(name)) for name in names],
        ratings=list(_ratings(flaw)),
        description=flaw.summary or None,
        recommendation=_advice(flaw),
        analysis=_analysis(analysis) if analysis else None,
        affects=[_target(ref, flaw, analysis) for ref in refs],
        properties=[Property(name=PROPERTY + name, value=text) for name, text in _told(flaw)],
    )


def _source(name: str) -> VulnerabilitySource:
    for lead, source, page in _SOURCES:
        if name.startswith(lead):
            return VulnerabilitySource(name=source, url=XsUri(page + name))
    return VulnerabilitySource(name="OSV")


def _ratings(flaw: Vulnerability) -> Iterator[VulnerabilityRating]:
    severity = VulnerabilitySeverity(flaw.rating.lower() or "unknown")
    score = None if flaw.score is None else Decimal(str(flaw.score))
    yield VulnerabilityRating(score=score, severity=severity)


def _advice(flaw: Vulnerability) -> str | None:
    return f"Upgrade {flaw.package.name} to {' or '.join(flaw.fixed)}." if flaw.fixed else None


def _analysis(analysis: Analysis) -> VulnerabilityAnalysis:
    word = analysis.justification
    return VulnerabilityAnalysis(
        state=ImpactAnalysisState(analysis.state),
        justification=ImpactAnalysisJustification(word) if word else None,
        responses=[ImpactAnalysisResponse(each) for each in analysis.responses],
        detail=analysis.detail or None,
    )


def _target(ref: str, flaw: Vulnerability, analysis: Analysis | None) -> BomTarget:
    state = analysis.state if analysis else "affected"
    free = state in ("not_affected", "false_positive", "resolved", "resolved_with_pedigree")
    status = ImpactAnalysisAffectedStatus.AFFECTED
    if free:
        status = ImpactAnalysisAffectedStatus.UNAFFECTED
    version = flaw.package.version or flaw.identity.version
    return BomTarget(ref=ref, versions=[BomTargetVersionRange(version=version, status=status)])


def _told(flaw: Vulnerability) -> Iterator[tuple[str, str]]:
    """What makes it more or less urgent, and what was compared."""
    yield from (("evidence", flaw.evidence), ("matched", flaw.matched)) if flaw.matched else ()
    if flaw.exploited:
        yield "exploited-since", flaw.exploited
    if flaw.likelihood is not None:
        yield "epss", f"{flaw.likelihood:.5f}"
    yield from (("note", note) for note in flaw.notes)
