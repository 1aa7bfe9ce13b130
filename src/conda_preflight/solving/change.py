"""The smallest change to what is asked that has a solution, found by trying.

Smaller comes first: a build left out, another version close by, any version, no line at
all. Where one change is not enough, more are added until the solver is content.
"""

from __future__ import annotations

import time
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from conda_preflight.grammar.conda_order import parse
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type
from conda_preflight.solving.conflict import Conflict, conflict
from conda_preflight.solving.question import Offer, Question, Solved, Solver, Untried

MAX_SECONDS = 60.0
_NEAR = 3
"""Versions on each side of the one asked for that are tried."""
_ANY = 2 + 2 * _NEAR
"""The rank of a spec without a version."""
_PATIENCE = 12
"""Conflicts that are settled one by one."""
_EXPORT = 20
"""So many lines that nobody can meet are an export of an old environment."""
_EXACT = lazy_pattern(r"[\w.-]+ *[= ]=? *([\w.!+]+?)(?:\.?\*)?(?:[= ]+(\S+))?")
"""A spec of one version or family of versions, and of a build where it names one."""


@value_type
class Change:
    """One spec written otherwise: ``new`` is empty where the line must go."""

    place: int
    old: str
    new: str


def smallest_change(
    solver: Solver, question: Question, seconds: float = MAX_SECONDS
) -> tuple[Change, ...]:
    """Changes that together give the question a solution, verified; empty where none was found.

    Each is by place; lines that nobody can meet are settled first, then conflicts one by one.
    """
    deadline = time.monotonic() + seconds
    offers = solver.offers(question)
    if isinstance(offers, Untried):
        return ()
    changes = {change.place: change for change in _of_unmet(question, offers)}
    tried = {*enumerate(question.specs), *((c.place, c.new) for c in changes.values())}
    for _ in range(_PATIENCE if len(changes) < _EXPORT else 1):
        asked = changed(question, changes.values())
        if isinstance(solver.solve(asked), Solved):
            return _needed(solver, question, changes, deadline)
        found = conflict(solver, asked, deadline - time.monotonic())
        if found is None:  # time ran out
            break
        tries = [c for c in _tries(asked, found, offers, changes) if (c.place, c.new) not in tried]
        change = _one(solver, asked, found, tries, deadline)
        if change is None:
            break
        tried.add((change.place, change.new))
        changes[change.place] = replace(change, old=question.specs[change.place])
    return _all_looser(solver, question, offers, changes)


def _needed(
    solver: Solver, question: Question, changes: Mapping[int, Change], deadline: float
) -> tuple[Change, ...]:
    """The changes without those that later ones made needless."""
    kept = dict(changes)
    for place in sorted(changes) if 1 < len(changes) < _EXPORT else ():
        rest = [change for change in kept.values() if change.place != place]
        if time.monotonic() > deadline:
            break
        if isinstance(solver.solve(changed(question, rest)), Solved):
            del kept[place]
    return tuple(kept[place] for place in sorted(kept))


def _all_looser(
    solver: Solver, question: Question, offers: Sequence[Offer], changes: Mapping[int, Change]
) -> tuple[Change, ...]:
    """For an export with too many conflicts to settle singly: no builds, else no versions at all.

    The channel's own answer then gives the versions that fit.
    """
    for rank in (0, _ANY):
        looser = (
            Change(place, spec, new)
            for place, (spec, offer) in enumerate(zip(question.specs, offers, strict=True))
            for step, new in _ladder(spec, offer)
            if step == rank and offer.versions
        )
        made = {**changes, **{change.place: change for change in looser}}
        asked = changed(question, made.values())
        if isinstance(solver.solve(asked), Solved):
            return tuple(made[place] for place in sorted(made))
    return ()


def changed(question: Question, changes: Iterable[Change]) -> Question:
    """The question with these changes; a line that goes leaves an empty spec in its place."""
    specs = list(question.specs)
    for change in changes:
        specs[change.place] = change.new
    return replace(question, specs=tuple(specs))


def _of_unmet(question: Question, offers: Sequence[Offer]) -> Iterator[Change]:
    """For each line that no build meets, the smallest change that some build meets."""
    for place, (spec, offer) in enumerate(zip(question.specs, offers, strict=True)):
        if spec and not offer.matching:
            ladder = [new for _, new in _ladder(spec, offer) if new or not offer.versions]
            yield Change(place, spec, _first_met(ladder, offer))


def _first_met(ladder: Sequence[str], offer: Offer) -> str:
    """A version that is not there need not be asked for; without a build the version may be."""
    for new in ladder:
        version = new.rpartition("=")[2]
        if any(has == version or has.startswith(f"{version}.") for has in offer.versions):
            return new
    return ladder[-1] if ladder else ""


def _one(
    solver: Solver,
    question: Question,
    found: Conflict,
    tries: Iterable[Change],
    deadline: float,
) -> Change | None:
    """A change to one line of the conflict that settles everything, else just the conflict."""
    settling: Change | None = None
    for change in tries:
        if time.monotonic() > deadline:
            break
        moved = changed(question, [change])
        alone = replace(moved, specs=tuple(moved.specs[place] for place in found.places))
        if isinstance(solver.solve(alone), Solved):
            settling = settling or change
            if isinstance(solver.solve(moved), Solved):
                return change
    return settling


def _tries(
    question: Question, found: Conflict, offers: Sequence[Offer], touched: Container[int]
) -> list[Change]:
    """All small changes to lines of a conflict, the smallest first, Python itself last.

    A line that must change anyway is changed again before another one is.
    """
    ranked = [
        (place not in touched or not new, rank, offers[place].name == "python", place, new)
        for place in found.places
        for rank, new in _ladder(question.specs[place], offers[place])
    ]
    return [
        Change(place, question.specs[place], new)
        for _, _, _, place, new in sorted(ranked, key=lambda row: row[:4])
    ]


def _ladder(spec: str, offer: Offer) -> Iterator[tuple[int, str]]:
    """Looser and looser forms of a spec with their rank, down to nothing at all."""
    channel, found, plain = spec.rpartition("::")
    head = f"{channel}{found}{offer.name}"
    exact = _EXACT.fullmatch(plain)
    if exact and exact[2]:
        yield 0, f"{head}={exact[1]}"
    for step, version in enumerate(_near(exact[1] if exact else "", offer)):
        yield 1 + step, f"{head}={version}"
    if plain != offer.name:
        yield _ANY, head
    yield _ANY + 1, ""


def _near(version: str, offer: Offer) -> Iterator[str]:
    """Versions around one, as precise as it is written, the next higher one first."""
    precision = version.count(".") + 1
    families = dict.fromkeys(_cut(text, precision) for text in offer.versions)
    known = [(place, text) for text in families if (place := parse(text))]
    asked = parse(version)
    if asked is None:
        return
    higher = [text for place, text in known if asked < place]
    lower = [text for place, text in reversed(known) if place < asked]
    for step in range(_NEAR):
        yield from higher[step : step + 1]
        yield from lower[step : step + 1]


def _cut(version: str, precision: int) -> str:
    return ".".join(version.split(".")[:precision])
