"""Strict priority: the first channel that has a package at all is the only one for it."""

from __future__ import annotations

import pytest
from solve_builder import ask, versions

from conda_preflight.engines.rattler_solver import RattlerSolver
from conda_preflight.solving.question import Solved, Unsolvable
from conda_preflight.testing.channel import record


@pytest.fixture
def channels(synthetic_channel):
    first = synthetic_channel(record("a", "1.0"), record("c", "1.0"), name="first")
    second = synthetic_channel(
        record("a", "2.0"), record("a", "1.0"), record("b", "1.0", depends=["a >=2"]), name="second"
    )
    return [first, second]


@pytest.mark.parametrize(
    ("specs", "strict", "loose"),
    [
        (["a"], ["a=1.0"], ["a=2.0"]),
        (["a=1"], ["a=1.0"], ["a=1.0"]),
        (["a=2"], None, ["a=2.0"]),
        (["a>=2", "c"], None, ["a=2.0", "c=1.0"]),
        (["b"], None, ["a=2.0", "b=1.0"]),
        (["a=2", "b"], None, ["a=2.0", "b=1.0"]),
        (["a", "a=2"], None, ["a=2.0"]),
        (["c"], ["c=1.0"], ["c=1.0"]),
    ],
)
def test_it_holds_for_what_is_asked_and_what_is_needed(channels, tmp_path, specs, strict, loose):
    solver = RattlerSolver(30, tmp_path / "cache")
    for is_strict, expected in ((True, strict), (False, loose)):
        answer = solver.solve(ask(*specs, channels=channels, strict=is_strict))
        assert (versions(answer) if isinstance(answer, Solved) else None) == expected


def test_a_spec_that_names_its_channel_is_met_there(channels, tmp_path):
    solver = RattlerSolver(30, tmp_path / "cache")
    answer = solver.solve(ask(f"{channels[1].as_uri()}::a=2", "b", channels=channels))
    assert isinstance(answer, Solved)


def test_a_build_or_time_that_only_the_hidden_channel_has(synthetic_channel, tmp_path):
    first = synthetic_channel(record("torch", "2.0", build="cpu_0"), name="first")
    second = synthetic_channel(record("torch", "2.0", build="cuda_0"), name="second")
    solver = RattlerSolver(30, tmp_path / "cache")
    question = ask("torch=2.0=cuda*", channels=[first, second])
    assert isinstance(solver.solve(question), Unsolvable)
    assert solver.offers(question)[0].hidden == ("second",)
