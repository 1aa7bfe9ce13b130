from __future__ import annotations

import csv
import os
import re
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from conda_preflight.grammar import conda_order
from conda_preflight.grammar.conda_version import contradicts, is_exact, matches, parse, pinned

BESIDE = Path(__file__).parents[3] / "shared" / "corpus"
CORPUS = Path(os.environ.get("CONDA_PREFLIGHT_CORPUS", BESIDE)) / "locks"

ORDERED = (
    "0.4",
    "0.4.1.rc",
    "0.4.1",
    "0.5a1",
    "0.5b3",
    "0.5C1",
    "0.5",
    "0.9.6",
    "0.960923",
    "1.0",
    "1.1dev1",
    "1.1_",
    "1.1a1",
    "1.1.0dev1",
    "1.1.a1",
    "1.1.0rc1",
    "1.1.0",
    "1.1.0post1",
    "1996.07.12",
    "1!0.4.1",
    "1!3.1.1.6",
    "2!0.4.1",
)
EQUAL = (("1.1", "1.1.0"), ("0.4.1.rc", "0.4.1.RC"), ("1_2", "1.2"), ("1-2", "1.2"), ("0!1", "1"))


def version(text: str) -> conda_order.Version:
    found = conda_order.parse(text)
    assert found is not None, text
    return found


def test_order():
    for one, other in pairwise(ORDERED):
        assert version(one) < version(other), (one, other)
    for one, other in EQUAL:
        assert version(one) == version(other)
        assert hash(version(one)) == hash(version(other))
    assert version("1.0+cu118") < version("1.0+cu121") < version("1.0")


@pytest.mark.parametrize(
    "text",
    ["", " ", "1..2", "1.", "a!1", "1!2!3", "1+2+3", "+1", "1+", "1-2_3", "é", "1 2", "1" * 300],
)
def test_what_is_no_version(text):
    assert conda_order.parse(text) is None


@pytest.mark.parametrize(
    ("constraint", "version", "answer"),
    [
        ("=1.2", "1.2.3", True),
        ("=1.2", "1.20", False),
        ("=1.2", "1.2", True),
        ("1.2", "1.2.3", False),
        ("1.2", "1.2.0", True),
        ("1.2.*", "1.2.3", True),
        ("1.2*", "1.20", False),
        ("=1.2.*", "1.2.9", True),
        ("==1.2", "1.2.1", False),
        (">=1.2,<2", "1.10", True),
        (">=1.2,<2.0a0", "2.0a1", False),
        ("<2|>=3", "2.5", False),
        ("(1.1.*|1.3.*),!=1.3.5", "1.3.5", False),
        ("(1.1.*|1.3.*),!=1.3.5", "1.3.4", True),
        ("!=1.2.*", "1.2.7", False),
        ("~=1.2.3", "1.2.9", True),
        ("~=1.2.3", "1.3", False),
        ("*", "0", True),
        ("=*", "0", True),
        ("", "0", True),
        ("1.*.2", "1.7.2", True),
        ("1.*.2", "1.7.3", False),
        (">=9e,<10a", "9f", True),
        (">=1!164.3095,<1!165", "1!164.3095", True),
        (">= 1.2, < 2", "1.5", True),
        ("=2024b", "2024b", True),
        ("==8.*", "8.1", False),
        (">8.*", "8", False),
        ("^1.2.*$", "1.2", None),
        (">=", "1", None),
        ("~=1", "1", None),
        ("~=1.*", "1", None),
        (">=1,", "1", None),
        ("(1", "1", None),
        ("=>1", "1", None),
        ("1 py39_0", "1", None),
        (">=1", "not a version", None),
        (">1 || <2", "1", None),
    ],
)
def test_matches(constraint, version, answer):
    assert matches(constraint, version) is answer


@pytest.mark.parametrize(
    ("constraint", "level"),
    [
        ("=1.2", 2),
        ("1.2.*", 2),
        ("~=1.2.3", 2),
        (">=1.2,<1.3", 2),
        (">=1.2.3,<1.3.0a0", 2),
        (">=1,<2", 1),
        (">=1.2", 0),
        ("1.*", 1),
        ("*", 0),
        ("1.2|1.3", 0),
        ("==1", 9),
        ("1.2.3", 9),
        ("^1$", 0),
    ],
)
def test_pinned(constraint, level):
    assert [pinned(constraint, n) for n in range(1, 4)] == [n <= level for n in range(1, 4)]
    assert is_exact(constraint) is (level == 9)


@pytest.mark.parametrize(
    ("constraints", "answer"),
    [
        ((">=2", "<2"), True),
        (("=1.2", "=1.3"), True),
        (("=1.2", ">=1.3"), True),
        (("==1.2", "!=1.2"), True),
        (("==1.2", ">=1.3"), True),
        ((">=3.10", "<3.9"), True),
        (("~=1.2", ">=2"), True),
        (("<2|>=3", "=2.5"), True),
        (("=1.2", "<1.2"), False),
        (("=2", "<=2.dev0"), False),
        (("1.2.*", ">=1.2.5"), False),
        (("==1.0", "==1.0.0"), False),
        ((">=1", "^0$"), False),
        ((">=1", "unreadable version"), False),
        ((">=2", "<=2"), False),
        (("==2.*", ">=2.1"), False),
        ((), False),
    ],
)
def test_contradicts(constraints, answer):
    assert contradicts(constraints) is answer


VALUES = (
    "1",
    "1.2",
    "1.2.*",
    "1.0",
    "2",
    "2.0a0",
    "1.2a",
    "1.10",
    "1!1",
    "1.2+a",
    "1.2.dev0",
    "2.post1",
)
CLAUSES = st.tuples(
    st.sampled_from(("", "=", "==", "!=", ">=", "<=", "<", ">", "~=")), st.sampled_from(VALUES)
).map("".join)
CONSTRAINTS = st.lists(CLAUSES, min_size=1, max_size=3).flatmap(
    lambda found: st.sampled_from((",".join(found), "|".join(found)))
)
VERSIONS = st.from_regex(r"(1!)?[0-3](\.(1?[0-3])){0,3}(a|rc1|\.dev0|post1|_|\+l)?", fullmatch=True)


@given(st.lists(CONSTRAINTS, min_size=1, max_size=3), VERSIONS)
def test_a_contradiction_has_no_version(constraints, text):
    assume(contradicts(constraints))
    assert any(matches(constraint, text) is not True for constraint in constraints)


@given(VERSIONS, VERSIONS)
def test_order_is_rattlers(one, other):
    rattler = pytest.importorskip("rattler")
    theirs = (rattler.Version(one), rattler.Version(other))
    ours = (version(one), version(other))
    assert (ours[0] < ours[1]) == (theirs[0] < theirs[1])
    assert (ours[0] == ours[1]) == (theirs[0] == theirs[1])
    assert ours[0] != ours[1] or hash(ours[0]) == hash(ours[1])


def differs(constraint: str) -> bool:
    """Where conda and rattler read the same text differently, and we follow conda.

    ``>1.2.*`` excludes all of 1.2 in rattler; ``~=`` and ``=`` with letters, a local part or
    zeros at the end compare part by part in rattler; ``~=1`` is an error in conda.
    """
    clauses = re.split(r"[,|()]", constraint)
    return any(
        re.fullmatch(r"(>|<=)\s*.*\*|(~=)?=?.*[a-z+].*|=?.*\.0(\.\*)?|~=[^.]*", clause.strip())
        for clause in clauses
    )


@given(CONSTRAINTS, VERSIONS)
def test_matches_as_rattler(constraint, text):
    rattler = pytest.importorskip("rattler")
    assume(not differs(constraint))
    assume(parse(constraint) is not None)
    theirs = rattler.VersionSpec(constraint).matches(rattler.Version(text))
    assert matches(constraint, text) is theirs


@given(st.text(max_size=60) | st.from_regex(r"[0-9a-z.*!=<>~|,()+_^$ -]{0,50}", fullmatch=True))
def test_never_raises(text):
    assert matches(text, "1.2") in (True, False, None)
    assert matches("1.2", text) in (True, False, None)
    assert pinned(text, 2) in (True, False)
    assert contradicts([text, "<1"]) in (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 2000,
        "1|" * 999 + "1",
        "(1|2)," * 300 + "1",
        ">=1," * 500 + "2",
        "*1" * 900,
        "9" * 2000,
    ],
)
def test_is_fast(text):
    started = time.thread_time()
    matches(text, "1.2")
    contradicts([text] * 5)
    assert time.thread_time() - started < 1


def constraints_of(file: Path) -> Iterator[str]:
    for line in file.read_text("utf-8", "replace").splitlines()[:20_000]:
        found = re.match(
            r"\s+- '?[a-z0-9_.-]+ ([^\s']+)'?\s*$|\s+[a-z0-9_.-]+: '?([^\s'/]+)'?$", line
        )
        if found:
            yield found[1] or found[2]


@pytest.mark.corpus
def test_real_constraints_are_read_as_rattler_reads_them():
    rattler = pytest.importorskip("rattler")
    if not (CORPUS / "index.csv").exists():
        pytest.skip("the collection of real locks is not on this machine")
    with (CORPUS / "index.csv").open(encoding="utf-8", newline="") as stream:
        files = [CORPUS / row["file"] for row in csv.DictReader(stream)][:60]
    found = {text for file in files if file.is_file() for text in constraints_of(file)}
    compared = 0
    for text in sorted(found):
        if not re.match(r"[=<>!~0-9*(]", text) or re.fullmatch(r"[0-9a-f]{32,}", text):
            continue
        try:
            theirs = rattler.VersionSpec(text)
        except Exception:  # noqa: BLE001  (rattler has its own kinds of error)
            assert parse(text) is None, text
            continue
        near = [v for v in re.findall(r"\d[\w.!+]*\w", text) if conda_order.parse(v)]
        for one in ("0.1", "1.2.3", "3.11", *near, *(f"{v}.1" for v in near)):
            compared += 1
            assert matches(text, one) is theirs.matches(rattler.Version(one)), (text, one)
    assert compared > 1000
