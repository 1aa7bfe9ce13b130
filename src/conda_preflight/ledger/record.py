"""One record of the ledger as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from conda_preflight.plain import document_type, value_type

FOLDER = "/"
"""How the path of a prefix ends among environments, so that it is told from a file."""


@value_type
class Mark:
    """A finding as the ledger keeps it; ``line``, ``column`` and ``length`` are 0 for none.

    ``ids`` are names of a vulnerability; ``targets`` those that it is about, none for all;
    ``excerpt`` is the source line.
    """

    rule: str
    severity: str
    about: str
    path: str
    line: int
    message: str
    fingerprint: str
    muted: str = ""
    ids: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    column: int = 0
    length: int = 0
    excerpt: str = ""
    fix: str = ""

    @property
    def key(self) -> tuple[str, str, bool]:
        """What makes it the same finding in two records: mute it, and it is another one."""
        return (self.fingerprint, self.severity, bool(self.muted))


@value_type
class KeptPackage:
    """One package of an environment; ``digest`` is ``sha256:...`` or ``md5:...``, or empty."""

    manager: str
    name: str
    version: str
    build: str = ""
    channel: str = ""
    digest: str = ""


@value_type
class Links:
    """What the packages of an environment weigh and why they are there, by their numbers in it.

    ``sizes`` are in bytes as downloaded, 0 where unknown; ``needs`` has the numbers of what each
    package needs and is empty where that is not known; ``asked`` has the number of a package, the
    line that asks for it and where that line stands.
    """

    sizes: tuple[int, ...] = ()
    needs: tuple[tuple[int, ...], ...] = ()
    asked: tuple[tuple[int, str, str], ...] = ()


@document_type
class Environment:
    """The packages of one environment of a file, or of a prefix (``env/``), on one platform.

    ``links`` is None where nothing more than the packages is known.
    """

    path: str
    name: str
    platform: str
    packages: tuple[KeptPackage, ...]
    links: Links | None = None

    @property
    def place(self) -> tuple[str, str, str]:
        """What makes it the same environment in two records."""
        return (self.path, self.name, self.platform)


@value_type
class ReadFile:
    """A file that was read: its path, kind and digest, which is empty for a prefix."""

    path: str
    kind: str
    sha256: str


@document_type
class Record:
    """One thing that was done, and what it found.

    ``at`` is the time in UTC, ``2026-11-24T14:42:36.000000Z``; ``project`` a name that stays the
    same (``github.com/org/repo#folder``) and ``subject`` the file that was looked at, or ".".
    ``dirty`` says whether a file that was read is not as the revision has it, None if unknown.
    ``rules`` are those that were asked, ``unchecked`` the pairs of rule and path that told nothing,
    and ``whole`` is true where nothing of the project was left out on request: only then
    is gone what is not found any more. ``facts`` are further ones of the command.
    """

    command: str
    at: str
    user: str
    host: str
    tool: str
    project: str
    name: str
    subject: str = "."
    revision: str = ""
    branch: str = ""
    dirty: bool | None = None
    verdict: str = ""
    reasons: tuple[str, ...] = ()
    files: tuple[ReadFile, ...] = ()
    coverage: Mapping[str, int] = field(default_factory=dict)
    targets: tuple[tuple[str, str], ...] = ()
    marks: tuple[Mark, ...] = ()
    rules: tuple[str, ...] = ()
    unchecked: tuple[tuple[str, str], ...] = ()
    whole: bool = False
    environments: tuple[Environment, ...] = ()
    report: str = ""
    report_sha256: str = ""
    facts: Mapping[str, str | int | bool | None] = field(default_factory=dict)


@value_type
class Entry:
    """Where a record stands: its number, its digest, and whether it was added just now."""

    seq: int
    digest: str
    is_new: bool
