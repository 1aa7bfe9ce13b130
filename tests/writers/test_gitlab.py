"""GitLab's report of code quality: what GitLab needs of each issue, and what it would lose."""

from __future__ import annotations

import json
from dataclasses import replace

from conda_preflight.documents import Location
from conda_preflight.report import Finding, Outcome, Problem, Report, Severity, Status, Verdict
from conda_preflight.writers import write

LEVELS = {"info", "minor", "major", "critical", "blocker"}


def issues(*findings, status=Status.FAILED, reason=""):
    outcome = Outcome("a/b", "environment.yml", status, findings, reason=reason)
    return json.loads(write("gitlab", Report(Verdict.NO_GO, (), (), (outcome,), ())))


def finding(line=3, path="environment.yml", name="abc"):
    at = Location(path, line, 1)
    return Finding("a/b", Severity.ERROR, Problem("x", "Bad", at, "Mend it"), fingerprint=name)


def test_every_issue_has_what_gitlab_needs(report):
    written = json.loads(write("gitlab", report))
    assert written
    for issue in written:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in LEVELS
        assert issue["location"]["path"]
        assert issue["location"]["lines"]["begin"] >= 1
    names = [issue["fingerprint"] for issue in written]
    assert len(set(names)) == len(names)


def test_two_findings_of_one_name_are_both_shown():
    assert [each["fingerprint"] for each in issues(finding(3), finding(9))] == ["abc", "abc-1"]


def test_what_is_muted_is_not_shown():
    assert issues(replace(finding(), muted="waived until May")) == []


def test_a_crash_is_shown():
    (issue,) = issues(status=Status.CRASHED, reason="ValueError")
    assert issue["description"] == "This check crashed: ValueError"
    assert issue["location"]["path"] == "environment.yml"


def test_what_belongs_to_no_file_has_a_place():
    assert issues(finding(0, ""))[0]["location"] == {"path": ".", "lines": {"begin": 1}}
