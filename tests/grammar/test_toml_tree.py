from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.errors import ReadError
from conda_preflight.grammar.toml_tree import Tree, load

TEXT = '''\
# a comment
title = "x"  # another
[a]
b.c = 1
"d e" = 'y'
[a.f]
list = [ # why
  "one",
  { name = "two", deep = [1, 2] },
  """three
  lines""",
]
when = 1979-05-27 07:32:00
[[t]]
n = 1
[[t]]
n = { "k" = "]}", m.o = true }
[t.sub]
z = 0
'''


def place(tree: Tree, *path: str | int) -> tuple[int, int, int]:
    found = tree.place("f", *path)
    return found.line, found.column, found.length


def test_places() -> None:
    tree = load(TEXT)
    assert place(tree, "title") == (2, 1, 11)
    assert place(tree, "a", "b", "c") == (4, 3, 5)
    assert place(tree, "a", "d e") == (5, 1, 11)
    assert place(tree, "a", "f", "list", 0) == (8, 3, 5)
    assert place(tree, "a", "f", "list", 1, "name") == (9, 5, 12)
    assert place(tree, "a", "f", "list", 1, "deep", 1) == (9, 30, 1)
    assert place(tree, "a", "f", "list", 2) == (10, 3, 8)
    assert place(tree, "a", "f", "when") == (13, 1, 26)
    assert place(tree, "t", 1, "n", "m", "o") == (17, 21, 8)
    assert place(tree, "t", 1, "sub", "z") == (19, 1, 5)
    assert place(tree, "a", "f") == (6, 4, 1)
    assert place(tree, "a", "f", "none") == (6, 4, 1)
    assert tree.value_place("f", "title").column == 9


def test_values() -> None:
    tree = load(TEXT)
    assert tree.get("t", 1, "n", "k") == "]}"
    assert tree.get("t", 7) is None
    assert tree.get("title", "x") is None
    assert tree.table("title") == {}


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a = 1\nb = = 2\n", 2, 5),
        ("a = 1\na = 2\n", 2, 6),
        ("a = [1,\n", 2, 0),
        ("x = " + "[" * 100_000, 1, 70),
        ("x = " + "{a=" * 100_000, 1, 200),
        (".".join("a" * 50_000) + " = 1", 1, 129),
        ("a = " + "1" * 10_000, 0, 0),
        ("a = 2020-02-31", 1, 5),
    ],
)
def test_bad_toml(text: str, line: int, column: int) -> None:
    with pytest.raises(ReadError) as caught:
        load(text)
    assert caught.value.line == line
    assert caught.value.column == column


UNITS = [
    'a = """',
    "[a]\n",
    "a=[",
    "#",
    '"',
    "'",
    "{",
    "a.",
    "[[a]]\n",
    "\\",
    '\\"',
    "''' ' ",
    "=\n",
]


@pytest.mark.parametrize("unit", UNITS)
def test_linear(unit: str) -> None:
    began = time.thread_time()
    try:
        load(unit * (200_000 // len(unit)))
    except ReadError:
        assert time.thread_time() - began < 5


@given(st.text(st.sampled_from("ab.=[]{}\"'\\#, \n1é\r"), max_size=60))
def test_nothing_but_read_errors(text: str) -> None:
    try:
        load(text)
    except ReadError:
        return


VALUES = st.recursive(
    st.integers(-9, 9)
    | st.booleans()
    | st.text(st.characters(codec="ascii", categories=["L", "P"])),
    lambda inner: st.lists(inner, max_size=3),
)


@given(st.dictionaries(st.from_regex(r"[a-z-]{1,6}", fullmatch=True), VALUES, max_size=5))
def test_every_key_has_its_place(fields: dict[str, object]) -> None:
    import json

    rows = [f"{key} = {json.dumps(value)}" for key, value in fields.items()]
    tree = load("\n".join(rows))
    assert tree.root == fields
    for number, key in enumerate(fields, 1):
        assert place(tree, key) == (number, 1, len(rows[number - 1]))
