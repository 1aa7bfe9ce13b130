"""Sizes as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.grammar.byte_size import bytes_of, shown_size


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6 GiB", 6 * 1024**3),
        ("500MB", 500_000_000),
        ("1.5 kB", 1500),
        ("2g", 2_000_000_000),
        ("17", 17),
        ("17 B", 17),
        ("", None),
        ("six GiB", None),
        ("6 iB", None),
        ("-1 MB", None),
        ("6 GiB and more", None),
    ],
)
def test_what_a_size_means(text, expected):
    assert bytes_of(text) == expected


@given(st.integers(min_value=0, max_value=1 << 50))
def test_what_is_shown_is_read_again(number):
    read = bytes_of(shown_size(number))
    assert read is not None
    assert abs(read - number) <= number * 0.06


@given(st.text())
def test_any_text_is_a_size_or_none(text):
    found = bytes_of(text)
    assert found is None or found >= 0
