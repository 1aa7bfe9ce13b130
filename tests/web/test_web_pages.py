"""Every page: what it shows, and that names of audited files do nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from tests.ledger.record_builder import record
from tests.web.conftest import serving

from conda_preflight.ledger.book import open_ledger
from conda_preflight.web.endpoints import ENDPOINTS
from conda_preflight.web.guard import HEADERS, POLICY
from conda_preflight.web.pages import PAGES
from conda_preflight.web.site import Site
from conda_preflight.web.visitors import Door

ADDRESSES = (
    "/",
    "/?sort=name&limit=1",
    "/?sort=time&verdict=NO_GO",
    "/?named=repo",
    "/environments/1",
    "/environments/2",
    "/environments/2/packages",
    "/environments/1/why?package=scipy",
    "/environments/1/why?package=zlib",
    "/environments/1/why?package=zlob",
    "/environments/2/why?package=%3Cscript%3Ealert(1)",
    "/environments/1/sizes",
    "/environments/1/sizes?place=2",
    "/environments/1/sizes?place=9",
    "/environments/2/sizes",
    "/environments/2/history",
    "/environments/1/history",
    "/records/1",
    "/records/3",
    "/compare?old=1&new=2",
    "/compare?old=2&new=3",
    "/search",
    "/search?q=zlib",
    "/search?q=CVE-2026-1",
    "/search?q=lock%2Fmissing",
    "/search?q=%3Cscript%3Ealert(1)",
    "/nodes",
    "/targets",
    "/targets?named=none",
    "/waivers",
    "/environments/99",
)


class Reader(HTMLParser):
    """Tags, and attributes that would act."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.acting, self.heads, self.labelled = [], [], [], set()
        self.inputs = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.tags.append(tag)
        self.acting += [name for name in told if name.startswith("on") or name == "style"]
        self.acting += [v for v in told.values() if v and v.lower().startswith("javascript:")]
        if tag == "th":
            self.heads.append(told.get("scope"))


def test_every_page_is_among_the_addresses():
    parts = [re.sub(r"\{\w+\}", r"\\d+", page.path) for page in PAGES]
    assert all(any(re.fullmatch(p, a.partition("?")[0]) for a in ADDRESSES) for p in parts)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_is_whole_and_nothing_in_it_acts(board, address):
    answer = board.ask(address)
    assert answer.status == (404 if address.endswith("99") else 200)
    page = Reader(answer.text)
    assert page.tags.count("script") == 1
    assert page.acting == []
    assert page.tags.count("main") == page.tags.count("h1") == 1
    assert {"header", "nav", "footer", "title"} <= set(page.tags)
    captions = page.tags.count("caption") + page.tags.count("figcaption")
    assert page.tags.count("table") == captions
    assert set(page.heads) <= {"row", "col"}
    assert "\u202e" not in answer.text
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_policy_allows_nothing_from_elsewhere():
    assert POLICY.startswith("default-src 'none'")
    assert "unsafe" not in POLICY
    assert "http" not in POLICY


@pytest.mark.parametrize(
    ("address", "words"),
    {
        "/": ["NO-GO", "repo", "2 environments", "Errors and warnings, the oldest record first"],
        "/environments/1": [
            "why?package=zlib",
            "warning",
            "Vulnerabilities",
            "Take 1.3.1.",
            "<mark>zlib</mark>",
            "until 2026-12",
        ],
        "/environments/1/packages": ["zlib", "1.3", "conda-lock.yml"],
        "/environments/1/why?package=scipy": [
            "Why scipy 2.0 is there",
            "app &gt;=1",
            "→",
            "1 needs",
        ],
        "/environments/1/why?package=zlib": ["are not known"],
        "/environments/1/why?package=zlob": ["No package is called so", "Like it", ">zlib<"],
        "/environments/1/sizes": ["What is large", "12.3 MB", "not known", ">scipy<"],
        "/environments/2/sizes": ["are not known"],
        "/targets": ["a100", "NO-GO", "UNKNOWN", "not asked"],
        "/environments/1/history": ["as the old one", "Came and went", 'href="/records/2"'],
        "/records/2": ["What it changed", "environment.yml", "abab"],
        "/compare?old=1&new=2": ["New findings", "zlib", "1.2", "1.3", "a is wrong"],
        "/search?q=zlib": ["1 place has", "conda-lock.yml"],
        "/search?q=cve-2026-1": ["1 finding", "vuln/known"],
        "/search?q=GHSA-none": ["No package, advisory"],
        "/search?q=zl": ["Names that begin so", "zlib"],
        "/search?q=lock/missing": ["3 findings", "muted"],
        "/nodes": [
            "ray:cluster",
            "535.2",
            "4 nodes; not alike in 1 fact,",
            "timed out",
        ],
        "/waivers": ["2026-12-01", "lock/missing", "accepted for a release"],
    }.items(),
)
def test_what_a_page_says(board, address, words):
    text = board.ask(address).text
    assert [word for word in words if word not in text] == []


def test_pages_follow_each_other(board):
    first = board.ask("/?sort=name&limit=1").text
    following = re.search(r'<a href="([^"]+)" rel="next"', first)[1].replace("&amp;", "&")
    second = board.ask(following).text
    assert "&lt;script&gt;" in first
    assert ">repo<" in second
    assert 'rel="next"' not in second


def test_a_node_that_is_another_is_told(board):
    rows = board.ask("/nodes").text.split("<tbody>")[1].split("</tr>")
    assert [("≠" in row) for row in rows[:4]] == [False, True, False, False]
    assert "node-2" in rows[1]


@pytest.mark.parametrize(
    "path",
    [
        "/static/../site.py",
        "/static/..%2fsite.py",
        "/static/%2e%2e/site.py",
        "/static/style.css/../../tokens.py",
        "/static/",
        "/..%2f..%2fetc/passwd",
    ],
)
def test_no_other_file_is_given(board, path):
    assert board.ask(path).status == 404


def test_static_files_are_kept_by_their_digest(board):
    address = re.search(r'href="(/static/style.css\?\w+)"', board.ask("/").text)[1]
    answer = board.ask(address)
    assert answer.headers["Cache-Control"].endswith("immutable")
    assert answer.headers["Content-Type"].startswith("text/css")


def test_a_host_of_another_name_is_refused(board):
    assert board.ask("/", Host="evil.example").status == 421
    assert board.ask("/", Host=f"localhost:{board.port}").status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_pages_are_only_read(board, method):
    assert {board.ask(page, method).status for page in ("/", "/waivers", "/search")} == {405}
    assert board.ask(ENDPOINTS[0].path, method).status == 405


def test_a_verdict_for_a_part_does_not_stand_for_the_whole(tmp_path):
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    with open_ledger(url) as ledger:
        ledger.append(record(1, whole=False))
    with serving(Site(url, Door(), ("127.0.0.1", "localhost"))) as client:
        for path in ("/", "/environments/1"):
            assert "for a part alone" in client.ask(path).text
