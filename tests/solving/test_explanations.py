"""Questions without a solution: the smallest conflict, reasons in words, and changes that solve."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from solve_builder import ask, machine

from conda_preflight.documents import Manifest
from conda_preflight.engines.rattler_solver import RattlerSolver
from conda_preflight.opening import source_of
from conda_preflight.readers import environment_yml
from conda_preflight.solving.change import changed, smallest_change
from conda_preflight.solving.conflict import conflict
from conda_preflight.solving.explanation import explain
from conda_preflight.solving.question import Reachable, Solved, Unsolvable
from conda_preflight.solving.site import Site, question
from conda_preflight.solving.telling import fix
from conda_preflight.testing.channel import record

CHANNEL = "https://conda.anaconda.org/c"
SECOND = "https://conda.anaconda.org/d"


def solver_of(*rows, second=()):
    """A solver whose channels hold these records and nothing else, without any file."""
    known = Reachable()
    for url, records in ((CHANNEL, rows), (SECOND, second)):
        for row in records:
            place = known.records.setdefault((url, row["subdir"]), {})
            place[row["fn"]] = {key: value for key, value in row.items() if key != "fn"}
    return RattlerSolver(30, snapshot=known)


def manifest(*specs, channels="[c]"):
    rows = "".join(f"  - {spec}\n" for spec in specs)
    text = f"channels: {channels}\ndependencies:\n{rows}"
    read = environment_yml.read(source_of(text.encode(), "environment.yml"))
    return next(d for d in read if isinstance(d, Manifest))


def told(solver, *specs, channels="[c]", virtual=None, **site):
    """The explanation of a manifest of these lines."""
    asked = question(manifest(*specs, channels=channels), "linux-64", Site(**site))
    if virtual is not None:
        asked = replace(asked, virtual_packages=virtual)
    answer = solver.solve(asked)
    assert isinstance(answer, Unsolvable)
    return explain(solver, manifest(*specs, channels=channels), asked, answer.tree)


PYTHONS = [record("python", f"3.{n}.0") for n in range(8, 14)]


def built_for(name, version, *pythons):
    return [
        record(name, version, build=f"py3{n}_0", depends=[f"python >=3.{n},<3.{n + 1}.0a0"])
        for n in pythons
    ]


STACK = [
    *PYTHONS,
    *built_for("tensorflow", "2.12.0", 8, 9, 10, 11),
    *built_for("tensorflow", "2.15.0", 9, 10, 11),
    *built_for("numpy", "1.26.0", 9, 10, 11, 12),
    record("gpu-lib", "12.0", depends=["__cuda >=12"]),
    record("glibc-new", "1.0", depends=["__glibc >=2.34"]),
]


def texts(found):
    return [line.text for line in found.guilty]


def test_two_lines_that_exclude_each_other():
    found = told(solver_of(*STACK), "numpy", "python=3.13", "tensorflow=2.12")
    assert texts(found) == ["python=3.13", "tensorflow=2.12"]
    assert all(why.startswith("tensorflow 2.12.0 needs python") for why in found.why[:3])
    (change,) = found.changes
    assert change.line.text == "python=3.13"
    assert change.new in {"python=3.11", "python=3.12"}


def test_a_package_that_nobody_has_and_names_like_it():
    found = told(solver_of(*STACK), "numpi", "python=3.9")
    assert texts(found) == ["numpi"]
    assert found.why == ("No channel of the manifest has a package numpi; there is numpy.",)
    assert found.unmet


def test_a_version_that_nobody_has():
    found = told(solver_of(*STACK), "tensorflow=2.13")
    assert found.why == (
        "No build meets tensorflow=2.13; the nearest that the channels have are 2.12.0 and 2.15.0.",
    )
    assert [change.new for change in found.changes] == ["tensorflow=2.15"]


def test_one_changed_line_is_better_than_two():
    rows = [*PYTHONS]
    for patch in range(6):
        rows += built_for("numpy", f"1.22.{patch}", 9, 10)
    rows += built_for("numpy", "1.26.0", 12)
    found = told(solver_of(*rows), "numpy=1.19.2", "python=3.12")
    assert [(c.line.text, c.new) for c in found.changes] == [("numpy=1.19.2", "numpy")]


def test_a_build_that_nobody_has():
    found = told(solver_of(*STACK), "numpy=1.26.0=py38_0")
    assert "but not that build" in found.why[0]
    assert [change.new for change in found.changes] == ["numpy=1.26.0"]


def test_a_machine_that_lacks_what_is_needed():
    found = told(solver_of(*STACK), "gpu-lib", "numpy")
    assert texts(found) == ["gpu-lib"]
    assert found.why == ("gpu-lib 12.0 needs __cuda >=12, and no __cuda is stated.",)
    older = told(solver_of(*STACK), "gpu-lib", virtual=machine(cuda="11.8"))
    assert older.why == ("gpu-lib 12.0 needs __cuda >=12, and linux-64 here has __cuda 11.8.",)
    glibc = told(solver_of(*STACK), "glibc-new")
    assert "linux-64 here has __glibc 2.28" in glibc.why[0]
    assert (found.machine, older.machine, glibc.machine) == (
        "__cuda=12",
        "__cuda=12",
        "__glibc=2.34",
    )


def test_the_machine_is_mended_before_the_lines_are():
    found = told(solver_of(*STACK), "glibc-new")
    assert '`virtual-packages = ["__glibc=2.34"]` in the settings' in fix(found)
    assert fix(told(solver_of(*STACK), "numpy=1.26.0=py38_0")).startswith("Write `numpy=1.26.0`")


def test_a_better_machine_is_named_only_where_it_would_do():
    rows = [*STACK, record("both", "1", depends=["__cuda >=12", "__glibc >=2.34"])]
    assert told(solver_of(*rows), "both").machine == ""
    rows = [record("a", "1", depends=["__cuda >=13"]), record("a", "2", depends=["__cuda >=12"])]
    assert told(solver_of(*rows), "a").machine == "__cuda=12"
    assert told(solver_of(record("a", "1", depends=["__cuda"])), "a").machine == "__cuda=12.8"


def test_what_strict_priority_hides():
    solver = solver_of(record("a", "1.0"), second=[record("a", "2.0")])
    found = told(solver, "a=2", channels="[c, d]")
    assert "Strict priority hides the a of d" in found.why[0]
    assert [change.new for change in found.changes] == ["a=1"]
    assert isinstance(solver.solve(ask("a=2", channels=[CHANNEL, SECOND], strict=False)), Solved)


def test_a_build_that_is_too_new():
    solver = solver_of(record("a", "1.0"), record("b", "1.0", depends=["a"]))
    found = told(solver, "b", exclude_newer="2020-01-01T00:00:00+00:00")
    assert "cutoff" in " ".join(found.why)


def test_versions_with_one_reason_are_told_together():
    needy = [
        record("torch", version, depends=["__cuda"]) for version in ("2.7.0", "2.10.0", "2.7.1")
    ]
    (why,) = told(solver_of(*needy), "torch").why
    assert why.startswith("torch 2.7.0 to 2.10.0 needs __cuda, and no __cuda is stated")
    many = [record("numpy", f"1.{n}", depends=["__glibc >=2.34"]) for n in range(30)]
    (why,) = told(solver_of(*many), "numpy").why
    assert why.startswith("numpy 1.0 to 1.29 needs __glibc >=2.34")


def test_what_conflicts_is_not_said_to_be_absent():
    rows = [*PYTHONS, *built_for("torch", "2.7", 9, 10), record("gpu", "1", depends=["torch"])]
    for specs in (("python=3.13", "gpu"), ("gpu", "python=3.13")):
        found = told(solver_of(*rows), *specs)
        assert set(found.why) == {
            "torch 2.7 needs python >=3.9,<3.10.0a0.",
            "torch 2.7 needs python >=3.10,<3.11.0a0.",
        }


def test_lines_that_ask_for_different_versions():
    found = told(solver_of(*STACK), "python=3.9", "python=3.10")
    assert found.why == ("No one version of python meets these lines together.",)


def test_a_constraint_is_a_reason():
    solver = solver_of(
        record("a", "1.0"), record("a", "2.0"), record("b", "1.0", constrains=["a <2"])
    )
    found = told(solver, "a=2", "b")
    assert texts(found) == ["a=2", "b"]
    assert "b 1.0 allows only a <2." in found.why


def test_a_line_with_a_channel_keeps_it_in_the_change():
    found = told(solver_of(*STACK), "c::tensorflow=2.13", "python=3.10")
    assert [change.new for change in found.changes] == ["c::tensorflow=2.15"]


def test_hostile_records_make_short_sentences():
    solver = solver_of(
        record("a", "1.0", depends=["b " + "(" * 500]),
        record("c", "1", depends=["d * " + "x" * 9999]),
    )
    for name in ("a", "c"):
        found = told(solver, name)
        assert all(len(sentence) < 500 for sentence in found.why), found.why


def test_time_is_kept():
    start = time.monotonic()
    found = explain(
        solver := solver_of(*STACK),
        manifest("python=3.13", "tensorflow"),
        question(manifest("python=3.13", "tensorflow"), "linux-64", Site()),
        seconds=0,
    )
    assert time.monotonic() - start < 5
    assert (found.whole, solver is not None) == (False, True)


@pytest.mark.parametrize("seconds", [0, 0.01, 0.02, 0.05])
def test_what_is_proposed_in_haste_was_tried_too(seconds):
    solver = solver_of(*STACK, record("far", "1.0", depends=["python >=3.12", "numpy"]))
    asked = ask("numpy=1.20", "python=3.13", "tensorflow=2.12", "far", channels=[CHANNEL])
    changes = smallest_change(solver, asked, seconds)
    assert not changes or isinstance(solver.solve(changed(asked, changes)), Solved)


NAMES = "abcdef"
VERSIONS = ("1.0", "1.5", "2.0")
CONSTRAINTS = st.sampled_from(["", " >=1.5", " <1.5", " 1.0.*", " 2.0.*", " >=3", " !=1.5"])


@st.composite
def channels(draw):
    """Six packages of up to three versions that need and constrain each other at random."""
    rows = []
    for name in NAMES:
        others = [f"{other}" for other in NAMES if other != name]
        relation = st.tuples(st.sampled_from([*others, "__cuda"]), CONSTRAINTS).map("".join)
        for version in draw(st.lists(st.sampled_from(VERSIONS), unique=True, max_size=3)):
            depends = draw(st.lists(relation, max_size=3))
            constrains = draw(st.lists(relation, max_size=1))
            rows.append(record(name, version, depends=depends, constrains=constrains))
    return rows


SPECS = st.lists(
    st.tuples(
        st.sampled_from([*NAMES, "zz"]), st.sampled_from(["", "=1", "=2", "=1.5", "<2", "=9"])
    ).map("".join),
    min_size=1,
    max_size=6,
    unique=True,
)


@settings(
    max_examples=min(settings().max_examples, 500),  # each asks the solver dozens of times
    # Of some channels in many thousands the library never answers, and its threads then end the
    # process at its next fork: only the long run looks for new ones.
    derandomize=settings().max_examples < 500,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(channels(), SPECS)
def test_a_conflict_is_minimal_and_its_change_solves(rows, specs):
    solver = solver_of(*rows)
    asked = ask(*specs, channels=[CHANNEL])
    found = conflict(solver, asked, 30)
    if isinstance(solver.solve(asked), Solved):
        assert found is None
        assert smallest_change(solver, asked) == ()
        return
    alone = tuple(specs[place] for place in found.places)
    assert isinstance(solver.solve(replace(asked, specs=alone)), Unsolvable)
    for place in range(len(alone)):
        rest = alone[:place] + alone[place + 1 :]
        assert isinstance(solver.solve(replace(asked, specs=rest)), Solved), (alone, rest)
    changes = smallest_change(solver, asked)
    assert changes
    assert isinstance(solver.solve(changed(asked, changes)), Solved)
    assert all(change.old == specs[change.place] != change.new for change in changes)
    explained = explain(solver, manifest(*specs), question(manifest(*specs), "linux-64", Site()))
    assert explained.guilty
    assert explained.why
    assert explained.changes


@pytest.mark.parametrize("first", [(), (0,), (1, 2), (0, 1, 2, 3)])
def test_suspects_may_be_wrong(first):
    solver = solver_of(*STACK)
    asked = ask("glibc-new", "python=3.13", "tensorflow=2.12", "gpu-lib", channels=[CHANNEL])
    asked = replace(asked, virtual_packages=machine(cuda="12", glibc="2.35"))
    assert conflict(solver, asked, 30, first).places == (1, 2)
