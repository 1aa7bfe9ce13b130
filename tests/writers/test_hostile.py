"""Arbitrary text in every field: the output is valid, and nothing in it acts."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conda_preflight import schema
from conda_preflight.documents import Location
from conda_preflight.errors import ReadError
from conda_preflight.report import (
    Edit,
    Finding,
    Input,
    Outcome,
    Problem,
    Report,
    Rule,
    Severity,
    Status,
    Verdict,
)
from conda_preflight.schema_files import published
from conda_preflight.writers import FORMATS, text, write

REPORT = jsonschema.Draft202012Validator(published("report"))
SARIF = jsonschema.Draft202012Validator(
    json.loads(Path(__file__).with_name("sarif-subset.json").read_text())
)
NASTY = (
    "\0\x1b\r\n\t\x7f\x85\u2028\u202e\u2066\u200b\ufeff\ufffe\ud800\U000e0001\u0301漢😀"
    "<>&\"'|`:%,#@[]!*~"
)
texts = st.one_of(st.text(max_size=40), st.text(alphabet=NASTY, max_size=40))
lines = st.one_of(texts, st.builds(lambda a, n: a * n, texts, st.integers(0, 200)))
numbers = st.integers(0, 300)
places = st.builds(Location, texts, numbers, numbers, numbers)
severities = st.sampled_from(Severity)
rules = st.one_of(texts, st.sampled_from(["lock/a", "input/b", "acme/c"]))
problems = st.builds(
    Problem,
    texts,
    lines,
    places,
    texts,
    st.none(),
    st.lists(st.builds(Edit, places, texts, texts), max_size=2).map(tuple),
    st.lists(texts, max_size=2).map(tuple),
)
findings = st.builds(Finding, rules, severities, problems, lines, texts, texts)
outcomes = st.builds(
    Outcome,
    rules,
    texts,
    st.sampled_from(Status),
    st.lists(findings, max_size=3).map(tuple),
    texts,
)
counts = st.dictionaries(texts, numbers, max_size=2)
inputs = st.builds(Input, texts, texts, texts, st.dictionaries(texts, counts, max_size=2), counts)
reports = st.builds(
    Report,
    st.sampled_from(Verdict),
    st.lists(texts, max_size=2).map(tuple),
    st.lists(st.builds(Rule, rules, severities, texts, lines, st.just(())), max_size=3).map(tuple),
    st.lists(outcomes, max_size=4).map(tuple),
    st.lists(inputs, max_size=2).map(tuple),
    texts,
    severities,
    texts,
)
many = settings(
    max_examples=settings.default.max_examples * 3 // 5,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
ACTING = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\ud800-\udfff]"
)


class Page(HTMLParser):
    """Collects the elements of a page, and fails on one that it must not have."""

    VOID = frozenset(("meta", "link", "br", "input"))

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@given(reports)
@many
def test_no_format_lets_a_character_act(report):
    for form in FORMATS:
        out = write(form, report)
        assert not ACTING.search(out), form
        out.encode("utf-8")


@given(reports, st.booleans(), st.integers(0, 3), st.integers(0, 120))
@many
def test_text_in_ascii_is_ascii(report, quiet, verbose, width):
    out = text.write(report, unicode=False, quiet=quiet, verbose=verbose, width=width)
    assert out.isascii()
    assert not ACTING.search(out)
    assert not any(line.lstrip().startswith("::") for line in out.splitlines())
    assert "##[" not in out


@given(reports)
@many
def test_json_is_valid_and_round_trips(report):
    written = write("json", report)
    data = json.loads(written)
    REPORT.validate(data)
    again = schema.from_json(data)
    assert write("json", again) == written


@given(reports)
@many
def test_sarif_is_valid(report):
    SARIF.validate(json.loads(write("sarif", report)))


@given(reports)
@many
def test_junit_is_xml(report):
    root = ET.fromstring(write("junit", report))  # noqa: S314  (our own output)
    cases = root.findall("testsuite/testcase")
    assert len(cases) == int(root.get("tests"))
    assert len(root.findall(".//failure")) == int(root.get("failures"))


@given(reports)
@many
def test_html_has_no_foreign_element(report):
    page = Page(write("html", report))
    assert not page.open
    assert not page.tags & {"img", "b", "iframe", "svg", "object", "base", "audio"}
    assert not any(name.startswith("on") or name == "src" for name in page.attributes)


@given(reports)
@many
def test_github_lines_are_as_many_as_annotations(report):
    shown = [f for f in report.findings if not f.muted]
    crashed = [o for o in report.outcomes if o.status is Status.CRASHED]
    out = write("github", report).split("\n")
    commands = [line for line in out if line.startswith("::")]
    assert len(commands) == len(shown) + len(crashed)
    assert len(out) == len(commands) + len(report.reasons) + 3


@given(
    st.recursive(
        st.none() | st.integers() | texts,
        lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["findings", "verdict", "a"]), x),
    )
)
@many
def test_what_is_no_report_is_refused(value):
    for data in ({"schema_version": 1, "findings": value}, {"schema_version": value}):
        if data["schema_version"] == 1 and "findings" not in data:
            continue
        with pytest.raises(ReadError):
            schema.from_json(data)


def test_each_damaged_report_is_refused_or_read(report):
    whole = json.loads(write("json", report))
    for key in whole:
        for value in (None, 7, "x", [None], [[]], {"x": None}, [{"x": 1}]):
            try:
                schema.from_json({**whole, key: value})
            except ReadError:
                continue


def test_markdown_fits_a_comment(report):
    huge = replace(report.outcomes[3].findings[0].problem, message="|@`" * 5000, fix="<" * 5000)
    many_findings = tuple(
        Finding(f"lock/r{number}", Severity.ERROR, huge, "`" * 500) for number in range(400)
    )
    many_outcomes = [
        Outcome("lock/r", "a", Status.FAILED, many_findings, "r"),
        *(Outcome(f"{'@' * 300}{n}/r", "", Status.SKIPPED, reason="@" * 300) for n in range(50)),
    ]
    huge_report = replace(report, outcomes=tuple(many_outcomes), reasons=("@" * 900,) * 90)
    assert len(write("markdown", huge_report)) < 65_536
