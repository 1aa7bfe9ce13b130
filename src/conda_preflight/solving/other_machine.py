"""A question that has no solution on this machine, and would have one on a better one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from conda_preflight.documents import Location, VirtualPackage
from conda_preflight.grammar.conda_order import Version, parse
from conda_preflight.pattern import lazy_pattern
from conda_preflight.solving.question import Question, Solved, Solver
from conda_preflight.solving.tree import Reason

MAX_TRIES = 4
_NEEDED = lazy_pattern(r"(__\w{1,60}) (?:>=|==?)?(\d[\w.]{0,60}?)(?:\.\*)?(?:,.*)?")
_ANY = {"__cuda": "12.8"}
"""A version for a need of any, such as drivers of today have."""


def enough(solver: Solver, question: Question, found: Iterable[Reason]) -> str:
    """The virtual package, as ``__cuda=12``, with which the question has a solution; else empty.

    Tried are the versions that the reasons name, the lowest first.
    """
    wanted = {need for reason in found if (need := _needed(reason.spec))}
    for name, version in sorted(wanted, key=_order)[:MAX_TRIES]:
        if isinstance(solver.solve(_on(question, name, version)), Solved):
            return f"{name}={version}"
    return ""


def _needed(spec: str) -> tuple[str, str] | None:
    name, _, rest = spec.partition(" ")
    if rest in ("", "*"):
        return (name, _ANY[name]) if name in _ANY else None
    match = _NEEDED.fullmatch(spec)
    return (match[1], match[2]) if match else None


def _order(need: tuple[str, str]) -> tuple[str, Version]:
    return need[0], parse(need[1]) or Version(())


def _on(question: Question, name: str, version: str) -> Question:
    rest = [v for v in question.virtual_packages if v.name != name]
    added = VirtualPackage(name, version, "0", question.platform, Location(""))
    machine = sorted([*rest, added], key=lambda each: each.name)
    return replace(question, virtual_packages=tuple(machine))
