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
    ``state`` is "affected", "not applicable", "contradicted", "unconfirmed" (weak or doubtful
    evidence alone), "fixed by a patch" or "product only", with ``reason`` for all but the
    first; ``exploited`` is CISA's date of listing (KEV), empty where it is not listed;
    ``likelihood`` is EPSS, None unknown.
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


@document_type
class Assessment:
    """What is known of the packages of one document, and of how many nothing can be known.

    ``vulnerabilities`` are those of every state, by package in file order, the gravest first;
    ``identified`` are all packages that were looked up, each once. ``uncovered`` are pairs
    (package, product) of products that no source has any record of, and ``unpinned`` names
    that are asked for without a version. ``ended`` are (package, sentence) for branches whose
    advisories nobody writes any more. ``sources`` are the names of what was matched against.
    """

    vulnerabilities: tuple[Vulnerability, ...] = ()
    identified: tuple[Identified, ...] = ()
    uncovered: tuple[tuple[Package, str], ...] = ()
    unpinned: tuple[str, ...] = ()
    ended: tuple[tuple[Package, str], ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def unidentified(self) -> tuple[Package, ...]:
        """Packages of which nobody knows what product they are."""
        return tuple(each.package for each in self.identified if not each.identities)

    @property
    def affected(self) -> tuple[Vulnerability, ...]:
        """Those that count: the others were judged not to apply, for the reason that they give."""
        return tuple(each for each in self.vulnerabilities if each.state == "affected")

    @property
    def summary(self) -> str:
        """``212 packages: 187 matched against 3 sources, 14 in products ...`` for every report."""
        total, unknown = len(self.identified), len(self.unidentified)
        uncovered = len({id(package) for package, _ in self.uncovered})
        sources = f"{len(self.sources)} source{'s' * (len(self.sources) != 1)}"
        parts = [f"{total - unknown - uncovered} matched against {sources}"]
        parts += [f"{uncovered} in products that no source covers"] if uncovered else []
        parts += [f"{unknown} unidentified"] if unknown else []
        parts += [f"{len(self.unpinned)} without a version"] if self.unpinned else []
        return f"{total} package{'s' * (total != 1)}: {', '.join(parts)}"
