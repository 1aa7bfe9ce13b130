"""What counts: waivers with reason and expiry, inline comments, and the baseline."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

from conda_preflight.catalog import checks
from conda_preflight.check import Check
from conda_preflight.config import Settings
from conda_preflight.documents import Location, Source, Waiver
from conda_preflight.errors import UsageError
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type
from conda_preflight.report import Finding, Outcome

_INLINE = lazy_pattern(r"preflight:\s*ignore\[([^\]]*)\]\s*(.*)")
_UNTIL = lazy_pattern(r"\buntil (\d{4}-\d\d-\d\d)\b")
_WORD = "preflight:"


@value_type
class Exceptional:
    """One exception as it was written: a waiver of the settings or an inline comment.

    An inline one holds for its own line, or for the next line when it stands alone.
    """

    waiver: Waiver
    path: str
    about: str
    line: int = 0


def exceptions(sources: Iterable[Source], settings: Settings) -> list[Exceptional]:
    """Every exception that the settings and the audited files hold, in that order."""
    found = [
        Exceptional(
            Waiver(w.rule, "settings", Location(_shown(settings), w.line), w.reason, w.expires),
            w.path,
            w.about,
        )
        for w in settings.waivers
    ]
    for source in sources:
        if _WORD in source.text:
            found.extend(_inline(source))
    return found


def mute(
    outcomes: Sequence[Outcome],
    excepted: Sequence[Exceptional],
    settings: Settings,
    chosen: Sequence[Check],
    today: date,
) -> tuple[list[Outcome], list[Waiver]]:
    """The outcomes with muted findings marked, and what became of each exception."""
    known = _fingerprints(settings)
    former = _ids(chosen, excepted)
    live = [(e, _fault(e.waiver, today) or _unknown(e.waiver, former)) for e in excepted]
    used: set[int] = set()
    muted = []
    for outcome in outcomes:
        findings = tuple(_muted(f, live, former, known, used) for f in outcome.findings)
        muted.append(replace(outcome, findings=findings) if findings else outcome)
    return muted, [
        replace(e.waiver, state=_state(fault, n in used), fault=fault)
        for n, (e, fault) in enumerate(live)
        if fault or n in used or e.waiver.rule in former
    ]


def _muted(
    finding: Finding,
    live: Sequence[tuple[Exceptional, str]],
    former: dict[str, str],
    known: frozenset[str],
    used: set[int],
) -> Finding:
    for number, (exception, fault) in enumerate(live):
        if not fault and _covers(exception, finding, former):
            used.add(number)
            waiver = exception.waiver
            until = f" (until {waiver.expires})" if waiver.form == "settings" else ""
            return replace(finding, muted=f"{waiver.reason}{until}")
    if finding.fingerprint in known:
        return replace(finding, muted="known since the baseline")
    return finding


def _covers(exception: Exceptional, finding: Finding, former: dict[str, str]) -> bool:
    rule, at = exception.waiver.rule, finding.problem.location
    if former.get(rule, rule) != finding.rule:
        return False
    if exception.line:
        return at.path == exception.path and at.line == exception.line
    return fnmatchcase(at.path, exception.path) and fnmatchcase(
        finding.problem.about, exception.about
    )


def _fault(waiver: Waiver, today: date) -> str:
    """Why an exception does not hold, empty when it does."""
    if not waiver.reason.strip():
        return "it gives no reason"
    if waiver.form == "inline" and not waiver.expires:
        return ""
    try:
        expires = date.fromisoformat(waiver.expires)
    except ValueError:
        return f"its expiry {waiver.expires!r} is no date such as 2027-01-31"
    return f"it expired on {waiver.expires}" if expires < today else ""


def _ids(chosen: Sequence[Check], excepted: Sequence[Exceptional]) -> dict[str, str]:
    """The rules of today by their ids; by former ones too where somebody wrote another word."""
    ids = {check.rule.id: check.rule.id for check in chosen}
    if all(each.waiver.rule in ids for each in excepted):
        return ids
    return ids | {old: check.rule.id for check in chosen for old in check.rule.formerly}


def _unknown(waiver: Waiver, former: Mapping[str, str]) -> str:
    """Says so when no check has that id; the whole catalogue counts, not only what was selected."""
    names = {check.rule.id for check in checks()}
    known = waiver.rule in names or waiver.rule in former or waiver.rule in former.values()
    return "" if known else "there is no rule of that name"


def _state(fault: str, used: bool) -> str:  # noqa: FBT001  (one word about one exception)
    if fault:
        return "expired" if "expired on" in fault else "invalid"
    return "used" if used else "unused"


def _inline(source: Source) -> Iterator[Exceptional]:
    """``# preflight: ignore[rule, rule] reason until 2027-01-31``; the date may be left out."""
    for number, line in enumerate(source.lines, 1):
        match = _INLINE.search(line) if _WORD in line else None
        if match is None or "#" not in line[: match.start()]:
            continue
        alone = line.lstrip().startswith("#")
        place = Location(source.path, number, match.start() + 1, match.end() - match.start())
        until = _UNTIL.search(match[2])
        expires = until[1] if until else ""
        for rule in match[1].split(","):
            waiver = Waiver(rule.strip(), "inline", place, match[2].strip(), expires)
            yield Exceptional(waiver, source.path, "*", number + 1 if alone else number)


def _shown(settings: Settings) -> str:
    return Path(settings.file).name if settings.file else "command line"


def _fingerprints(settings: Settings) -> frozenset[str]:
    """The findings of an earlier JSON report, by fingerprint."""
    if not settings.baseline:
        return frozenset()
    try:
        report = json.loads(Path(settings.baseline).read_bytes())
        return frozenset(str(finding["fingerprint"]) for finding in report["findings"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise UsageError(
            f"The baseline {settings.baseline} cannot be read: {error}",
            "Make it with `conda-preflight audit --report json=FILE`.",
        ) from None
