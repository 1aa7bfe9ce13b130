"""What is said: problems, findings, outcomes and the verdict."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import field
from enum import Enum
from typing import TYPE_CHECKING

from conda_preflight.documents import Location
from conda_preflight.plain import document_type, value_type

if TYPE_CHECKING:
    from conda_preflight.installation import Installation


class Severity(Enum):
    """How much a problem weighs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """2 for an error, 1 for a warning, 0 for a note."""
        return _RANKS[self]


_RANKS = {Severity.ERROR: 2, Severity.WARNING: 1, Severity.NOTE: 0}


class Status(Enum):
    """What became of one check on one document."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    CRASHED = "crashed"


class Verdict(Enum):
    """The answer; its exit code is 0, 1 or 2."""

    GO = "GO"
    NO_GO = "NO_GO"
    UNKNOWN = "UNKNOWN"

    @property
    def exit_code(self) -> int:
        """0 GO, 1 NO-GO, 2 UNKNOWN."""
        return (Verdict.GO, Verdict.NO_GO, Verdict.UNKNOWN).index(self)


@value_type
class Edit:
    """A change to one place of a text file: ``old`` stands at the location, ``new`` replaces it.

    ``old`` may span lines, joined by a newline whatever the file uses, and may be empty.
    """

    location: Location
    old: str
    new: str


@document_type
class Problem:
    """What a check found.

    ``about`` names the thing (a package, a key) and must not change with wording or
    line; ``fix`` is a sentence that tells a person what to do; ``severity`` overrides
    the rule's; ``edits`` mend it without judgement (used by ``--fix``); ``ids`` are the
    names of a vulnerability, the canonical one first. Problems of one place with the same
    ``group``, a few words that head them, are shown together to people, each as its ``row``;
    ``gravity`` orders findings of one severity, the highest first;
    ``purls`` are package URLs of what it is about: of the package with its build, of its product.
    """

    about: str
    message: str
    location: Location
    fix: str = ""
    severity: Severity | None = None
    edits: tuple[Edit, ...] = ()
    ids: tuple[str, ...] = ()
    group: str = ""
    row: str = ""
    purls: tuple[str, ...] = ()
    gravity: float = 0.0


@document_type
class Rule:
    """One rule as people meet it; ``page`` is its manual page in Markdown."""

    id: str
    severity: Severity
    summary: str
    page: str
    examines: tuple[str, ...]
    needs: tuple[str, ...] = ()
    settings: Mapping[str, object] = field(default_factory=dict)
    formerly: tuple[str, ...] = ()
    origin: str = "conda-preflight"

    @property
    def family(self) -> str:
        """The part of the id before the slash."""
        return self.id.partition("/")[0]


@document_type
class Finding:
    """A problem with its rule, its weight and, when muted, the reason for that.

    ``excerpt`` is the source line (without credentials) that the location points at;
    ``stance`` is what an exception says in OpenVEX's words, "status" or "status/justification";
    ``targets`` name those that it is about, none where it is about no target.
    """

    rule: str
    severity: Severity
    problem: Problem
    excerpt: str = ""
    muted: str = ""
    fingerprint: str = ""
    targets: tuple[str, ...] = ()
    stance: str = ""


@document_type
class Outcome:
    """What one rule said about one document; ``subject`` is its path, empty for a missing one.

    ``targets`` name those for which it was said, none where no target was asked about.
    """

    rule: str
    subject: str
    status: Status
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    targets: tuple[str, ...] = ()


@value_type
class TargetVerdict:
    """What is said about one target; ``blamed`` are (rule, about) of what stands in its way.

    ``unchecked`` counts the rules that could not tell.
    """

    name: str
    verdict: Verdict
    blamed: tuple[tuple[str, str], ...] = ()
    unchecked: int = 0


@document_type
class Input:
    """One file that was read; ``packages`` counts by platform and manager.

    ``note`` says how far the files of a prefix were verified, and how many packages could be
    matched with advisories, if that was asked.
    """

    path: str
    kind: str
    sha256: str
    packages: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    entries: Mapping[str, int] = field(default_factory=dict)
    note: str = ""


@value_type
class ChangedLine:
    """A line of a manifest that came (``old`` is empty), went or changed; ``part`` says of what."""

    file: str
    part: str
    old: str
    new: str


@value_type
class ChangedPackage:
    """A package of a lock that came, went or changed; ``kind`` is one of comparison.KINDS.

    ``where`` is empty for every environment and platform of the file; ``growth`` is in bytes,
    None where a size is not known; licences are told only where both are known and differ.
    """

    file: str
    where: str
    kind: str
    name: str
    old: str
    new: str
    growth: int | None = None
    old_licence: str = ""
    new_licence: str = ""


@value_type
class ChangedSize:
    """Packages of one environment before and after, and how many bytes more they have."""

    file: str
    where: str
    old: int
    new: int
    growth: int | None = None


@document_type
class Changes:
    """What is not as it was at a git revision.

    ``gained`` are findings of this report that were none then, ``lost`` those of then that are
    none now; ``notes`` are sentences, about files that came, went or could not be compared.
    """

    since: str
    lines: tuple[ChangedLine, ...] = ()
    packages: tuple[ChangedPackage, ...] = ()
    sizes: tuple[ChangedSize, ...] = ()
    gained: tuple[Finding, ...] = ()
    lost: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()


@document_type
class Report:
    """One audit: verdict, rules, outcomes, inputs and what was not looked at.

    ``reasons`` say why the verdict is what it is; ``fail_on`` is the least severity
    that makes a NO-GO; ``targets`` are in the order in which they were named; ``changes`` are
    those since a revision that somebody named; ``installed`` are the environments of its files,
    each with the path of its file, for a format that draws them, and not part of its JSON.
    """

    verdict: Verdict
    reasons: tuple[str, ...]
    rules: tuple[Rule, ...]
    outcomes: tuple[Outcome, ...]
    inputs: tuple[Input, ...]
    subject: str = ""
    fail_on: Severity = Severity.ERROR
    version: str = ""
    targets: tuple[TargetVerdict, ...] = ()
    changes: Changes | None = None
    installed: tuple[tuple[str, Installation], ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, muted ones too, by path, line, column and rule."""
        return tuple(sorted((f for o in self.outcomes for f in o.findings), key=_order))


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    at = finding.problem.location
    return (at.path, at.line, at.column, finding.rule, finding.problem.about)


def fingerprint(rule: str, path: str, about: str, *facts: str) -> str:
    """A stable name of a finding: it depends on rule, path and thing, never on line or wording.

    ``facts`` are those of a target that it was judged by.
    """
    return hashlib.sha256("\0".join((rule, path, about, *facts)).encode()).hexdigest()[:32]
