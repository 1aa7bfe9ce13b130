"""Makes the record of what was done, for the ledger.

An audit is told by ``of_report``, anything else by ``of_action``; ``cli.recording.remember`` adds
it to the ledger that is meant. A command does it in its last lines, after its output:

```python
remember(given_url, settings, lambda: of_action("freeze", prefix, verdict="GO"))
```
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conda_preflight import __version__
from conda_preflight.config import Settings
from conda_preflight.coverage import SILENT, coverage
from conda_preflight.documents import Document, Lock, Package, Prefix, Sbom
from conda_preflight.errors import UsageError
from conda_preflight.grammar.url import redact
from conda_preflight.identity import Identity, host, identity
from conda_preflight.ledger.record import FOLDER, Environment, KeptPackage, Mark, ReadFile, Record
from conda_preflight.report import Finding, Report, Status

if TYPE_CHECKING:
    from conda_preflight.installation import Installation

MAX_COMPARED = 2000
_UNCHECKED = (Status.SKIPPED, Status.CRASHED)


def of_report(
    report: Report,
    path: Path,
    settings: Settings,
    documents: Iterable[Document],
    *,
    command: str = "audit",
    whole: bool = True,
    written: str = "",
    passing: str = "",
) -> Record:
    """The record of an audit; ``whole`` is false where a part was left out on request.

    ``written`` is the report as JSON, if it was written; to make it only for its digest would
    cost more than the audit. ``passing`` is a reason to mute that holds for this audit alone.
    """
    known = identity(path if path.is_dir() else path.parent)
    said = said_by(report, passing)
    text = _report(report, written, keep=settings.ledger.reports)
    return Record(
        **_occasion(command, known, path),
        **said,
        dirty=_dirty(known, said["files"]),
        whole=whole,
        environments=tuple(_environments(documents)),
        report=text if settings.ledger.reports else "",
        report_sha256=hashlib.sha256(text.encode("utf-8")).hexdigest() if text else "",
    )


def said_by(report: Report, passing: str = "") -> dict[str, Any]:
    """The values of a record that a report alone tells."""
    count = coverage(report).count
    return {
        "verdict": report.verdict.value,
        "reasons": report.reasons,
        "files": tuple(ReadFile(each.path, each.kind, each.sha256) for each in report.inputs),
        "coverage": {
            "passed": count.passed,
            "failed": count.failed,
            "skipped": count.skipped,
            "crashed": count.crashed,
        },
        "targets": tuple((each.name, each.verdict.value) for each in report.targets),
        "marks": tuple(_mark(finding, passing) for finding in report.findings),
        "rules": tuple(rule.id for rule in report.rules),
        "unchecked": _unchecked(report),
    }


def of_action(
    command: str,
    path: Path,
    *,
    verdict: str = "",
    reasons: Sequence[str] = (),
    files: Sequence[Path] = (),
    environments: Sequence[Environment] = (),
    facts: Mapping[str, str | int | bool | None] | None = None,
    project: str = "",
) -> Record:
    """The record of a command that has no report.

    ``path`` is the project, lock or prefix; ``files`` are those that were read or written,
    ``project`` names what is no directory, such as a machine.
    """
    known = identity(path if path.is_dir() else path.parent)
    read = tuple(_file(each, known.folder) for each in files)
    return Record(
        **_occasion(command, known, path) | ({"project": project} if project else {}),
        dirty=_dirty(known, read),
        verdict=verdict,
        reasons=tuple(map(redact, reasons)),
        files=read,
        environments=tuple(environments),
        facts=dict(facts or {}),
    )


def environment(path: str, one: Installation) -> Environment:
    """The packages of an installation that a file or a prefix at this path holds, and their links.

    What it asks for is told where the installation has it.
    """
    from conda_preflight.actions.recording_of_links import links

    place = one.place
    made = environment_of(path, place.environment, place.platform, one.packages)
    numbers = {each: number for number, each in enumerate(made.packages)}
    return replace(made, links=links(one, {p: numbers[_package(p)] for p in one.packages}))


def environment_of(path: str, name: str, platform: str, packages: Iterable[Package]) -> Environment:
    """Packages by manager and name, without credentials."""
    kept = {_package(package) for package in packages}
    ordered = sorted(kept, key=lambda p: (p.manager, p.name, p.version, p.build, p.digest))
    return Environment(path, name, platform, tuple(ordered))


def _occasion(command: str, known: Identity, path: Path) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "command": command,
        "at": now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "user": _user(),
        "host": host(),
        "tool": __version__,
        "project": known.project,
        "name": known.name,
        "subject": "." if path.is_dir() else path.name,
        "revision": known.head.revision if known.head else "",
        "branch": known.head.branch if known.head else "",
    }


def _user() -> str:
    """Who is doing it, by the system and not by a variable that anybody can set."""
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except ImportError:
        return os.environ.get("USERNAME", "")
    except KeyError:  # a container without this number in its table of users
        return str(os.getuid())


def _mark(finding: Finding, passing: str) -> Mark:
    problem = finding.problem
    return Mark(
        rule=finding.rule,
        severity=finding.severity.value,
        about=problem.about,
        path=problem.location.path,
        line=problem.location.line or 0,
        message=problem.message,
        fingerprint=finding.fingerprint,
        muted="" if finding.muted == passing else finding.muted,
        ids=problem.ids,
        targets=finding.targets,
        column=problem.location.column or 0,
        length=problem.location.length or 0,
        excerpt=finding.excerpt,
        fix=problem.fix,
    )


def _unchecked(report: Report) -> tuple[tuple[str, str], ...]:
    """Rules that could not tell, with what they could not tell it of."""
    left = {
        (outcome.rule, outcome.subject)
        for outcome in report.outcomes
        if outcome.status in _UNCHECKED and outcome.reason != SILENT
    }
    return tuple(sorted(left))


def _environments(documents: Iterable[Document]) -> Iterable[Environment]:
    every = tuple(documents)
    if any(isinstance(document, Lock | Prefix) for document in every):
        from conda_preflight.installed import installed

        for owner, one in installed(every):
            yield environment(owner.path + FOLDER * isinstance(owner, Prefix), one)
    for document in every:
        if isinstance(document, Sbom):
            yield environment_of(document.path, "", "", document.packages)


def _package(package: Package) -> KeptPackage:
    digest = f"md5:{package.md5}" if package.md5 else ""
    return KeptPackage(
        manager=package.manager,
        name=package.name,
        version=package.version,
        build=package.build,
        channel=redact(package.channel) if package.channel else "",
        digest=f"sha256:{package.sha256}" if package.sha256 else digest,
    )


def _report(report: Report, written: str, *, keep: bool) -> str:
    """The report as JSON, where it was written or is to be kept."""
    if not keep or written:
        return written
    from conda_preflight.writers import json

    return json.write(report)


def _file(file: Path, folder: Path) -> ReadFile:
    here = file.resolve()
    name = here.relative_to(folder).as_posix() if here.is_relative_to(folder) else str(file)
    sha256 = hashlib.sha256(here.read_bytes()).hexdigest() if here.is_file() else ""
    return ReadFile(name, "", sha256)


def _dirty(known: Identity, files: Sequence[ReadFile]) -> bool | None:
    """Whether one of the files is not as the revision has it; None where that is not known."""
    asked = [each.path for each in files if each.sha256][: MAX_COMPARED + 1]
    if known.head is None or not known.head.revision or len(asked) > MAX_COMPARED:
        return None
    from conda_preflight.git_revision import objects

    try:
        kept = objects(known.folder, (f"{known.head.revision}:./{path}" for path in asked))
        return any(map(_differs, (known.folder / path for path in asked), kept))
    except (UsageError, OSError):
        return None


def _differs(file: Path, kept: str) -> bool:
    """Whether a file is another object than git has of it, by the digest that git uses."""
    data = file.read_bytes()
    head = b"blob %d\0" % len(data)
    made = hashlib.sha256 if len(kept) == 64 else hashlib.sha1  # noqa: PLR2004  (hex of SHA-256)
    return made(head + data).hexdigest() != kept
