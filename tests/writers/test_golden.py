"""Each format of one report, byte for byte; reviewed as a diff when it changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conda_preflight.report import Outcome, Report, Status, Verdict
from conda_preflight.writers import FORMATS, text, write

ENDINGS = {
    "text": "txt",
    "json": "json",
    "sarif": "sarif",
    "junit": "xml",
    "markdown": "md",
    "html": "html",
    "github": "log",
    "gitlab": "gitlab.json",
    "openvex": "openvex.json",
}


@pytest.fixture(autouse=True)
def when(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


@pytest.mark.parametrize("form", FORMATS)
def test_format(form, report, golden):
    golden(f"report.{ENDINGS[form]}", write(form, report))


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("ascii", {"unicode": False}),
        ("colour", {"colour": True}),
        ("verbose", {"verbose": 1}),
        ("quiet", {"quiet": True}),
        ("narrow", {"width": 50}),
    ],
)
def test_text_options(name, options, report, golden):
    golden(f"text-{name}.txt", text.write(report, **options))


@pytest.mark.parametrize("form", FORMATS)
def test_a_clean_report(form, golden):
    outcomes = (Outcome("input/unreadable", "environment.yml", Status.PASSED),)
    golden(f"clean.{ENDINGS[form]}", write(form, Report(Verdict.GO, (), (), outcomes, ())))


@pytest.mark.parametrize("form", FORMATS)
def test_order_of_outcomes_does_not_matter(form, report):
    turned = replace(
        report,
        outcomes=report.outcomes[::-1],
        inputs=report.inputs[::-1],
        rules=report.rules[::-1],
    )
    assert write(form, turned) == write(form, report)


@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_report(form):
    assert write(form, Report(Verdict.UNKNOWN, ("nothing was audited",), (), (), ())).endswith("\n")


def test_an_unknown_format_is_refused(report):
    with pytest.raises(ValueError, match="not a format"):
        write("yaml", report)
