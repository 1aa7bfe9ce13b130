"""Lists beside the advisories, and how old all of it is."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from conda_preflight.advisories import feeds
from conda_preflight.advisories.age import age_days, stale, too_old
from conda_preflight.documents.advisory import Feed
from conda_preflight.errors import ReadError

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)


def test_what_changed():
    listed = feeds.listing(
        b"2026-01-02T00:00:00.123Z,A-1\n2026-01-01T00:00:00Z,A-2\n\nx,../../a b\n"
    )
    assert list(listed) == ["A-1", "A-2"]
    assert feeds.changed(listed, {"A-1": "2026-01-02T00:00:00.999+00:00"}) == ("A-2",)
    assert feeds.changed(listed, {"A-2": "2025"}) == ("A-1", "A-2")


def test_a_page_is_no_list():
    with pytest.raises(ReadError):
        feeds.listing(b"<html>\nlog in</html>")


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"vulnerabilities": [3]}', b"[" * 99_999])
def test_what_is_no_catalogue(content):
    with pytest.raises(ReadError):
        feeds.exploited(content)


def test_the_catalogue():
    rows = [{"cveID": "CVE-2025-0001", "dateAdded": "2025-01-01"}, {"cveID": 3, "dateAdded": 4}]
    content = json.dumps({"vulnerabilities": rows}).encode()
    assert feeds.exploited(content) == {"CVE-2025-0001": "2025-01-01"}


def test_likelihoods():
    lines = [
        b"#model",
        b"cve,epss,percentile",
        b"CVE-2025-0001,0.25,1",
        b"CVE-2025-2,nan,1",
        b"\xff",
    ]
    assert feeds.likelihoods(lines) == {"CVE-2025-0001": 0.25}
    with pytest.raises(ReadError):
        feeds.likelihoods(lines[:2])


def feed(fetched, kind="advisories"):
    return Feed("PyPI", kind, fetched=fetched)


@pytest.mark.parametrize(
    ("fetched", "days"),
    [
        ("2026-01-10T00:00:00Z", 0.5),
        ("2026-01-10T13:00:00Z", 0.0),
        ("2026-02-10T13:00:00Z", None),
        ("", None),
        ("soon", None),
    ],
)
def test_ages(fetched, days):
    assert age_days(feed(fetched), NOW) == days


def test_an_old_database_is_told_and_refused():
    new, old = feed("2026-01-10T00:00:00Z"), feed("2026-01-05T12:00:00Z")
    assert stale([new], NOW) == ""
    assert "5 days old" in stale([new, old], NOW)
    assert too_old([new, old], NOW, 6) == ""
    assert too_old([new, old], NOW, 2) == "PyPI is 5 days old, and 2 days are allowed"
    assert too_old([new, feed("")], NOW, 999)
    assert too_old([], NOW, 999) == "it holds no advisories"
    assert too_old([new, feed("", "exploited")], NOW, 1) == ""
