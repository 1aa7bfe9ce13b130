"""Audits one project of many, with the report that an audit of it alone would write."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conda_preflight import __version__
from conda_preflight.errors import PreflightError
from conda_preflight.fleet.project_results import Result
from conda_preflight.report import Report, Severity, Verdict

if TYPE_CHECKING:
    from conda_preflight.config import Settings

_BIG = 200_000


def audited(project: str, given: Mapping[str, Any], known: str) -> tuple[Result, bytes]:
    """The result and the report as JSON; no report where the input is known, or none can be made.

    ``given`` are settings of the command line by field name. Never raises.
    """
    begun = time.monotonic()
    path = Path(project)
    try:
        digest = input_digest(path, given)
        if digest == known:
            return Result(project, digest), b""
        report = _judged(path, given)
    except PreflightError as error:
        return Result(project, "", Verdict.UNKNOWN.value, error.message), b""
    except Exception as error:  # noqa: BLE001  (one project must not end the audit of the others)
        why = f"crashed: {type(error).__name__}: {error}"
        return Result(project, "", Verdict.UNKNOWN.value, why), b""
    from conda_preflight.writers import json as writer

    result = _result(project, digest, report, time.monotonic() - begun)
    return result, writer.write(report).encode()


def input_digest(path: Path, given: Mapping[str, Any]) -> str:
    """A digest of what an audit depends on: files as the disk tells them, settings, the day.

    A file counts by its size and times, so that nothing has to be read.
    """
    from conda_preflight.cache_place import advisory_file
    from conda_preflight.config import find

    settings = find(path if path.is_dir() else path.parent)
    told = [__version__, _today().isoformat(), json.dumps(given, default=str, sort_keys=True)]
    told += [_stat(file) for file in (settings, advisory_file(str(given.get("db", "")))) if file]
    state = hashlib.sha256("\n".join(told).encode("utf-8", "surrogateescape"))
    for line in _lines(path):
        state.update(line.encode("utf-8", "surrogateescape") + b"\n")
    return state.hexdigest()


def _lines(path: Path) -> Iterator[str]:
    from conda_preflight.image_marks import is_system, may_be_image
    from conda_preflight.intake import walk

    if not path.is_dir():
        yield _stat(path)
    elif (path / "conda-meta").is_dir() or is_system(path) or may_be_image(path):
        for folder, folders, files in os.walk(path):
            folders.sort()
            yield from (_stat(Path(folder, name)) for name in sorted(files))
    else:
        for count, (file, _) in enumerate(walk(path, ())):
            if count >= _BIG:
                return
            yield _stat(file)
        yield _stat(path / ".git" / "index")


def _stat(file: Path) -> str:
    try:
        told = file.lstat()
    except OSError:
        return f"{file}"
    return f"{file} {told.st_size} {told.st_mtime_ns} {told.st_ctime_ns} {told.st_mode:o}"


def _today() -> date:
    return datetime.now().astimezone().date()


def _judged(path: Path, given: Mapping[str, Any]) -> Report:
    from conda_preflight.access import engines
    from conda_preflight.audit import audit
    from conda_preflight.config import settings
    from conda_preflight.image_marks import is_system, may_be_image
    from conda_preflight.project import open_project

    root = path if path.is_dir() else path.parent
    chosen = settings(root, _typed(given))
    if is_system(path) or may_be_image(path):
        return _image(path, chosen)
    project = open_project(path, chosen)
    return audit(project, chosen, _today(), engines=engines(project, root, chosen))


def _image(path: Path, chosen: Settings) -> Report:
    """What is unpacked of an image is gone when this returns."""
    from conda_preflight.access import engines
    from conda_preflight.audit import audit
    from conda_preflight.image_project import opened

    with opened(path, chosen, lambda *_: None) as image:
        asked = engines(image.project, path.parent, chosen, cache=False, system=image.root or None)
        return audit(image.project, chosen, _today(), engines=asked)


def _typed(given: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(given)
    if found.get("fail_on"):
        found["fail_on"] = Severity(found["fail_on"])
    return found


def _result(project: str, digest: str, report: Report, seconds: float) -> Result:
    left = [finding for finding in report.findings if not finding.muted]
    weights = Counter(finding.severity.value for finding in left)
    return Result(
        project,
        digest,
        report.verdict.value,
        "; ".join(report.reasons),
        round(seconds, 4),
        weights["error"],
        weights["warning"],
        weights["note"],
        dict(Counter(finding.rule for finding in left)),
    )
