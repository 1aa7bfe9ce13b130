"""What the page says of packages: what brought a vulnerable one, and what is large."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from conda_preflight.documents import Location, Package
from conda_preflight.grammar.purl import purl_of
from conda_preflight.installation import Ask, Installation, Place
from conda_preflight.report import (
    Finding,
    Outcome,
    Problem,
    Report,
    Severity,
    Status,
    Verdict,
)
from conda_preflight.writers.html import write
from conda_preflight.writers.html_packages import MAX_BROUGHT, MAX_DRAWN, MAX_SIZES, packages

HOSTILE = "<img src=x onerror=alert(1)>\u202e\"'&"
LOCK = "conda-lock.yml"


def package(name: str, *needs: str, size: int = 0, line: int = 1) -> Package:
    at = Location(LOCK, line)
    return Package(
        "conda", name, "1.0", at, "h0_0", size=size, depends=needs, channel="conda-forge"
    )


def report(found: list[Package], vulnerable: list[Package], asked: tuple[Ask, ...] = ()) -> Report:
    one = Installation(Place("", "linux-64"), tuple(found), "linux-64", asked)
    findings = tuple(
        Finding(
            "vuln/known",
            Severity.ERROR,
            Problem(
                f"{p.name} CVE-2026-1",
                f"{p.name} has CVE-2026-1.",
                p.location,
                ids=("CVE-2026-1",),
                purls=(purl_of(p),),
            ),
        )
        for p in vulnerable
    )
    outcome = Outcome("vuln/known", LOCK, Status.FAILED, findings)
    return Report(Verdict.NO_GO, (), (), (outcome,), (), installed=((LOCK, one),))


class Reader(HTMLParser):
    """Identifiers, tags that act, and attributes that would."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.acting: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [str(value) for name, value in attrs if name == "id"]
        self.acting += [tag] * (tag in ("img", "iframe", "object"))
        self.acting += [name for name, _ in attrs if name.startswith("on")]


def test_the_chain_stands_beside_a_vulnerable_package():
    zlib, middle, top = package("zlib"), package("libpng", "zlib >=1"), package("app", "libpng")
    ask = (Ask("conda", "app", "app >=1", "environment.yml:4"),)
    text = write(report([zlib, middle, top], [zlib], ask))
    told = re.search(r"Brought by:</strong> <bdi>(.*?)</bdi>", text)
    assert told
    chain = "app &gt;=1 (environment.yml:4) → app 1.0 → libpng 1.0 → zlib 1.0 (&gt;=1)"
    assert told[1] == chain
    assert "1 shortest chains as a picture" not in text
    assert "1 shortest chain as a picture" in text
    assert "Why zlib 1.0 is there" in text


def test_what_nothing_else_needs_has_no_picture():
    zlib = package("zlib")
    text = write(report([zlib], [zlib]))
    assert "Brought by:</strong> <bdi>zlib 1.0</bdi>" in text
    assert "<svg" not in text


def test_a_file_without_dependencies_says_that_it_does_not_know():
    zlib = package("zlib")
    bare = Installation(Place(), (zlib,), unlinked=frozenset((zlib,)))
    whole = report([zlib], [zlib])
    whole.installed = ((LOCK, bare),)
    assert "What brought it is not known" in write(whole)


def test_names_of_packages_do_nothing():
    bad = package(HOSTILE, size=5)
    top = package(f"{HOSTILE}2", f"{HOSTILE} >=1")
    ask = (Ask("conda", top.name, HOSTILE, HOSTILE),)
    page = write(report([bad, package("x"), top], [bad], ask))
    assert Reader(page).acting == []
    assert "\u202e" not in page


def test_a_thousand_vulnerable_packages_stay_a_page():
    found = [package(f"p{n}", f"p{(n - 1) // 3}", f"p{n // 4}") for n in range(1000)]
    whole = report(found, found)
    parts = packages(whole)
    assert len(parts.brought) == MAX_BROUGHT
    assert max(map(len, parts.brought.values())) < 20_000
    assert sum("<svg" in each for each in parts.brought.values()) <= MAX_DRAWN
    ids = Reader(write(whole)).ids
    assert len(ids) == len(set(ids))


def test_of_a_long_chain_the_ends_are_told():
    found = [package(f"p{n}", f"p{n - 1}") for n in range(200)]
    told = packages(report(found, [found[0]])).brought
    assert [each.count("→") for each in told.values()] == [20]
    assert all("→ 180 more →" in each and "<svg" not in each for each in told.values())


def test_sizes_are_drawn_where_they_are_known_and_counted_where_not_drawn():
    large = [package("pytorch", size=10**9), package("zlib", size=10**5)]
    whole = report(large, [])
    one = whole.installed[0][1]
    whole.installed = tuple((f"{n}.lock", one) for n in range(MAX_SIZES + 2))
    text = write(whole)
    assert text.count("What is large (") == MAX_SIZES * 3 - 1
    assert "2 more environments are not drawn." in text
    ids = Reader(text).ids
    assert len(ids) == len(set(ids))
    assert "What is large" not in write(report([package("zlib")], []))


def test_a_report_that_was_read_from_json_draws_nothing():
    zlib = package("zlib")
    whole = report([zlib], [zlib])
    whole.installed = ()
    assert "Brought by" not in write(whole)
