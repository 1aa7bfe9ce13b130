"""For tests of checks, ours and other people's: run one check, run a page's examples."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from conda_preflight.access import NO_DATABASE, engines, upgrades
from conda_preflight.advisories.vulnerabilities import Upgraded, Vulnerabilities
from conda_preflight.audit import audit
from conda_preflight.check import Check
from conda_preflight.config import settings
from conda_preflight.documents import Document, Location, Project
from conda_preflight.pattern import lazy_pattern
from conda_preflight.plain import value_type
from conda_preflight.project import open_project
from conda_preflight.project_change import project_change, revisions
from conda_preflight.readers.recipe import patches
from conda_preflight.report import Problem, Report
from conda_preflight.testing import advisory_records, package_table
from conda_preflight.testing.elf import make_elf

TODAY = date(2026, 11, 24)
"""The day on which examples run, so that expiries in them do not pass."""

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
"""The time at which they run, and at which their advisories were fetched."""

HOST = "https://conda.example.org"
"""Where the channels of an example are, in its files."""

PREFIX = "prefix"
"""The folder of an example that is an installed environment beside the project."""

BEFORE = "before"
"""The folder of an example that is the project at an earlier revision."""

_BYTES: dict[str, Callable[[str], bytes]] = {"elf": make_elf, "base64": b64decode}
_SECTION = lazy_pattern(r"^## (Fails|Passes)$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_BLOCK = lazy_pattern(
    r"^(```+)(\w+) (\S+)( untracked| 0[0-7]{3})?\n(.*?)^\1$", re.MULTILINE | re.DOTALL
)


@value_type
class Example:
    """A small project of a manual page: contents by file name, and whether it must fail.

    ``untracked`` are files that are not under version control; when there are any, the
    rest is. ``modes`` are rights by file name.
    """

    fails: bool
    files: dict[str, str | bytes] = field(default_factory=dict)
    untracked: list[str] = field(default_factory=list)
    modes: dict[str, int] = field(default_factory=dict)


def examples(page: str) -> Iterator[Example]:
    """The examples of a manual page, in order.

    Every fenced block that names a file belongs to one; a name that comes again begins
    the next. In a block of the language ``elf`` stands what ``make_elf`` makes a library of, in
    one of ``base64`` the bytes of a file. A number after the name (``0666``) is its rights.
    """
    for section in _SECTION.finditer(page):
        example = Example(section[1] == "Fails")
        for block in _BLOCK.finditer(section[2]):
            name, text = block[3], block[5]
            if name in example.files:
                yield example
                example = Example(section[1] == "Fails")
            example.files[name] = _BYTES[block[2]](text) if block[2] in _BYTES else text
            if block[4] == " untracked":
                example.untracked.append(name)
            elif block[4]:
                example.modes[name] = int(block[4], 8)
        if example.files:
            yield example


def audit_files(files: Mapping[str, str | bytes], folder: Path, rule_id: str) -> Report:
    """Write the files below a folder and audit it there, with one rule or what they select.

    Bare names of channels are those of the folder, where it has one. What lies below ``prefix``
    is the installed environment, where that has records; what lies below ``before`` is the project
    at an earlier revision; the records in ``advisories.jsonl`` are the advisory database.
    """
    write_files(files, folder)
    read = settings(folder)
    chosen = read if read.select else replace(read, select=(rule_id,))
    if _tables(files):
        chosen = replace(chosen, channel_alias=chosen.channel_alias or folder.as_uri())
    inside = folder / PREFIX
    before = folder / BEFORE
    chosen = replace(chosen, exclude=(*chosen.exclude, BEFORE)) if before.is_dir() else chosen
    project = open_project(folder, chosen, [inside] if (inside / "conda-meta").is_dir() else [])
    if before.is_dir():
        change = project_change(open_project(before, chosen), project)
        found = revisions(change, project, "main")
        project = replace(project, documents=(*project.documents, *found))
    asked = engines(project, folder, chosen, cache=False, now=NOW)
    known = _vulnerabilities(files, upgrades(project, asked["Solves"]))
    return audit(project, chosen, TODAY, engines={**asked, "Vulnerabilities": known})


def _vulnerabilities(
    files: Mapping[str, str | bytes], upgraded: Upgraded | None
) -> Vulnerabilities | str:
    """The database of an example; without one nothing is known, whatever this machine has."""
    text = files.get(advisory_records.FILE)
    if not isinstance(text, str):
        return NO_DATABASE
    records = advisory_records.AdvisoryRecords(text, NOW.isoformat())
    return Vulnerabilities(lambda: records, NOW, 0.0, patches, upgraded)


def write_files(
    files: Mapping[str, str | bytes], folder: Path, modes: Mapping[str, int] | None = None
) -> None:
    """Write the files of an example below a folder, and the channels that its tables describe.

    ``https://conda.example.org`` in a file is the folder of these channels. Bytes are libraries
    or programs, which may be executed.
    """
    tables = _tables(files)
    for name, content in files.items():
        if name not in tables:
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                file.write_bytes(content)
                file.chmod(0o755)
            else:
                own = content.replace(HOST, folder.as_uri()) if tables else content
                file.write_text(own, encoding="utf-8", newline="")
    package_table.write(tables, folder)
    for name, mode in (modes or {}).items():
        (folder / name).chmod(mode)


def _tables(files: Mapping[str, str | bytes]) -> dict[str, str]:
    suffix = package_table.SUFFIX
    return {n: t for n, t in files.items() if isinstance(t, str) and n.endswith(suffix)}


def run_check(check: Check, *documents: Document, **options: object) -> list[Problem]:
    """The problems that a check finds in documents, its subject first, its needs after it.

    Raises what the check raises, Skip too.
    """
    subject, *needs = documents
    return list(check.function(subject, *needs, **options))


def project_of(*documents: Document) -> Project:
    """A Project of these documents, without pairs."""
    return Project(".", Location("."), documents)
