"""Pictures hold what they show: boxes apart, every edge drawn, nothing outside, all escaped."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conda_preflight.answers.phrases import size
from conda_preflight.chains import Chain, Explanation, Node, Reason
from conda_preflight.documents import Location, Package
from conda_preflight.imaging.plan import plan
from conda_preflight.installation import Ask, Installation, Place
from conda_preflight.ledger.answer import Line
from conda_preflight.pictures.layers import ordered
from conda_preflight.pictures.matrix import matrix
from conda_preflight.pictures.picture import Picture, shortened
from conda_preflight.pictures.presence import presence
from conda_preflight.pictures.sizes import Area, areas, sizes
from conda_preflight.pictures.timeline import MAX_RECORDS, timeline
from conda_preflight.pictures.writing import inline, svg
from conda_preflight.report import (
    Finding,
    Outcome,
    Problem,
    Report,
    Severity,
    Status,
    TargetVerdict,
    Verdict,
)
from conda_preflight.writers.excerpt import cells
from conda_preflight.writers.picture_page import write

HOSTILE = "\x1b[2J<img src=x onerror=alert(1)>\u202e\"'&" + "long" * 60
NAMESPACE = "{http://www.w3.org/2000/svg}"


def rectangles(picture: Picture) -> list[tuple[float, float, float, float]]:
    tree = ET.fromstring(svg([picture]))  # noqa: S314  (our own text)
    names = ("x", "y", "width", "height")
    return [tuple(float(r.get(n)) for n in names) for r in tree.iter(f"{NAMESPACE}rect")]


def inside(picture: Picture) -> bool:
    return all(
        x >= 0 and y >= 0 and x + w <= picture.width + 0.11 and y + h <= picture.height + 0.11
        for x, y, w, h in rectangles(picture)
    )


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    slack = 0.11
    return (
        one[0] + one[2] > other[0] + slack
        and other[0] + other[2] > one[0] + slack
        and one[1] + one[3] > other[1] + slack
        and other[1] + other[3] > one[1] + slack
    )


def explanation(names: list[list[str]], goal: str = "numpy") -> Explanation:
    ask = Ask("conda", "x", "x >=1", "environment.yml:7")
    chains = tuple(
        Chain(ask, tuple(Node("conda", name, "1", "conda-forge", ">=1") for name in (*way, goal)))
        for way in names
    )
    reason = Reason(chains, len(chains), (), asked=True)
    return Explanation((Place(),), Node("conda", goal, "1"), reason)


words = st.sampled_from("abcdefgh")


@given(st.lists(st.tuples(words, words), min_size=1, max_size=12))
def test_boxes_of_a_graph_are_apart_and_every_edge_is_drawn(ways):
    names = [[f"left-{one}", f"right-{other}"] for one, other in ways]
    drawn = presence(explanation(names))
    boxes = rectangles(drawn)
    assert inside(drawn)
    assert not any(overlap(one, other) for one, other in combinations(boxes, 2))
    edges = {("ask", one) for one, _ in ways} | set(ways) | {(other, "goal") for _, other in ways}
    assert sum(shape.count('class="edge"') for shape in drawn.shapes) == len(edges)


def test_columns_are_ordered_so_that_lines_do_not_cross():
    columns = [["a", "b"], ["x", "y"]]
    assert ordered(columns, [("a", "y"), ("b", "x")]) in (
        [["a", "b"], ["y", "x"]],
        [["b", "a"], ["x", "y"]],
    )


def test_there_is_no_graph_where_no_chain_is_known():
    assert presence(replace(explanation([["a"]]), reason=None)) is None


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=40))
@example([48673406, 1])
def test_areas_are_apart_inside_and_as_large_as_their_weights(weights):
    weights = sorted(weights, reverse=True)
    found = areas(weights, Area(0, 0, 900, 500))
    total = sum(weights)
    for weight, area in zip(weights, found, strict=True):
        assert area.width * area.height == pytest.approx(
            900 * 500 * weight / total, rel=1e-6, abs=1e-6
        )
        assert area.x >= -1e-6
        assert area.x + area.width <= 900 + 1e-6
        assert area.y + area.height <= 500 + 1e-6
    spots = [(a.x, a.y, a.width, a.height) for a in found]
    assert not any(overlap(one, other) for one, other in combinations(spots, 2))


def package(name: str, size: int) -> Package:
    return Package("conda", name, "1", Location(""), size=size)


def test_an_image_names_its_large_packages_and_what_has_no_size():
    found = [package("pytorch", 10**9), package("zlib", 10**5), package("odd", 0)]
    drawn = sizes(plan(Installation(Place("", "linux-64"), tuple(found)), {}), size)
    assert inside(drawn)
    assert any(">pytorch<" in shape for shape in drawn.shapes)
    assert "1 of them is not known" in drawn.description
    assert [row[2:] for row in drawn.rows] == [
        ("pytorch 1", "1.0 GB"),
        ("zlib 1", "100.0 kB"),
        ("odd 1", "not known"),
    ]


def test_there_is_no_picture_of_unknown_sizes():
    assert sizes(plan(Installation(Place(), (package("a", 0),)), {}), size) is None


def line(seq: int, verdict: str = "GO", **numbers: int) -> Line:
    counts = {"errors": 0, "warnings": 0, "notes": 0, "came": 0, "went": 0, **numbers}
    return Line(
        seq=seq,
        at=f"2026-11-{1 + seq % 28:02}T10:00:00Z",
        command="audit",
        verdict=verdict,
        project="p",
        subject=".",
        revision="",
        dirty=None,
        user="",
        host="",
        muted=0,
        moved=0,
        digest="",
        **counts,
    )


def test_a_timeline_shows_the_latest_audits_in_their_order():
    lines = [line(seq, errors=seq % 5, came=seq % 3) for seq in range(MAX_RECORDS + 30, 0, -1)]
    drawn = timeline("p", [*lines, line(900, verdict="")])
    assert inside(drawn)
    assert len(drawn.rows) == MAX_RECORDS
    assert drawn.rows[0][0] == str(MAX_RECORDS + 30)
    assert f"{MAX_RECORDS} of {MAX_RECORDS + 30} audits" in drawn.description


def test_a_record_without_an_audit_is_no_timeline():
    assert timeline("p", [line(1, verdict="")]) is None


def report(*outcomes: Outcome) -> Report:
    targets = (TargetVerdict("a100", Verdict.NO_GO), TargetVerdict("l4", Verdict.GO))
    return Report(Verdict.NO_GO, (), (), outcomes, (), targets=targets)


def found(path: str) -> Finding:
    problem = Problem("pytorch", "too new", Location(path))
    return Finding("target/driver", Severity.ERROR, problem, targets=("a100",))


def test_a_matrix_says_which_file_runs_where():
    both, lock = ("a100", "l4"), "conda-lock.yml"
    drawn = matrix(
        report(
            Outcome("target/driver", lock, Status.FAILED, (found(lock),), targets=("a100",)),
            Outcome("target/driver", lock, Status.PASSED, targets=("l4",)),
            Outcome("target/glibc", "pixi.lock", Status.SKIPPED, reason="?", targets=both),
        )
    )
    assert inside(drawn)
    assert [row[:3] for row in drawn.rows] == [
        (lock, "a100", "NO-GO"),
        (lock, "l4", "GO"),
        ("pixi.lock", "a100", "UNKNOWN"),
        ("pixi.lock", "l4", "UNKNOWN"),
    ]
    assert drawn.rows[0][3] == "pytorch (target/driver)"


def test_one_file_on_no_target_is_no_matrix():
    assert matrix(report(Outcome("lock/x", "a.lock", Status.PASSED))) is None


def test_hostile_names_stay_text_and_the_whole_name_is_told():
    drawn = presence(explanation([[HOSTILE]], goal=HOSTILE))
    text = svg([drawn, drawn])
    ET.fromstring(text)  # noqa: S314  (our own text)
    assert "<img" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    page = write([drawn], HOSTILE)
    assert "<img" not in page
    assert "<script" not in page
    assert not re.search(r" style=", page)
    assert "longlong" in inline(drawn, "a")


@given(st.text(max_size=80), st.integers(0, 300))
def test_what_is_cut_fits(text, room):
    assert cells(shortened(text, room)) <= max(int(room / 7.3), 0)


def test_the_same_values_give_the_same_bytes():
    one = svg([presence(explanation([["a", "b"], ["a", "c"]]))])
    assert one == svg([presence(explanation([["a", "b"], ["a", "c"]]))])
