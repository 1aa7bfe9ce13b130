"""Makes the statement that a lock, and an image made from it, was judged so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from conda_preflight.actions.image_digest import NamedImage
from conda_preflight.attesting.envelope import Envelope, Signature, signed_bytes
from conda_preflight.attesting.statement import LOCK_KINDS, Subject
from conda_preflight.attesting.statement import write as write_statement
from conda_preflight.attesting.strict_json import load
from conda_preflight.config import Settings
from conda_preflight.documents import Document
from conda_preflight.errors import ReadError, UsageError
from conda_preflight.opening import read_bytes
from conda_preflight.plain import document_type
from conda_preflight.report import Input, Report
from conda_preflight.schema import Json, from_json, to_json

Told = Callable[[str, int, int], None]
_AGAIN = "Audit again: conda-preflight audit --report json=FILE."


@document_type
class Judged:
    """A report as it will be signed, and when the audit was made.

    ``documents`` are those of an audit that is made now, none of a report that was given.
    """

    json: Json
    report: Report
    at: datetime
    documents: tuple[Document, ...] = ()


def audited(path: Path, chosen: Settings, told: Told, *, offline: bool) -> Judged:
    """The report of an audit that is made now."""
    from conda_preflight.access import engines
    from conda_preflight.audit import audit
    from conda_preflight.project import open_project

    project = open_project(path, chosen)
    asked = engines(project, _root(path), chosen, offline=offline, told=told)
    report = audit(project, chosen, datetime.now().astimezone().date(), engines=asked)
    return Judged(to_json(report), report, datetime.now(UTC), project.documents)


def given(file: Path) -> Judged:
    """The report in a file, which is as old as the file; raises UsageError."""
    try:
        data = load(read_bytes(file), str(file))
        written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        return Judged(data, from_json(data), min(written, datetime.now(UTC)))
    except ReadError as error:
        raise UsageError(f"{file} is no report: {error.message}", error.hint or _AGAIN) from None


def subjects(path: Path, judged: Judged, lock: str) -> list[Subject]:
    """The locks that the report read, which must be what lies there now; raises UsageError."""
    locks = [each for each in judged.report.inputs if each.kind in LOCK_KINDS]
    if lock:
        locks = [each for each in locks if _is_same(path, each, Path(lock))]
    if not locks:
        what = f"did not read the lock {lock}" if lock else "read no lock, so it is about none"
        raise UsageError(f"The audit {what}", "Make one: conda-preflight lock. Or name it: --lock.")
    return [Subject(each.path, _unchanged(path, each)) for each in locks]


def statement(judged: Judged, about: list[Subject], now: datetime) -> bytes:
    """The bytes to be signed."""
    return write_statement(about, judged.at, now, judged.json)


def sealed(payload: bytes, keyid: str, sign: Callable[[bytes], bytes]) -> Envelope:
    """The statement in an envelope, with one signature."""
    return Envelope(payload, (Signature(keyid, sign(signed_bytes(payload))),))


def refuse_other_lock(image: NamedImage, path: Path, chosen: Settings, environment: str) -> str:
    """A sentence where the image does not tell its lock; raises UsageError where it is another."""
    from conda_preflight.actions import chosen_lock
    from conda_preflight.actions.image_build import LABEL
    from conda_preflight.actions.image_environment import lock_digest

    made_from = image.labels.get(f"{LABEL}.lock", "")
    if not made_from:
        return f"{image.subject.name} does not say which lock it was made from: taken at your word"
    platform = image.labels.get(f"{LABEL}.platform", "")
    lock = chosen_lock.choose(path, chosen, platform, environment)
    if made_from != f"sha256:{lock_digest(lock)}":
        raise UsageError(
            f"{image.subject.name} was made from another lock than {lock.name}",
            "Build it again, or name the environment in it: --environment NAME.",
        )
    return ""


def _root(path: Path) -> Path:
    return path if path.is_dir() else path.parent


def _places(path: Path, each: Input) -> Iterator[Path]:
    """Where an input of a report may lie: below the project, or as it was named."""
    yield _root(path) / each.path
    yield Path(each.path)


def _is_same(path: Path, each: Input, lock: Path) -> bool:
    return any(place.resolve() == lock.resolve() for place in _places(path, each))


def _unchanged(path: Path, each: Input) -> str:
    import hashlib

    for place in _places(path, each):
        if place.is_file() and hashlib.sha256(read_bytes(place)).hexdigest() == each.sha256:
            return each.sha256
    raise UsageError(f"The report is about another {each.path} than the one here", _AGAIN)
