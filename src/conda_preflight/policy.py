"""What counts: waivers with reason and expiry, inline comments, and the baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from conda_preflight.catalog import checks
from conda_preflight.check import Check
from conda_preflight.config import Settings
from conda_preflight.documents import Location, Source, Waiver
from conda_preflight.errors import UsageError
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type
from conda_preflight.report import Finding, Outcome
from conda_preflight.waiver_setting import WaiverSetting

if TYPE_CHECKING:
    from conda_preflight.advisories.vex import Statement

_INLINE = lazy_pattern(r"preflight:\s*ignore\[([^\]]*)\]\s*(.*)")
_UNTIL = lazy_pattern(r"\buntil (\d{4}-\d\d-\d\d)\b")
_WORD = "preflight:"
_KNOWN = "vuln/known"


@value_type
class Exceptional:
    """One exception as it was written: a waiver of the settings, an inline comment, or VEX.

    An inline one holds for its own line, or for the next line when it stands alone. One with
    ``ids`` holds for vulnerabilities that have one of these names, one with ``packages`` for
    packages (globs, or package URLs) that are among them. ``stance`` is OpenVEX's word for it.
    """

    waiver: Waiver
    path: str
    about: str
    line: int = 0
    ids: frozenset[str] = frozenset()
    packages: tuple[str, ...] = ()
    stance: str = ""


def exceptions(sources: Iterable[Source], settings: Settings) -> list[Exceptional]:
    """Every exception that the settings, the audited files and VEX hold, in that order.

    Raises UsageError for VEX that cannot be read: what was to be excused would be no more.
    """
    found = [_of_settings(waiver, _shown(settings)) for waiver in settings.waivers]
    for source in sources:
        if _WORD in source.text:
            found.extend(_inline(source))
    if settings.vex:
        from conda_preflight.vex_files import statements

        found.extend(_of_vex(each, file) for file, each in statements(settings.vex))
    return found


def _of_settings(each: WaiverSetting, file: str) -> Exceptional:
    stance = "/".join(filter(None, (each.status, each.justification)))
    return Exceptional(
        Waiver(each.rule, "settings", Location(file, each.line), each.reason, each.expires),
        each.path,
        each.about,
        ids=frozenset((each.id.lower(),)) if each.id else frozenset(),
        packages=(each.package,) if each.package else (),
        stance=stance,
    )


def _of_vex(each: Statement, file: str) -> Exceptional:
    said = each.reason or each.justification.replace("_", " ") or each.status.replace("_", " ")
    return Exceptional(
        Waiver(_KNOWN, "vex", Location(file), f"{said} ({file})"),
        "*",
        "*",
        ids=frozenset(name.lower() for name in each.ids),
        packages=each.products,
        stance="/".join(filter(None, (each.status, each.justification))),
    )


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
        if (fault or n in used or e.waiver.rule in former) and e.waiver.form != "vex"
    ]


def mute_known(outcomes: Sequence[Outcome], known: Callable[[Finding], str]) -> list[Outcome]:
    """The outcomes with those findings muted for which ``known`` tells a reason."""
    muted = []
    for outcome in outcomes:
        findings = tuple(f if f.muted else replace(f, muted=known(f)) for f in outcome.findings)
        muted.append(replace(outcome, findings=findings) if findings else outcome)
    return muted


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
            return replace(finding, muted=f"{waiver.reason}{until}", stance=exception.stance)
    if finding.fingerprint in known:
        return replace(finding, muted="known since the baseline")
    return finding


def _covers(exception: Exceptional, finding: Finding, former: dict[str, str]) -> bool:
    rule, at = exception.waiver.rule, finding.problem.location
    if former.get(rule, rule) != finding.rule:
        return False
    if exception.ids and exception.ids.isdisjoint(name.lower() for name in finding.problem.ids):
        return False
    if exception.packages and not _is_among(finding.problem.purls, exception.packages):
        return False
    if exception.line:
        return at.path == exception.path and at.line == exception.line
    return fnmatchcase(at.path, exception.path) and fnmatchcase(
        finding.problem.about, exception.about
    )


def _is_among(purls: Sequence[str], packages: Iterable[str]) -> bool:
    """Whether one of these globs or package URLs means the package."""
    from conda_preflight.grammar.purl import means, spellings

    named = [spelling for purl in purls[:1] for spelling in spellings(purl)]
    return any(
        any(means(package, purl) for purl in purls)
        if package.startswith("pkg:")
        else any(fnmatchcase(name, package) for name in named)
        for package in packages
    )


def _fault(waiver: Waiver, today: date) -> str:
    """Why an exception does not hold, empty when it does."""
    if not waiver.reason.strip():
        return "it gives no reason"
    if waiver.form != "settings" and not waiver.expires:
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
    import json

    try:
        report = json.loads(Path(settings.baseline).read_bytes())
        return frozenset(str(finding["fingerprint"]) for finding in report["findings"])
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise UsageError(
            f"The baseline {settings.baseline} cannot be read: {error}",
            "Make it with `conda-preflight audit --report json=FILE`.",
        ) from None
