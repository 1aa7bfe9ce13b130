"""Pictures of the packages of a record: bounded, and true to what the record knows."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.ledger.record_builder import packages, record

pytest.importorskip("starlette", reason="the extra serve is not installed")

from conda_preflight.ledger.record import Environment, Links
from conda_preflight.report import Report, Verdict
from conda_preflight.web.linked import MAX_REASONS, drawn_sizes, weighed, why_here
from conda_preflight.web.receiving import message, received
from conda_preflight.writers import json as report_json


def large(count: int = 1000) -> Environment:
    """A tree, three below each: the first is needed by all others through some steps."""
    kept = packages(*((f"p{number:04}", "1") for number in range(count)))
    needs = tuple(((n - 1) // 3,) if n else () for n in range(count))
    asked = (
        (count - 1, "last >=1", "environment.yml:4"),
        (count // 2, "half", "environment.yml:5"),
    )
    return replace(kept, links=Links(tuple(range(count)), needs, asked))


def test_a_thousand_packages_make_a_small_picture():
    found = why_here(record(1, (), [large()]), "P0000")
    [one] = found.shown
    assert (one.package, one.asked, one.dependents) == (
        "p0000 1",
        True,
        ("p0001", "p0002", "p0003"),
    )
    assert "p0500" in one.picture
    assert len(one.picture) < 10_000
    assert len(drawn_sizes(record(1, (), [large()]), 0)) < 200_000


def test_places_with_the_same_chains_stand_together():
    some = [replace(large(40), platform=name) for name in ("linux-64", "osx-arm64")]
    some = [replace(one, links=replace(one.links, asked=())) for one in some]
    [one] = why_here(record(1, (), some), "p0000").shown
    assert one.places == ("conda-lock.yml linux-64", "conda-lock.yml osx-arm64")
    assert one.asked is None


def test_more_reasons_than_are_shown_are_counted():
    some = [
        replace(packages(("a", "1"), ("b", str(n))), path=f"{n}.lock", links=Links((), ((1,), ())))
        for n in range(MAX_REASONS + 3)
    ]
    found = why_here(record(1, (), some), "b")
    assert (len(found.shown), found.left_out) == (MAX_REASONS, 3)


def test_what_is_not_known_is_not_told_as_nothing():
    bare = packages(("a", "1"), ("b", "2"))
    [one] = why_here(record(1, (), [bare]), "a").shown
    assert (one.picture, one.asked) == ("", None)
    [row] = weighed(record(1, (), [bare]))
    assert (row.size, row.unknown, row.packages) == ("", 2, 2)
    assert drawn_sizes(record(1, (), [bare]), 0) == ""
    assert drawn_sizes(record(1, (), [bare]), 7) == ""


def test_a_report_that_is_sent_brings_its_links():
    told = report_json.write(Report(Verdict.GO, (), (), (), ()))
    data = message(record(1, (), [large(9)]), told)
    assert received(data).record.environments[0].links == large(9).links


def test_links_of_packages_in_another_order_do_not_count():
    sent = json.loads(
        message(record(1, (), [large(9)]), report_json.write(Report(Verdict.GO, (), (), (), ())))
    )
    sent["environments"][0]["packages"].reverse()
    made = received(json.dumps(sent).encode()).record.environments[0]
    assert [one.name for one in made.packages] == [f"p{n:04}" for n in range(9)]
    assert made.links is None
