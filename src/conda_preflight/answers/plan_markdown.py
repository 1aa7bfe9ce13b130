"""``image plan`` as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.answers import plan_text
from conda_preflight.answers.phrases import listed
from conda_preflight.answers.plan_text import weight
from conda_preflight.imaging.plan import Plan
from conda_preflight.language import say, word
from conda_preflight.writers.markdown import code, prose
from conda_preflight.writers.wording import number

_ROWS = 60
_NAMED = 6


def write(plans: Sequence[Plan], subject: str) -> str:
    """A heading and tables for each plan, as GitHub Flavoured Markdown."""
    return "\n".join(line for plan in plans for line in _plan(plan, subject)) + "\n"


def _plan(plan: Plan, subject: str) -> Iterator[str]:
    layers = number(len(plan.layers), "layer")
    heading = "## Image of {subject} {place}: {size} in {layers}"
    names, worth = prose(subject), weight(plan.size)
    yield say(heading, subject=names, place=prose(plan.place), size=worth, layers=layers)
    heads = map(word, ("Tier", "Size", "Packages"))
    yield from ("", f"| {' | '.join(heads)} |", "|---|---:|---|")
    for layer in plan.layers[:_ROWS]:
        names = listed([package.name for package in layer.packages], _NAMED)
        yield f"| {word(layer.tier)} | {weight(layer.size)} | {prose(names)} |"
    if len(plan.layers) > _ROWS:
        yield from ("", say("{count} more layers.", count=len(plan.layers) - _ROWS))
    yield ""
    for sentence in plan_text.sentences(plan):
        yield prose(sentence)
    if plan.needless:
        yield from ("", f"| {word('What a server does not need')} | |", "|---|---|")
        for row in plan.needless[:_ROWS]:
            yield f"| {code(row.name)} | {prose(plan_text.needless(row))} |"
    yield ""
