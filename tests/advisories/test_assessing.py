"""What of a document nobody knows anything about is counted, and never reads as clean."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest

from conda_preflight.advisories.assessing import assess
from conda_preflight.documents import Location, Lock, Package
from conda_preflight.documents.advisory import Advisory, Affected, Feed

DAY = date(2026, 11, 24)


class Records:
    """A source with these records."""

    feeds: tuple[Feed, ...] = ()

    def __init__(self, *records: Advisory) -> None:
        self._records = records

    def prepare(self, products: Iterable[tuple[str, str, str]]) -> None:
        pass

    def lookup(self, ecosystem: str, name: str) -> tuple[Advisory, ...]:
        return tuple(r for r in self._records if any(a.name == name for a in r.affected))

    def exploited(self, identifiers: Iterable[str]) -> dict[str, str]:
        return {}

    def likelihoods(self, identifiers: Iterable[str]) -> dict[str, float]:
        return {}


def lock(*names: str) -> Lock:
    here = Location("conda-linux-64.lock", 1)
    packages = tuple(Package("conda", n, "1.0.0", here, platform="linux-64") for n in names)
    return Lock("conda-linux-64.lock", "explicit", "1", here, ("linux-64",), packages)


def record(product: str, precision: str) -> Advisory:
    ranges = ((("introduced", "0"), ("fixed", "0.5")),)
    return Advisory("X-1", (Affected("Upstream", product, ranges),), precision=precision)


@pytest.mark.parametrize(
    ("records", "uncovered"),
    [
        ((), ["zlib"]),
        ((record("zlib", "git-tags"),), ["zlib"]),
        ((record("zlib", "git-only"),), ["zlib"]),
        ((record("zlib", "upstream"),), []),
        ((record("zlib", "git-tags"), record("zlib", "cpe")), []),
    ],
)
def test_records_that_tell_no_release_cover_nothing(records, uncovered):
    found = assess(lock("zlib"), Records(*records), DAY)
    assert [package.name for package, _ in found.uncovered] == uncovered
    assert found.vulnerabilities == ()


def test_a_package_that_nobody_can_name_is_counted():
    found = assess(lock("some-house-library"), Records(), DAY)
    assert [each.identities for each in found.identified] == [()]
