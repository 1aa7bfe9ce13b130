"""Bitnami's records are about its packages of projects: here they are about the projects."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from conda_preflight.documents.advisory import Advisory, Affected
from conda_preflight.facts.bitnami_products import bitnami_products
from conda_preflight.facts.native_products import products

ECOSYSTEM = "Bitnami"
PRECISION = "nvd-cpe"
"""Bitnami takes its ranges from the CPEs of NVD, as ``database_specific.cpes`` shows."""


def about_projects(advisory: Advisory) -> Advisory:
    """The advisory with each product of Bitnami's that is known replaced by what it is made from.

    Versions of a native product are ordered as its own, since a range of Bitnami's only says
    that they look like SemVer.
    """
    if not any(item.ecosystem == ECOSYSTEM for item in advisory.affected):
        return advisory
    affected = tuple(map(_project, advisory.affected))
    is_native = any(item.ecosystem == "Upstream" for item in affected)
    precision = advisory.precision or (PRECISION if is_native else "")
    return replace(advisory, affected=affected, precision=precision)


def _project(item: Affected) -> Affected:
    known = bitnami_products().get(item.name) if item.ecosystem == ECOSYSTEM else None
    if known is None:
        return item
    ecosystem, name = known
    scheme = _schemes().get(name, "") if ecosystem == "Upstream" else ""
    return replace(item, ecosystem=ecosystem, name=name, scheme=scheme)


@cache
def _schemes() -> dict[str, str]:
    return {product.name: product.scheme for product in products()}
