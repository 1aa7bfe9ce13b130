from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from lock_values import TRAPS

from conda_preflight.errors import WriteError
from conda_preflight.grammar.yaml_tree import Map, Scalar, load
from conda_preflight.lockfiles.yaml_text import dump, scalar

texts = st.text(max_size=40).filter(lambda t: not any("\ud800" <= c <= "\udfff" for c in t))
syntax = st.text(
    st.sampled_from("ab1 0:#-?&*!|>'\"%@`{}[],\\~<=.\n\t\0\u2028\ufeff\x85é😀"), max_size=12
)
values = st.recursive(
    texts | syntax | st.sampled_from(TRAPS) | st.integers() | st.booleans(),
    lambda inner: st.dictionaries(texts | syntax, inner, max_size=3),
    max_leaves=8,
)


@given(texts | syntax | st.sampled_from(TRAPS))
def test_a_text_is_read_back_as_itself(text):
    written = dump({"key": text, text: ["a", text]})
    assert yaml.safe_load(written) == {"key": text, text: ["a", text]}
    assert yaml.load(written, yaml.CSafeLoader) == {"key": text, text: ["a", text]}


@given(st.dictionaries(texts | syntax, values, max_size=4))
def test_a_tree_is_read_back_as_itself(tree):
    assert yaml.safe_load(dump(tree)) == (tree or None)


@given(texts | syntax | st.sampled_from(TRAPS))
def test_own_reader_takes_the_same_text(text):
    (top,) = load(dump({"key": text})).documents
    assert isinstance(top, Map)
    node = top.get("key")
    assert isinstance(node, Scalar)
    assert node.text == text
    assert not node.empty


@pytest.mark.parametrize("text", TRAPS[:-2])
def test_what_one_of_the_yamls_takes_for_something_else_is_quoted(text):
    assert scalar(text) == ("1!2.0" if text == "1!2.0" else f"'{text}'")


@pytest.mark.parametrize(
    "text", ["2023.07.22", "0b0f7174a0f94d", "numpy >=1.26,<2", "==8.*", "<4", "a:b", "C#", "x,y"]
)
def test_what_no_yaml_takes_for_something_else_is_plain(text):
    assert scalar(text) == text


def test_lists_and_mappings_look_as_those_of_pyyaml():
    tree = {"a": {}, "b": [], "c": [{"d": "1", "e": ["f"]}, "g"], "h": True, "i": {"j": 3}}
    assert dump(tree) == yaml.dump(tree, sort_keys=False)


def test_what_no_yaml_can_hold_is_refused():
    with pytest.raises(WriteError):
        dump({"k" * 600: "a"})
    with pytest.raises(WriteError):
        dump({"a": "\ud800"})
