"""In how few words a description names places."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conda_preflight.describing.fact import MAX_LINES, fact
from conda_preflight.installation import Place

LINUX, ARM, MAC = "linux-64", "linux-aarch64", "osx-arm64"
GRID = [Place(name, at) for name in ("default", "gpu", "test") for at in (LINUX, MAC)]


def lines(places, values):
    made = fact("x", [*zip(places, values, strict=True)])
    return made and made.lines


def test_what_is_the_same_everywhere_names_no_place():
    assert lines(GRID, ["1"] * 6) == ("1",)
    assert lines([Place("", LINUX)], ["1"]) == ("1",)
    assert lines(GRID, [""] * 6) is None


def test_platforms_alone_where_there_is_one_environment():
    assert lines([Place("", at) for at in (LINUX, ARM, MAC)], ["1", "1", ""]) == (
        "linux-64, linux-aarch64: 1",
        "osx-arm64: none",
    )


def test_environments_alone_where_their_platforms_agree():
    assert lines(GRID, ["", "", "2", "2", "", ""]) == ("gpu: 2", "default, test: none")


def test_platforms_alone_where_all_environments_agree():
    assert lines(GRID, ["1", "2"] * 3) == ("linux-64: 1", "osx-arm64: 2")


def test_both_where_neither_is_enough():
    assert lines(GRID, ["1", "1", "2", "1", "1", "1"]) == (
        "default, test; gpu on osx-arm64: 1",
        "gpu on linux-64: 2",
    )


def test_many_values_are_cut_and_counted():
    places = [Place(f"e{n}", LINUX) for n in range(40)]
    found = lines(places, [str(n) for n in range(40)])
    assert len(found) == MAX_LINES + 1
    assert found[-1] == "and 28 more"


@given(st.lists(st.sampled_from(["", "1", "2"]), min_size=6, max_size=6))
def test_different_places_are_told_differently(values):
    found = lines(GRID, values) or ()
    assert len(found) == len({value or "none" for value in values} if any(values) else ())
    assert len({line.rpartition(": ")[0] for line in found}) == len(found)
