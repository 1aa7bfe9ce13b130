"""What all environments say together, for a dashboard: plain values that the board answers."""

from __future__ import annotations

from conda_preflight.plain import value_type


@value_type
class State:
    """A project and subject as it stands now; ``seq`` is the record that says so.

    ``id`` is its number in this ledger; numbers of findings do not count muted ones. ``whole`` is
    false where that record is of a part of the project, so that it says nothing of the rest.
    """

    id: int
    project: str
    subject: str
    name: str
    command: str
    verdict: str
    at: str
    records: int
    seq: int
    errors: int
    warnings: int
    notes: int
    muted: int
    whole: bool = True


@value_type
class Judged:
    """An environment with the verdicts of its latest audit on targets, as (target, verdict)."""

    id: int
    subject: str
    name: str
    targets: tuple[tuple[str, str], ...]


@value_type
class Point:
    """One record of a trend, with its numbers of findings."""

    seq: int
    at: str
    errors: int
    warnings: int


@value_type
class Located:
    """Where a package is now."""

    id: int
    project: str
    subject: str
    name: str
    path: str
    environment: str
    platform: str
    manager: str
    package: str
    version: str
    build: str
    came: int
    came_at: str


@value_type
class Sighting:
    """Where a finding is now; ``muted`` is 1 where it is muted, else 0."""

    id: int
    project: str
    subject: str
    name: str
    rule: str
    severity: str
    muted: int
    about: str
    path: str
    fingerprint: str
    came: int
    came_at: str


@value_type
class Excused:
    """An exception with an end, where it mutes findings now; ``findings`` is how many."""

    id: int
    project: str
    subject: str
    name: str
    until: str
    rule: str
    reason: str
    findings: int


@value_type
class Node:
    """The latest answer of a node of a fleet; ``id`` is its number in this ledger."""

    id: int
    fleet: str
    node: str
    verdict: str
    at: str
    seq: int
    facts: dict[str, str]


@value_type
class Fleet:
    """A fleet by name, how many nodes it has, and when one answered last."""

    name: str
    nodes: int
    at: str
