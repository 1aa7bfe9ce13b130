"""``image plan`` for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.answers.phrases import listed, size
from conda_preflight.imaging.plan import Needless, Plan
from conda_preflight.writers.ink import Ink
from conda_preflight.writers.wording import number

_LARGEST = 12
_NAMED = 5


def write(plans: Sequence[Plan], subject: str, ink: Ink) -> str:
    """Every plan as lines: layers, what is in there for nothing, what a change ships."""
    blocks = ["\n".join(_plan(each, subject, ink)) for each in plans]
    return "\n\n".join(blocks) + "\n"


def _plan(plan: Plan, subject: str, ink: Ink) -> Iterator[str]:
    count = sum(len(layer.packages) for layer in plan.layers)
    head = f"{subject}{f' ({plan.place})' if plan.place else ''}: {number(count, 'package')}, "
    worth = f"{size(plan.size)} as downloaded" if plan.size else "of unknown size"
    head += f"{worth}, in {number(len(plan.layers), 'layer')}"
    yield from ink.wrap(head, style="bold")
    yield ""
    yield from _layers(plan, ink)
    yield ""
    for sentence in sentences(plan):
        yield from ink.wrap(sentence)
    if plan.needless:
        yield ""
        yield from ink.wrap(f"A server does not need {_worth(plan.needless)}:", style="bold")
        for row in plan.needless:
            yield from ink.wrap(f"{row.name}  {needless(row)}", indent="  ", hanging="    ")


def _layers(plan: Plan, ink: Ink) -> Iterator[str]:
    """Each large layer, and for each tier what the small ones hold together."""
    for tier in dict.fromkeys(layer.tier for layer in plan.layers):
        here = [layer for layer in plan.layers if layer.tier == tier]
        yield from ink.wrap(f"{tier:10} {weight(sum(x.size for x in here)):>9}", style="dim")
        large = sorted(here, key=lambda layer: -layer.size)[:_LARGEST]
        for layer in large:
            names = listed([package.name for package in layer.packages], _NAMED)
            yield from ink.wrap(f"{weight(layer.size):>9}  {names}", "  ", " " * 13)
        if rest := here[_LARGEST:]:
            yield from ink.wrap(f"{'':9}  {number(len(rest), 'smaller layer')}", "  ")


def sentences(plan: Plan) -> Iterator[str]:
    """What a change of one package ships, compared with a single layer; what is not known."""
    if plan.size:
        yield (
            f"A new version of one package ships itself and on average {plan.beyond:.2%} of the "
            f"rest; with everything in one layer it is {plan.beyond_at_once:.1%}."
        )
    if plan.worst and plan.size:
        share = plan.worst.beyond / plan.size
        yield f"At worst, with {plan.worst.name}, it is {size(plan.worst.beyond)} ({share:.2%})."
    if plan.unknown:
        names = listed(plan.unknown)
        yield f"The size of {number(len(plan.unknown), 'package')} is not known: {names}."


def weight(number: int) -> str:
    """A size, or a question mark where nobody tells one: no package is of no size."""
    return size(number) if number else "?"


def needless(row: Needless) -> str:
    """``58.1 MB, a compiler, needed by triton``."""
    by = f", needed by {listed(row.needed_by, 3)}" if row.needed_by else ""
    return f"{weight(row.size)}, {row.kind}{by}"


def _worth(rows: Sequence[Needless]) -> str:
    return f"{number(len(rows), 'package')} ({weight(sum(row.size for row in rows))})"
