"""Known vulnerabilities, and which product a package is to those who write about them."""

from __future__ import annotations

from conda_preflight.documents.lock import Package
from conda_preflight.plain import document_type, value_type


@value_type
class Identity:
    """What a package is called where advisories are written.

    ``ecosystem`` is "PyPI", or "Upstream" for a native product; ``version`` is the product's,
    ``how`` says by what it was identified ("dist-info", "purl", "name map", "native table",
    "recipe").
    """

    ecosystem: str
    name: str
    version: str
    how: str


@value_type
class Identified:
    """A package with every product that it is; none where it is not known.

    ``patches`` are file names of patches in its recipe, where that is at hand; ``wheel`` is
    true where its files are a wheel that bundles libraries, as pip installs it.
    """

    package: Package
    identities: tuple[Identity, ...] = ()
    patches: tuple[str, ...] = ()
    wheel: bool = False


@value_type
class Affected:
    """Which versions of one product a record is about.

    ``ranges`` hold events in the order of the record: ("introduced" | "fixed" |
    "last_affected" | "limit", version); ``versions`` are single ones; ``scheme`` is how
    versions are ordered ("pep440", "generic", "openssl", ...), empty where the ecosystem says it.
    """

    ecosystem: str
    name: str
    ranges: tuple[tuple[tuple[str, str], ...], ...] = ()
    versions: tuple[str, ...] = ()
    scheme: str = ""


@document_type
class Advisory:
    """One record of a source, as the database holds it.

    ``vectors`` are (type, CVSS vector) as written; ``score`` is 0 to 10, None where nobody
    scored it; ``rating`` is "LOW", "MEDIUM", "HIGH", "CRITICAL" or empty; ``source`` and
    ``precision`` say who wrote it and how exactly; ``words`` is its text, which may narrow
    what it is about; ``notes`` are what readers of the record must know (curl's "lib" or
    "tool", a product's component).
    """

    id: str
    affected: tuple[Affected, ...]
    aliases: tuple[str, ...] = ()
    summary: str = ""
    words: str = ""
    modified: str = ""
    withdrawn: str = ""
    vectors: tuple[tuple[str, str], ...] = ()
    score: float | None = None
    rating: str = ""
    source: str = ""
    precision: str = ""
    notes: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


@document_type
class Vulnerability:
    """One flaw in one package, all its records together.

    ``ids`` has the canonical id first (CVE, else GHSA, else the source's); ``evidence`` is
    "upstream", "vendor", "advisory", "cpe", "repackager" or "rule", the best of its records;
    ``matched`` says which range of which record matched; ``fixed`` are versions without it;
    ``state`` is "affected", "not applicable", "contradicted", "fixed by a patch" or
    "product only", with ``reason`` for all but the first; ``exploited`` is CISA's date of
    listing (KEV), empty where it is not listed; ``likelihood`` is EPSS, None unknown.
    """

    package: Package
    identity: Identity
    ids: tuple[str, ...]
    records: tuple[str, ...]
    matched: str
    state: str = "affected"
    reason: str = ""
    summary: str = ""
    score: float | None = None
    rating: str = ""
    evidence: str = ""
    fixed: tuple[str, ...] = ()
    exploited: str = ""
    likelihood: float | None = None
    notes: tuple[str, ...] = ()


@value_type
class Feed:
    """What a database holds of one source, and where and when it came from.

    ``kind`` is "advisories", "exploited" (CISA's KEV) or "likelihood" (EPSS); ``sha256``,
    ``etag`` and ``last_modified`` are those of the whole file last fetched; ``newest`` is the
    time of the newest record, ``fetched`` when the source was last asked, both in UTC
    (``2026-01-31T12:00:00Z``); ``problems`` say what was left out.
    """

    name: str
    kind: str
    url: str = ""
    sha256: str = ""
    etag: str = ""
    last_modified: str = ""
    records: int = 0
    newest: str = ""
    licence: str = ""
    fetched: str = ""
    problems: tuple[str, ...] = ()
