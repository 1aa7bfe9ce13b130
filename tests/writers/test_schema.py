"""The published JSON holds what is promised, and the schema knows each of its properties."""

from __future__ import annotations

import json

import jsonschema
import pytest

from conda_preflight.errors import ReadError
from conda_preflight.schema import from_json, to_json
from conda_preflight.schema_files import published
from conda_preflight.writers import write


def closed(node: object) -> object:
    """The same schema without room for properties that it does not name."""
    if isinstance(node, list):
        return [closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    inner = {key: closed(value) for key, value in node.items()}
    return {**inner, "unevaluatedProperties": False} if "allOf" in inner else inner


def test_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(published("report"))


def test_report_is_valid(report):
    jsonschema.validate(to_json(report), closed(published("report")))


def test_schema_names_every_property(report):
    data, schema = to_json(report), published("report")
    assert set(data) == set(schema["properties"])
    names = ("finding", "outcome", "rule", "target")
    for name, entries in ((name, f"{name}s") for name in names):
        seen = {key for entry in data[entries] for key in entry}
        assert seen == set(schema["$defs"][name]["properties"])
    assert set(data["changes"]) == set(schema["$defs"]["changes"]["properties"])


def test_what_product_promises(report):
    data = to_json(report)
    assert data["schema_version"] == 1
    assert data["verdict"] == "UNKNOWN"
    vulnerable = next(entry for entry in data["findings"] if entry["rule"] == "vuln/known")
    assert vulnerable["ids"] == ["CVE-2023-50447", "GHSA-3f63-hfp8-52jq"]
    assert (vulnerable["line"], vulnerable["column"], vulnerable["muted"]) == (80, None, None)
    assert data["coverage"]["skipped_families"] == {"lock": ["no Lock in this project"]}
    assert data["inputs"][0]["packages"]["linux-64"] == {"conda": 120, "pypi": 3}


def test_outcomes_name_their_findings(report):
    data = to_json(report)
    for outcome in data["outcomes"]:
        rules = {data["findings"][place]["rule"] for place in outcome["findings"]}
        assert rules <= {outcome["rule"]}
    places = [place for outcome in data["outcomes"] for place in outcome["findings"]]
    assert sorted(places) == list(range(len(data["findings"])))


def test_read_back_says_the_same(report):
    again = from_json(json.loads(write("json", report)))
    for form in ("text", "markdown", "github", "junit", "json"):
        assert write(form, again) == write(form, report)


def test_other_versions_are_refused():
    with pytest.raises(ReadError, match="version 1"):
        from_json({"schema_version": 2})
