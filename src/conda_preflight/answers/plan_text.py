"""``image plan`` for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.answers.phrases import listed, size
from conda_preflight.imaging.plan import Needless, Plan
from conda_preflight.language import say, word
from conda_preflight.writers import wording
from conda_preflight.writers.excerpt import cells
from conda_preflight.writers.ink import Ink
from conda_preflight.writers.wording import number

_LARGEST = 12
_NAMED = 5
_TIER = 10


def write(plans: Sequence[Plan], subject: str, ink: Ink) -> str:
    """Every plan as lines: layers, what is in there for nothing, what a change ships."""
    blocks = ["\n".join(_plan(each, subject, ink)) for each in plans]
    return "\n\n".join(blocks) + "\n"


def _plan(plan: Plan, subject: str, ink: Ink) -> Iterator[str]:
    yield from ink.wrap(_head(plan, subject), style="bold")
    yield ""
    yield from _layers(plan, ink)
    yield ""
    for sentence in sentences(plan):
        yield from ink.wrap(sentence)
    if plan.needless:
        yield ""
        not_needed = say("A server does not need {what}:", what=_worth(plan.needless))
        yield from ink.wrap(not_needed, style="bold")
        for row in plan.needless:
            yield from ink.wrap(f"{row.name}  {needless(row)}", indent="  ", hanging="    ")


def _head(plan: Plan, subject: str) -> str:
    place = f" ({plan.place})" if plan.place else ""
    packages = number(sum(len(layer.packages) for layer in plan.layers), "package")
    known = say("{size} as downloaded", size=size(plan.size)) if plan.size else ""
    layers = say("in {layers}", layers=number(len(plan.layers), "layer"))
    what = wording.listed([packages, known or word("of unknown size"), layers])
    return say("{about}: {why}", about=f"{subject}{place}", why=what)


def _layers(plan: Plan, ink: Ink) -> Iterator[str]:
    """Each large layer, and for each tier what the small ones hold together."""
    for tier in dict.fromkeys(layer.tier for layer in plan.layers):
        here = [layer for layer in plan.layers if layer.tier == tier]
        lead = word(tier) + " " * (_TIER - cells(word(tier)))
        yield from ink.wrap(f"{lead} {weight(sum(x.size for x in here)):>9}", style="dim")
        large = sorted(here, key=lambda layer: -layer.size)[:_LARGEST]
        for layer in large:
            names = listed([package.name for package in layer.packages], _NAMED)
            yield from ink.wrap(f"{weight(layer.size):>9}  {names}", "  ", " " * 13)
        if rest := here[_LARGEST:]:
            yield from ink.wrap(f"{'':9}  {number(len(rest), 'smaller layer')}", "  ")


def sentences(plan: Plan) -> Iterator[str]:
    """What a change of one package ships, compared with a single layer; what is not known."""
    if plan.size:
        ships = (
            "A new version of one package ships itself and on average {share} of the "
            "rest; with everything in one layer it is {whole}."
        )
        yield say(ships, share=f"{plan.beyond:.2%}", whole=f"{plan.beyond_at_once:.1%}")
    if plan.worst and plan.size:
        share, more = f"{plan.worst.beyond / plan.size:.2%}", size(plan.worst.beyond)
        worst = "At worst, with {name}, it is {size} ({share})."
        yield say(worst, name=plan.worst.name, size=more, share=share)
    if plan.unknown:
        packages = number(len(plan.unknown), "package")
        unknown = "The size of {packages} is not known: {names}."
        yield say(unknown, packages=packages, names=listed(plan.unknown))


def weight(number: int) -> str:
    """A size, or a question mark where nobody tells one: no package is of no size."""
    return size(number) if number else "?"


def needless(row: Needless) -> str:
    """``58.1 MB, a compiler, needed by triton``."""
    by = [say("needed by {names}", names=listed(row.needed_by, 3))] if row.needed_by else []
    return wording.listed([weight(row.size), word(row.kind), *by])


def _worth(rows: Sequence[Needless]) -> str:
    packages = number(len(rows), "package")
    return say("{what} ({size})", what=packages, size=weight(sum(row.size for row in rows)))
