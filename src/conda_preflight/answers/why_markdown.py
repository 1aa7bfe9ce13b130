"""``why`` as Markdown, for an issue or the comment of a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.answers import phrases
from conda_preflight.answers.why_text import (
    NOT_KNOWN,
    absences,
    all_places,
    how,
    named,
    named_subject,
    remarks,
    title,
)
from conda_preflight.chains import Answer, Chain, Explanation
from conda_preflight.installation import Place
from conda_preflight.language import say, word
from conda_preflight.writers.markdown import code, prose


def write(answer: Answer, subject: str) -> str:
    """The answer as GitHub Flavoured Markdown."""
    every = all_places(answer)
    head = say("{name} in {what}", name=code(answer.name), what=prose(named_subject(subject)))
    lines = [f"## {head}", ""]
    for explanation in answer.explanations:
        lines.extend(_explanation(explanation, every))
    lines.extend(f"{prose(sentence)}\n" for sentence in absences(answer, subject, every))
    return "\n".join(lines).rstrip("\n") + "\n"


def _explanation(explanation: Explanation, every: list[Place]) -> Iterator[str]:
    head = f"**{prose(title(explanation.target))}**"
    yield f"{head} {prose(phrases.at(explanation.places, every))}".rstrip() + "\n"
    reason = explanation.reason
    if reason is None:
        yield f"{prose(word(NOT_KNOWN))}\n"
        return
    yield from (f"- {' → '.join(_steps(chain))}" for chain in reason.chains)
    yield ""
    yield from (f"{prose(sentence)}\n" for sentence in remarks(reason))


def _steps(chain: Chain) -> Iterator[str]:
    for depth, node in enumerate(chain.nodes):
        why = prose(how(chain, depth))
        yield f"{code(named(node))}{f' ({why})' if why else ''}"
