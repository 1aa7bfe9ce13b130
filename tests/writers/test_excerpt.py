"""The caret stands under the span, whatever stands before it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.documents import Location
from conda_preflight.writers.excerpt import cells, excerpt


@pytest.mark.parametrize(
    ("text", "column", "length", "line", "carets"),
    [
        ("  - numpy", 5, 5, "  - numpy", "    ^^^^^"),
        ("\t- numpy", 4, 5, "    - numpy", "      ^^^^^"),
        ("a\tb", 3, 1, "a   b", "    ^"),
        ("漢字: x", 5, 1, "漢字: x", "      ^"),
        ("e\u0301: x", 5, 1, "e\u0301: x", "   ^"),
        ("\x1b[x", 2, 1, "\\x1b[x", "    ^"),
        ("a\u202eb", 2, 1, "a\\u202eb", " ^^^^^^"),
        ("漢", 1, 1, "漢", "^^"),
        ("ab", 3, 0, "ab", "  ^"),
        ("ab", 9, 4, "ab", "  ^"),
        ("ab", 0, 4, "ab", ""),
        ("abc", 2, 99, "abc", " ^^"),
        ("", 1, 1, "", "^"),
    ],
)
def test_caret(text, column, length, line, carets):
    part = excerpt(text, Location("a", 1, column, length))
    assert (part.line, part.carets) == (line, carets)


def test_long_line_is_cut_around_the_caret():
    part = excerpt("a" * 500 + "HERE" + "b" * 500, Location("a", 1, 501, 4), 40)
    assert part.span == "HERE"
    assert part.line.startswith("…a")
    assert part.line.endswith("b…")
    assert part.line.index("HERE") == part.carets.index("^")
    assert cells(part.line) <= 42


def test_long_span_is_cut():
    part = excerpt("x" * 5000, Location("a", 1, 2, 4000), 40)
    assert cells(part.line) <= 42
    assert len(part.carets) <= 42


def test_ascii():
    part = excerpt("ü" + "a" * 50, Location("a", 1, 2, 1), 20, unicode=False)
    assert part.line.startswith("\\xfca")
    assert part.line.endswith("...")
    assert part.carets == "    ^"


@given(
    st.text(max_size=300),
    st.integers(0, 400),
    st.integers(0, 400),
    st.integers(10, 120),
    st.booleans(),
)
def test_caret_lies_within_the_line(text, column, length, width, unicode):
    part = excerpt(text, Location("a", 1, column, length), width, unicode=unicode)
    assert cells(part.line) <= width + 16
    assert len(part.carets) <= cells(part.line) + 1
    if part.carets:
        assert len(part.carets) - len(part.carets.lstrip()) == cells(part.before)
