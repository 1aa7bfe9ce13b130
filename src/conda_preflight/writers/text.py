"""The checklist for a terminal or a log: a line for each phase, findings with their source."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.coverage import Coverage, Phase, coverage, tally
from conda_preflight.report import Finding, Report, Verdict
from conda_preflight.writers import wording
from conda_preflight.writers.escaping import unacting
from conda_preflight.writers.excerpt import excerpt
from conda_preflight.writers.ink import Ink

_TITLE = 16
_ALIKE = 5
_ROWS = 6
_NAMED = 10
_TARGETS = 20
_STYLES = {Verdict.GO: "passed", Verdict.NO_GO: "failed", Verdict.UNKNOWN: "crashed"}


def write(
    report: Report,
    *,
    width: int = 80,
    colour: bool = False,
    unicode: bool = True,
    verbose: int = 0,
    quiet: bool = False,
) -> str:
    """The report as lines of at most about ``width`` cells.

    ``verbose`` 1 shows every finding and every reason in full; ``quiet`` shows one line for
    each finding that counts, and the verdict.
    """
    ink = Ink(max(width, 40), colour=colour, unicode=unicode)
    cover = coverage(report)
    lines = _quietly(report, ink) if quiet else _whole(report, cover, ink, verbose)
    return "\n".join(map(unacting, [*lines, *_verdict(report, cover, ink)])) + "\n"


def _whole(report: Report, cover: Coverage, ink: Ink, verbose: int) -> Iterator[str]:
    yield from ink.wrap(wording.heading(report), style="bold")
    yield ""
    gap = True
    for phase in cover.phases:
        body = list(_body(phase, ink, verbose))
        if body and not gap:
            yield ""
        yield from _head(phase, report, ink)
        yield from body
        gap = bool(body)
        if gap:
            yield ""
    if not gap:
        yield ""
    yield from _targets(report, ink, verbose)
    if report.changes:
        from conda_preflight.writers.changes_text import section

        yield from section(report.changes, ink, verbose)
    yield from _coverage(cover, ink)


def _targets(report: Report, ink: Ink, verbose: int) -> Iterator[str]:
    """A row for each target, where there are several; without -v only the first ones."""
    rows = wording.stuck(report)
    if len(rows) < 2:  # noqa: PLR2004  (one target is what the findings are about)
        return
    shown = rows if verbose else rows[:_TARGETS]
    width = min(max(len(ink.plain(row.name, 60)) for row in shown), 40)
    yield from ink.wrap(wording.standing(report), style="bold")
    for row in shown:
        style = _STYLES[row.verdict]
        name = ink.plain(row.name, 60).ljust(width)
        lead = f"{ink.mark(style)} {name} {wording.VERDICTS[row.verdict]:8}"
        first, *rest = ink.wrap(wording.blame(row), indent=" " * (width + 12)) or [""]
        yield (ink.paint(style, lead) + first[width + 11 :]).rstrip()
        yield from rest
    if len(rows) > len(shown):
        yield from ink.wrap(f"{len(rows) - len(shown)} more targets (-v lists all)", indent="  ")
    yield ""


def _head(phase: Phase, report: Report, ink: Ink) -> Iterator[str]:
    state = wording.state(phase, report.fail_on)
    title = ink.plain(phase.family.title)
    lead = f"{ink.mark(state)} {title}{' ' * (_TITLE - len(title))} "
    summary = wording.summary(phase, tally(phase.findings))
    hanging = " " * (_TITLE + 3)
    first, *rest = ink.wrap(summary, indent=hanging)
    yield ink.paint(state, lead) + first[len(hanging) :]
    yield from rest


def _body(phase: Phase, ink: Ink, verbose: int) -> Iterator[str]:
    for crash in wording.crashes(phase.outcomes):
        title = f"{ink.mark('crashed')} crashed"
        yield from _title(ink, "crashed", title, crash.subject or "(project)", crash.rule)
        yield from ink.wrap(crash.reason or "no reason was given", indent="    ")
    for (_, muted), alike in phase.by_rule.items():
        groups = wording.together(alike)
        shown = groups if verbose else groups[:_ALIKE]
        for group in shown:
            yield from _muted(group, ink) if muted else _finding(group, ink, verbose)
        yield from _left_out(groups[len(shown) :], ink)
    if verbose:
        yield from _rules(phase, ink)


def _title(ink: Ink, style: str, mark: str, place: str, rule: str) -> Iterator[str]:
    yield f"  {ink.paint(style, mark)}  {ink.paint('bold', ink.plain(place))}  {ink.plain(rule)}"


def _finding(group: tuple[Finding, ...], ink: Ink, verbose: int) -> Iterator[str]:
    finding = group[0]
    problem, severity = finding.problem, finding.severity.value
    mark = f"{ink.mark(severity)} {severity}"
    yield from _title(ink, severity, mark, wording.place(problem.location), finding.rule)
    yield from _rows(group, ink, verbose)
    if on := wording.on(finding):
        yield from ink.wrap(on, indent="    ", hanging="        ", style="dim")
    yield from _source(finding, ink)
    if problem.fix:
        yield from ink.wrap(f"fix: {problem.fix}", indent="    ", hanging="         ")


def _rows(group: tuple[Finding, ...], ink: Ink, verbose: int) -> Iterator[str]:
    """One message in full, or a row for each of several findings about one thing."""
    if len(group) == 1:
        yield from ink.wrap(group[0].problem.message, indent="    ")
        return
    yield from ink.wrap(wording.head(group), indent="    ")
    shown = group if verbose else group[:_ROWS]
    for finding in shown:
        style = finding.severity.value
        mark = ink.paint(style, ink.mark(style))
        first, *rest = ink.wrap(finding.problem.row, indent=" " * 8) or [""]
        yield f"      {mark} {first.lstrip()}"
        yield from rest
    if left := [finding.problem.ids[:1] or (finding.problem.about,) for finding in group[_ROWS:]]:
        if verbose:
            return
        names = ", ".join(ink.plain(ids[0], 40) for ids in left[:_NAMED])
        more = ", ..." if len(left) > _NAMED else ""
        yield from ink.wrap(f"and {len(left)} more: {names}{more}", indent=" " * 8, style="dim")


def _source(finding: Finding, ink: Ink) -> Iterator[str]:
    if not finding.excerpt.strip():
        return
    at = finding.problem.location
    number = str(at.line) if at.line else ""
    bar = f"    {' ' * len(number)} {ink.bar}"
    part = excerpt(finding.excerpt, at, ink.width - len(bar) - 2, unicode=ink.unicode)
    yield ink.paint("dim", f"    {number} {ink.bar}") + f" {part.line}".rstrip()
    if part.carets:
        style = finding.severity.value
        blank = part.carets.count(" ")
        yield ink.paint("dim", bar) + " " * (blank + 1) + ink.paint(style, part.carets[blank:])


def _muted(group: tuple[Finding, ...], ink: Ink) -> Iterator[str]:
    finding = group[0]
    mark = f"{ink.mark('muted')} muted"
    yield from _title(ink, "dim", mark, wording.place(finding.problem.location), finding.rule)
    for each in group:
        yield from ink.wrap(f"{each.problem.about}: {each.muted}", indent="    ")


def _left_out(rest: tuple[tuple[Finding, ...], ...], ink: Ink) -> Iterator[str]:
    if rest:
        names = ", ".join(ink.plain(wording.name(group), 60) for group in rest[:_NAMED])
        more = ", ..." if len(rest) > _NAMED else ""
        first = rest[0][0]
        kind = "muted " if first.muted else ""
        text = f"{sum(map(len, rest))} more {kind}of {first.rule} (-v lists all): {names}{more}"
        yield from ink.wrap(text, indent="    ")


def _rules(phase: Phase, ink: Ink) -> Iterator[str]:
    for gap in phase.gaps:
        text = f"not checked, {gap.reason}: {', '.join(gap.rules)}"
        yield from ink.wrap(text, indent="  ", hanging="    ", style="dim")


def _quietly(report: Report, ink: Ink) -> Iterator[str]:
    for finding in report.findings:
        if wording.counts(finding, report.fail_on):
            at = ink.plain(wording.place(finding.problem.location))
            text = ink.plain(finding.problem.message)
            yield f"{at}: {finding.severity.value}: {text} [{ink.plain(finding.rule)}]"


def _coverage(cover: Coverage, ink: Ink) -> Iterator[str]:
    yield from ink.wrap(f"{wording.checks(cover.count)}. {wording.seen(cover)}.")
    if cover.skipped:
        titles = ", ".join(phase.family.title for phase in cover.skipped)
        yield from ink.wrap(f"Not checked at all: {titles}.", hanging="  ")
    if cover.unselected:
        titles = ", ".join(family.title for family in cover.unselected)
        yield from ink.wrap(f"Not part of this audit: {titles}.", hanging="  ", style="dim")


def _verdict(report: Report, cover: Coverage, ink: Ink) -> Iterator[str]:
    for reason in report.reasons:
        yield from ink.wrap(f"because {reason}", hanging="  ")
    word = ink.paint(_STYLES[report.verdict], wording.VERDICTS[report.verdict])
    yield f"{word}: {wording.findings(cover.tally)}"
