"""What is signed: an in-toto statement that a lock, or an image made from it, was judged so.

Source: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md. The predicate is
ours: the times of the audit and of the signature, and the published JSON of the report.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import cast

from conda_preflight.attesting.strict_json import load
from conda_preflight.errors import ReadError
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import document_type, value_type
from conda_preflight.report import Report
from conda_preflight.schema_reading import Json, from_json

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "urn:conda-preflight:audit:1"
LOCK_KINDS = frozenset(("conda-lock", "pixi.lock", "explicit", "conda-list"))
MAX_SUBJECTS = 1000
_HEX = lazy_pattern(r"[0-9a-f]{64}")
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_WHAT = "The signed statement"


@value_type
class Subject:
    """A thing by its digest: 64 digits of SHA-256."""

    name: str
    sha256: str


@document_type
class Statement:
    """What was said about the subjects, and when; both times are of UTC."""

    subjects: tuple[Subject, ...]
    audited: datetime
    signed: datetime
    report: Report

    @property
    def locks(self) -> frozenset[str]:
        """The digests of the locks that the report read."""
        inputs = self.report.inputs
        return frozenset(each.sha256 for each in inputs if each.kind in LOCK_KINDS)


def is_digest(text: str) -> bool:
    """Whether a text is a SHA-256 in hexadecimal digits."""
    return bool(_HEX.fullmatch(text))


def write(subjects: Sequence[Subject], audited: datetime, signed: datetime, report: Json) -> bytes:
    """The statement as JSON: the same values give the same bytes."""
    document = {
        "_type": STATEMENT,
        "subject": [{"name": each.name, "digest": {"sha256": each.sha256}} for each in subjects],
        "predicateType": PREDICATE,
        "predicate": {"audited": _said(audited), "signed": _said(signed), "report": report},
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def read(payload: bytes) -> Statement:
    """The statement in these bytes; raises ReadError where it is not one of ours, whole."""
    found = load(payload, _WHAT)
    if found.get("_type") != STATEMENT:
        raise ReadError("What was signed is not an in-toto statement of version 1")
    if found.get("predicateType") != PREDICATE:
        kind = str(found.get("predicateType"))[:100]
        raise ReadError(f"What was signed is {kind!r}, not a verdict of conda-preflight")
    predicate = found.get("predicate")
    rows = found.get("subject")
    if not isinstance(predicate, dict) or not isinstance(rows, list):
        raise ReadError(f"{_WHAT} lacks its subject or its predicate")
    report = predicate.get("report")
    return Statement(
        subjects=tuple(map(_subject, rows[: MAX_SUBJECTS + 1])),
        audited=_time(predicate.get("audited")),
        signed=_time(predicate.get("signed")),
        report=from_json(cast("Json", report) if isinstance(report, dict) else {}),
    )


def _said(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(_TIME)


def _time(text: object) -> datetime:
    try:
        return datetime.strptime(str(text)[:40], _TIME).replace(tzinfo=UTC)
    except ValueError:
        raise ReadError(f"{_WHAT} has no time such as 2026-01-31T12:00:00Z") from None


def _subject(row: object) -> Subject:
    found = row if isinstance(row, dict) else {}
    name, digest = found.get("name", ""), found.get("digest")
    sha256 = digest.get("sha256") if isinstance(digest, dict) else None
    if not isinstance(name, str) or not isinstance(sha256, str) or not is_digest(sha256):
        raise ReadError(f"{_WHAT} is about something that has no SHA-256")
    return Subject(name, sha256)
