"""Which verdicts are accepted: for what, how old, after which checks."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from in_toto_attestation.v1.resource_descriptor import ResourceDescriptor
from in_toto_attestation.v1.statement import Statement
from tests.attesting.signed import IMAGE, LOCK, NOW, OTHER, RULE, envelope, payload, public, report

from conda_preflight.answers import verify_text
from conda_preflight.attesting import envelope as dsse
from conda_preflight.attesting.acceptance import Policy, judge
from conda_preflight.attesting.age import age, told
from conda_preflight.attesting.statement import PREDICATE, STATEMENT, Subject
from conda_preflight.documents import Location
from conda_preflight.errors import UsageError
from conda_preflight.report import (
    Finding,
    Outcome,
    Problem,
    Severity,
    Status,
    TargetVerdict,
    Verdict,
)

DAY = timedelta(days=1)


def reason(data=None, now=NOW, **policy):
    text = dsse.write(envelope(data)).encode()
    return judge(text, (public(),), Policy(**({"lock": LOCK} | policy)), now).reason


def test_a_go_for_this_lock_is_accepted():
    assert reason() == ""
    assert reason(require=("lock",)) == ""


@pytest.mark.parametrize(
    ("verdict", "word"), [(Verdict.NO_GO, "NO-GO"), (Verdict.UNKNOWN, "UNKNOWN")]
)
def test_any_other_verdict_is_refused(verdict, word):
    assert reason(payload(report(verdict))) == f"The verdict is {word}"


@pytest.mark.parametrize("wanted", [{"lock": OTHER}, {"image": OTHER}, {"digest": OTHER}])
def test_another_thing_is_refused(wanted):
    assert f"sha256:{OTHER}" in reason(**wanted)


def test_lock_and_image_must_both_be_meant():
    both = payload(about=[Subject("conda-lock.yml", LOCK), Subject("image", IMAGE)])
    assert reason(both, image=IMAGE, digest=IMAGE) == ""
    assert "this image" in reason(image=IMAGE)
    assert "this lock" in reason(payload(about=[Subject("image", IMAGE)]), image=IMAGE)


def test_a_subject_that_the_report_did_not_read_is_refused():
    claimed = payload(about=[Subject("conda-lock.yml", OTHER)])
    assert reason(claimed, lock=OTHER) == "The report that was signed did not read this lock"


@pytest.mark.parametrize(
    ("audited", "signed", "word"),
    [
        (-8 * DAY, -8 * DAY, "It was audited 8 days ago, and at most 7 days are accepted"),
        (-8 * DAY, timedelta(), "8 days ago"),
        (timedelta(), DAY, "signed in the future"),
        (DAY, DAY, "signed in the future"),
        (timedelta(), -DAY, "audited after it was signed"),
        (-7 * DAY, timedelta(minutes=4), ""),
    ],
)
def test_times(audited, signed, word):
    found = reason(payload(audited=NOW + audited, signed=NOW + signed), max_age=7 * DAY)
    assert word in found
    assert bool(found) == bool(word)


@pytest.mark.parametrize("status", [Status.SKIPPED, Status.CRASHED])
def test_a_required_family_must_have_run(status):
    assert reason(payload(report(status=status)), require=("lock",)).endswith("lock was checked")
    assert reason(require=("vuln",)) == "Nothing of the family vuln was checked"


def test_a_claimed_coverage_counts_for_nothing():
    data = json.loads(payload(report(status=Status.SKIPPED)))
    data["predicate"]["report"]["coverage"]["families"]["lock"]["passed"] = 1
    assert reason(json.dumps(data).encode(), require=("lock",))


def test_a_target_must_be_a_go():
    rows = (
        TargetVerdict("/ci/a100.json", Verdict.GO),
        TargetVerdict("l4", Verdict.UNKNOWN),
        TargetVerdict("l4.json", Verdict.GO),
    )
    data = payload(report(targets=rows))
    assert reason(data, targets=("a100",)) == reason(data, targets=("/ci/a100.json",)) == ""
    assert reason(data, targets=("l4",)) == "It is no GO for l4"
    assert reason(data, targets=("h100",)) == "The target h100 was not judged"


def _finding(severity, muted=""):
    return Finding(RULE.id, severity, Problem("x", "x", Location("a")), muted=muted)


def test_a_go_beside_an_error_is_refused():
    for finding, is_refused in [
        (_finding(Severity.ERROR), True),
        (_finding(Severity.ERROR, "accepted"), False),
        (_finding(Severity.WARNING), False),
    ]:
        rows = (Outcome(RULE.id, "a", Status.FAILED, (finding,)),)
        assert bool(reason(payload(report(outcomes=rows)))) == is_refused


def _changed(**members):
    return json.dumps(json.loads(payload()) | members).encode()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"no JSON", "not JSON"),
        (payload().replace(b'"_type"', b'"_type":"x","_type"'), "a key twice"),
        (_changed(_type="https://in-toto.io/Statement/v0.1"), "not an in-toto statement"),
        (_changed(predicateType="https://slsa.dev/provenance/v1"), "not a verdict"),
        (_changed(predicate=[]), "lacks"),
        (_changed(predicate={}), "no time"),
        (_changed(subject=[{"name": "x", "digest": {"sha256": "00"}}]), "no SHA-256"),
        (_changed(subject=[{"name": "x", "digest": {"sha512": LOCK}}]), "no SHA-256"),
        (payload().replace(b'"schema_version":1', b'"schema_version":2'), "version 1"),
        (payload().replace(b'"findings":[],"inputs"', b'"inputs"'), "not a whole report"),
    ],
)
def test_a_signed_payload_that_is_no_statement_of_ours_is_refused(data, word):
    assert word in reason(data)


def test_the_form_of_the_statement():
    found = json.loads(payload())
    assert sorted(found) == ["_type", "predicate", "predicateType", "subject"]
    assert (found["_type"], found["predicateType"]) == (STATEMENT, PREDICATE)
    assert found["subject"] == [{"name": "conda-lock.yml", "digest": {"sha256": LOCK}}]
    assert found["predicate"]["audited"] == "2026-11-24T12:00:00Z"
    assert found["predicate"]["report"]["schema_version"] == 1


def test_the_statement_is_what_in_toto_takes():
    found = json.loads(payload())
    about = [{"name": each["name"], "digest": each["digest"]} for each in found["subject"]]
    rows = [ResourceDescriptor(**row).pb for row in about]
    Statement(rows, found["predicateType"], found["predicate"]).validate()


@pytest.mark.parametrize(
    ("text", "span", "words"),
    [
        ("7d", 7 * DAY, "7 days"),
        ("7", 7 * DAY, "7 days"),
        ("36h", timedelta(hours=36), "36 hours"),
        ("90m", timedelta(minutes=90), "90 minutes"),
        ("0", timedelta(), "0 minutes"),
    ],
)
def test_ages(text, span, words):
    assert age(text) == span
    assert told(span) == words


@pytest.mark.parametrize("text", ["", "-1", "1w", "7 d", "٣", "9999999"])
def test_what_is_no_age(text):
    with pytest.raises(UsageError):
        age(text)


def test_names_in_a_statement_cannot_act():
    hostile = "\x1b[2J\u202e\nACCEPTED."
    data = payload(about=[Subject(hostile, LOCK)])
    answer = judge(dsse.write(envelope(data)).encode(), (public(),), Policy(lock=OTHER), NOW)
    text = verify_text.write(answer)
    assert text.startswith("REFUSED: It is not about this lock")
    assert not any(line.startswith("ACCEPTED") for line in text.splitlines())
    assert "\x1b" not in text
    assert json.loads(verify_text.write_json(answer))["statement"]["subjects"][0]["name"] == hostile
