"""Numbers to compute with, and what must come out, by Python alone."""

from __future__ import annotations

import math
from typing import Sequence

from .telling import Answer, WrongResultError

Row = Sequence[float]


def numbers(rows: int, columns: int, seed: int) -> list[list[float]]:
    """A matrix of values in [-1, 1] that bfloat16 holds exactly; the same on every machine."""
    state, found = seed * 2654435761 % 2**32, []
    for _ in range(rows * columns):
        state = (1664525 * state + 1013904223) % 2**32
        found.append(((state >> 16) % 257 - 128) / 128)
    return [found[at * columns : (at + 1) * columns] for at in range(rows)]


def judge_product(
    answer: Answer, left: Sequence[Row], right: Sequence[Row], got: Sequence[Row], limit: float
) -> None:
    """Compare a matrix product with sums of Python; raises WrongResultError above the limit.

    The error of an element is measured by the sum of the sizes of what is summed for it.
    """
    columns = list(zip(*right))
    pairs = []
    for at in range(0, len(left) * len(columns), 7):
        row, column = divmod(at, len(columns))
        terms = [a * b for a, b in zip(left[row], columns[column])]
        pairs.append((got[row][column], math.fsum(terms), math.fsum(map(abs, terms))))
    judge(answer, pairs, limit)


def judge(answer: Answer, pairs: Sequence[tuple[float, float, float]], limit: float) -> None:
    """Compare (got, wanted, scale) with each other; tells the largest error."""
    errors = [abs(got - wanted) / max(scale, 1e-6) for got, wanted, scale in pairs]
    wrong = [error for error in errors if not error <= limit]  # a NaN is wrong
    worst = max(wrong or errors, key=lambda error: math.inf if math.isnan(error) else error)
    answer.fact("error", format(worst, ".2g"))
    if wrong:
        raise WrongResultError(
            format(len(wrong))
            + " of "
            + format(len(errors))
            + " numbers are wrong, by up to "
            + format(worst, ".2g")
            + " where at most "
            + format(limit, ".2g")
            + " is due to rounding"
        )
