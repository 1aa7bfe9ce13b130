"""Each schema is one, is named, and only grows within its version."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path

import jsonschema
import pytest
from tests.schemas.additive import losses
from tests.schemas.published import checked

import conda_preflight
from conda_preflight.schema import from_json, to_json
from conda_preflight.schema_files import names, published

KEPT = Path(__file__).parents[1] / "golden" / "schemas"
OLD_REPORT = KEPT.parent / "report-version-1.json"
FILES = Path(conda_preflight.__file__).parent / "schemas"

each_schema = pytest.mark.parametrize("name", names())


@each_schema
def test_it_is_a_schema_of_the_draft_that_it_names_and_has_a_name_with_its_version(name):
    schema = published(name)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:conda-preflight:schema:{name}:1"
    assert schema["title"].endswith(", version 1")
    jsonschema.Draft202012Validator.check_schema(schema)


@each_schema
def test_every_reference_leads_somewhere_inside_it(name):
    def look(node, root):
        if isinstance(node, dict):
            root = node if "$id" in node else root
            if isinstance(ref := node.get("$ref"), str):
                found = root["$defs"] if ref.startswith("#") else published(name)["$defs"]
                assert ref.removeprefix("#/$defs/") in found
            for value in node.values():
                look(value, root)
        elif isinstance(node, list):
            for value in node:
                look(value, root)

    look(published(name), None)


@each_schema
def test_nothing_of_the_last_published_one_is_gone_or_narrower(name, request):
    """``--update-golden`` keeps today's schema as the last one, if it only adds to it."""
    kept, file = KEPT / f"{name}-1.json", FILES / f"{name}-1.json"
    if kept.exists():
        assert losses(json.loads(kept.read_text()), json.loads(file.read_text())) == []
    if request.config.getoption("--update-golden"):
        kept.write_bytes(file.read_bytes())
    assert kept.exists(), f"{name}: see --update-golden"


def test_no_published_schema_was_taken_back():
    assert {file.name for file in KEPT.glob("*.json")} <= {file.name for file in FILES.iterdir()}


CHANGES = {
    "a promise less": lambda s: s["required"].remove("verdict"),
    "a promise more, which old documents do not keep": lambda s: s["required"].append("targets"),
    "a property less": lambda s: s["properties"].pop("targets"),
    "another type": lambda s: s["properties"]["version"].update(type="integer"),
    "a value less": lambda s: s["$defs"]["severity"]["enum"].remove("note"),
    "a bound more": lambda s: s["properties"]["version"].update(maxLength=3),
    "a definition less": lambda s: s["$defs"].pop("rule"),
    "no room for more": lambda s: s.update(additionalProperties=False),
    "another reference": lambda s: s["properties"]["coverage"].update({"$ref": "#/$defs/count"}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_what_is_not_an_addition_is_seen(change):
    old = published("report")
    new = deepcopy(old)
    change(new)
    assert losses(old, new)


def test_additions_are_none():
    old = published("report")
    new = deepcopy(old)
    new["properties"]["more"] = {"type": "object", "required": ["x"], "properties": {"x": {}}}
    new["$defs"]["severity"]["enum"].append("hint")
    new["properties"]["version"]["description"] = "In other words."
    new["$defs"]["new"] = {"type": "string"}
    assert losses(old, new) == []


def test_the_first_report_of_version_1_is_valid_and_read_today():
    told = checked("report", OLD_REPORT.read_text(encoding="utf-8"))
    assert told["verdict"] == "UNKNOWN"
    again = to_json(from_json(told))
    assert again["findings"] == told["findings"]
    then = told["coverage"]["unselected_families"]
    known = [each for each in again["coverage"]["unselected_families"] if each in then]
    assert {**again["coverage"], "unselected_families": known} == told["coverage"]
