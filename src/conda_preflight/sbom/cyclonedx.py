"""A bill as CycloneDX in JSON, through the project's own library.

The library's model and serializer are used, and not its output class, whose checks take minutes
for ten thousand components; what they look for (each ref once, each need known) is so by the way
a bill is made.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import (
    ExternalReference,
    ExternalReferenceType,
    HashAlgorithm,
    HashType,
    Property,
    XsUri,
)
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.bom_ref import BomRef
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.component_evidence import ComponentEvidence, Identity, IdentityField
from cyclonedx.model.contact import OrganizationalEntity
from cyclonedx.model.dependency import Dependency
from cyclonedx.model.license import DisjunctiveLicense, License, LicenseExpression
from cyclonedx.model.lifecycle import LifecyclePhase, PredefinedLifecycle
from cyclonedx.model.tool import ToolRepository
from cyclonedx.model.vulnerability import Vulnerability
from cyclonedx.schema import SchemaVersion
from cyclonedx.schema.schema import SCHEMA_VERSIONS
from cyclonedx.spdx import is_supported_id
from packageurl import PackageURL

from conda_preflight import __version__
from conda_preflight.grammar.licence import Licence
from conda_preflight.sbom.bill import Bill
from conda_preflight.sbom.part import Part

ROOT = "environment"
"""The ref of what the bill is of."""

MAX_VERSION = 1024
"""Characters of a version; source: the schema of CycloneDX 1.6."""

_ALGORITHMS = {"sha256": HashAlgorithm.SHA_256, "md5": HashAlgorithm.MD5}


def write(
    bill: Bill,
    version: str,
    vulnerabilities: Sequence[Vulnerability] = (),
    moment: int | None = None,
) -> str:
    """The JSON of a version ("1.6", "1.7"); the same bill gives the same bytes.

    ``moment`` is when it was made, in seconds since 1970; without one no time is told. The serial
    number is made from the content.
    """
    bom: Any = Bom(  # its serializer is added to the class when that is made
        metadata=_metadata(bill, moment or 0),
        components=[_component(part) for part in bill.parts],
        dependencies=_dependencies(bill),
        vulnerabilities=vulnerabilities,
    )
    schema = SchemaVersion.from_version(version)
    found: dict[str, Any] = json.loads(bom.as_json(view_=SCHEMA_VERSIONS[schema]))
    del found["serialNumber"]
    if moment is None:
        del found["metadata"]["timestamp"]
    content = json.dumps(found, sort_keys=True)
    head = {
        "$schema": f"http://cyclonedx.org/schema/bom-{version}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": version,
        "serialNumber": uuid5(NAMESPACE_URL, content).urn,
    }
    return json.dumps({**head, **found}, indent=2) + "\n"


def _metadata(bill: Bill, moment: int) -> BomMetaData:
    tool = Component(name="conda-preflight", version=__version__, type=ComponentType.APPLICATION)
    subject = Component(name=bill.name, type=ComponentType.APPLICATION, bom_ref=ROOT)
    return BomMetaData(
        timestamp=datetime.fromtimestamp(moment, UTC),
        tools=ToolRepository(components=[tool]),
        component=subject,
        lifecycles=[PredefinedLifecycle(LifecyclePhase(bill.phase))],
        properties=_properties(bill.properties),
    )


def _component(part: Part) -> Component:
    others = [Identity(field=IdentityField.PURL, concluded_value=p) for p in part.purls[1:]]
    return Component(
        name=part.name,
        version=part.version[:MAX_VERSION] or None,
        type=ComponentType.LIBRARY,
        bom_ref=part.ref,
        purl=PackageURL.from_string(part.purls[0]),
        cpe=part.cpe or None,
        supplier=OrganizationalEntity(name=part.supplier) if part.supplier else None,
        licenses=_licences(part.licence),
        hashes=[HashType(alg=_ALGORITHMS[name], content=value) for name, value in part.digests],
        external_references=_references(part),
        properties=_properties(part.properties, part.file),
        evidence=ComponentEvidence(identity=others) if others else None,
    )


def _licences(licence: Licence) -> list[License]:
    known = licence.expression
    if not known:
        return [DisjunctiveLicense(name=licence.text)] if licence.text else []
    if is_supported_id(known):
        return [DisjunctiveLicense(id=known)]
    return [LicenseExpression(known)]


def _references(part: Part) -> list[ExternalReference]:
    kind = ExternalReferenceType.DISTRIBUTION
    return [ExternalReference(type=kind, url=XsUri(part.url))] if part.url else []


def _properties(told: Iterable[tuple[str, str]], file: str = "") -> list[Property]:
    named = [("conda-preflight:file-name", file)] if file else []
    return [Property(name=name, value=value) for name, value in (*named, *told)]


def _dependencies(bill: Bill) -> list[Dependency]:
    refs = {part.ref: BomRef(part.ref) for part in bill.parts}
    above = Dependency(BomRef(ROOT), [Dependency(refs[ref]) for ref in bill.roots])
    below = (Dependency(refs[p.ref], [Dependency(refs[n]) for n in p.needs]) for p in bill.parts)
    return [above, *below]
