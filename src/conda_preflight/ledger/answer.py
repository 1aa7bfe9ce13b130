"""What a ledger answers, as plain values."""

from __future__ import annotations

from conda_preflight.plain import document_type, value_type


@value_type
class Line:
    """One record in a timeline; the numbers of findings do not count muted ones.

    ``came`` and ``went`` are findings, ``moved`` packages by name, against the records before;
    ``first`` is true where no record before it had packages, so that all of them were seen first.
    """

    seq: int
    at: str
    command: str
    verdict: str
    project: str
    subject: str
    revision: str
    dirty: bool | None
    user: str
    host: str
    errors: int
    warnings: int
    notes: int
    muted: int
    came: int
    went: int
    moved: int
    digest: str
    first: bool = False


@value_type
class Known:
    """A project of the ledger with its latest audit, or its latest record if none was audited."""

    project: str
    subject: str
    name: str
    records: int
    latest: Line


@value_type
class Spell:
    """How long a finding was there: from the record ``came`` until ``went``, None if it still is.

    ``came_at`` and ``went_at`` are the times of these records.
    """

    project: str
    subject: str
    fingerprint: str
    rule: str
    severity: str
    muted: bool
    about: str
    path: str
    came: int
    came_at: str
    went: int | None
    went_at: str


@value_type
class Stay:
    """How long a package was in an environment, as a Spell."""

    project: str
    subject: str
    path: str
    environment: str
    platform: str
    manager: str
    name: str
    version: str
    build: str
    came: int
    came_at: str
    went: int | None
    went_at: str


@value_type
class Day:
    """How many findings of a severity came, went and were there at the end of a day, in UTC."""

    day: str
    severity: str
    came: int
    went: int
    there: int


@value_type
class Fault:
    """What is wrong with a record, or with the ledger where ``seq`` is 0."""

    seq: int
    what: str


@document_type
class Verified:
    """How much was verified, the digest of the last record, and the faults, the first ones first.

    After the first fault of the chain the further records are compared with their own digests.
    """

    records: int
    contents: int
    head: str
    faults: tuple[Fault, ...]
