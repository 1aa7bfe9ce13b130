"""The order of versions under each scheme: total, and as the projects count."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from conda_preflight.advisories.versions import MAX_LENGTH, key, lenient_key

SCHEMES = ("pep440", "openssl", "semver", "cuda", "llamacpp", "protobuf", "generic")

ASCENDING = {
    "pep440": ("1.dev1", "1a1.dev2", "1a1", "1b2", "1rc1", "1", "1.post1.dev1", "1.post1", "1!0"),
    "openssl": (
        *("0.9.8", "0.9.8a", "0.9.8y", "0.9.8z", "0.9.8za", "0.9.8zh", "1.0.1-beta2", "1.0.1"),
        *("1.0.1a", "1.1.1", "1.1.1w", "3.0.0-alpha1", "3.0.0", "3.0.2", "3.0.12", "3.1.0"),
    ),
    "semver": ("1.24.0-0", "1.24.0-rc.2", "1.24.0-rc.10", "1.24.0", "1.24.1", "7.10", "v8.0.1"),
    "cuda": ("11.8.86", "12.0", "12.0 Update 1", "12.1.105", "12.1U1", "12.4.131", "13.0"),
    "llamacpp": ("b999", "b3000", "0.0.3001", "b10000"),
    "protobuf": ("3.16.1", "3.20.3", "3.21.11", "21.12", "22.0", "4.23.3", "25.3", "5.26.0"),
    "generic": (
        *("6.0", "6.4", "6.4-20240210", "6.4.20240211", "7.1.1_35", "7.1.1-36", "7.1.2-0"),
        *("8", "8d", "9", "9e", "9.0.1alpha", "9.0.1-beta2", "9.0.1rc1", "9.0.1", "9.9", "9.9p1"),
        *("10.0", "2022a", "2023c", "2023d"),
    ),
}
"""Each is later than the one before it, except where SAME says that they are one."""

SAME = (
    ("pep440", "2.1.0+cu118", "2.1"),
    ("pep440", "v1.0.0", "1"),
    ("openssl", "3.0", "3.0.0"),
    ("semver", "1.2.0", "1.2"),
    ("cuda", "12.4.131", "12.4"),
    ("cuda", "12.6U2", "12.6 Update 2"),
    ("protobuf", "3.21.12", "21.12"),
    ("protobuf", "4.25.3", "25.3"),
    ("generic", "1!164.3095", "164.3095"),
    ("generic", "1.14.4.3", "1.14.4-3"),
    ("generic", "6.4-20240210", "6.4.20240210"),
    ("generic", "r25.10", "25.10"),
    ("generic", "v1.0", "1.0.0"),
)

UNREADABLE = (
    ("pep440", "4f5759dbfb4506c7b6280572a4db1aabc1ac778d"),
    ("openssl", "fips-2.0.1"),
    ("llamacpp", "4bda59f88d14"),
    ("generic", "4bda59f88d148a41b412705d4739342123a192d9"),
    ("generic", "master"),
    ("generic", "²"),
    ("generic", ""),
    ("semver", "1" * (MAX_LENGTH + 1)),
)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_each_is_later_than_the_one_before(scheme: str) -> None:
    keys = [key(scheme, version) for version in ASCENDING[scheme]]
    assert None not in keys
    assert all(a < b for a, b in pairwise(keys))  # type: ignore[operator]


@pytest.mark.parametrize(("scheme", "one", "other"), SAME)
def test_one_version_in_two_spellings(scheme: str, one: str, other: str) -> None:
    assert key(scheme, one) == key(scheme, other) is not None


@pytest.mark.parametrize(("scheme", "text"), UNREADABLE)
def test_what_is_no_version_has_no_key(scheme: str, text: str) -> None:
    assert key(scheme, text) is None


@pytest.mark.parametrize(
    ("text", "read"),
    [("1.83.10-stable", "1.83.10"), ("0.4.9-6262-g2fa0b11d3", "0.4.9"), ("0.2.0-n653", "0.2.0")],
)
def test_numbers_in_what_is_no_version(text: str, read: str) -> None:
    assert key("pep440", text) is None
    assert lenient_key("pep440", text) == key("pep440", read)


def test_a_commit_or_another_product_has_no_numbers() -> None:
    assert lenient_key("openssl", "fips-2.0.1") is None
    assert lenient_key("pep440", "9dfb7177b8d7bb98a5a6014f8e6436812a47576f") is None


def test_a_wildcard_is_after_all_that_it_stands_for() -> None:
    last, wild, after = (key("semver", text) for text in ("4.9.1", "4.*", "5.0"))
    assert last is not None
    assert wild is not None
    assert after is not None
    assert last < wild < after


TEXTS = st.one_of(
    st.text(alphabet="0123456789.-_abrcpostdev+!~^ *xu", max_size=14),
    st.text(max_size=20),
    st.from_regex(r"\A[0-9]{1,3}(\.[0-9]{1,3}){0,3}([-._]?(a|b|rc|p|post|dev|beta)[0-9]{0,2})?\Z"),
)


@pytest.mark.parametrize("scheme", SCHEMES)
@given(texts=st.lists(TEXTS, min_size=3, max_size=3))
def test_keys_are_in_total_order(scheme: str, texts: list[str]) -> None:
    keys = [found for text in texts if (found := key(scheme, text)) is not None]
    for one in keys:
        for other in keys:
            assert (one < other) + (one == other) + (one > other) == 1
    ordered = sorted(keys)
    assert all(a <= b for place, a in enumerate(ordered) for b in ordered[place:])


NUMBERS = st.integers(0, 30)
PYTHON_VERSIONS = st.builds(
    "".join,
    st.tuples(
        st.sampled_from(["", "", "", "1!"]),
        st.lists(NUMBERS.map(str), min_size=1, max_size=4).map(".".join),
        st.sampled_from(["", "", "a1", "b2", "rc1", "rc10"]),
        st.sampled_from(["", "", ".post1", ".post2"]),
        st.sampled_from(["", "", ".dev1", ".dev3"]),
    ),
)


@given(PYTHON_VERSIONS, PYTHON_VERSIONS)
def test_pep440_is_as_packaging_orders_it(one: str, other: str) -> None:
    left, right = key("pep440", one), key("pep440", other)
    assert left is not None
    assert right is not None
    assert (left < right, left == right) == (
        Version(one) < Version(other),
        Version(one) == Version(other),
    )
