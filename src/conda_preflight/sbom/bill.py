"""A bill of materials before any format: its components and who needs whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from conda_preflight.dependency_graph import VIRTUAL, graph
from conda_preflight.documents import Package
from conda_preflight.documents.advisory import Identity
from conda_preflight.grammar.purl import file_purl
from conda_preflight.grammar.url import redact
from conda_preflight.installation import Installation
from conda_preflight.plain import document_type
from conda_preflight.sbom.part import PROPERTY, Part, part_of

Identities = Mapping[Package, Sequence[Identity]]
"""Which products packages are, for those of which it is known."""

PHASES = ("design", "pre-build", "post-build")
"""CycloneDX's words for what was asked for, what was locked and what is installed."""


@document_type
class Bill:
    """What is written: parts in the order of their refs, and what was asked for first.

    ``name`` is what the bill is of; ``phase`` one of PHASES; ``roots`` are the refs of what was
    asked for and of what nothing needs; ``refs`` name the part of each package; ``newest`` is
    when the newest of the packages was built, in seconds since 1970, 0 unknown.
    """

    name: str
    phase: str
    parts: tuple[Part, ...]
    roots: tuple[str, ...] = ()
    refs: Mapping[Package, str] | None = None
    properties: tuple[tuple[str, str], ...] = ()
    newest: int = 0


def bill(
    name: str, phase: str, installations: Sequence[Installation], identities: Identities
) -> Bill:
    """The bill of one or several installations; a package that is in many of them is one part."""
    merging = _Merging()
    for installation in installations:
        merging.take(installation)
    packages = [package for one in installations for package in one.packages]
    return Bill(
        name=name,
        phase=phase,
        parts=tuple(merging.parts(identities)),
        roots=tuple(sorted(merging.roots)),
        refs=merging.refs,
        properties=tuple(_assumed(installations)),
        newest=max((package.timestamp for package in packages), default=0) // 1000,
    )


class _Merging:
    def __init__(self) -> None:
        self.refs: dict[Package, str] = {}
        self.roots: set[str] = set()
        self._first: dict[str, Package] = {}
        self._known: dict[tuple[str, ...], str] = {}
        self._needs: dict[str, set[str]] = {}
        self._notes: dict[str, dict[tuple[str, str], None]] = {}
        self._alike: Counter[str] = Counter()

    def take(self, installation: Installation) -> None:
        found = graph(installation)
        here = [package for package in installation.packages if not _is_virtual(package)]
        for package in here:
            self._note(package, "place", installation.place.text)
        needed: set[str] = set()
        for package in here:
            targets = (p for p in found.needs.get(package, ()) if not _is_virtual(p))
            needs = {self._ref(target) for target in targets} - {self._ref(package)}
            self._needs.setdefault(self._ref(package), set()).update(needs)
            needed |= needs
        for package, ask in found.asked:
            self._note(package, "asked", f"{ask.text} ({ask.place})")
            self.roots.add(self._ref(package))
        self.roots |= {ref for package in here if (ref := self._ref(package)) not in needed}

    def parts(self, identities: Identities) -> Iterator[Part]:
        for ref in sorted(self._first):
            package = self._first[ref]
            needs = sorted(self._needs.get(ref, ()))
            yield part_of(package, ref, identities.get(package, ()), needs, self._notes[ref])

    def _note(self, package: Package, name: str, text: str) -> None:
        self._notes.setdefault(self._ref(package), {}).setdefault((PROPERTY + name, redact(text)))

    def _ref(self, package: Package) -> str:
        """The package URL, with a number where another package has the same."""
        if package in self.refs:
            return self.refs[package]
        purl = file_purl(package)
        content = (purl, package.url, package.sha256, package.md5)
        ref = self._known.get(content)
        if ref is None:
            self._alike[purl] += 1
            ref = f"{purl}#{self._alike[purl]}" if purl in self._first else purl
            self._known[content], self._first[ref] = ref, package
        self.refs[package] = ref
        return ref


def _is_virtual(package: Package) -> bool:
    return package.manager == VIRTUAL or package.name.startswith("__")


def _assumed(installations: Sequence[Installation]) -> Iterator[tuple[str, str]]:
    """The virtual packages that each place was solved for, by name."""
    for installation in installations:
        for name, version in sorted(installation.virtual.items()):
            place = f"{installation.place.text} " if installation.place.text else ""
            yield f"{PROPERTY}virtual-package", f"{place}{name}={version}"
