"""One component of a bill of materials, before any format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote, unquote

from conda_preflight.documents import Package
from conda_preflight.documents.advisory import Identity
from conda_preflight.grammar.conda_url import split
from conda_preflight.grammar.licence import Licence, licence_of
from conda_preflight.grammar.purl import file_purl, purl_of
from conda_preflight.grammar.url import redact
from conda_preflight.installation import NOWHERE
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type

PROPERTY = "conda-preflight:"
"""What the names of our properties begin with."""

_USER = lazy_pattern(r"(?<=://)[^/?#@\s]{0,1024}@")
_DOWNLOAD = lazy_pattern(r"(?:[a-z]{2,5}\+)?(?:https?|s3|gs|oci|ssh|git)://", 0)
_LONE_PERCENT = lazy_pattern(r"%(?![0-9A-Fa-f]{2})")
_SAFE = "/:@%+~,;=!$&()*"


@value_type
class Part:
    """One component: a package as a bill of materials tells of it.

    ``ref`` names it in the document; ``purls`` are its identities, the main one first, and
    ``cpe`` one more; ``digests`` are (algorithm, hex) with "sha256" or "md5"; ``url`` has no
    credentials and is no path of this machine; ``needs`` are refs; ``properties`` hold what the
    formats have no field for, and ``identities`` which products it is.
    """

    ref: str
    name: str
    version: str
    purls: tuple[str, ...]
    licence: Licence = Licence("")
    supplier: str = ""
    url: str = ""
    file: str = ""
    digests: tuple[tuple[str, str], ...] = ()
    needs: tuple[str, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    cpe: str = ""
    identities: tuple[Identity, ...] = ()


def part_of(
    package: Package,
    ref: str,
    identities: Sequence[Identity],
    needs: Iterable[str],
    notes: Iterable[tuple[str, str]],
) -> Part:
    """The component of a package; ``notes`` are properties that its package does not tell."""
    url = address(package.url)
    digests = (("sha256", package.sha256), ("md5", package.md5))
    return Part(
        ref=ref,
        name=package.name,
        version=package.version,
        purls=tuple(dict.fromkeys((file_purl(package), *map(project_purl, _projects(identities))))),
        licence=licence_of(package.licence),
        supplier=redact(package.channel) if package.manager == "conda" else "",
        url=url,
        file=redact(unquote(split(package.url)[1])) if package.url else "",
        digests=tuple((name, value) for name, value in digests if value),
        needs=tuple(needs),
        properties=(*_properties(package, identities), *(n for n in notes if n[1])),
        identities=tuple(identities),
    )


def address(url: str) -> str:
    """Where a file can be fetched, without credentials; empty for a path of this machine.

    A query is left out: what it holds is a signature that ends, or a secret.
    """
    plain = url.partition("#")[0].partition("?")[0]
    if not _DOWNLOAD.match(plain):
        return ""
    whole = _LONE_PERCENT.sub("%25", redact(_USER.sub("", plain)))
    return quote(whole.encode("utf-8", "replace"), safe=_SAFE)


def project_purl(identity: Identity) -> str:
    """The package URL of a project of PyPI."""
    return purl_of(Package("pypi", identity.name, identity.version, NOWHERE))


def generic_purl(identity: Identity) -> str:
    """The package URL of a native product, which belongs to no ecosystem."""
    return f"pkg:generic/{project_purl(identity).removeprefix('pkg:pypi/')}"


def _projects(identities: Iterable[Identity]) -> Iterator[Identity]:
    return (identity for identity in identities if identity.ecosystem == "PyPI")


def _properties(package: Package, identities: Sequence[Identity]) -> Iterator[tuple[str, str]]:
    """What the formats have no field for, with the same names in both."""
    told = {
        "build-number": "" if package.build_number is None else str(package.build_number),
        "noarch": package.noarch,
        "size": str(package.size or ""),
        "category": "" if package.category == "main" else package.category,
        "editable": "true" if package.editable else "",
        "requires-python": package.requires_python,
        "licence": package.licence[:1000],
        "licence-family": package.licence_family,
    }
    yield from ((PROPERTY + name, value) for name, value in told.items() if value)
    yield from ((f"{PROPERTY}constrains", redact(text)) for text in package.constrains)
    if len(package.hashes) > 1:
        yield from ((f"{PROPERTY}hash-of-a-file", text) for text in package.hashes)
    for identity in identities:
        told_by = f"{identity.ecosystem} {identity.name} {identity.version} ({identity.how})"
        yield f"{PROPERTY}identity", told_by
