"""Findings about one thing at one place, as one block: what to do, then each in a row."""

from __future__ import annotations

from collections.abc import Callable

from conda_preflight.language import say, word
from conda_preflight.report import Finding
from conda_preflight.writers import wording
from conda_preflight.writers.escaping import markup, with_code

_ROWS = 8


def group(found: tuple[Finding, ...], state: Callable[[str], str], source: str, origin: str) -> str:
    """The block; ``state`` marks a severity.

    As HTML, ``source`` is the line of the file and ``origin`` what brought the package.
    """
    problem, kind = found[0].problem, _kind(found[0])
    place = markup(wording.place(problem.location))
    parts = [
        f'<div class="finding" data-kind="{kind}">',
        f'<p>{state(kind)}<bdi class="place">{place}</bdi></p>',
        f"<p>{with_code(wording.head(found))}</p>",
        f'<p class="soft">{markup(wording.on(found[0]))}</p>' if found[0].targets else "",
        source,
        origin,
        f"<p><strong>{word('Fix:')}</strong> {with_code(problem.fix)}</p>" if problem.fix else "",
        _table(found[:_ROWS], state),
    ]
    if rest := found[_ROWS:]:
        more = say("{count} more", count=len(rest))
        parts.append(f"<details><summary>{more}</summary>{_table(rest, state)}</details>")
    return "\n".join([*filter(None, parts), "</div>"])


def _table(found: tuple[Finding, ...], state: Callable[[str], str]) -> str:
    rows = "".join(_row(each, state) for each in found)
    return (
        f'<div class="scroll" tabindex="0"><table class="rows"><tbody>{rows}</tbody></table></div>'
    )


def _row(finding: Finding, state: Callable[[str], str]) -> str:
    muted = f" ({markup(finding.muted)})" if finding.muted else ""
    row = with_code(finding.problem.row or finding.problem.message)
    return f"<tr><td>{state(_kind(finding))}</td><td>{row}{muted}</td></tr>"


def _kind(finding: Finding) -> str:
    return "muted" if finding.muted else finding.severity.value
