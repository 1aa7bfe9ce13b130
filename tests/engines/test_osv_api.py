"""OSV's service, played by a loopback server that answers as its documentation says."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from advisory_bucket import Server, record

from conda_preflight.engines.advisory_web import Web
from conda_preflight.engines.osv_api import OsvApi
from conda_preflight.errors import PreflightError

FACTS = Path(os.environ.get("CONDA_PREFLIGHT_FACTS", Path(__file__).parents[3] / "shared/facts"))
WHEN = "2026-01-01T00:00:00Z"


@pytest.fixture
def server(tmp_path):
    (tmp_path / "v1" / "vulns").mkdir(parents=True)
    with Server(tmp_path) as running:
        running.answers["/v1/querybatch"] = lambda asked: {
            "results": [answer(query) for query in asked["queries"]]
        }
        yield running


def answer(query):
    """Two pages about torch, one record about x, nothing about others."""
    name, page = query["package"]["name"], query.get("page_token")
    if name == "torch" and page is None:
        return {"vulns": [{"id": "A-1", "modified": WHEN}], "next_page_token": "more"}
    if name == "torch":
        assert page == "more"
        return {"vulns": [{"id": "A-2", "modified": WHEN}]}
    return {"vulns": [{"id": "A-2", "modified": WHEN}]} if name == "x" else {}


@pytest.fixture
def records(tmp_path):
    for identifier in ("A-1", "A-2"):
        text = json.dumps(record(identifier, "torch"))
        (tmp_path / "v1" / "vulns" / identifier).write_text(text)


@pytest.fixture
def api(tmp_path, server, records):
    return OsvApi(Web(pause=0.01, stall=2), tmp_path / "cache", server.url, kev_url="")


PRODUCTS = [
    ("PyPI", "Torch", "2.0"),
    ("PyPI", "x", "1"),
    ("PyPI", "y", "1"),
    ("Upstream", "z", "1"),
]


def ids(api, name):
    return [one.id for one in api.lookup("PyPI", name)]


def test_pages_are_followed_and_records_are_fetched_once(api, server):
    api.prepare(PRODUCTS)
    assert (ids(api, "torch"), ids(api, "X"), ids(api, "y")) == (["A-1", "A-2"], ["A-2"], [])
    assert api.lookup("Upstream", "z") == ()
    assert sorted(server.asked) == [
        "/v1/querybatch",
        "/v1/querybatch",
        "/v1/vulns/A-1",
        "/v1/vulns/A-2",
    ]
    api.prepare(PRODUCTS)
    assert len(server.asked) == 4
    assert api.feeds[0].records == 2


def test_records_are_kept_for_the_next_time(api, server, tmp_path):
    api.prepare(PRODUCTS)
    server.asked.clear()
    again = OsvApi(Web(), tmp_path / "cache", server.url, kev_url="")
    assert ids(again, "torch") == ["A-1", "A-2"]
    assert set(server.asked) == {"/v1/querybatch"}


def test_a_busy_service_is_asked_again_and_then_told(api, server):
    server.statuses = [429, 503]
    assert ids(api, "torch") == ["A-1", "A-2"]
    server.statuses = [500] * 20
    with pytest.raises(PreflightError, match="HTTP 500"):
        api.lookup("PyPI", "x")


def test_no_service_is_never_no_findings(tmp_path):
    api = OsvApi(Web(offline=True), tmp_path, "http://127.0.0.1:9", kev_url="")
    with pytest.raises(PreflightError, match="--offline"):
        api.lookup("PyPI", "torch")
    api = OsvApi(Web(), tmp_path, "http://127.0.0.1:9", kev_url="")
    with pytest.raises(PreflightError, match="cannot be reached"):
        api.lookup("PyPI", "torch")


@pytest.mark.parametrize(
    "result",
    [
        {},
        [],
        {"results": []},
        {"results": [3]},
        {"results": [{"vulns": 3}]},
        {"results": [{"vulns": [{"id": "../x"}]}]},
        {"results": [{"next_page_token": "for ever"}]},
    ],
)
def test_answers_that_are_none(api, server, result):
    server.answers["/v1/querybatch"] = lambda asked: result
    with pytest.raises(PreflightError):
        api.lookup("PyPI", "torch")


def test_a_record_that_cannot_be_read_is_told(api, server, tmp_path):
    (tmp_path / "v1" / "vulns" / "A-1").write_text("[]")
    assert ids(api, "torch") == ["A-2"]
    assert "A-1 could not be read" in api.feeds[0].problems[0]


@pytest.mark.corpus
def test_a_recorded_answer(tmp_path, server):
    samples = FACTS / "vuln" / "osv-api-samples"
    if not samples.exists():
        pytest.skip(f"{samples} is not there")
    asked, answered = (
        json.loads((samples / f"env12-traps.querybatch.{one}.json").read_text())
        for one in ("request", "response")
    )
    known = {
        json.dumps(query, sort_keys=True): result
        for query, result in zip(asked["queries"], answered["results"], strict=True)
    }
    server.answers["/v1/querybatch"] = lambda given: {
        "results": [known[json.dumps(query, sort_keys=True)] for query in given["queries"]]
    }
    wanted = {one["id"] for result in answered["results"] for one in result.get("vulns", [])}
    for identifier in wanted:
        text = json.dumps(record(identifier, "torch"))
        (tmp_path / "v1" / "vulns" / identifier).write_text(text)
    api = OsvApi(Web(), tmp_path / "cache", server.url, kev_url="")
    api.prepare(("PyPI", q["package"]["name"], q["version"]) for q in asked["queries"])
    found = {one.id for q in asked["queries"] for one in api.lookup("PyPI", q["package"]["name"])}
    assert found == wanted
