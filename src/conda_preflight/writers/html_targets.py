"""The table of targets on the page: each with its verdict and what stands in its way."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from conda_preflight.report import Report, TargetVerdict, Verdict
from conda_preflight.writers import wording
from conda_preflight.writers.escaping import markup

STATES = {Verdict.GO: "passed", Verdict.NO_GO: "failed", Verdict.UNKNOWN: "crashed"}


def targets(report: Report, state: Callable[[str], str]) -> Iterator[str]:
    """The section, empty for a report without targets; ``state`` marks a verdict."""
    rows = wording.stuck(report)
    if not rows:
        return
    yield '<section aria-labelledby="targets"><h2 id="targets">Targets</h2>'
    yield f"<p>{markup(wording.standing(report))}.</p>"
    yield '<div class="scroll" tabindex="0"><table><thead><tr><th scope="col">Target</th>'
    yield '<th scope="col">Verdict</th><th scope="col">Why</th></tr></thead><tbody>'
    for row in rows:
        yield _row(row, state)
    yield "</tbody></table></div></section>"


def _row(row: TargetVerdict, state: Callable[[str], str]) -> str:
    word = f"{state(STATES[row.verdict])} {wording.VERDICTS[row.verdict]}"
    name, why = markup(row.name), markup(wording.blame(row))
    return f'<tr><th scope="row">{name}</th><td>{word}</td><td class="why">{why}</td></tr>'
