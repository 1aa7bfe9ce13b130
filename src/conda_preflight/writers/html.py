"""One self-contained page for people: nothing is fetched, and it works without its script.

The content security policy allows the style and the script of the page by their digests and
nothing else, so that text which slipped through could still not act.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

from conda_preflight.coverage import Coverage, Phase, coverage, tally
from conda_preflight.language import say, tag, word
from conda_preflight.report import Finding, Outcome, Report, Rule
from conda_preflight.writers import html_changes, html_coverage, html_groups, wording
from conda_preflight.writers.escaping import markup, with_code
from conda_preflight.writers.excerpt import Excerpt, excerpt
from conda_preflight.writers.html_packages import packages
from conda_preflight.writers.html_targets import picture, picture_style, section, targets
from conda_preflight.writers.manual import manual

_ALIKE = 10
_WIDTH = 96
_MARKS = {
    "passed": "✔",
    "failed": "✖",
    "warned": "▲",
    "skipped": "·",
    "crashed": "?",
    "error": "✖",
    "warning": "▲",
    "note": "●",
    "muted": "○",
}
_Origin = Callable[[Finding], str]
_WORDS = {"skipped": "not checked", "warned": "attention"}


def write(report: Report) -> str:
    """The report as an HTML document."""
    cover = coverage(report)
    drawn, parts = picture(report), packages(report)
    body = [
        *_verdict(report, cover),
        *_checklist(report, cover),
        *targets(report, _state, drawn),
        *html_changes.changes(report.changes),
        *_findings(report, cover, parts.origin),
        *parts.section(),
        *html_coverage.coverage(cover),
        *html_coverage.inputs(report),
    ]
    return (
        "\n".join([*_head(report, is_drawn=bool(drawn) or parts.is_drawn), *body, *_foot()]) + "\n"
    )


def _head(report: Report, *, is_drawn: bool) -> Iterator[str]:
    style, script = stylesheet() + (picture_style() if is_drawn else ""), _template("report.js")
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    verdict = wording.VERDICTS[report.verdict]
    yield "<!doctype html>"
    yield f'<html lang="{tag()}">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield '<meta name="referrer" content="no-referrer">'
    yield f"<title>{verdict}: {markup(wording.heading(report))}</title>"
    yield '<link rel="icon" href="data:,">'
    yield f"<style>{style}</style>"
    yield "</head>"
    yield "<body>"


def style_and_policy(more: str = "") -> tuple[str, str]:
    """The style of a report and more of it, and the security policy of a page with no script."""
    style = stylesheet() + more
    allowed = f"default-src 'none'; style-src '{_digest(style)}'; img-src data:; base-uri 'none'"
    return style, f"{allowed}; form-action 'none'"


def stylesheet() -> str:
    """The style of the page, its colours first."""
    return colours() + _template("report.css")


def colours() -> str:
    """The colours of pages and pictures, in light and in dark."""
    return _template("colours.css")


def _template(name: str) -> str:
    return (Path(__file__).parent / "templates" / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


def _verdict(report: Report, cover: Coverage) -> Iterator[str]:
    verdict = wording.VERDICTS[report.verdict]
    yield f'<header class="verdict {verdict.lower()}">'
    yield f"<h1>{verdict}</h1>"
    found = say("{sentence}.", sentence=wording.findings(cover.tally))
    yield f"<p><strong>{found}</strong> "
    yield f"{word(wording.MEANINGS[report.verdict])}</p>"
    if report.reasons:
        items = "".join(f"<li>{markup(reason)}</li>" for reason in report.reasons)
        yield f"<ul>{items}</ul>"
    yield f'<p class="soft">{markup(wording.heading(report))}</p>'
    yield "</header>"
    yield "<main>"


def _checklist(report: Report, cover: Coverage) -> Iterator[str]:
    yield section("checklist", "Checklist")
    yield '<ol class="checklist">'
    for number, phase in enumerate(cover.phases, 1):
        state = wording.state(phase, report.fail_on)
        title = markup(word(phase.family.title))
        linked = f'<a href="#phase-{number}">{title}</a>' if _says(phase) else title
        summary = markup(wording.summary(phase, tally(phase.findings)))
        sentence = markup(word(phase.family.sentence))
        hint = f' title="{sentence}"' if sentence else ""
        yield f"<li{hint}>{_state(state)}<strong>{linked}</strong><span>{summary}</span></li>"
    yield "</ol>"
    if cover.unselected:
        titles = wording.titles(cover.unselected)
        yield f'<p class="soft">{say("Not part of this audit: {titles}.", titles=titles)}</p>'
    yield "</section>"


def _state(state: str) -> str:
    told = word(_WORDS.get(state, state))
    return (
        f'<span class="state {state}"><span aria-hidden="true">{_MARKS[state]} </span>{told}</span>'
    )


def _says(phase: Phase) -> bool:
    return bool(phase.findings or phase.count.crashed)


def _findings(report: Report, cover: Coverage, origin: _Origin) -> Iterator[str]:
    if not any(map(_says, cover.phases)):
        return
    rules = {rule.id: rule for rule in report.rules}
    yield section("findings", "Findings")
    yield _filter(cover)
    for number, phase in enumerate(cover.phases, 1):
        if _says(phase):
            title = markup(word(phase.family.title))
            sentence = markup(word(phase.family.sentence))
            yield f'<h3 id="phase-{number}">{title}</h3>'
            yield f'<p class="soft">{sentence}</p>' if sentence else ""
            yield from map(_crash, wording.crashes(phase.outcomes))
            for (name, _), alike in phase.by_rule.items():
                yield from _rule(name, alike, rules.get(name), origin)
    yield "</section>"


def _filter(cover: Coverage) -> str:
    numbers = cover.tally
    kinds = {
        "error": numbers.errors,
        "warning": numbers.warnings,
        "note": numbers.notes,
        "muted": numbers.muted,
    }
    boxes = "".join(
        f'<label><input type="checkbox" value="{kind}" checked> {word(kind)} ({number})</label>'
        for kind, number in kinds.items()
        if number
    )
    label = word("Text of a finding")
    search = f'<label>{word("Find")} <input type="search" aria-label="{label}"></label>'
    shown = say("{count} shown", count="#")
    told = f'<output class="soft" data-shown="{shown}"></output>'
    return f'<form class="filter" hidden>{search}{boxes}{told}</form>'


def _rule(
    name: str, alike: tuple[Finding, ...], rule: Rule | None, origin: _Origin
) -> Iterator[str]:
    yield '<article class="rule">'
    summary = with_code(wording.title(rule) if rule and rule.summary else name)
    yield f"<header><h4>{summary}</h4><code>{markup(name)}</code></header>"
    groups = wording.together(alike)
    yield from (_group(each, origin(each[0])) for each in groups[:_ALIKE])
    if rest := groups[_ALIKE:]:
        more = say("{count} more of this rule", count=sum(map(len, rest)))
        yield f"<details><summary>{more}</summary>"
        yield from (_group(each, origin(each[0])) for each in rest)
        yield "</details>"
    if rule and rule.page.strip() not in ("", rule.summary):
        about = word("About this rule")
        page = '<div class="manual">' if tag() == "en" else '<div class="manual" lang="en">'
        yield f"<details><summary>{about}</summary>{page}{manual(rule.page)}"
        yield "</div></details>"
    yield "</article>"


def _group(group: tuple[Finding, ...], origin: str) -> str:
    """One finding in full, or a list of several about one thing at one place.

    ``origin`` is what brought the package that they are about, as HTML.
    """
    if len(group) == 1:
        return _finding(group[0], origin)
    return html_groups.group(group, _state, _source(group[0]), origin)


def _finding(finding: Finding, origin: str) -> str:
    problem = finding.problem
    kind = "muted" if finding.muted else finding.severity.value
    parts = [
        f'<div class="finding" data-kind="{kind}">',
        f'<p>{_state(kind)}<bdi class="place">{markup(wording.place(problem.location))}</bdi></p>',
        f"<p>{with_code(problem.message)}</p>",
        f'<p class="soft">{markup(wording.on(finding))}</p>' if finding.targets else "",
        _source(finding),
        origin,
    ]
    if problem.fix:
        parts.append(f"<p><strong>{word('Fix:')}</strong> {with_code(problem.fix)}</p>")
    if finding.muted:
        weight, why = word(finding.severity.value), markup(finding.muted)
        muted = say("Muted {severity}: {why}", severity=weight, why=why)
        parts.append(f'<p class="soft">{muted}</p>')
    return "\n".join([*filter(None, parts), "</div>"])


def _source(finding: Finding) -> str:
    if not finding.excerpt.strip():
        return ""
    at = finding.problem.location
    part = excerpt(finding.excerpt, at, _WIDTH)
    number = str(at.line) if at.line else ""
    before, span, after = (markup(text) for text in (part.before, part.span, part.after))
    marked = f"<mark>{span}</mark>" if part.carets and span else span
    line = f'<span class="number">{number} │ </span>{before}{marked}{after}'
    if part.carets:
        line += f'\n<span aria-hidden="true">{_carets(part, len(number))}</span>'
    return f'<pre class="source" tabindex="0"><code>{line}</code></pre>'


def _carets(part: Excerpt, digits: int) -> str:
    """Carets below the span, whatever widths the reader's font has for other scripts."""
    carets = part.carets.lstrip()
    before = " " * len(part.before)
    if not part.before.isascii():
        before = f'<span class="unseen">{markup(part.before)}</span>'
    bar = f'<span class="number">{" " * digits} │ </span>'
    return f'{bar}{before}<span class="carets">{carets}</span>'


def _crash(outcome: Outcome) -> str:
    rule, subject = markup(outcome.rule), markup(outcome.subject or word("the project"))
    reason = markup(outcome.reason or word("no reason was given"))
    return (
        f'<article class="rule"><header><h4>{_state("crashed")}</h4><code>{rule}</code></header>'
        f'<div class="finding" data-kind="error"><p><bdi class="place">{subject}</bdi></p>'
        f"<p>{reason}</p></div></article>"
    )


def _foot() -> Iterator[str]:
    yield "</main>"
    yield f"<script>{_template('report.js')}</script>"
    yield "</body>"
    yield "</html>"
