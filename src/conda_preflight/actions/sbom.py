"""Makes a bill of materials of what somebody named: a project, lock, prefix, image or bill."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from conda_preflight.advisories.identity import identify, in_prefix
from conda_preflight.advisories.subjects import Subject as Assessed
from conda_preflight.advisories.subjects import packages_of
from conda_preflight.advisories.vulnerabilities import Vulnerabilities
from conda_preflight.config import Settings
from conda_preflight.documents import (
    Location,
    Manifest,
    Package,
    Prefix,
    Requirements,
    Sbom,
    Unreadable,
)
from conda_preflight.documents.advisory import Identified, Vulnerability
from conda_preflight.errors import UsageError
from conda_preflight.image_marks import is_system, may_be_image
from conda_preflight.installation import Installation, Place, declared, of_prefix
from conda_preflight.plain import document_type, value_type
from conda_preflight.sbom.bill import PHASES, Bill, bill
from conda_preflight.sbom.scanners import SCANNERS, facing
from conda_preflight.selection import Choice, place_of

FORMATS = ("cyclonedx-1.6", "cyclonedx-1.7", "spdx-2.3")
DESIGN, LOCKED, INSTALLED = PHASES


@document_type
class Opened:
    """What a bill is made of: installations, what their packages are, and what is looked up.

    ``assessed`` are the documents that vulnerabilities are looked up for, ``notes`` sentences
    about what could not be read.
    """

    name: str
    phase: str
    installations: tuple[Installation, ...]
    identified: tuple[Identified, ...]
    assessed: tuple[Assessed, ...] = ()
    notes: tuple[str, ...] = ()


@value_type
class Form:
    """How a bill is written: one of FORMATS (or empty), for a scanner (or none), at a time."""

    name: str = ""
    scanner: str = ""
    moment: int | None = None


def opened(path: Path, choice: Choice) -> Opened:
    """What a path holds, narrowed by the choice; raises UsageError where that is nothing."""
    if (path / "conda-meta").is_dir():
        return _of_prefix(path)
    if is_system(path) or may_be_image(path):
        return _of_image(path)
    if path.is_file():
        from conda_preflight.intake import read_file

        for document in read_file(path, path.name):
            if isinstance(document, Sbom):
                return _of_sbom(document)
    return _of_project(path, choice)


def make(found: Opened, form: Form, known: Vulnerabilities | None = None) -> str:
    """The text of the bill; raises Skip where vulnerabilities are wanted and nothing answers."""
    scanner = SCANNERS.get(form.scanner)
    name = form.name or (scanner.form if scanner else FORMATS[0])
    whole = bill(
        found.name,
        found.phase,
        found.installations,
        {each.package: each.identities for each in found.identified},
    )
    flaws = [f for doc in found.assessed for f in known.of(doc).vulnerabilities] if known else []
    refs = _Refs(whole)
    faced = facing(whole, scanner) if scanner else whole
    if name.startswith("spdx"):
        from conda_preflight.sbom import spdx
        from conda_preflight.sbom.links import links

        return spdx.write(faced, links(flaws, refs.of), form.moment)
    from conda_preflight.sbom import cyclonedx
    from conda_preflight.sbom.vulnerabilities import entries

    version = name.rpartition("-")[2]
    return cyclonedx.write(faced, version, entries(flaws, refs.of), form.moment)


class _Refs:
    """The parts of a bill that a flaw is in, by what was looked up."""

    def __init__(self, whole: Bill) -> None:
        self._known: dict[tuple[str, str, str], dict[str, None]] = {}
        for package, ref in (whole.refs or {}).items():
            self._known.setdefault(_key(package), {}).setdefault(ref)

    def of(self, flaw: Vulnerability) -> Sequence[str]:
        return tuple(self._known.get(_key(flaw.package), ()))


def _key(package: Package) -> tuple[str, str, str]:
    return package.manager, package.name, package.version


def _of_prefix(path: Path) -> Opened:
    from conda_preflight.readers import prefix

    name = path.resolve().name
    first, *unread = prefix.read(path, name)
    assert isinstance(first, Prefix)  # noqa: S101  (for the type checker)
    notes = tuple(f"{each.path}: {each.message}" for each in unread if hasattr(each, "message"))
    return Opened(name, INSTALLED, (of_prefix(first),), in_prefix(first), (first,), notes)


def _of_image(path: Path) -> Opened:
    """All environments of an image; what is unpacked of it is gone afterwards."""
    from conda_preflight.image_project import opened as open_image

    with open_image(path, Settings(), lambda *_: None) as image:
        prefixes = image.project.of(Prefix)
        unread = image.project.of(Unreadable)
        if not prefixes:
            why = f"{unread[0].path}: {unread[0].message}" if unread else str(path)
            raise UsageError(f"{why}: no environment can be read", "Name an image that has one.")
        identified = tuple(each for prefix in prefixes for each in in_prefix(prefix))
        notes = tuple(f"{each.path}: {each.message}" for each in unread)
        places = tuple(map(of_prefix, prefixes))
        return Opened(path.resolve().name, INSTALLED, places, identified, prefixes, notes)


def _of_sbom(document: Sbom) -> Opened:
    """The same bill in another format; what it lists beside packages of both is left out."""
    subdir = next((p.platform for p in document.packages if p.platform), "")
    installation = Installation(Place("", subdir), document.packages, subdir)
    left = sum(document.others.values())
    notes = (f"{left} components are neither of conda nor of PyPI: left out",) if left else ()
    name = document.name or document.path
    found = identify(document.packages)
    return Opened(name, INSTALLED, (installation,), found, (document,), notes)


def _of_project(path: Path, choice: Choice) -> Opened:
    from conda_preflight.subject import open_subject

    subject = open_subject(str(path), choice)
    titles = (m.name.text for m in subject.manifests if isinstance(m, Manifest) and m.name)
    name = next(filter(None, titles), "") or posixpath.basename(path.resolve().as_posix())
    if not subject.installations:
        wanted = tuple(_pinned(m) for m in subject.manifests)
        found = identify(p for one in wanted for p in one.packages)
        return Opened(name, DESIGN, wanted, found, subject.manifests, subject.notes)
    packages = tuple(p for one in subject.installations for p in one.packages)
    looked_up = Sbom(subject.lock, "lock", "", Location(subject.lock), packages, name)
    found = identify(packages)
    return Opened(name, LOCKED, subject.installations, found, (looked_up,), subject.notes)


def _pinned(manifest: Manifest | Requirements) -> Installation:
    """What a manifest asks for, with the versions of what it asks for in one version only."""
    installation = declared(manifest, place_of(manifest))
    exact = _by_name(packages_of(manifest))
    packages = tuple(exact.get((p.manager, p.name), p) for p in installation.packages)
    return replace(installation, packages=packages, unlinked=frozenset(packages))


def _by_name(packages: Iterable[Package]) -> Mapping[tuple[str, str], Package]:
    return {(package.manager, package.name): package for package in packages}
