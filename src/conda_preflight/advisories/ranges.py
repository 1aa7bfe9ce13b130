"""Whether a version lies in what a record says is affected.

Source: https://ossf.github.io/osv-schema/#evaluation. Real records hold events that are no
versions, ranges that end before they begin, and ranges that never end; each is read as well as it
can be, and told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from conda_preflight.advisories.versions import Key, key, lenient_key
from conda_preflight.documents.advisory import Affected
from conda_preflight.plain import value_type

Event = tuple[str, str]
OPEN = "the range has no end"
"""The doubt about a range without end: a flaw may be unmended, or its record never finished."""

_OPERATORS = "<>=~! "
_SCHEMES = {"PyPI": "pep440", "Bitnami": "semver"}


@value_type
class Verdict:
    """What a record says of one version.

    ``decides`` is false where nothing in it can be compared; ``matched`` is the range in words,
    empty where the version is not affected; ``doubt`` says why that range may be too wide, empty
    where it is not; ``fixed`` are the versions that end it.
    """

    decides: bool = True
    matched: str = ""
    doubt: str = ""
    fixed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def scheme_of(affected: Affected) -> str:
    """How the versions of a product are ordered, as the record or the ecosystem says."""
    return affected.scheme or _SCHEMES.get(affected.ecosystem, "generic")


def evaluate(affected: Affected, version: str) -> Verdict:
    """What is said of a version; that of a firm range before that of a doubtful one."""
    scheme = scheme_of(affected)
    own = key(scheme, version) or lenient_key(scheme, version)
    if own is None:
        named = version in affected.versions
        return Verdict(decides=named, matched=f"= {version}" if named else "")
    verdicts = [_of_range(events, scheme, own) for events in affected.ranges]
    if affected.versions:
        named = any(key(scheme, one) == own for one in affected.versions)
        verdicts.append(Verdict(matched=f"= {version}") if named else _DENIED)
    return _joined(verdicts)


def _joined(verdicts: Sequence[Verdict]) -> Verdict:
    if len(verdicts) == 1:
        return verdicts[0]
    notes = tuple(dict.fromkeys(note for each in verdicts for note in each.notes))
    hits = [each for each in verdicts if each.matched]
    if not hits:
        return Verdict(any(each.decides for each in verdicts), notes=notes)
    best = min(hits, key=lambda each: (bool(each.doubt), not each.fixed))
    fixed = tuple(dict.fromkeys(one for each in hits for one in each.fixed))
    return Verdict(matched=best.matched, doubt=best.doubt, fixed=fixed, notes=notes)


def _of_range(events: Sequence[Event], scheme: str, own: Key) -> Verdict:
    low_high = _plain(events, scheme)
    if low_high and not low_high[0] <= own <= low_high[1]:
        return _DENIED  # what most ranges say of most versions, found out without more ado
    placed, notes = _placed(events, scheme)
    limits = [at for name, _, at in placed if name == "limit"]
    if limits and not any(own < at for at in limits):
        return Verdict(notes=notes)
    timeline = sorted((e for e in placed if e[0] != "limit"), key=lambda event: event[2])
    if not timeline:
        return Verdict(decides=bool(limits), notes=notes)
    guess = notes[0] if notes else ""
    if _is_inverted(timeline):
        timeline.pop()
        notes = (*notes, f"a range ends before it begins: {_told(events)}")
    matched, end = _interval(timeline, own)
    if not matched:
        return Verdict(notes=notes)
    doubt = guess or ("" if end or limits else OPEN)
    fixed = (end[1],) if end and end[0] == "fixed" else ()
    return Verdict(matched=_words(matched, end), doubt=doubt, fixed=fixed, notes=notes)


def _plain(events: Sequence[Event], scheme: str) -> tuple[Key, Key] | None:
    """Where a range of one beginning and one end lies; None for any other, or a broken one."""
    if len(events) != 2 or events[0][0] != "introduced" or events[1][0] not in _ENDS:  # noqa: PLR2004
        return None
    since, until = events[0][1], events[1][1]
    low, high = _START if since == "0" else key(scheme, since), key(scheme, until)
    return (low, high) if low is not None and high is not None and low <= high else None


_DENIED = Verdict()
_ENDS = ("fixed", "last_affected")
_START: Key = ()
"""The key of ``introduced: 0``, before every version, pre-releases too."""


def _placed(
    events: Iterable[Event], scheme: str
) -> tuple[list[tuple[str, str, Key]], tuple[str, ...]]:
    """The events with keys; those without are left out, and a range begins where it must."""
    found: list[tuple[str, str, Key]] = []
    notes: list[str] = []
    for name, version in events:
        if name == "limit" and version == "*":
            continue
        plain = version.lstrip(_OPERATORS)
        at = _START if (name, version) == ("introduced", "0") else key(scheme, plain)
        if at is None:
            at = lenient_key(scheme, version)
            notes.append(_unreadable(version) if at is None else _read_as(version))
        if at is not None:
            found.append((name, plain, at))
    if found and not any(name == "introduced" for name, _ in events):
        found.insert(0, ("introduced", "0", _START))
    return found, tuple(notes)


def _is_inverted(timeline: Sequence[tuple[str, str, Key]]) -> bool:
    """Whether an end before the last beginning ended nothing, and that one has no end."""
    if timeline[-1][0] != "introduced":
        return False
    is_open, astray = False, False
    for name, _, _ in timeline:
        astray |= name != "introduced" and not is_open
        is_open = name == "introduced"
    return astray


def _interval(
    timeline: Sequence[tuple[str, str, Key]], own: Key
) -> tuple[str, tuple[str, str, Key] | None]:
    """Where what the version lies in begins and what ends it; an empty text where in nothing."""
    since = ""
    for event in timeline:
        name, version, at = event
        if at > own or (name == "last_affected" and at == own):
            if since and name != "introduced":
                return since, event
            if not since:
                return "", None
        elif name == "introduced":
            since = since or version
        else:
            since = ""
    return since, None


def _words(since: str, end: tuple[str, str, Key] | None) -> str:
    begin = "" if since == "0" else f">= {since}"
    if end is None:
        return begin or "every version"
    sign = "<" if end[0] == "fixed" else "<="
    return ", ".join(filter(None, (begin, f"{sign} {end[1]}")))


def _told(events: Iterable[Event]) -> str:
    return ", ".join(f"{name} {version}" for name, version in events)


def _unreadable(version: str) -> str:
    return f"{version!r} cannot be compared"


def _read_as(version: str) -> str:
    return f"{version!r} is no version, and was read as well as it can be"
