"""Which of the asked specs cannot live together: a smallest set, found by asking the solver.

The set is minimal: without any one of its members the rest has a solution. Source of
the algorithm: U. Junker, QUICKXPLAIN, AAAI 2004.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from conda_preflight.plain import document_type
from conda_preflight.solving.question import Question, Solver, Unsolvable, Untried

MAX_SECONDS = 60.0


@document_type
class Conflict:
    """Places in ``question.specs`` that exclude each other; ``tree`` is about these alone.

    ``whole`` is false where time ran out, and then the set is not the smallest.
    """

    places: tuple[int, ...]
    tree: str
    whole: bool = True


def conflict(
    solver: Solver, question: Question, seconds: float = MAX_SECONDS, first: Sequence[int] = ()
) -> Conflict | None:
    """The smallest set of specs that has no solution; None where the question has one, or no time.

    ``first`` are places to suspect first, as those that the solver's tree names.
    """
    search = _Search(solver, question, time.monotonic() + seconds)
    places = [place for place, spec in enumerate(question.specs) if spec]
    if not search.fails(places):
        return None
    suspects = [place for place in places if place in first]
    if suspects and len(suspects) < len(places) and search.fails(suspects):
        places = suspects
    found = sorted(_smallest([], [], places, search.fails))
    return Conflict(tuple(found), search.tree(found), whole=not search.late)


class _Search:
    """Asks about parts of a question, until time runs out: then nothing more is left out."""

    def __init__(self, solver: Solver, question: Question, deadline: float) -> None:
        self._solver = solver
        self._question = question
        self._deadline = deadline
        self.late = False

    def fails(self, places: Sequence[int]) -> bool:
        """Whether these specs alone have no solution."""
        self.late = self.late or time.monotonic() > self._deadline
        return not self.late and bool(self.tree(places))

    def tree(self, places: Sequence[int]) -> str:
        """The solver's reasons for these specs alone; empty where they can be met."""
        specs = tuple(self._question.specs[place] for place in places)
        answer = self._solver.solve(replace(self._question, specs=specs))
        self.late = self.late or isinstance(answer, Untried)
        return answer.tree if isinstance(answer, Unsolvable) else ""


def _smallest(
    kept: list[int], added: list[int], rest: list[int], fails: Callable[[Sequence[int]], bool]
) -> list[int]:
    """The members of ``rest`` that, with all of ``kept``, make a smallest failing set."""
    if added and fails(kept):
        return []
    if len(rest) == 1:
        return rest
    half = len(rest) // 2
    left, right = rest[:half], rest[half:]
    from_right = _smallest([*kept, *left], left, right, fails)
    from_left = _smallest([*kept, *from_right], from_right, left, fails)
    return [*from_left, *from_right]
