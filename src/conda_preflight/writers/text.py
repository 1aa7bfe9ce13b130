"""The checklist for a terminal or a log: a line for each phase, findings with their source."""

from __future__ import annotations

from collections.abc import Iterator

from conda_preflight.coverage import Coverage, Phase, coverage, tally
from conda_preflight.language import say, word
from conda_preflight.report import Finding, Report, Verdict
from conda_preflight.writers import wording
from conda_preflight.writers.escaping import unacting
from conda_preflight.writers.excerpt import cells, excerpt
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
    width = min(max(cells(ink.plain(row.name, 60)) for row in shown), 40)
    yield from ink.wrap(wording.standing(report), style="bold")
    for row in shown:
        style = _STYLES[row.verdict]
        name = _padded(ink.plain(row.name, 60), width)
        lead = f"{ink.mark(style)} {name} {wording.VERDICTS[row.verdict]:8}"
        first, *rest = ink.wrap(wording.blame(row), indent=" " * (width + 12)) or [""]
        yield (ink.paint(style, lead) + first[width + 11 :]).rstrip()
        yield from rest
    if len(rows) > len(shown):
        left = say("{count} more targets (-v lists all)", count=len(rows) - len(shown))
        yield from ink.wrap(left, indent="  ")
    yield ""


def _head(phase: Phase, report: Report, ink: Ink) -> Iterator[str]:
    state = wording.state(phase, report.fail_on)
    title = ink.plain(word(phase.family.title))
    lead = f"{ink.mark(state)} {_padded(title, _TITLE)} "
    summary = wording.summary(phase, tally(phase.findings))
    hanging = " " * (_TITLE + 3)
    first, *rest = ink.wrap(summary, indent=hanging)
    yield ink.paint(state, lead) + first[len(hanging) :]
    yield from rest


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cells(text))


def _body(phase: Phase, ink: Ink, verbose: int) -> Iterator[str]:
    for crash in wording.crashes(phase.outcomes):
        title = f"{ink.mark('crashed')} {word('crashed')}"
        yield from _title(ink, "crashed", title, crash.subject or word("(project)"), crash.rule)
        yield from ink.wrap(crash.reason or word("no reason was given"), indent="    ")
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
    mark = f"{ink.mark(severity)} {word(severity)}"
    yield from _title(ink, severity, mark, wording.place(problem.location), finding.rule)
    yield from _rows(group, ink, verbose)
    if on := wording.on(finding):
        yield from ink.wrap(on, indent="    ", hanging="        ", style="dim")
    yield from _source(finding, ink)
    if problem.fix:
        yield from ink.wrap(say("fix: {fix}", fix=problem.fix), indent="    ", hanging="         ")


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
        names = wording.named([ink.plain(ids[0], 40) for ids in left], _NAMED)
        text = say("and {count} more: {names}", count=len(left), names=names)
        yield from ink.wrap(text, indent=" " * 8, style="dim")


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
    mark = f"{ink.mark('muted')} {word('muted')}"
    yield from _title(ink, "dim", mark, wording.place(finding.problem.location), finding.rule)
    for each in group:
        text = say("{about}: {why}", about=each.problem.about, why=each.muted)
        yield from ink.wrap(text, indent="    ")


def _left_out(rest: tuple[tuple[Finding, ...], ...], ink: Ink) -> Iterator[str]:
    if rest:
        names = wording.named([ink.plain(wording.name(group), 60) for group in rest], _NAMED)
        first, count = rest[0][0], sum(map(len, rest))
        some = "{count} more of {rule} (-v lists all): {names}"
        if first.muted:
            some = "{count} more muted of {rule} (-v lists all): {names}"
        text = say(some, count=count, rule=first.rule, names=names)
        yield from ink.wrap(text, indent="    ")


def _rules(phase: Phase, ink: Ink) -> Iterator[str]:
    for gap in phase.gaps:
        text = say("not checked, {why}: {rules}", why=gap.reason, rules=", ".join(gap.rules))
        yield from ink.wrap(text, indent="  ", hanging="    ", style="dim")


def _quietly(report: Report, ink: Ink) -> Iterator[str]:
    for finding in report.findings:
        if wording.counts(finding, report.fail_on):
            at = ink.plain(wording.place(finding.problem.location))
            text = ink.plain(finding.problem.message)
            severity = word(finding.severity.value)
            yield f"{at}: {severity}: {text} [{ink.plain(finding.rule)}]"


def _coverage(cover: Coverage, ink: Ink) -> Iterator[str]:
    yield from ink.wrap(wording.covered(cover))
    if cover.skipped:
        titles = wording.titles(phase.family for phase in cover.skipped)
        yield from ink.wrap(say("Not checked at all: {titles}.", titles=titles), hanging="  ")
    if cover.unselected:
        titles = wording.titles(cover.unselected)
        text = say("Not part of this audit: {titles}.", titles=titles)
        yield from ink.wrap(text, hanging="  ", style="dim")


def _verdict(report: Report, cover: Coverage, ink: Ink) -> Iterator[str]:
    for reason in report.reasons:
        yield from ink.wrap(say("because {why}", why=reason), hanging="  ")
    verdict = ink.paint(_STYLES[report.verdict], wording.VERDICTS[report.verdict])
    yield say("{verdict}: {what}", verdict=verdict, what=wording.findings(cover.tally))
