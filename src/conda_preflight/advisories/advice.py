"""What to do about the vulnerabilities of a package: the smallest upgrade that clears them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conda_preflight.advisories.vulnerabilities import Vulnerabilities
from conda_preflight.documents.advisory import Assessment, Vulnerability

Key = tuple[str, str, str]
"""Manager, name and version of a package."""


def advice(found: Assessment, vulnerabilities: Vulnerabilities) -> Mapping[Key, str]:
    """A sentence for each package that has vulnerabilities which count."""
    by_package: dict[Key, list[Vulnerability]] = {}
    for each in found.affected:
        package = each.package
        by_package.setdefault((package.manager, package.name, package.version), []).append(each)
    return {key: "" for key in by_package}
