"""A bill as SPDX 2.3 in JSON, through the project's own library."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from license_expression import get_spdx_licensing
from spdx_tools.spdx.jsonschema.document_converter import DocumentConverter
from spdx_tools.spdx.model import (
    Actor,
    ActorType,
    Checksum,
    ChecksumAlgorithm,
    CreationInfo,
    Document,
    ExternalPackageRef,
    ExternalPackageRefCategory,
    ExtractedLicensingInfo,
    Package,
    PackagePurpose,
    Relationship,
    RelationshipType,
    SpdxNoAssertion,
)

from conda_preflight import __version__
from conda_preflight.grammar.licence import licences_in
from conda_preflight.pattern import lazy_pattern
from conda_preflight.sbom.bill import Bill
from conda_preflight.sbom.part import Part

DOCUMENT, ROOT = "SPDXRef-DOCUMENT", "SPDXRef-environment"
_ALGORITHMS = {"sha256": ChecksumAlgorithm.SHA256, "md5": ChecksumAlgorithm.MD5}
_OTHER = lazy_pattern(r"[^A-Za-z0-9.-]+")
_REFERENCE = "LicenseRef-"


def write(
    bill: Bill, flaws: Mapping[str, tuple[str, ...]] | None = None, moment: int | None = None
) -> str:
    """The JSON; the same bill gives the same bytes.

    ``flaws`` are addresses of advisories by the ref of the part that they are about. The format
    must have a time: without a ``moment``, in seconds since 1970, it is when the newest package
    was built, else 1970. The namespace is made from the content.
    """
    found = _document(bill, flaws or {}, bill.newest if moment is None else moment)
    convert: Any = DocumentConverter
    return json.dumps(convert().convert(found), indent=2) + "\n"


def document(bill: Bill, flaws: Mapping[str, tuple[str, ...]], moment: int) -> Document:
    """The document as the library has it, for its own validation."""
    return _document(bill, flaws, moment)


def _document(bill: Bill, flaws: Mapping[str, tuple[str, ...]], moment: int) -> Document:
    ids = {part.ref: _id(number, part) for number, part in enumerate(bill.parts, 1)}
    licences = _Licences()
    packages = [_package(p, ids[p.ref], licences, flaws.get(p.ref, ())) for p in bill.parts]
    creation = CreationInfo(
        spdx_version="SPDX-2.3",
        spdx_id=DOCUMENT,
        name=bill.name,
        document_namespace=f"urn:uuid:{uuid5(NAMESPACE_URL, repr((bill.name, bill.parts, flaws)))}",
        creators=[Actor(ActorType.TOOL, f"conda-preflight-{__version__}")],
        created=datetime.fromtimestamp(moment, UTC).replace(tzinfo=None),
        document_comment=_comment((("lifecycle", bill.phase), *bill.properties)),
    )
    return Document(
        creation,
        packages=[_root(bill), *packages],
        relationships=list(_relationships(bill, ids)),
        extracted_licensing_info=licences.told(),
    )


def _root(bill: Bill) -> Package:
    return Package(
        spdx_id=ROOT,
        name=bill.name,
        download_location=SpdxNoAssertion(),
        files_analyzed=False,
        primary_package_purpose=PackagePurpose.APPLICATION,
    )


def _package(part: Part, spdx_id: str, licences: _Licences, flaws: Iterable[str]) -> Package:
    supplier = Actor(ActorType.ORGANIZATION, part.supplier) if part.supplier else SpdxNoAssertion()
    return Package(
        spdx_id=spdx_id,
        name=part.name,
        version=part.version or None,
        download_location=part.url or SpdxNoAssertion(),
        file_name=part.file or None,
        supplier=supplier,
        files_analyzed=False,
        checksums=[Checksum(_ALGORITHMS[name], value) for name, value in part.digests],
        license_concluded=SpdxNoAssertion(),
        license_declared=licences.of(part),
        copyright_text=SpdxNoAssertion(),
        comment=_comment(part.properties),
        external_references=list(_references(part, flaws)),
        primary_package_purpose=PackagePurpose.LIBRARY,
    )


def _references(part: Part, flaws: Iterable[str]) -> Iterator[ExternalPackageRef]:
    for purl in part.purls:
        yield ExternalPackageRef(ExternalPackageRefCategory.PACKAGE_MANAGER, "purl", purl)
    if part.cpe:
        yield ExternalPackageRef(ExternalPackageRefCategory.SECURITY, "cpe23Type", part.cpe)
    for address in flaws:
        yield ExternalPackageRef(ExternalPackageRefCategory.SECURITY, "advisory", address)


def _relationships(bill: Bill, ids: Mapping[str, str]) -> Iterator[Relationship]:
    yield Relationship(DOCUMENT, RelationshipType.DESCRIBES, ROOT)
    for ref in bill.roots:
        yield Relationship(ROOT, RelationshipType.DEPENDS_ON, ids[ref])
    for part in bill.parts:
        yield Relationship(ROOT, RelationshipType.CONTAINS, ids[part.ref])
        for need in part.needs:
            yield Relationship(ids[part.ref], RelationshipType.DEPENDS_ON, ids[need])


class _Licences:
    """Licences as the library has them; those that SPDX does not list are told by their text."""

    def __init__(self) -> None:
        self._licensing = get_spdx_licensing()
        self._texts: dict[str, str] = {}

    def of(self, part: Part) -> Any:  # noqa: ANN401  (the library has no types)
        licence = part.licence
        if not licence.text:
            return SpdxNoAssertion()
        expression = licence.expression or self._reference(licence.text)
        for name in licences_in(expression):
            if name.startswith(_REFERENCE):
                self._texts.setdefault(name, licence.text)
        return self._licensing.parse(expression)

    def told(self) -> list[ExtractedLicensingInfo]:
        return [ExtractedLicensingInfo(name, text) for name, text in sorted(self._texts.items())]

    def _reference(self, text: str) -> str:
        """A name for a text that is no expression; another text gets another name."""
        number = uuid5(NAMESPACE_URL, text).hex[:8]
        return f"{_REFERENCE}{_OTHER.sub('-', text).strip('-')[:40]}-{number}"


def _id(number: int, part: Part) -> str:
    return f"SPDXRef-{number}-{_OTHER.sub('-', part.name)}"


def _comment(told: Iterable[tuple[str, str]]) -> str | None:
    return "\n".join(f"{name}: {value}" for name, value in told) or None
