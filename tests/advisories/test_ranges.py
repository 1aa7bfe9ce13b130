"""What the events of a record say of one version, broken ones too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.advisories.ranges import OPEN, Verdict, evaluate
from conda_preflight.documents.advisory import Affected

Events = tuple[tuple[str, str], ...]


def said(version: str, *ranges: Events, versions: tuple[str, ...] = ()) -> Verdict:
    return evaluate(Affected("PyPI", "thing", ranges, versions), version)


def events(text: str) -> Events:
    """``>=1 <2`` as events: ``>=`` introduced, ``<`` fixed, ``<=`` last affected, ``|`` limit."""
    names = {">=": "introduced", "<=": "last_affected", "<": "fixed", "|": "limit"}
    found = []
    for word in text.split():
        sign = next(sign for sign in names if word.startswith(sign))
        found.append((names[sign], word.removeprefix(sign)))
    return tuple(found)


@pytest.mark.parametrize(
    ("text", "version", "matched"),
    [
        (">=0 <2.0", "1.9", "< 2.0"),
        (">=0 <2.0", "2.0", ""),
        (">=0 <2.0", "2.0rc1", "< 2.0"),
        (">=0", "0.0.dev1", "every version"),
        (">=1.0", "0.9", ""),
        (">=1.0", "1.0.0", ">= 1.0"),
        (">=1.0 <=1.5", "1.5", ">= 1.0, <= 1.5"),
        (">=1.0 <=1.5", "1.5.1", ""),
        (">=0 <1.5 >=2.0 <2.3", "1.7", ""),
        (">=0 <1.5 >=2.0 <2.3", "2.1+cu118", ">= 2.0, < 2.3"),
        ("<2.3 >=2.0 <1.5 >=0", "2.1", ">= 2.0, < 2.3"),
        (">=0 >=2.0 <2.3", "1.0", "< 2.3"),
        (">=0 <1.0 >=1.0 <2.0", "1.0", ">= 1.0, < 2.0"),
        (">=1.0 <1.0", "1.0", ""),
        (">=0 <1.0 <2.0", "1.5", ""),
        (">=0 |3.0", "2.0", "every version"),
        (">=0 |3.0", "3.0", ""),
        ("<2.0", "1.0", "< 2.0"),
    ],
)
def test_one_range(text: str, version: str, matched: str) -> None:
    found = said(version, events(text))
    assert found.decides
    assert found.matched == matched


def test_a_version_of_the_list_counts_in_every_spelling() -> None:
    assert said("1.0", versions=("0.9", "1.0.0")).matched == "= 1.0"
    assert said("1.0.0+cpu", versions=("v1",)).matched
    assert said("1.1", versions=("0.9", "1.0.0")) == Verdict()
    assert said("1.1", events(">=1.2 <1.3"), versions=("1.1",)).matched


def test_nothing_to_compare_decides_nothing() -> None:
    assert not said("1.0").decides
    assert not said("1.0", ()).decides
    assert not said("1.0", (("introduced", "4f5759dbfb4506c7b6280572a4db1aabc1ac778d"),)).decides


def test_a_range_without_end_is_doubtful() -> None:
    assert said("1.0", events(">=0")).doubt == OPEN
    assert not said("1.0", events(">=0 |2.0")).doubt
    assert not said("1.0", events(">=0"), events(">=0 <2.0")).doubt


def test_a_range_that_ends_before_it_begins_holds_nothing() -> None:
    found = said("3.13.1", events(">=3.13 <3.13.0rc2"))
    assert found.decides
    assert not found.matched
    assert "ends before it begins" in found.notes[0]
    assert said("3.12.1", events(">=3.12 <3.12.5 >=3.13 <3.13.0rc2")).matched


def test_an_operator_before_a_version_is_no_guess() -> None:
    found = said("3.8.1", events(">=0 <>=3.8.2"))
    assert (found.matched, found.doubt) == ("< 3.8.2", "")


def test_a_suffix_that_is_no_version_is_a_guess() -> None:
    found = said("1.79.0", events(">=0 <1.83.10-stable"))
    assert found.matched == "< 1.83.10-stable"
    assert "1.83.10-stable" in found.doubt
    assert not said("1.84", events(">=0 <1.83.10-stable")).matched


def test_a_commit_as_an_end_leaves_no_end() -> None:
    found = said("1.0", events(">=0 <bbed8d28354e9c644c5a7df13946a3a0451f9ab9"))
    assert found.matched
    assert "cannot be compared" in found.doubt


def test_what_mends_it_is_told() -> None:
    assert said("1.0", events(">=0 <1.5"), events(">=0 <2.0")).fixed == ("1.5", "2.0")
    assert said("1.0", events(">=0 <=1.5")).fixed == ()


def test_a_product_of_its_own_order() -> None:
    openssl = Affected("Upstream", "openssl", (events(">=1.1.1 <1.1.1x"),), scheme="openssl")
    assert evaluate(openssl, "1.1.1w").matched
    assert not evaluate(openssl, "1.1.1za").matched
    node = Affected("Upstream", "nodejs", (events(">=16.0 <16.*"),), scheme="semver")
    assert evaluate(node, "16.20.2").matched
    assert not evaluate(node, "17.0.0").matched


NAMES = st.sampled_from(["introduced", "fixed", "last_affected", "limit"])
VERSIONS = st.one_of(
    st.sampled_from(["0", "1", "1.5", "2.0rc1", "*", ">=3", "x"]), st.text(max_size=9)
)


@given(
    ranges=st.lists(st.lists(st.tuples(NAMES, VERSIONS), max_size=6).map(tuple), max_size=3),
    versions=st.lists(VERSIONS, max_size=4),
    version=VERSIONS,
    scheme=st.sampled_from(["", "generic", "openssl", "semver", "cuda", "protobuf", "llamacpp"]),
)
def test_any_events_give_a_verdict(
    ranges: list[Events], versions: list[str], version: str, scheme: str
) -> None:
    record = Affected("PyPI", "thing", tuple(ranges), tuple(versions), scheme)
    found = evaluate(record, version)
    assert found.decides or not found.matched


@given(
    bounds=st.lists(st.integers(0, 50), min_size=2, max_size=8, unique=True),
    version=st.integers(0, 50),
    order=st.randoms(use_true_random=False),
)
def test_the_order_of_events_does_not_matter(
    bounds: list[int], version: int, order: object
) -> None:
    bounds = sorted(bounds[: len(bounds) // 2 * 2])
    pairs = list(zip(bounds[::2], bounds[1::2], strict=True))
    timeline = [("introduced", str(a)) for a, _ in pairs] + [("fixed", str(b)) for _, b in pairs]
    order.shuffle(timeline)  # type: ignore[attr-defined]
    inside = any(a <= version < b for a, b in pairs)
    assert bool(said(str(version), tuple(timeline)).matched) == inside
