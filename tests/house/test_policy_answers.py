"""Answers of policies are read as hostile input."""

from __future__ import annotations

import pytest

from conda_preflight.documents.ruling import BROKEN
from conda_preflight.house.answers import MAX_ITEMS, MAX_TEXT, rulings


def of_value(value):
    rule = {"path": ["p", "deny"], "kind": "denied", "file": "a.rego", "value": value}
    return list(rulings({"faults": [], "answers": [rule]}, ["a.rego"]))


@pytest.mark.parametrize(
    "value",
    [
        True,
        "no",
        3,
        {"a": 1},
        [3],
        [None],
        [[]],
        [{"msg": ""}],
        [{"msg": 3}],
        [{"id": "a"}],
        [{"msg": "a", "file": []}],
        [{"msg": "a", "severity": "fatal"}],
    ],
)
def test_what_is_no_set_of_reasons_is_broken(value):
    (broken,) = of_value(value)
    assert (broken.kind, broken.policy) == (BROKEN, "a.rego")


@pytest.mark.parametrize("answer", [None, [], {}, {"faults": 1, "answers": []}, "x"])
def test_what_is_no_answer_is_broken(answer):
    assert [each.kind for each in rulings(answer, ["a.rego"])] == [BROKEN]


def test_texts_and_lists_are_bounded():
    found = of_value([f"{number} " + "x" * 9_000 for number in range(MAX_ITEMS + 5)])
    assert len(found) == MAX_ITEMS + 1
    assert "may tell 10,000" in found[0].message
    assert max(len(each.message) for each in found) == MAX_TEXT + len("...")


@pytest.mark.parametrize("line", [0, -1, 1.5, True, "3", 1 << 40, None])
def test_a_line_that_is_none_is_unknown(line):
    assert [each.line for each in of_value([{"msg": "a", "line": line}])] == [0]


def test_objects_of_version_0_are_read_from_their_keys():
    (found,) = of_value({'{"msg": "a", "line": 3}': True})
    assert (found.message, found.line) == ("a", 3)
    assert of_value({"{no json": True})[0].message == "{no json"
