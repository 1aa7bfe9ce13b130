"""The end of the page: what was checked and what was not, and the files that were read."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.coverage import Coverage
from conda_preflight.language import word
from conda_preflight.report import Input, Report
from conda_preflight.writers import wording
from conda_preflight.writers.escaping import markup
from conda_preflight.writers.html_targets import section

_COUNTED = (
    "A check that was skipped on one file counts as not checked, even if it passed on another."
)


def coverage(cover: Coverage) -> Iterator[str]:
    """How many checks ran of each phase, and why the others did not."""
    yield section("coverage", "Coverage")
    yield f"<p>{markup(wording.covered(cover))}</p>"
    yield f'<p class="soft">{word(_COUNTED)}</p>'
    yield '<div class="scroll" tabindex="0"><table>'
    columns = ("Selected", "Passed", "Failed", "Not checked", "Crashed")
    heads = "".join(f'<th scope="col" class="figure">{word(name)}</th>' for name in columns)
    first, last = (f'<th scope="col">{word(name)}</th>' for name in ("Phase", "Why not"))
    yield f"<thead><tr>{first}{heads}{last}</tr></thead>"
    yield "<tbody>"
    for phase in cover.phases:
        count = phase.count
        numbers = (count.selected, count.passed, count.failed, count.skipped, count.crashed)
        figures = "".join(f'<td class="figure">{number}</td>' for number in numbers)
        reasons = "<br>".join(f"{markup(gap.reason)} ({len(gap.rules)})" for gap in phase.gaps)
        title = f'<th scope="row">{markup(word(phase.family.title))}</th>'
        yield f'<tr>{title}{figures}<td class="why">{reasons}</td></tr>'
    yield "</tbody></table></div></section>"


def inputs(report: Report) -> Iterator[str]:
    """The files that were read, with their digests and packages."""
    yield section("inputs", "Files read")
    yield '<div class="scroll" tabindex="0"><table><thead><tr>'
    heads = ("File and its SHA-256", "Kind", "Packages")
    yield "".join(f'<th scope="col">{word(head)}</th>' for head in heads)
    yield "</tr></thead><tbody>"
    yield from map(_input, sorted(report.inputs, key=lambda i: (i.path, i.kind)))
    yield "</tbody></table></div></section>"


def _input(document: Input) -> str:
    packages = "<br>".join(
        f"{markup(platform)}: "
        + ", ".join(f"{count} {markup(manager)}" for manager, count in sorted(managers.items()))
        for platform, managers in sorted(document.packages.items())
    )
    return (
        f'<tr><th scope="row" class="file"><bdi class="place">{markup(document.path)}</bdi><br>'
        f'<code class="soft">{markup(document.sha256)}</code></th>'
        f"<td>{markup(document.kind)}</td><td>{packages}</td></tr>"
    )
