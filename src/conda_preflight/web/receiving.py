"""A report that was sent, as the record that is kept: what a report tells is derived anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn, cast

from conda_preflight.actions.recording import said_by
from conda_preflight.errors import ReadError
from conda_preflight.ledger.form import canonical
from conda_preflight.ledger.linking import LINKS, links_of, plain_links
from conda_preflight.ledger.record import Environment, KeptPackage, Record
from conda_preflight.ledger.text import clean
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type
from conda_preflight.report import Report, Verdict
from conda_preflight.schema import from_json

SCHEMA = "conda-preflight/post/1"
_TIME = lazy_pattern(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
_AHEAD = timedelta(minutes=10)
_TEXTS = ("name", "subject", "revision", "branch", "user", "host")
_PACKAGE = ("manager", "name", "version", "build", "channel", "digest")
_PLACE = ("path", "name", "platform")
_MAX_NAME = 512
_TEXT = {"type": "string"}


def _object(names: tuple[str, ...], **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"type": "object", "properties": {**dict.fromkeys(names, _TEXT), **more}}


_PACKAGES = {"type": "array", "items": _object(_PACKAGE)}
MESSAGE = {
    **_object(
        _TEXTS,
        schema={"const": SCHEMA},
        project={"type": "string", "minLength": 1, "maxLength": _MAX_NAME},
        at={"type": "string", "format": "date-time"},
        dirty={"type": ["boolean", "null"]},
        whole={"type": "boolean"},
        environments={"type": "array", "items": _object(_PLACE, packages=_PACKAGES, links=LINKS)},
        report={"type": "object", "description": "As `audit --format json` writes it."},
    ),
    "required": ["schema", "project", "at", "report"],
}
"""The schema of what is sent."""


@document_type
class Received:
    """A record, and the key under which it is there once."""

    record: Record
    key: str


def received(data: bytes) -> Received:
    """The record of a body; raises ValueError for no JSON, ReadError for no report."""
    try:
        told = json.loads(data, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    try:
        return _received(told)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ReadError(
            f"This is no report that was sent: {type(error).__name__} {error}"
        ) from None


def _received(told: Mapping[str, Any]) -> Received:
    if told.get("schema") != SCHEMA:
        raise ReadError(f"schema is not {SCHEMA}")
    report = from_json(told["report"])
    if len(report.findings) != len(told["report"]["findings"]):
        raise ReadError("A finding is not one of an outcome")
    _refuse_contradiction(report)
    project, at = _project(told["project"]), _time(told["at"])
    text = canonical(told["report"])
    digest = hashlib.sha256(text.encode()).hexdigest()
    texts: dict[str, Any] = {name: clean(told.get(name, "")) for name in _TEXTS}
    texts["name"] = texts["name"] or project.rpartition("/")[2] or project
    texts["subject"] = texts["subject"] or "."
    record = Record(
        command="audit",
        at=at,
        tool=clean(report.version),
        project=project,
        **texts,
        **said_by(report),
        dirty=_flag(told.get("dirty")),
        whole=_flag(told.get("whole")) is True,
        environments=tuple(map(_environment, told.get("environments", ()))),
        report_sha256=digest,
    )
    key = "\0".join((digest, project, texts["subject"], at)).encode("utf-8", "backslashreplace")
    return Received(record, hashlib.sha256(key).hexdigest())


def _refuse_contradiction(report: Report) -> None:
    """A verdict that its own findings deny is not believed."""
    weight = report.fail_on.rank
    bad = [f for f in report.findings if not f.muted and f.severity.rank >= weight]
    if bad and report.verdict is Verdict.GO:
        raise ReadError(f"The verdict is GO, and a finding of {bad[0].rule} says otherwise")


def _project(value: object) -> str:
    text = clean(value)
    if not text.strip() or len(text) > _MAX_NAME:
        raise ReadError(f"project is a name of at most {_MAX_NAME} characters")
    return text


def _time(value: object) -> str:
    text = clean(value)
    if not _TIME.fullmatch(text):
        raise ReadError("at is a time in UTC such as 2026-11-24T14:42:36Z")
    time = datetime.fromisoformat(text)
    if time > datetime.now(UTC) + _AHEAD:
        raise ReadError("at is in the future")
    return time.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _environment(told: Mapping[str, Any]) -> Environment:
    """Its links count where its packages came in the order in which they are kept."""
    sent = [KeptPackage(*(clean(one.get(k, "")) for k in _PACKAGE)) for one in told["packages"]]
    kept = sorted(set(sent), key=lambda p: (p.manager, p.name, p.version, p.build, p.digest))
    links = links_of(told.get("links"), len(sent))
    path, name, platform = (clean(told.get(key, "")) for key in _PLACE)
    return Environment(path, name, platform, tuple(kept), links if kept == sent else None)


def _flag(value: object) -> bool | None:
    if value is not None and not isinstance(value, bool):
        raise ReadError("dirty and whole are true or false")
    return value


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def message(record: Record, report: str) -> bytes:
    """What is sent of an audit: its record, and its report as JSON."""
    told: dict[str, Any] = {name: clean(getattr(record, name)) for name in _TEXTS}
    told |= {
        "schema": SCHEMA,
        "project": record.project,
        "at": record.at,
        "dirty": record.dirty,
        "whole": record.whole,
        "environments": [
            {
                **dict(zip(_PLACE, each.place, strict=True)),
                "packages": [{k: getattr(one, k) for k in _PACKAGE} for one in each.packages],
                "links": plain_links(each.links),
            }
            for each in record.environments
        ],
        "report": cast("object", json.loads(report)),
    }
    return canonical(told).encode("ascii")
