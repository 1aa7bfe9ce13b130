"""``image plan`` as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conda_preflight.answers import plan_text
from conda_preflight.answers.phrases import listed
from conda_preflight.answers.plan_text import weight
from conda_preflight.imaging.plan import Plan
from conda_preflight.writers.markdown import code, prose
from conda_preflight.writers.wording import number

_ROWS = 60
_NAMED = 6


def write(plans: Sequence[Plan], subject: str) -> str:
    """A heading and tables for each plan, as GitHub Flavoured Markdown."""
    return "\n".join(line for plan in plans for line in _plan(plan, subject)) + "\n"


def _plan(plan: Plan, subject: str) -> Iterator[str]:
    layers = number(len(plan.layers), "layer")
    yield f"## Image of {prose(subject)} {prose(plan.place)}: {weight(plan.size)} in {layers}"
    yield from ("", "| Tier | Size | Packages |", "|---|---:|---|")
    for layer in plan.layers[:_ROWS]:
        names = listed([package.name for package in layer.packages], _NAMED)
        yield f"| {layer.tier} | {weight(layer.size)} | {prose(names)} |"
    if len(plan.layers) > _ROWS:
        yield from ("", f"{len(plan.layers) - _ROWS} more layers.")
    yield ""
    for sentence in plan_text.sentences(plan):
        yield prose(sentence)
    if plan.needless:
        yield from ("", "| What a server does not need | |", "|---|---|")
        for row in plan.needless[:_ROWS]:
            yield f"| {code(row.name)} | {prose(plan_text.needless(row))} |"
    yield ""
