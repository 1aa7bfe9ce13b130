"""What other scanners read of a bill, and a bill in which they find it.

Sources: the documentation of `snyk sbom test` (the types of package URLs that it supports), of
`trivy sbom` and of Trivy's coverage of conda (packages are listed, vulnerabilities are not
matched), and of Grype's matching (by package URL for Python, by CPE for what has no ecosystem).
None of them looks a package of conda up by its own package URL, so that the main identity becomes
the project of PyPI, or what stands nearest to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conda_preflight.facts.cpe_names import cpe_of
from conda_preflight.grammar.purl import kind_of
from conda_preflight.plain import value_type
from conda_preflight.sbom.bill import Bill
from conda_preflight.sbom.part import Part, generic_purl, project_purl


@value_type
class Scanner:
    """A scanner: the format that it reads best, and how it is told of a native product.

    ``native`` is "purl" for a generic package URL, "cpe", or empty where it looks up none.
    """

    form: str
    native: str


SCANNERS = {
    "trivy": Scanner("cyclonedx-1.6", ""),
    "snyk": Scanner("cyclonedx-1.6", "purl"),
    "grype": Scanner("cyclonedx-1.6", "cpe"),
}


def facing(bill: Bill, scanner: Scanner) -> Bill:
    """The bill with the identities first by which this scanner looks packages up."""
    parts = sorted((p for part in bill.parts for p in _faced(part, scanner)), key=lambda p: p.ref)
    return replace(bill, parts=tuple(parts))


def _faced(part: Part, scanner: Scanner) -> Iterator[Part]:
    if kind_of(part.purls[0]) != "conda":
        yield part
        return
    projects = [each for each in part.identities if each.ecosystem == "PyPI"]
    if not projects:
        yield _native(part, scanner)
        return
    first, *others = projects
    inner = tuple(
        Part(f"{part.ref}#{each.name}", each.name, each.version, (project_purl(each),))
        for each in others
    )
    yield replace(
        part,
        name=first.name,
        version=first.version,
        purls=(project_purl(first), part.purls[0]),
        needs=(*part.needs, *(each.ref for each in inner)),
    )
    yield from inner


def _native(part: Part, scanner: Scanner) -> Part:
    product = next((each for each in part.identities if each.ecosystem != "PyPI"), None)
    if product is None:
        return part
    if scanner.native == "purl":
        return replace(part, purls=(generic_purl(product), *part.purls))
    cpe = cpe_of(product.name, product.version) if scanner.native == "cpe" else ""
    return replace(part, cpe=cpe)
