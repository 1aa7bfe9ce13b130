"""What code scanning services read of a SARIF log, and how much of it they take."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from conda_preflight.report import Outcome, Report, Rule, Severity, Status, Verdict
from conda_preflight.writers import sarif


def run_of(report):
    (run,) = json.loads(sarif.write(report))["runs"]
    return run


def rules_of(run):
    return {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}


def rated(finding, gravity, muted=""):
    return replace(finding, problem=replace(finding.problem, gravity=gravity), muted=muted)


@pytest.fixture
def flaw(report):
    return next(f for f in report.findings if f.problem.ids)


def test_the_severity_of_a_vulnerability_stands_on_its_rule(report, flaw):
    found = (rated(flaw, 5.5), rated(flaw, 7.25), rated(flaw, 9.9, "we do not call it"))
    outcome = Outcome("vuln/known", "conda-lock.yml", Status.FAILED, found)
    run = run_of(replace(report, outcomes=(outcome,), changes=None))
    known = rules_of(run)["vuln/known"]["properties"]
    assert known == {"tags": ["vuln", "security"], "security-severity": "7.2"}
    own = [result["properties"]["security-severity"] for result in run["results"]]
    assert sorted(own) == ["5.5", "7.2", "9.9"]
    assert rules_of(run)["manifest/unpinned"]["properties"] == {"tags": ["manifest"]}


def test_more_than_the_whole_scale_is_ten_and_none_is_left_out(report, flaw):
    for gravity, said in ((12.0, "10.0"), (0.0, None)):
        outcome = Outcome("vuln/known", "", Status.FAILED, (rated(flaw, gravity),))
        run = run_of(replace(report, outcomes=(outcome,), changes=None))
        assert rules_of(run)["vuln/known"]["properties"].get("security-severity") == said


def test_a_description_is_the_first_paragraph_and_not_longer_than_shown():
    pages = {
        "a/title": "A title\n\nFirst line\nand second.\n\n## Fails\n\nx",
        "a/bare": "A title\n\n## Fails\n\nx",
        "a/long": "A title\n\n" + "x" * 3000,
    }
    rules = tuple(
        Rule(name, Severity.ERROR, "Its summary", page, ()) for name, page in pages.items()
    )
    known = rules_of(run_of(Report(Verdict.GO, (), rules, (), ())))
    texts = {name: rule["fullDescription"]["text"] for name, rule in known.items()}
    assert texts["a/title"] == "First line and second."
    assert texts["a/bare"] == "Its summary"
    assert len(texts["a/long"]) == 1024


def test_fingerprints_stay_and_what_is_new_since_a_revision_says_so(report):
    run = run_of(report)
    for result in run["results"]:
        assert result["partialFingerprints"]["condaPreflight/v1"]
    states = [result.get("baselineState") for result in run["results"]]
    assert states.count("new") == len(report.changes.gained)
    assert "absent" not in states
    muted = [r for r in run["results"] if r["suppressions"]]
    assert muted
    assert not any("baselineState" in r for r in muted)
    assert all("baselineState" not in r for r in run_of(replace(report, changes=None))["results"])


def test_what_a_service_would_refuse_is_left_out_and_counted(report, monkeypatch):
    monkeypatch.setattr(sarif, "MAX_RESULTS", 6)
    run = run_of(report)
    assert len(run["results"]) == 6
    assert [r["level"] for r in run["results"]].count("error") == 4
    assert not any(r["suppressions"] for r in run["results"])
    told = run["invocations"][0]["toolExecutionNotifications"][-1]
    left = len(report.findings) - 6
    assert (
        told["message"]["text"] == f"{left} findings are not in this log, which may have 6 at most"
    )
