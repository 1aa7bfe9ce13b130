"""A wrong number is seen, whatever it is."""

from __future__ import annotations

import math

import pytest

from conda_preflight.trying.program.arithmetic import judge, judge_product, numbers
from conda_preflight.trying.program.onnxruntime_session import model
from conda_preflight.trying.program.telling import Answer, WrongResultError


@pytest.fixture
def answer(tmp_path):
    return Answer(str(tmp_path / "answer"), "cpu")


def _product(left, right):
    columns = list(zip(*right, strict=True))
    return [
        [math.fsum(a * b for a, b in zip(row, c, strict=True)) for c in columns] for row in left
    ]


def test_a_right_product_passes(answer):
    left, right = numbers(20, 30, 1), numbers(30, 10, 2)
    judge_product(answer, left, right, _product(left, right), 1e-12)


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf, 1e9, 0.5])
def test_one_wrong_number_is_seen(answer, wrong):
    left, right = numbers(20, 30, 1), numbers(30, 10, 2)
    got = _product(left, right)
    got[0][0] += wrong
    with pytest.raises(WrongResultError, match="1 of"):
        judge_product(answer, left, right, got, 1e-3)


def test_zeros_are_wrong(answer):
    left, right = numbers(20, 30, 1), numbers(30, 10, 2)
    with pytest.raises(WrongResultError):
        judge_product(answer, left, right, [[0.0] * 10] * 20, 1e-2)


def test_a_nan_is_the_largest_error(answer):
    with pytest.raises(WrongResultError, match="nan"):
        judge(answer, [(1.0, 2.0, 1.0), (math.nan, 1.0, 1.0)], 0.1)


def test_numbers_are_the_same_everywhere_and_fit_bfloat16():
    assert numbers(1, 4, 1) == numbers(1, 4, 1) != numbers(1, 4, 2)
    assert all(x * 128 == int(x * 128) for row in numbers(30, 30, 3) for x in row)


def test_a_model_is_small_and_begins_with_its_version():
    assert model(32)[:2] == b"\x08\x07"
    assert len(model(32)) < 200
