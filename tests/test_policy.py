"""Waivers, inline comments and the baseline mute what they name and nothing else."""

from __future__ import annotations

import json
from datetime import date

import pytest

from conda_preflight.audit import audit
from conda_preflight.check import check
from conda_preflight.config import Settings
from conda_preflight.documents import Manifest
from conda_preflight.errors import UsageError
from conda_preflight.project import open_project
from conda_preflight.report import Problem, Severity, Verdict
from conda_preflight.schema import to_json
from conda_preflight.waiver_setting import WaiverSetting

DAY = date(2026, 11, 24)


@check("trial/each", Severity.ERROR, formerly=("trial/every",))
def each(manifest: Manifest):
    """Finds every spec."""
    for spec in manifest.specs:
        yield Problem(spec.name, "found", spec.location)


def run(folder, text, settings=None, today=DAY):
    from conda_preflight import catalog

    (folder / "environment.yml").write_text(text)
    chosen = settings or Settings()
    policy_checks = catalog.selected(("policy",))
    return audit(open_project(folder, chosen), chosen, today, (each, *policy_checks))


def muted(report):
    return {f.problem.about: f.muted for f in report.findings if f.rule == "trial/each"}


def said(report):
    return [f.rule for f in report.findings if f.rule.startswith("policy/")]


TWO = "name: a\ndependencies:\n  - one\n  - two\n"


def waiver(**words):
    full = {"rule": "trial/each", "reason": "known", "expires": "2027-01-31"} | words
    return Settings(waivers=(WaiverSetting(**full),), file="preflight.toml")


def test_a_waiver_mutes_what_its_globs_name(tmp_path):
    report = run(tmp_path, TWO, waiver(about="on*", path="*.yml"))
    assert muted(report) == {"one": "known (until 2027-01-31)", "two": ""}
    assert said(report) == []
    assert report.verdict is Verdict.NO_GO


def test_all_muted_is_go_and_still_in_the_report(tmp_path):
    report = run(tmp_path, TWO, waiver())
    assert report.verdict is Verdict.GO
    assert len(report.findings) == 2


def test_a_former_name_of_a_rule_holds(tmp_path):
    assert all(muted(run(tmp_path, TWO, waiver(rule="trial/every"))).values())


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ({"expires": "2026-11-23"}, "policy/expired-waiver"),
        ({"expires": "soon"}, "policy/invalid-waiver"),
        ({"expires": ""}, "policy/invalid-waiver"),
        ({"reason": " "}, "policy/invalid-waiver"),
        ({"rule": "trial/nothing"}, "policy/invalid-waiver"),
        ({"about": "three"}, "policy/unused-waiver"),
    ],
)
def test_a_waiver_that_does_not_hold_mutes_nothing_and_is_told(tmp_path, words, rule):
    report = run(tmp_path, TWO, waiver(**words))
    assert not any(muted(report).values())
    assert said(report) == [rule]


def test_it_holds_on_its_last_day(tmp_path):
    assert all(muted(run(tmp_path, TWO, waiver(expires="2026-11-24"))).values())


@pytest.mark.parametrize(
    "text",
    [
        "name: a\ndependencies:\n  - one  # preflight: ignore[trial/each] old\n  - two\n",
        "name: a\ndependencies:\n  # preflight: ignore[trial/each] old\n  - one\n  - two\n",
        "name: a\ndependencies:\n  - one # y # preflight: ignore[x/y, trial/each] old\n  - two\n",
    ],
)
def test_an_inline_comment_holds_for_its_line(tmp_path, text):
    assert muted(run(tmp_path, text)) == {"one": "old", "two": ""}


def test_an_inline_comment_may_have_an_end(tmp_path):
    text = "name: a\ndependencies:\n  - one # preflight: ignore[trial/each] old until 2026-01-31\n"
    report = run(tmp_path, text)
    assert muted(report) == {"one": ""}
    assert said(report) == ["policy/expired-waiver"]


def test_text_that_is_no_comment_is_no_exception(tmp_path):
    text = 'name: "preflight: ignore[trial/each] x"\ndependencies:\n  - one\n'
    assert muted(run(tmp_path, text)) == {"one": ""}


def test_a_baseline_mutes_what_was_known(tmp_path):
    first = run(tmp_path, TWO)
    (tmp_path / "known.json").write_text(json.dumps(to_json(first)))
    chosen = Settings(baseline=str(tmp_path / "known.json"))
    report = run(tmp_path, "name: a\ndependencies:\n  - zero\n  - two\n  - one\n", chosen)
    assert {key for key, why in muted(report).items() if why} == {"one", "two"}
    assert report.verdict is Verdict.NO_GO


@pytest.mark.parametrize("text", ["", "[]", '{"findings": [1]}', '{"findings": [{}]}'])
def test_a_baseline_that_is_none_is_wrong_use(tmp_path, text):
    (tmp_path / "known.json").write_text(text)
    with pytest.raises(UsageError, match="baseline"):
        run(tmp_path, TWO, Settings(baseline=str(tmp_path / "known.json")))
