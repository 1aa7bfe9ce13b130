"""The table of targets on the page: each with its verdict and what stands in its way."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from conda_preflight.language import say, word
from conda_preflight.report import Report, TargetVerdict, Verdict
from conda_preflight.writers import wording
from conda_preflight.writers.escaping import markup

STATES = {Verdict.GO: "passed", Verdict.NO_GO: "failed", Verdict.UNKNOWN: "skipped"}


def picture(report: Report) -> str:
    """The table of files and targets, for a report that has several of one of them, as HTML."""
    if not report.targets:
        return ""
    from conda_preflight.pictures.matrix import matrix
    from conda_preflight.pictures.writing import inline

    found = matrix(report)
    return inline(found, "files-and-targets") if found else ""


def picture_style() -> str:
    """The style that pictures need."""
    from conda_preflight.pictures.writing import style

    return style()


def section(name: str, title: str) -> str:
    """How a part of the page begins: its heading names it."""
    return f'<section aria-labelledby="{name}"><h2 id="{name}">{word(title)}</h2>'


def targets(report: Report, state: Callable[[str], str], drawn: str = "") -> Iterator[str]:
    """The section, empty for a report without targets; ``state`` marks a verdict."""
    rows = wording.stuck(report)
    if not rows:
        return
    yield section("targets", "Targets")
    yield f"<p>{say('{sentence}.', sentence=markup(wording.standing(report)))}</p>"
    yield drawn
    yield '<div class="scroll" tabindex="0"><table><thead><tr>'
    yield "".join(f'<th scope="col">{word(head)}</th>' for head in ("Target", "Verdict", "Why"))
    yield "</tr></thead><tbody>"
    for row in rows:
        yield _row(row, state)
    yield "</tbody></table></div></section>"


def _row(row: TargetVerdict, state: Callable[[str], str]) -> str:
    verdict = f"{state(STATES[row.verdict])} {wording.VERDICTS[row.verdict]}"
    name, why = markup(row.name), markup(wording.blame(row))
    return f'<tr><th scope="row">{name}</th><td>{verdict}</td><td class="why">{why}</td></tr>'
