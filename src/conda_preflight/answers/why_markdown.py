"""``why`` as Markdown, for an issue or the comment of a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.answers import phrases
from conda_preflight.answers.why_text import (
    NOT_KNOWN,
    absence,
    all_places,
    beginning,
    counts,
    how,
    named,
    title,
)
from conda_preflight.chains import Answer, Chain, Explanation
from conda_preflight.installation import Place
from conda_preflight.writers.markdown import code, prose


def write(answer: Answer, subject: str) -> str:
    """The answer as GitHub Flavoured Markdown."""
    every = all_places(answer)
    lines = [f"## Why {code(answer.name)} is in {prose(subject)}", ""]
    if not answer.explanations:
        lines = [prose(absence(answer, subject))]
        lines += [f"Like it are {prose(phrases.listed(answer.near))}."] if answer.near else []
    for explanation in answer.explanations:
        lines.extend(_explanation(explanation, every))
    if answer.explanations and answer.elsewhere:
        lines.append(f"Not in {prose(phrases.places(answer.elsewhere, every))}.")
    return "\n".join(lines).rstrip("\n") + "\n"


def _explanation(explanation: Explanation, every: list[Place]) -> Iterator[str]:
    where = phrases.places(explanation.places, every)
    yield f"**{prose(title(explanation.target))}**" + (f", in {prose(where)}" if where else "")
    yield ""
    reason = explanation.reason
    if reason is None:
        yield f"{prose(NOT_KNOWN.capitalize())}.\n"
        return
    if not reason.asked:
        yield f"{beginning(reason)}\n"
    for chain in reason.chains:
        yield f"- {' → '.join(_steps(chain))}"
    yield ""
    for sentence in counts(reason):
        yield f"{prose(sentence)}\n"


def _steps(chain: Chain) -> Iterator[str]:
    for depth, node in enumerate(chain.nodes):
        why = prose(how(chain, depth))
        yield f"{code(named(node))}{f' ({why})' if why else ''}"
