"""The published JSON of a report, version 1, read back; ``schema`` writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar, cast

from conda_preflight.documents import Location
from conda_preflight.errors import ReadError
from conda_preflight.report import (
    Edit,
    Finding,
    Input,
    Outcome,
    Problem,
    Report,
    Rule,
    Severity,
    Status,
    TargetVerdict,
    Verdict,
)
from conda_preflight.schema_changes import read_changes

VERSION = 1
Json = dict[str, object]
T = TypeVar("T")


def from_json(data: Mapping[str, object]) -> Report:
    """The report that this JSON was written from; a rule has its summary for a page.

    Raises ReadError when it is not a report of version 1.
    """
    if data.get("schema_version") != VERSION:
        raise ReadError(
            "This is not a report of version 1",
            "Write it with conda-preflight audit --format json.",
        )
    try:
        return read_report(cast("Json", data))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise ReadError(f"This is not a whole report: {type(error).__name__} {error}") from None


def read_report(data: Json) -> Report:
    """The report of values that are known to be of this version."""
    findings = [_read_finding(entry) for entry in _entries(data, "findings")]
    told = _entries({"changes": [data["changes"]]}, "changes") if "changes" in data else ()
    return Report(
        verdict=Verdict(data["verdict"]),
        reasons=_typed(data, "reasons", str),
        rules=tuple(map(_read_rule, _entries(data, "rules"))),
        outcomes=tuple(_read_outcome(entry, findings) for entry in _entries(data, "outcomes")),
        inputs=tuple(map(_read_input, _entries(data, "inputs"))),
        subject=_str(data, "subject"),
        fail_on=Severity(data["fail_on"]),
        version=_str(data, "version"),
        targets=tuple(map(_read_target, _entries({"targets": [], **data}, "targets"))),
        changes=next((read_changes(each, findings, _read_finding) for each in told), None),
    )


def _read_target(entry: Json) -> TargetVerdict:
    return TargetVerdict(
        name=_str(entry, "name"),
        verdict=Verdict(entry["verdict"]),
        blamed=tuple((_str(e, "rule"), _str(e, "about")) for e in _entries(entry, "blamed")),
        unchecked=_number(entry["unchecked"]),
    )


def _read_finding(entry: Json) -> Finding:
    problem = Problem(
        about=_str(entry, "about"),
        message=_str(entry, "message"),
        location=_read_place(entry),
        fix=_str(entry, "fix"),
        edits=tuple(
            Edit(_read_place(edit), _str(edit, "old"), _str(edit, "new"))
            for edit in _entries({"edits": [], **entry}, "edits")
        ),
        ids=_typed({"ids": [], **entry}, "ids", str),
        group=_str({"group": "", **entry}, "group"),
        row=_str({"row": "", **entry}, "row"),
        purls=_typed({"purls": [], **entry}, "purls", str),
        gravity=float(_typed({"gravity": [entry.get("gravity", 0.0)]}, "gravity", float)[0]),
    )
    return Finding(
        rule=_str(entry, "rule"),
        severity=Severity(entry["severity"]),
        problem=problem,
        excerpt=_str(entry, "excerpt"),
        muted="" if entry["muted"] is None else _str(entry, "muted"),
        fingerprint=_str(entry, "fingerprint"),
        targets=_typed({"targets": [], **entry}, "targets", str),
        stance=_str({"stance": "", **entry}, "stance"),
    )


def _read_place(entry: Json) -> Location:
    line, column, length = (_number(entry[key] or 0) for key in ("line", "column", "length"))
    return Location(_str(entry, "path"), line, column, length)


def _read_outcome(entry: Json, findings: Sequence[Finding]) -> Outcome:
    return Outcome(
        rule=_str(entry, "rule"),
        subject=_str(entry, "subject"),
        status=Status(entry["status"]),
        findings=tuple(findings[_number(place)] for place in _typed(entry, "findings", int)),
        reason=_str(entry, "reason"),
        targets=_typed({"targets": [], **entry}, "targets", str),
    )


def _read_input(entry: Json) -> Input:
    packages = cast("dict[str, Json]", entry["packages"])
    return Input(
        path=_str(entry, "path"),
        kind=_str(entry, "kind"),
        sha256=_str(entry, "sha256"),
        packages={str(platform): _numbers(counts) for platform, counts in packages.items()},
        entries=_numbers(cast("Json", entry["entries"])),
        note=str(entry.get("note", "")),
    )


def _read_rule(entry: Json) -> Rule:
    summary = _str(entry, "summary")
    severity = Severity(entry["severity"])
    origin = _str(entry, "origin")
    return Rule(_str(entry, "id"), severity, summary, summary, examines=(), origin=origin)


def _entries(data: Json, key: str) -> tuple[Json, ...]:
    return _typed(data, key, dict)


def _str(entry: Json, key: str) -> str:
    return _typed({key: [entry[key]]}, key, str)[0]


def _numbers(counts: Json) -> dict[str, int]:
    return {str(name): _number(count) for name, count in counts.items()}


def _number(value: object) -> int:
    if not isinstance(value, int) or value < 0:
        raise TypeError(f"{value!r} is not a number from 0 up")
    return value


def _typed(data: Json, key: str, kind: type[T]) -> tuple[T, ...]:
    """The values of a list, all of one type."""
    values = data[key]
    if not isinstance(values, list) or not all(isinstance(value, kind) for value in values):
        raise TypeError(f"{key} is not a list of {kind.__name__}")
    return tuple(values)
