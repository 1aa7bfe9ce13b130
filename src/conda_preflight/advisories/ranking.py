"""Whom to believe about a version where sources differ, and how strong what they say is."""

from __future__ import annotations

from functools import lru_cache

from conda_preflight.documents.advisory import Advisory
from conda_preflight.plain import value_type


@value_type
class Standing:
    """``place`` is lower for who knows better; ``evidence`` is as a vulnerability names it."""

    place: int
    evidence: str


_BY_PRECISION = {
    "upstream": Standing(0, "upstream"),
    "vendor": Standing(1, "vendor"),
    "nvd-cpe": Standing(5, "cpe"),
    "cpe": Standing(6, "cpe"),
    "repackager-boundary": Standing(8, "repackager"),
}
_BY_SOURCE = (
    ("openssl/", Standing(0, "upstream")),
    ("curl/", Standing(0, "upstream")),
    ("psf/", Standing(0, "upstream")),
    ("nvidia/", Standing(1, "vendor")),
    ("github/", Standing(2, "advisory")),
    ("pypa/", Standing(3, "advisory")),
    ("anchore/", Standing(5, "cpe")),
    ("cisagov/", Standing(5, "cpe")),
    ("bitnami/", Standing(6, "cpe")),
    ("julialang/", Standing(8, "repackager")),
    ("tencent/", Standing(9, "rule")),
)
_UNKNOWN = Standing(4, "advisory")
_CONTEXT = frozenset(("git-only", "git-tags"))
REVIEWED = 3
"""The last place of those who read each advisory before they publish it: up to PYSEC."""


def standing(record: Advisory) -> Standing:
    """Where a record stands: what it says of its precision, else who wrote it.

    GHSA, PYSEC, CPE, Bitnami, rules for projects of PyPI; the project itself, its vendor, Bitnami,
    CPE, repackagers for native products.
    """
    return _BY_PRECISION.get(record.precision) or _of_source(record.source)


@lru_cache(maxsize=256)
def _of_source(source: str) -> Standing:
    name = source.lower()
    return next((found for start, found in _BY_SOURCE if name.startswith(start)), _UNKNOWN)


def is_context(record: Advisory) -> bool:
    """Whether it names only commits or tags of a repository, which tell nothing of a release."""
    return record.precision in _CONTEXT
